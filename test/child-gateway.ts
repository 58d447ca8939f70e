// Owns: a gateway in a process of its own that can be killed without a chance to tidy up.
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = join(import.meta.dirname, '..')

/** `gatewa serve` as a child process on a fixed port. */
export class ChildGateway {
  readonly #environment: Readonly<Record<string, string>>
  readonly url: string
  #child: ChildProcess | null = null
  #output = ''

  /** `environment` needs APP_PORT and everything else that differs from the defaults. */
  constructor(environment: Readonly<Record<string, string>>) {
    this.#environment = environment
    this.url = `http://127.0.0.1:${environment['APP_PORT']}`
  }

  /** What the process wrote so far, over all its lives. */
  get output(): string {
    return this.#output
  }

  /** Starts the process; resolves once it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [join(root, 'src', 'cli', 'main.ts'), 'serve'], {
      env: { ...process.env, NODE_COMPILE_CACHE: join(root, '.cache', 'test-compile'), ...this.#environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const keep = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-20_000)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const until = Date.now() + 30_000
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`the gateway ended by itself:\n${this.#output}`)
      const answer = await fetch(`${this.url}/readyz`).catch(() => null)
      if (answer?.ok) return
      if (Date.now() > until) throw new Error(`the gateway does not answer:\n${this.#output}`)
      await pause(10)
    }
  }

  /** Ends the process at once (`SIGKILL`) or politely (`SIGTERM`); resolves with its exit code when it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    return new Promise((resolve) => {
      child.once('exit', (code) => resolve(code))
      child.kill(signal)
    })
  }
}
