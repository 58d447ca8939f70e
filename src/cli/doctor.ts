import type { Config } from '../config/config.ts'
import type { Flags } from '../config/load-config.ts'
import { toError } from '../core/app-error.ts'
import { commandConfig } from './command-config.ts'
import { databaseFinding } from './doctor-database.ts'
import { encryptionFinding } from './doctor-encryption.ts'
import { dataDirFinding, ffmpegFinding, nodeFinding, pdftoppmFinding } from './doctor-machine.ts'
import { gatewayFinding, hostFindings } from './doctor-network.ts'
import { webhookFindings } from './doctor-webhook.ts'
import type { Finding } from './finding.ts'
import type { Terminal } from './terminal.ts'

const marks = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const

/** Checks all that the gateway needs and says what to do about each. Answers the exit code: 1 when something is wrong. */
export async function runDoctor(
  flags: Flags,
  options: { checkWebhooks: boolean },
  terminal: Terminal,
): Promise<number> {
  const { config, warnings } = commandConfig({ flags })
  const findings: Finding[] = warnings.map((detail) => ({ name: 'settings', state: 'warn', detail }))
  for (const check of checks(config, options.checkWebhooks)) findings.push(...(await check()))
  for (const finding of findings) for (const line of describe(finding)) terminal.print(line)
  const wrong = findings.filter((finding) => finding.state === 'fail').length
  terminal.print(wrong === 0 ? '\nnothing is wrong' : `\n${wrong} of ${findings.length} checks failed`)
  return wrong === 0 ? 0 : 1
}

function checks(config: Config, checkWebhooks: boolean): readonly (() => Promise<readonly Finding[]>)[] {
  return [
    async () => [nodeFinding()],
    async () => [await guarded('data folder', () => dataDirFinding(config.dataDir))],
    async () => [await guarded('database', () => databaseFinding(config.database.uri))],
    async () => [await guarded('encryption', () => encryptionFinding(config.database))],
    async () => [await guarded('gateway', () => gatewayFinding(config.client))],
    () => hostFindings(config.whatsapp),
    async () => [await guarded('ffmpeg', () => ffmpegFinding(config.media.ffmpegPath))],
    async () => [await guarded('pdftoppm', () => pdftoppmFinding(config.media.searchPath))],
    async () => (checkWebhooks ? webhookFindings(config) : []),
  ]
}

/** A check that fails in a way nobody thought of is a finding, too, and does not keep the others from running. */
async function guarded(name: string, check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check()
  } catch (error) {
    return {
      name,
      state: 'fail',
      detail: toError(error).message,
      remedy: 'this was not expected; please report it',
    }
  }
}

function describe({ name, state, detail, remedy }: Finding): readonly string[] {
  const line = `${marks[state]}  ${name.padEnd(16)} ${detail}`
  return remedy === undefined ? [line] : [line, `${' '.repeat(23)}-> ${remedy}`]
}
