import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The command line's entry, run as it is. */
export const commandLine = join(import.meta.dirname, 'main.ts')

const deadlineMs = 15_000

/** A command in a process of its own, for tests; with nothing of our environment that could configure it. */
export class CommandProcess {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #ended: Promise<number | null>
  #onLine: () => void = () => undefined

  constructor(args: readonly string[]) {
    const { PATH = '', HOME = '' } = process.env
    const options = { cwd: tmpdir(), env: { PATH, HOME }, stdio: 'pipe' } as const
    this.#child = spawn(process.execPath, args, options)
    this.#ended = once(this.#child, 'close').then(([code]) => {
      this.#onLine()
      return typeof code === 'number' ? code : null
    })
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream !== null)
        createInterface(stream).on('line', (line) => {
          this.lines.push(line)
          this.#onLine()
        })
  }

  get output(): string {
    return this.lines.join('\n')
  }

  /** Resolves with the first line that has `text`; rejects with all that came instead when it ends or time is up. */
  async prints(text: string): Promise<string> {
    const limit = AbortSignal.timeout(deadlineMs)
    for (;;) {
      const line = this.lines.find((each) => each.includes(text))
      if (line !== undefined) return line
      if (limit.aborted || this.#child.exitCode !== null || this.#child.signalCode !== null)
        throw new Error(`it did not print "${text}" but:\n${this.output}`)
      await new Promise<void>((woken) => {
        this.#onLine = woken
        limit.addEventListener('abort', () => woken(), { once: true })
      })
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name)
  }

  exitCode(): Promise<number | null> {
    return this.#ended
  }
}
