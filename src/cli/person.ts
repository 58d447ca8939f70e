import { z } from 'zod'
import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient } from './gateway-client.ts'
import { toTable } from './table.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa person`. */
export interface PersonRequest {
  readonly flags: Flags
  /** export or erase. */
  readonly action: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Hands out or erases what the running gateway keeps about one person. */
export async function runPerson(
  { flags, action, options }: PersonRequest,
  terminal: Terminal,
): Promise<void> {
  const { config } = commandConfig({ flags })
  const gateway = new GatewayClient(config.client)
  const phone = options['of']
  if (typeof phone !== 'string' || phone === '') {
    throw new CommandError('give --of <phone>: a number with country code, or a JID')
  }
  const path = `/people/${encodeURIComponent(phone)}/data`
  switch (action) {
    case 'export':
      for await (const line of gateway.lines(path)) terminal.print(line)
      return
    case 'erase': {
      if (options['yes'] !== true) {
        throw new CommandError(
          `this erases everything kept about ${phone}, for good; say --yes if that is meant`,
        )
      }
      const counts = await gateway.call('DELETE', path, z.record(z.string(), z.number()))
      const rows = Object.entries(counts).map(([table, count]) => [table, String(count)])
      if (rows.length === 0) terminal.tell(`nothing was kept about ${phone}`)
      else for (const line of toTable([['ERASED', 'ROWS'], ...rows])) terminal.print(line)
      return
    }
    default:
      throw new CommandError(`there is no "person ${action}"; try export or erase`)
  }
}
