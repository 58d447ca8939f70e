import { absentSetting, entries } from '../config/load-config.ts'

/** Arguments as this program reads them, and what to know of those that were left out. */
export interface ReadArguments {
  readonly args: readonly string[]
  /** One sentence for each flag that does nothing here. */
  readonly warnings: readonly string[]
}

const shortWithValue = /^(-[A-Za-z])=(.*)$/s
const longFlag = /^--([a-z][a-z-]*)(?:=.*)?$/s

/**
 * Takes a command line as the reference's: `-b=user:password` is `-b user:password`, flags may stand before the command, and
 * flags for what this gateway does not have are left out with a warning, as such settings are in the environment.
 */
export function readArguments(given: readonly string[], commands: ReadonlySet<string>): ReadArguments {
  const own = new Set(entries().map(([, row]) => row.flag))
  const args: string[] = []
  const warnings: string[] = []
  for (let index = 0; index < given.length; index += 1) {
    const argument = given[index] ?? ''
    if (argument === '--') {
      args.push(...given.slice(index))
      break
    }
    const short = shortWithValue.exec(argument)
    const flag = longFlag.exec(argument)?.[1]
    const reason = flag === undefined || own.has(flag) ? null : absentReason(flag)
    if (short !== null) args.push(short[1] ?? '', short[2] ?? '')
    else if (reason === null) args.push(argument)
    else {
      warnings.push(`--${flag} is ignored: ${reason}`)
      const next = given[index + 1]
      // Its value, unless it had none: a switch can stand alone.
      const isValue = next !== undefined && !next.startsWith('-') && !commands.has(next)
      if (isValue && !argument.includes('=')) index += 1
    }
  }
  return { args: commandFirst(args, commands), warnings }
}

function absentReason(flag: string): string | null {
  const name = flag.toUpperCase().replaceAll('-', '_')
  return absentSetting(name) ?? absentSetting(`APP_${name}`)
}

function commandFirst(args: readonly string[], commands: ReadonlySet<string>): readonly string[] {
  const [first = ''] = args
  const place = args.findIndex((argument) => commands.has(argument))
  if (place <= 0 || !first.startsWith('-')) return args
  return [...args.slice(place, place + 1), ...args.slice(0, place), ...args.slice(place + 1)]
}
