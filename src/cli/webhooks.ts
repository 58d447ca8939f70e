import { z } from 'zod'
import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient } from './gateway-client.ts'
import { toTable } from './table.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa webhooks`. */
export interface WebhooksRequest {
  readonly flags: Flags
  /** list, add, change or remove. */
  readonly action: string
  readonly options: Readonly<Record<string, unknown>>
}

/** An endpoint as the gateway lists it. */
export const listedEndpoint = z.looseObject({
  id: z.string(),
  device_id: z.string().optional(),
  source: z.string(),
  active: z.boolean(),
  url: z.string(),
})

/** Lists, adds, changes and removes the endpoints that events are posted to, on the running gateway. */
export async function runWebhooks(
  { flags, action, options }: WebhooksRequest,
  terminal: Terminal,
): Promise<void> {
  const { config } = commandConfig({ flags })
  const gateway = new GatewayClient(config.client)
  const isJson = options['json'] === true
  const device = textOf(options, 'device')
  const show = (endpoint: z.output<typeof listedEndpoint>) => {
    if (isJson) terminal.print(JSON.stringify(endpoint, null, 2))
    else for (const line of endpointTable([endpoint])) terminal.print(line)
  }
  switch (action) {
    case 'list': {
      const endpoints = await gateway.call('GET', ofDevice(device), z.array(listedEndpoint))
      if (isJson) terminal.print(JSON.stringify(endpoints, null, 2))
      else if (endpoints.length === 0) terminal.tell('no webhook endpoints')
      else for (const line of endpointTable(endpoints)) terminal.print(line)
      return
    }
    case 'add': {
      const body = { ...choicesOf(options), url: needed(options, 'to') }
      show(await gateway.call('POST', ofDevice(device), listedEndpoint, body))
      return
    }
    case 'change': {
      const body = choicesOf(options)
      if (Object.keys(body).length === 0)
        throw new CommandError('say what is to change; see gatewa webhooks --help')
      show(await gateway.call('PATCH', pathOf(needed(options, 'endpoint')), listedEndpoint, body))
      return
    }
    case 'remove': {
      const id = needed(options, 'endpoint')
      await gateway.call('DELETE', pathOf(id), z.unknown())
      terminal.tell(`webhook endpoint ${id} is gone, with its deliveries`)
      return
    }
    default:
      throw new CommandError(`there is no "webhooks ${action}"; try list, add, change or remove`)
  }
}

/** Endpoints in columns. */
export function endpointTable(endpoints: readonly z.output<typeof listedEndpoint>[]): readonly string[] {
  const rows = endpoints.map(({ id, device_id: device, source, active, url }) => [
    id,
    device ?? 'all',
    source,
    active ? 'in use' : 'out of use',
    url,
  ])
  return toTable([['ENDPOINT', 'DEVICE', 'SOURCE', 'STATE', 'URL'], ...rows])
}

/** What was said of the endpoint, as the API takes it. */
function choicesOf(options: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { to, secret, events, ignoreJids, header, format, whenGone, skipTls, active } = options
  const said = {
    url: to,
    secret,
    events: typeof events === 'string' ? listOf(events) : undefined,
    ignore_jids: typeof ignoreJids === 'string' ? listOf(ignoreJids) : undefined,
    headers: Array.isArray(header) ? headersOf(header.map(String)) : undefined,
    format,
    when_gone: whenGone,
    insecure_skip_verify: switchOf('skip-tls', skipTls),
    active: switchOf('active', active),
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}

/** `name: value` as curl takes them; one that is empty stands for none at all. */
function headersOf(lines: readonly string[]): Record<string, string> {
  const pairs = lines.filter((line) => line !== '').map((line) => /^([^:]+):\s*(.*)$/.exec(line))
  if (pairs.includes(null)) throw new CommandError('write each --header as "name: value"')
  return Object.fromEntries(
    pairs.filter((pair) => pair !== null).map(([, name = '', value = '']) => [name.trim(), value]),
  )
}

function switchOf(name: string, value: unknown): boolean | undefined {
  if (value === undefined) return undefined
  if (value === 'yes' || value === 'no') return value === 'yes'
  throw new CommandError(`--${name} is yes or no`)
}

function ofDevice(device: string | undefined): string {
  return device === undefined ? '/webhooks' : `/devices/${encodeURIComponent(device)}/webhooks`
}

function pathOf(id: string): string {
  return `/webhooks/${encodeURIComponent(id)}`
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function textOf(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function needed(options: Readonly<Record<string, unknown>>, name: string): string {
  const value = textOf(options, name)
  if (value === undefined) throw new CommandError(`give --${name}; see gatewa webhooks --help`)
  return value
}
