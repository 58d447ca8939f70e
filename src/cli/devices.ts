import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient, type ListedDevice } from './gateway-client.ts'
import { toTable } from './table.ts'
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
  else for (const line of deviceTable(devices)) terminal.print(line)
}

function deviceTable(devices: readonly ListedDevice[]): readonly string[] {
  return toTable([
    ['DEVICE', 'STATE', 'ACCOUNT', 'NAME'],
    ...devices.map(({ id, state, jid, display_name: name }) => [id, state, jid || '-', name || '-']),
  ])
}
