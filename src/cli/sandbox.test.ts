import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CommandProcess, commandLine } from './command-process.ts'

const run = promisify(execFile)

async function hasCurl(): Promise<boolean> {
  try {
    await run('curl', ['--version'])
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** The printed lines that are meant for a shell, by the step they stand under. */
function stepsOf(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const steps = new Map<string, string[]>()
  let title = ''
  for (const line of lines) {
    if (/^\d\. |^ {3}or /.test(line)) title = line.trim()
    else if (/^(curl|QR=|CODE=|until|sleep)/.test(line)) steps.set(title, [...(steps.get(title) ?? []), line])
  }
  return steps
}

describe('the sandbox', () => {
  let sandbox: CommandProcess

  beforeEach(() => {
    sandbox = new CommandProcess([commandLine, 'sandbox', '--port', '0'])
  })

  afterEach(async () => {
    sandbox.signal('SIGKILL')
    await sandbox.exitCode()
  })

  const waiting = { timeout: 15_000, interval: 300 }

  /** Pastes a step, or its first lines, into one shell. */
  async function paste(step: RegExp, lineCount?: number): Promise<string> {
    await sandbox.prints('Ctrl-C ends it')
    const [, lines] = [...stepsOf(sandbox.lines)].find(([title]) => step.test(title)) ?? []
    if (lines === undefined) throw new Error(`no step ${String(step)} in:\n${sandbox.output}`)
    return (await run('sh', ['-c', lines.slice(0, lineCount).join('; echo; ')])).stdout
  }

  it.for(['1. Link a device', 'or with a pairing code'])(
    'prints lines that link a device, send, and get an answer when pasted (%s)',
    { timeout: 60_000 },
    async (linking, { skip }) => {
      if (!(await hasCurl())) skip('curl is not installed')
      // The slot is made by the first line of the first way; making it twice is refused and does no harm.
      await paste(/^1\. Link/, 1)
      expect(await paste(new RegExp(`^${linking}`))).toContain('"jid":"15555550100:1@s.whatsapp.net"')
      expect(await paste(/^2\. Send/)).toContain('Message sent to')
      await expect.poll(() => paste(/^2\. Send/), waiting).toContain('You said: Hello Alice')
      await expect.poll(() => paste(/^3\. Be written to/), waiting).toContain('"name":"Bob"')
      expect(await paste(/^4\. Write to the group/)).toContain('Who is in?')
      sandbox.signal('SIGINT')
      expect(await sandbox.exitCode()).toBe(0)
    },
  )
})
