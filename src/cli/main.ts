import { buildProgram } from './program.ts'
import { readArguments } from './reference-arguments.ts'
import { CommandError, processTerminal } from './terminal.ts'

try {
  const program = buildProgram(processTerminal)
  const names = program.commands.flatMap((command) => [command.name(), ...command.aliases()])
  const { args, warnings } = readArguments(process.argv.slice(2), new Set(names))
  for (const warning of warnings) processTerminal.tell(`gatewa: ${warning}`)
  await program.parseAsync([...args], { from: 'user' })
} catch (error) {
  if (!(error instanceof CommandError)) throw error
  processTerminal.tell(`gatewa: ${error.message}`)
  // Not exitCode alone: whatever was opened before the failure must not keep the process.
  process.exit(1)
}
