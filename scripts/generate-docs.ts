/**
 * Writes the reference pages that follow from the code: docs/configuration.md and .env.example from the settings table,
 * docs/errors.md from the error catalogue and its comments, docs/metrics.md from the metric catalogue, docs/openapi.yaml and
 * sdk/generated from what a gateway serves. With `--check` it only says which are out of date.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createApp } from '../src/app.ts'
import { entries, loadConfig } from '../src/config/load-config.ts'
import type { Setting, SettingGroup } from '../src/config/setting.ts'
import { type ErrorCode, errorCodes } from '../src/core/error-codes.ts'
import { silentLogger } from '../src/core/logger.ts'
import { type CatalogueEntry, catalogue, processMetrics } from '../src/metrics/metric-catalogue.ts'
import { type ApiDocument, sdkPages } from './generate-sdk.ts'

const root = join(import.meta.dirname, '..')

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/configuration.md': configurationPage,
  '.env.example': dotenvExample,
  'docs/errors.md': errorsPage,
  'docs/metrics.md': metricsPage,
  'docs/openapi.yaml': openApiPage,
}

function settingsByGroup(): ReadonlyMap<SettingGroup, readonly Setting[]> {
  return Map.groupBy(
    entries().map(([, row]) => row),
    (row) => row.group,
  )
}

function configurationPage(): string {
  const sections = [...settingsByGroup()].map(([group, rows]) => {
    const lines = rows.map((row) => `| ${configurationCells(row).join(' | ')} |`)
    return `## ${group}\n\n| variable | flag | default | what it does |\n|---|---|---|---|\n${lines.join('\n')}\n`
  })
  return `# Configuration

<!-- Made by scripts/generate-docs.ts from src/config/config-schema.ts; change it there. -->

A setting is looked for in this order, and the first place that has it wins: flag, environment variable, \`.env\` (in the
working directory, else in the installation folder), default. An empty variable counts as not set; an empty flag
(\`--webhook ""\`) goes back to the default. Booleans are written \`true\` or \`false\` (also \`1\`, \`0\`, \`t\`, \`f\`); a boolean flag
may stand alone. Lists are written with commas, and list flags may be repeated. Every mistake is reported at the start, all
at once. Settings marked *secret* are never printed.

${sections.join('\n')}
Settings of the reference gateway that are not offered here (\`CHATWOOT_*\`, \`DB_KEYS_URI\`, \`APP_UI_*\`, \`MCP_OAUTH_*\`, …) are
answered with one warning each. A certificate authority of your own is trusted through Node's \`NODE_EXTRA_CA_CERTS\`.
`
}

function configurationCells(row: Setting): readonly string[] {
  const flag = row.short === undefined ? `\`--${row.flag}\`` : `\`--${row.flag}\`, \`-${row.short}\``
  const fallback = row.defaultNote ?? (row.default === '' ? 'none' : `\`${row.default}\``)
  const kind = row.choices === undefined ? row.type : row.choices.map((choice) => `\`${choice}\``).join(', ')
  const marks = [kind, row.unit ?? '', row.secret ? '*secret*' : ''].filter((mark) => mark !== '').join('; ')
  const words = row.description.replaceAll('<', '&lt;')
  return [`\`${row.env}\``, flag, fallback, `${words} (${marks})`]
}

function dotenvExample(): string {
  const sections = [...settingsByGroup()].map(([group, rows]) => {
    const lines = rows.map((row) => {
      const note = row.defaultNote === undefined ? '' : ` Default: ${row.defaultNote.replaceAll('`', '')}.`
      return `# ${row.description}${note}\n#${row.env}=${row.default}\n`
    })
    return `# === ${group}\n\n${lines.join('\n')}`
  })
  return `# Copy to .env and take the # off what you want to change. docs/configuration.md tells more.\n\n${sections.join('\n')}`
}

function errorsPage(): string {
  const source = readFileSync(join(root, 'src/core/error-codes.ts'), 'utf8')
  const comments = new Map(
    [...source.matchAll(/\/\*\* ((?:(?!\*\/)[\s\S])*?) ?\*\/\s+(\w+): \{/g)].map((match) => [
      match[2] ?? '',
      (match[1] ?? '').replace(/\s+\*\s+/g, ' ').trim(),
    ]),
  )
  const codes = Object.keys(errorCodes) as ErrorCode[] // Object.keys widens the keys to string
  const rows = codes.map((code) => {
    const { status, wire, retry, text } = errorCodes[code]
    return `| \`${code}\` | ${status} | \`${wire}\` | ${retry} | ${comments.get(code) ?? ''} | ${text} |`
  })
  return `# Errors

<!-- Made by scripts/generate-docs.ts from src/core/error-codes.ts; change it there. -->

Every error that Gatewa raises on purpose is one of these. A client sees \`{"code": <wire code>, "message": <sentence>}\`
with the HTTP status, and \`results\` where there are facts to tell (a device id, a message id). The sentence may be more
exact than the one shown here. *Retry* says whether the same call can succeed later: \`no\`, \`later\` (after a pause) or
\`after-fix\` (after doing what the sentence says).

Whoever names \`application/problem+json\` in \`Accept\` gets the same facts as problem details (RFC 9457): \`type\`
(\`urn:gatewa:error:\` and the code), \`title\`, \`status\`, \`detail\` (the sentence), \`instance\` (the request's id), with \`code\` and
\`results\` beside them.

\`SEND_OUTCOME_UNKNOWN\` is the one error that does not mean "nothing happened": the message may have left. Its row stays
\`pending\` until WhatsApp's receipt or echo settles it; sending again by hand may deliver it twice. Use an
\`Idempotency-Key\` to repeat a request safely.

| code | HTTP | wire code | retry | when | default sentence |
|---|---|---|---|---|---|
${rows.join('\n')}
`
}

function metricsPage(): string {
  const entries: readonly CatalogueEntry[] = Object.values(catalogue)
  const rows = entries.map(({ name, type, labels, help }) => {
    const names = labels.map((label) => `\`${label}\``).join(', ')
    return `| \`${name}\` | ${type} | ${names} | ${help} |`
  })
  return `# Metrics

<!-- Made by scripts/generate-docs.ts from src/metrics/metric-catalogue.ts; change it there. -->

\`GET /metrics\` (under the base path, where there is one) answers in Prometheus' text format. A scrape shows a basic credential or an
API key with the scope \`read\` that is not limited to some devices; with \`APP_METRICS_PUBLIC=true\` nothing. On a gateway without
credentials it is open as everything else, to this machine only.

\`\`\`yaml
scrape_configs:
  - job_name: gatewa
    authorization: { credentials: gwk_… }   # gatewa keys create --name prometheus --scopes read
    static_configs: [{ targets: ['127.0.0.1:3000'] }]
\`\`\`

No label holds a phone number, a chat, a message or a URL. Endpoints are told apart by their id (\`GET /webhooks\` shows which is
which); devices only with \`APP_METRICS_DEVICES=true\`, since their ids are chosen by you and may be numbers. Counting goes on
from the start of the process; nothing is loaded for it before the first scrape.

A board for Grafana is [deploy/grafana/gatewa.json](../deploy/grafana/gatewa.json), alert rules are
[deploy/prometheus/alerts.yml](../deploy/prometheus/alerts.yml).

| metric | type | labels | what it tells |
|---|---|---|---|
${rows.join('\n')}

## Of the process

Told by prom-client, as in every program that uses it; the lag of the event loop is what to look at first:

${processMetrics.map((name) => `- \`${name}\``).join('\n')}
`
}

/** The document that a gateway serves at `/openapi.json`. */
async function openApiPage(): Promise<string> {
  const [document] = await served
  return `# Made by scripts/generate-docs.ts from what the gateway serves at /openapi.json; change the routes.\n${stringify(JSON.parse(document))}`
}

