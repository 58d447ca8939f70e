import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'

/** How a program is run. */
export interface TetherOptions {
  /** Ends the program; `close` comes when it is gone. */
  readonly signal: AbortSignal
  /** Folders with colons, where a program without a path is looked for. */
  readonly searchPath: string
}

export type TetheredProcess = ChildProcessByStdio<Writable, Readable, Readable>

/** What the shell ends with when there is no such program, or it may not be run. */
const missingCodes: ReadonlySet<number | null> = new Set([126, 127])

/**
 * Runs the program and, beside it, waits for the end of its own input, to which nobody writes: that comes when this process is
 * gone, however it went, or lets go. Then the program is killed. The shell itself is never killed, so it leaves nobody behind.
 */
const tether = `
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
( read -r nothing <&3; kill -9 "$program" ) >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$program"
code=$?
kill -9 "$watch" 2>/dev/null
wait "$watch" 2>/dev/null
exit "$code"
`

/**
 * Runs a program that does not outlive this process, not even when this is killed by SIGKILL. It gets no input and nothing of
 * our environment.
 */
export function spawnTethered(
  program: string,
  args: readonly string[],
  { signal, searchPath }: TetherOptions,
): TetheredProcess {
  const child = spawn('/bin/sh', ['-c', tether, 'sh', program, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: searchPath, LC_ALL: 'C' },
  })
  const letGo = () => child.stdin.destroy()
  signal.addEventListener('abort', letGo, { once: true })
  child.once('close', () => signal.removeEventListener('abort', letGo))
  if (signal.aborted) letGo()
  return child
}

/** Whether a tethered program never ran because it is not there. */
export function wasMissing(code: number | null): boolean {
  return missingCodes.has(code)
}
