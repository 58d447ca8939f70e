import { setTimeout as pause } from 'node:timers/promises'
import type { Flags } from '../config/load-config.ts'
import { commandConfig } from './command-config.ts'
import { GatewayClient, GatewayRefusal } from './gateway-client.ts'
import { CommandError, type Terminal } from './terminal.ts'
import { drawQr } from './terminal-qr.ts'

/** What was asked for: a device (else the only one, else `main`), and with `phone` a pairing code instead of a QR code. */
export interface LoginRequest {
  readonly flags: Flags
  readonly device: string | undefined
  readonly phone?: string
}

const pollMs = 1_000
/** WhatsApp gives up on a link after less than this. */
const codeLifetimeMs = 180_000

/** Links a device and waits until it is linked; with no gateway running, starts one for as long as that takes. */
export async function runLogin(request: LoginRequest, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags: request.flags })
  const running = new GatewayClient(config.client)
  if (await running.isRunning()) return link(running, request, terminal)
  // A gateway that was named is not to be replaced by one of our own: this rejects with what is wrong.
  if (config.client.isNamed) await running.devices()
  terminal.tell('no gateway is running; starting one until the device is linked')
  const gateway = await startTemporaryGateway(request.flags)
  try {
    await link(gateway.client, request, terminal)
  } finally {
    await gateway.stop()
  }
}

async function startTemporaryGateway(
  flags: Flags,
): Promise<{ client: GatewayClient; stop: () => Promise<void> }> {
  const { createApp } = await import('../app.ts')
  const { createLogger } = await import('../config/create-logger.ts')
  const { describeStartFailure } = await import('./start-failure.ts')
  // On a port of its own: it serves this command and nobody else.
  const { config } = commandConfig({ flags: { ...flags, host: '127.0.0.1', port: '0' } })
  const logger = await createLogger({ level: 'warn', format: config.log.format }, process.stderr)
  try {
    const app = await createApp(config, { logger })
    await app.start()
    const client = new GatewayClient({
      gatewayUrl: `${app.address}${config.http.basePath}`,
      credential: config.client.credential,
    })
    return { client, stop: () => app.stop() }
  } catch (error) {
    throw new CommandError(describeStartFailure(error, config))
  }
}

async function link(client: GatewayClient, request: LoginRequest, terminal: Terminal): Promise<void> {
  const id = await chooseDevice(client, request.device)
  try {
    if (request.phone === undefined) await linkByQr(client, id, terminal)
    else await linkByCode(client, id, request.phone, terminal)
  } catch (error) {
    if (!(error instanceof GatewayRefusal) || error.code !== 'ALREADY_LOGGED_IN') throw error
    terminal.print(`device ${id} is linked already`)
    return
  }
  const linked = (await client.devices()).find((device) => device.id === id)
  terminal.print(`device ${id} is linked${linked?.jid ? ` to ${linked.jid}` : ''}`)
}

async function chooseDevice(client: GatewayClient, wanted: string | undefined): Promise<string> {
  const devices = await client.devices()
  const known = devices.find((device) => device.id === wanted)
  if (known !== undefined) return known.id
  if (wanted === undefined && devices.length > 1) {
    const ids = devices.map((device) => device.id).join(', ')
    throw new CommandError(`there are several devices: name one of ${ids}`)
  }
  const only = devices[0]
  if (wanted === undefined && only !== undefined) return only.id
  return (await client.addDevice(wanted ?? 'main')).id
}

async function linkByCode(
  client: GatewayClient,
  id: string,
  phone: string,
  terminal: Terminal,
): Promise<void> {
  const code = await client.loginByCode(id, phone.replace(/\D/g, ''))
  terminal.print(code)
  terminal.tell(
    'on the phone: Settings > Linked devices > Link a device > Link with phone number instead, and type this code',
  )
  const deadline = Date.now() + codeLifetimeMs
  while (!(await isLinkedWithin(client, id, pollMs)))
    if (Date.now() > deadline)
      throw new CommandError('the code was not typed in time; run the command again for a new one')
}

async function linkByQr(client: GatewayClient, id: string, terminal: Terminal): Promise<void> {
  terminal.tell('on the phone: Settings > Linked devices > Link a device, and scan this code')
  const deadline = Date.now() + codeLifetimeMs
  let shown = ''
  for (;;) {
    const code = await nextCode(client, id, shown !== '')
    if (code === 'linked') return
    const { picture, goodForSeconds } = code
    const drawing = await drawQr(picture, { colours: terminal.isInteractive })
    // A new code replaces the one before where the terminal can do that.
    const redraw = terminal.isInteractive && shown !== '' ? `\x1b[${shown.split('\n').length}A` : ''
    if (drawing !== shown) terminal.print(`${redraw}${drawing}`)
    shown = drawing
    if (await isLinkedWithin(client, id, goodForSeconds * 1_000)) return
    if (Date.now() > deadline)
      throw new CommandError('no code was scanned in time; run the command again for a new one')
  }
}

/** A code may be scanned while the next one is asked for: the refusal then is what we have been waiting for. */
async function nextCode(client: GatewayClient, id: string, wasShown: boolean) {
  try {
    return await client.loginByQr(id)
  } catch (error) {
    if (wasShown && error instanceof GatewayRefusal && error.code === 'ALREADY_LOGGED_IN') return 'linked'
    throw error
  }
}

async function isLinkedWithin(client: GatewayClient, id: string, ms: number): Promise<boolean> {
  const end = Date.now() + ms
  do {
    if ((await client.status(id)).isLoggedIn) return true
    await pause(Math.min(pollMs, Math.max(end - Date.now(), 1)))
  } while (Date.now() < end)
  return (await client.status(id)).isLoggedIn
}
