import { z } from 'zod'
import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient } from './gateway-client.ts'
import { toTable } from './table.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa audit`. */
export interface AuditRequest {
  readonly flags: Flags
  /** list or verify. */
  readonly action: string
  readonly options: Readonly<Record<string, unknown>>
}

const entry = z.object({
  position: z.number(),
  at: z.string(),
  actor: z.string(),
  address: z.string(),
  operation: z.string(),
  device_id: z.string().optional(),
  subject: z.string().optional(),
  status: z.number(),
})
const verdict = z.object({
  intact: z.boolean(),
  good_entries: z.number(),
  broken_at: z.number().optional(),
  problem: z.string().optional(),
})

/** Lists or checks the audit log of the running gateway. Resolves to the exit code: 1 when the log is broken. */
export async function runAudit(
  { flags, action, options }: AuditRequest,
  terminal: Terminal,
): Promise<number> {
  const { config } = commandConfig({ flags })
  const gateway = new GatewayClient(config.client)
  const isJson = options['json'] === true
  switch (action) {
    case 'list': {
      const { data } = await gateway.call(
        'GET',
        `/audit?${queryOf(options)}`,
        z.object({ data: z.array(entry) }),
      )
      if (isJson) terminal.print(JSON.stringify(data, null, 2))
      else if (data.length === 0) terminal.tell('nothing was done yet')
      else for (const line of auditTable(data)) terminal.print(line)
      return 0
    }
    case 'verify': {
      const found = await gateway.call('GET', '/audit/verify', verdict)
      if (isJson) terminal.print(JSON.stringify(found, null, 2))
      else if (found.intact) terminal.print(`intact: ${found.good_entries} entries, each as it was written`)
      else
        terminal.print(
          `broken at entry ${found.broken_at ?? '?'} (${found.problem ?? '?'}), behind ${found.good_entries} good ones`,
        )
      return found.intact ? 0 : 1
    }
    default:
      throw new CommandError(`there is no "audit ${action}"; try list or verify`)
  }
}

function queryOf(options: Readonly<Record<string, unknown>>): string {
  const named = {
    actor: options['actor'],
    device_id: options['device'],
    operation: options['operation'],
    limit: options['limit'],
  }
  const given = Object.entries(named).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as [string, string]] : [],
  )
  return new URLSearchParams(given).toString()
}

function auditTable(entries: readonly z.output<typeof entry>[]): readonly string[] {
  const rows = entries.map((one) => [
    String(one.position),
    one.at,
    one.actor || '-',
    one.address,
    one.operation,
    one.device_id ?? '-',
    one.subject ?? '-',
    String(one.status),
  ])
  return toTable([['ENTRY', 'AT', 'WHO', 'FROM', 'DID', 'DEVICE', 'TO', 'STATUS'], ...rows])
}
