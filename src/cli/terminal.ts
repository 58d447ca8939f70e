/** Where a command talks to the person who typed it. */
export interface Terminal {
  /** The command's answer. */
  print(line: string): void
  /** What went wrong or is going on; kept apart, so that the answer can be piped. */
  tell(line: string): void
  /** Whether a person looks at the answer; colours and redrawing only then. */
  readonly isInteractive: boolean
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  print: (line) => void process.stdout.write(`${line}\n`),
  tell: (line) => void process.stderr.write(`${line}\n`),
  isInteractive: process.stdout.isTTY === true,
}

/** Ends a command with a sentence for the person and exit code 1. Never leaves the command line. */
export class CommandError extends Error {}
