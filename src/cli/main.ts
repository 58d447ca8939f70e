import { buildProgram } from './program.ts'
import { CommandError, processTerminal } from './terminal.ts'

try {
  await buildProgram(processTerminal).parseAsync()
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  processTerminal.tell(`gatewa: ${error.message}`)
  // Not exitCode alone: whatever was opened before the failure must not keep the process.
  process.exit(1)
}
