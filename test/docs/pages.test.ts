import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildProgram } from '../../src/cli/program.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { entries } from '../../src/config/load-config.ts'
import { errorCodes } from '../../src/core/error-codes.ts'
import { eventKinds } from '../../src/core/event-envelope.ts'
import type { Document } from '../contract/contract.ts'

const root = join(import.meta.dirname, '../..')
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
})
  .toString()
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))

const textOf = (path: string) => readFileSync(join(root, path), 'utf8')
/** Pages for people who use the gateway. */
const guides = [
  'README.md',
  'docs/concepts.md',
  'docs/recipes.md',
  'docs/troubleshooting.md',
  'docs/tracing.md',
]
/** Of the exporter of spans, which reads them itself. */
const foreignSettings = ['OTEL_EXPORTER_OTLP_COMPRESSION']

/** What a heading is linked by, as GitHub makes it. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ +(.+)$/gm)
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}

function blocksOf(text: string, language: string): string[] {
  const blocks = text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))
  return [...blocks].map(([, block = '']) => block)
}

describe('links between pages', () => {
  it.each(pages)('%s', (page) => {
    const text = textOf(page).replace(/```[\s\S]*?```/g, '')
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? join(root, page) : join(root, dirname(page), path)
      expect(existsSync(file), `${page}: ${target}`).toBe(true)
      if (anchor === undefined) continue
      expect([...anchorsOf(textOf(relative(root, file)))], `${page}: ${target}`).toContain(anchor)
    }
  })
})

describe.each(guides)('what %s says to type', (page) => {
  const text = textOf(page)
  const shell = blocksOf(text, 'sh').join('\n').replaceAll('\\\n', ' ')

  it('names operations that are served', () => {
    const served = parse(textOf('docs/openapi.yaml')) as Document // made by our own script
    const paths = Object.keys(served.paths).map(
      (path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    )
    const called = [...shell.matchAll(/http:\/\/127\.0\.0\.1:3000(\/[^\s'"?]*)/g)].map(
      ([, path = '']) => path,
    )
    const named = [...text.matchAll(/`(?:GET|POST|PATCH|DELETE) (\/[^`?]*)/g)].map(([, path = '']) => path)
    for (const path of [...called, ...named.map((each) => each.replaceAll(/\{\w+\}/g, 'x'))]) {
      const isServed =
        paths.some((pattern) => pattern.test(path)) ||
        ['/ws', '/mcp', '/docs', '/openapi.json'].includes(path)
      expect(isServed, path).toBe(true)
    }
  })

  it('names commands and options that there are', () => {
    const program = buildProgram(new RecordingTerminal())
    for (const [, name = '', rest = ''] of shell.matchAll(/npm run gatewa -- ([a-z]+)([^\n|&]*)/g)) {
      const command = program.commands.find((each) => each.name() === name)
      expect(command, name).toBeDefined()
      const options = new Set(command?.options.map(({ long }) => long))
      for (const [option] of rest.matchAll(/--[a-z-]+/g))
        expect([...options], `${name} ${option}`).toContain(option)
    }
  })

  it('names settings, errors and events that there are', () => {
    const settings = new Set([...entries().map(([, row]) => row.env), ...foreignSettings])
    for (const [name] of text.matchAll(/\b(APP|WHATSAPP|DB|OTEL)_[A-Z0-9_]+\b/g))
      expect([...settings], name).toContain(name)
    const wire = new Set(Object.values(errorCodes).map((entry) => entry.wire))
    for (const [, code = ''] of text.matchAll(/`([A-Z]{2,}(?:_[A-Z]+)+)`/g)) {
      if (!/^(APP|WHATSAPP|DB|OTEL|GATEWA|NODE|CHATWOOT|REQUIRE)_/.test(code))
        expect([...wire], code).toContain(code)
    }
    for (const [, kind = ''] of text.matchAll(/`((?:message|device|group|media)\.[a-z_]+)`/g)) {
      expect([...eventKinds], kind).toContain(kind)
    }
  })
})
