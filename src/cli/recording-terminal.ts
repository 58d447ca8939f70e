import type { Terminal } from './terminal.ts'

/** A terminal for tests: keeps what a command wrote. */
export class RecordingTerminal implements Terminal {
  readonly isInteractive = false
  readonly printed: string[] = []
  readonly told: string[] = []

  print(line: string): void {
    this.printed.push(line)
  }

  tell(line: string): void {
    this.told.push(line)
  }
}
