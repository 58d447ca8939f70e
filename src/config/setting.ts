import type { z } from 'zod'

/** Where a setting shows up in `--help` and in docs/configuration.md. */
export type SettingGroup =
  | 'Server'
  | 'Storage'
  | 'WhatsApp'
  | 'Media'
  | 'Webhooks'
  | 'Logging'
  | 'Tracing'
  | 'Command line'

/** How a setting is written; decides how flags are read and what the reference page says. */
export type SettingType = 'text' | 'boolean' | 'integer' | 'list' | 'choice'

/** One row of the settings table. `schema` turns the text of a flag or variable into the value the program uses. */
export interface Setting<Schema extends z.ZodType = z.ZodType> {
  readonly group: SettingGroup
  readonly env: string
  /** Long flag without the dashes. */
  readonly flag: string
  /** One-letter flag. */
  readonly short?: string
  readonly type: SettingType
  /** The default as one would write it; '' when there is none. */
  readonly default: string
  /** What stands for the default where it is computed. */
  readonly defaultNote?: string
  readonly unit?: string
  readonly choices?: readonly string[]
  readonly description: string
  /** The value never appears in a message or a log. */
  readonly secret?: true
  readonly schema: Schema
}

/** Declares a row and keeps the type of its value. */
export function setting<Schema extends z.ZodType>(row: Setting<Schema>): Setting<Schema> {
  return row
}
