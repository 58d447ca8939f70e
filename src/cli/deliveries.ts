import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { DeliveriesClient, type ListedDelivery } from './deliveries-client.ts'
import { GatewayClient } from './gateway-client.ts'
import { toTable } from './table.ts'
import { CommandError, type Terminal } from './terminal.ts'
import { endpointTable } from './webhooks.ts'

/** What was typed behind `gatewa deliveries`. */
export interface DeliveriesRequest {
  readonly flags: Flags
  /** list, show, retry or replay. */
  readonly action: string
  readonly options: Readonly<Record<string, unknown>>
}

/** Lists, shows, retries and replays deliveries of events to webhooks, on the running gateway. */
export async function runDeliveries(
  { flags, action, options }: DeliveriesRequest,
  terminal: Terminal,
): Promise<void> {
  const { config } = commandConfig({ flags })
  const client = new DeliveriesClient(new GatewayClient(config.client))
  const isJson = options['json'] === true
  const show = (value: unknown, lines: readonly string[]) => {
    if (isJson) terminal.print(JSON.stringify(value, null, 2))
    else for (const line of lines) terminal.print(line)
  }
  switch (action) {
    case 'list': {
      const deliveries = await client.list({
        webhook_id: textOf(options, 'endpoint'),
        device_id: textOf(options, 'device'),
        state: textOf(options, 'state'),
        limit: textOf(options, 'limit'),
      })
      if (deliveries.length === 0 && !isJson) terminal.tell('no deliveries')
      else show(deliveries, deliveryTable(deliveries))
      return
    }
    case 'show': {
      const delivery = await client.show(needed(options, 'endpoint'), needed(options, 'event'))
      const tries = delivery.tries.map((one) => [
        String(one.attempt),
        one.at,
        `${one.duration_ms} ms`,
        String(one.status ?? '-'),
        one.error ?? '-',
      ])
      show(delivery, [
        ...deliveryTable([delivery]),
        '',
        ...toTable([['TRY', 'AT', 'TOOK', 'STATUS', 'ERROR'], ...tries]),
      ])
      return
    }
    case 'retry': {
      const delivery = await client.retry(needed(options, 'endpoint'), needed(options, 'event'))
      show(delivery, deliveryTable([delivery]))
      return
    }
    case 'replay': {
      const events = await client.replay(needed(options, 'endpoint'), {
        since: textOf(options, 'since'),
        until: textOf(options, 'until'),
        device_id: textOf(options, 'device'),
        only_dead: options['onlyDead'] === true ? true : undefined,
      })
      show({ events }, [`${events} ${events === 1 ? 'event is' : 'events are'} on the way once more`])
      return
    }
    case 'endpoints': {
      const endpoints = await client.endpoints()
      if (endpoints.length === 0 && !isJson) terminal.tell('no webhook endpoints')
      show(endpoints, endpoints.length === 0 ? [] : endpointTable(endpoints))
      return
    }
    default:
      throw new CommandError(
        `there is no \`deliveries ${action}\`: write list, show, retry, replay or endpoints`,
      )
  }
}

function deliveryTable(deliveries: readonly ListedDelivery[]): readonly string[] {
  return toTable([
    ['EVENT', 'ENDPOINT', 'DEVICE', 'KIND', 'STATE', 'TRIES', 'LAST'],
    ...deliveries.map((one) => [
      one.event_id,
      one.webhook_id,
      one.device_id,
      one.event,
      one.state,
      String(one.attempts),
      one.last_error ?? String(one.last_status ?? '-'),
    ]),
  ])
}

function textOf(options: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function needed(options: Readonly<Record<string, unknown>>, name: string): string {
  const value = textOf(options, name)
  if (value === undefined) throw new CommandError(`say which with --${name} <id>`)
  return value
}
