import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient, type ListedDevice } from './gateway-client.ts'
import type { Terminal } from './terminal.ts'

/** Lists the devices of the running gateway. */
export async function runDevices(
  flags: Flags,
  options: { json: boolean },
  terminal: Terminal,
): Promise<void> {
  const { config } = commandConfig({ flags })
  const devices = await new GatewayClient(config.client).devices()
  if (options.json) terminal.print(JSON.stringify(devices, null, 2))
  else if (devices.length === 0) terminal.tell('no devices yet; `gatewa login` makes and links one')
  else for (const line of toTable(devices)) terminal.print(line)
}

function toTable(devices: readonly ListedDevice[]): readonly string[] {
  const rows = [
    ['DEVICE', 'STATE', 'ACCOUNT', 'NAME'],
    ...devices.map(({ id, state, jid, display_name: name }) => [id, state, jid || '-', name || '-']),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
