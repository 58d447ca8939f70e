import { type Command, Option } from 'commander'
import type { SettingKey } from '../config/config-schema.ts'
import { entries, type Flags } from '../config/load-config.ts'
import type { Setting } from '../config/setting.ts'

/** Adds one flag per setting to a command, in the groups of the settings table. */
export function addSettingOptions(command: Command): Command {
  for (const [key, row] of entries()) command.addOption(settingOption(key, row))
  return command
}

/** What was typed for the settings, ready for `loadConfig`. */
export function readFlags(command: Command): Flags {
  const typed: Record<string, unknown> = command.opts()
  const flags: Partial<Record<SettingKey, string | boolean | readonly string[]>> = {}
  for (const [key, row] of entries()) {
    const value = typed[key]
    if (typeof value === 'string' || typeof value === 'boolean') flags[key] = value
    else if (Array.isArray(value)) flags[key] = value.map(String)
    else if (value !== undefined) throw new Error(`--${row.flag} came as ${typeof value}`)
  }
  return flags
}

/** One line on a setting for `--help`. */
export function describeSetting(row: Setting): string {
  const unit = row.unit === undefined ? '' : ` In ${row.unit}.`
  const fallback = (row.defaultNote ?? row.default) || 'none'
  return `${row.description}${unit} [${row.env}, default: ${fallback}]`
}

function settingOption(key: SettingKey, row: Setting): Option {
  const short = row.short === undefined ? '' : `-${row.short}, `
  // A boolean may stand alone (--debug) or be spelt out (--account-validation=false).
  const value = row.type === 'boolean' ? '[true|false]' : `<${row.choices?.join('|') ?? row.type}>`
  const option = new NamedOption(key, `${short}--${row.flag} ${value}`, describeSetting(row))
  option.helpGroup(`${row.group}:`)
  if (row.type === 'boolean') option.preset('true')
  if (row.type === 'list') option.argParser((text: string, before: string[] = []) => [...before, text])
  return option
}

/** An option whose value is kept under the setting's key instead of a name made of the flag. */
class NamedOption extends Option {
  readonly #key: string

  constructor(key: string, flags: string, description: string) {
    super(flags, description)
    this.#key = key
  }

  override attributeName(): string {
    return this.#key
  }
}
