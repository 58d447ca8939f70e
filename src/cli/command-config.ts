import type { Config } from '../config/config.ts'
import { type ConfigSources, loadConfig } from '../config/load-config.ts'
import { CommandError } from './terminal.ts'

/** Loads the configuration or ends with every mistake at once. */
export function commandConfig(sources: ConfigSources): { config: Config; warnings: readonly string[] } {
  const loaded = loadConfig(sources)
  if (loaded.ok) return loaded
  const count = loaded.problems.length === 1 ? 'a mistake' : `${loaded.problems.length} mistakes`
  const lines = loaded.problems.map((problem) => `  - ${problem}`)
  throw new CommandError(`the configuration has ${count}:\n${lines.join('\n')}`)
}
