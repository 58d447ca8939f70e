import { type ChildProcess, fork } from 'node:child_process'

interface Answer {
  readonly id: number
  readonly result: unknown
  readonly error?: string
}

/** A child process that answers commands. */
export class Worker {
  readonly pid: number
  readonly #child: ChildProcess
  readonly #pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>()
  #next = 1

  private constructor(child: ChildProcess) {
    this.#child = child
    this.pid = child.pid ?? 0
    child.on('message', (answer: Answer) => {
      const waiter = this.#pending.get(answer.id)
      if (waiter === undefined) return
      this.#pending.delete(answer.id)
      if (answer.error === undefined) waiter.resolve(answer.result)
      else waiter.reject(new Error(answer.error))
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
  call<Result = void>(command: string, args: object = {}): Promise<Result> {
    const id = this.#next++
    return new Promise<Result>((resolve, reject) => {
      // The script on the other side answers this command with what the caller says.
      this.#pending.set(id, { resolve: (value) => resolve(value as Result), reject })
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