/** The OpenAPI documents of both versions, asked from a gateway that is built for it. */
async function servedDocuments(): Promise<readonly [openApi30: string, openApi31: string]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatewa-docs-'))
  try {
    const loaded = loadConfig({
      environment: { APP_DATA_DIR: dataDir, APP_PORT: '0' },
      dotenvFolders: [],
    })
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
    const app = await createApp(loaded.config, { logger: silentLogger })
    const ask = async (url: string) => (await app.http.inject({ url, headers: { host: 'localhost' } })).body
    const documents = [await ask('/openapi.json'), await ask('/openapi-3.1.json')] as const
    await app.stop()
    return documents
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

const served = servedDocuments()
const isCheck = process.argv.includes('--check')
const stale: string[] = []
const sdk = await sdkPages(JSON.parse((await served)[1]) as ApiDocument) // what our own gateway serves
for (const [file, make] of [...Object.entries(pages), ...Object.entries(sdk)]) {
  const path = join(root, file)
  const text = typeof make === 'string' ? make : await make()
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  stale.push(file)
  if (!isCheck) writeFileSync(path, text)
}
if (isCheck && stale.length > 0) {
  console.error(`out of date: ${stale.join(', ')}; run \`node scripts/generate-docs.ts\``)
  process.exitCode = 1
}
