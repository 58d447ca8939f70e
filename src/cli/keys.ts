import { z } from 'zod'
import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient } from './gateway-client.ts'
import { toTable } from './table.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa keys`. */
export interface KeysRequest {
  readonly flags: Flags
  /** list, create or revoke. */
  readonly action: string
  readonly options: Readonly<Record<string, unknown>>
}

const listedKey = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  devices: z.array(z.string()).optional(),
  state: z.string(),
  created_by: z.string(),
  expires_at: z.string().optional(),
  last_used_at: z.string().optional(),
})
const madeKey = listedKey.extend({ key: z.string() })

/** Lists, makes and revokes API keys, on the running gateway. */
export async function runKeys({ flags, action, options }: KeysRequest, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  const gateway = new GatewayClient(config.client)
  const isJson = options['json'] === true
  switch (action) {
    case 'list': {
      const keys = await gateway.call('GET', '/keys', z.array(listedKey))
      if (isJson) terminal.print(JSON.stringify(keys, null, 2))
      else if (keys.length === 0) terminal.tell('no keys')
      else for (const line of keyTable(keys)) terminal.print(line)
      return
    }
    case 'create': {
      const made = await gateway.call('POST', '/keys', madeKey, {
        name: needed(options, 'name'),
        scopes: listOf(needed(options, 'scopes')),
        ...(options['devices'] === undefined ? {} : { devices: listOf(needed(options, 'devices')) }),
        ...(options['recipients'] === undefined ? {} : { recipients: listOf(needed(options, 'recipients')) }),
        ...(options['expires'] === undefined ? {} : { expires_at: needed(options, 'expires') }),
        ...(options['perMinute'] === undefined ? {} : { requests_per_minute: countOf(options, 'perMinute') }),
      })
      if (isJson) return terminal.print(JSON.stringify(made, null, 2))
      // Alone on standard output, so that a script can take it from there.
      terminal.print(made.key)
      terminal.tell(`key ${made.id} (${made.name}) may: ${made.scopes.join(', ')}`)
      terminal.tell('keep it now: only a hash of it is stored, and it is not shown again')
      return
    }
    case 'revoke': {
      const revoked = await gateway.call(
        'DELETE',
        `/keys/${encodeURIComponent(needed(options, 'id'))}`,
        listedKey,
      )
      if (isJson) terminal.print(JSON.stringify(revoked, null, 2))
      else terminal.tell(`key ${revoked.id} (${revoked.name}) is good for nothing any more`)
      return
    }
    default:
      throw new CommandError(`there is no "keys ${action}"; try list, create or revoke`)
  }
}

function keyTable(keys: readonly z.output<typeof listedKey>[]): readonly string[] {
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.state,
    key.scopes.join(','),
    key.devices?.join(',') ?? 'all',
    key.expires_at ?? 'never',
    key.last_used_at ?? 'never',
  ])
  return toTable([['KEY', 'NAME', 'STATE', 'MAY', 'DEVICES', 'ENDS', 'LAST USED'], ...rows])
}

function needed(options: Readonly<Record<string, unknown>>, name: string): string {
  const value = options[name]
  if (typeof value === 'string' && value !== '') return value
  throw new CommandError(`give --${name}; see gatewa keys --help`)
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function countOf(options: Readonly<Record<string, unknown>>, name: string): number {
  const count = Number(options[name])
  if (Number.isInteger(count)) return count
  throw new CommandError('--per-minute wants a whole number')
}
