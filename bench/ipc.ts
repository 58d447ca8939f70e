import { type ChildProcess, fork } from 'node:child_process'

/** A child process that answers commands. */
export class Worker {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #pending = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  #next = 1

  private constructor(child: ChildProcess) {
    this.#child = child
    this.pid = child.pid ?? 0
    child.on('message', (message: { id?: number; result?: never; error?: string }) => {
      const waiter = this.#pending.get(message.id ?? 0)
      if (waiter === undefined) return
      this.#pending.delete(message.id ?? 0)
      if (message.error === undefined) waiter.resolve(message.result)
      else waiter.reject(new Error(message.error))
    })
    child.on('exit', (code, signal) => {
      for (const { reject } of this.#pending.values())
        reject(new Error(`the process ended (${signal ?? code})`))
    })
  }

  /** Starts a script and waits until it says that it is ready. */
  static async start(
    script: string,
    options: { env?: Record<string, string>; execArgv?: string[]; cwd?: string } = {},
  ): Promise<Worker> {
    const child = fork(script, {
      env: { ...process.env, ...options.env },
      execArgv: options.execArgv ?? [],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      serialization: 'advanced',
    })
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve())
      child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it was ready`)))
    })
    return new Worker(child)
  }

  /** Asks for a command; resolves with its answer. */
  call<Answer = void>(command: string, args: object = {}): Promise<Answer> {
    const id = this.#next++
    return new Promise<Answer>((resolve, reject) => {
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject })
      this.#child.send({ id, command, args })
    })
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return
    await new Promise<void>((resolve) => {
      this.#child.once('exit', () => resolve())
      this.#child.kill('SIGKILL')
    })
  }
}

type Commands = Record<string, (args: never) => Promise<unknown>>

/** Answers commands from the parent process until it is gone. */
export function serveCommands(commands: Commands): void {
  process.on('message', (message: { id: number; command: string; args: never }) => {
    const command = commands[message.command]
    const run =
      command === undefined
        ? Promise.reject(new Error(`no command ${message.command}`))
        : command(message.args)
    run.then(
      (result) => process.send?.({ id: message.id, result }),
      (error: unknown) =>
        process.send?.({ id: message.id, error: error instanceof Error ? error.stack : String(error) }),
    )
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.({ ready: true })
}
