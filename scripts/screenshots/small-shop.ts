// Owns: a gateway on a simulated WhatsApp, with the people, chats and settings of a small shop.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGatewa, type Gatewa } from '@gatewa/sdk'
import { type Group, type Person, type Simulator, startSimulator } from '@gatewa/simulator'
import sharp from 'sharp'
import { type App, createApp } from '../../src/app.ts'
import { sandboxRoutes } from '../../src/cli/sandbox-routes.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { silentLogger } from '../../src/core/logger.ts'
import { trustMediaHost } from '../../test/trust.ts'

/** Where in the dashboard there is something to see. */
export interface Shop {
  readonly url: string
  /** JIDs. */
  readonly customer: string
  readonly group: string
  readonly channel: string
  close(): Promise<void>
}

/** Opens the shop: everything that is seen has happened when it resolves. As a sandbox it shows its phones. */
export async function openShop({ isSandbox }: { readonly isSandbox: boolean }): Promise<Shop> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-screenshots-'))
  const simulator = await startSimulator({ controlPort: 0, directory: join(dataDir, 'simulator') })
  trustMediaHost(simulator)
  const receiver = createServer((request, response) => {
    response.statusCode = request.url === '/crm' ? 200 : 500
    request.resume().on('end', () => response.end())
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo // listening on TCP since the line above
  const app = await startApp(simulator, dataDir, isSandbox)
  const gatewa = createGatewa({ url: app.address, device: 'shop' })
  const { customer, group, channel } = await fill(simulator, gatewa, `http://127.0.0.1:${port}`)
  return {
    url: app.address,
    customer: customer.jid,
    group: group.jid,
    channel: channel.jid,
    async close() {
      await app.stop()
      receiver.closeAllConnections()
      receiver.close()
      await simulator.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function startApp(simulator: Simulator, dataDir: string, isSandbox: boolean): Promise<App> {
  const loaded = loadConfig({
    environment: {
      APP_PORT: '0',
      PATH: process.env['PATH'] ?? '',
      APP_DATA_DIR: dataDir,
      WHATSAPP_WEBSOCKET_URL: simulator.chatUrl,
      WHATSAPP_NOISE_ROOT_KEY: simulator.noiseRootKeyHex,
      WHATSAPP_MEDIA_HOST: simulator.media.host,
      WHATSAPP_WEB_VERSION_URL: simulator.webVersionUrl,
    },
    dotenvFolders: [],
  })
  if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
  const app = await createApp(loaded.config, {
    logger: silentLogger,
    ...(isSandbox && { sandbox: sandboxRoutes(simulator.controlUrl ?? '') }),
  })
  await app.start()
  return app
}

async function fill(simulator: Simulator, gatewa: Gatewa, receiverUrl: string) {
  const person = (phone: string, name: string) =>
    simulator.addPerson({ phone, name, behaviour: { reads: true } })
  const shop = person('15555550100', 'Corner Books')
  const customer = person('15555550101', 'Mara Lindqvist')
  const supplier = person('15555550102', 'Jonas Weber')
  const colleague = person('15555550103', 'Aïcha Benali')
  const reader = person('15555550104', 'Tom Okafor')
  for (const contact of [customer, supplier, colleague, reader])
    await shop.settings.saveContact(contact, contact.name)
  const group = simulator.addGroup({ subject: 'Shop team', owner: shop, members: [colleague, reader] })
  group.setDescription('Shifts, keys and everything else')
  const channel = simulator.addNewsletter({
    name: 'Corner Books news',
    owner: shop,
    description: 'What is new on the shelves',
    followers: [customer, reader],
  })
  channel.react(channel.post('Autumn hours: we open at nine from Monday on.'), customer, '👍')
  channel.post('Friday at seven: Lena Rot reads from “The Long Canal”.')

  await link(gatewa, 'shop', shop)
  await link(gatewa, 'support', colleague)
  await gatewa.addDevice({ device_id: 'new-branch' })
  await webhooks(gatewa, receiverUrl)
  await keys(gatewa)
  await chats({ shop, customer, supplier, colleague, reader, group }, gatewa)
  return { customer, group, channel }
}

async function link(gatewa: Gatewa, device: string, person: Person): Promise<void> {
  await gatewa.addDevice({ device_id: device })
  const { qr_code: code } = await gatewa.loginDevice({ device_id: device })
  await person.scanQr(code)
  await until(
    `${device} is linked`,
    async () => (await gatewa.getDevice({ device_id: device })).state === 'logged_in',
  )
}

async function webhooks(gatewa: Gatewa, receiverUrl: string): Promise<void> {
  const crm = { device_id: 'shop', url: `${receiverUrl}/crm`, events: ['message', 'message.ack'] }
  await gatewa.createDeviceWebhook(crm)
  await gatewa.createDeviceWebhook({ ...crm, url: `${receiverUrl}/old-till` })
}

async function keys(gatewa: Gatewa): Promise<void> {
  await gatewa.createKey({
    name: 'Online shop',
    scopes: ['read', 'send'],
    devices: ['shop'],
    requests_per_minute: 120,
  })
  const inADay = new Date(Date.now() + 86_400_000).toISOString()
  await gatewa.createKey({ name: 'Monitoring', scopes: ['read'], expires_at: inADay })
}

interface Cast {
  readonly shop: Person
  readonly customer: Person
  readonly supplier: Person
  readonly colleague: Person
  readonly reader: Person
  readonly group: Group
}

async function chats(
  { shop, customer, supplier, colleague, reader, group }: Cast,
  gatewa: Gatewa,
): Promise<void> {
  const say = async (to: Person | Group, message: string, more: object = {}) => {
    const phone = 'phone' in to ? to.phone : to.jid
    const { message_id: id } = await gatewa.sendMessage({ phone, message, ...more })
    return id ?? ''
  }
  const hears = async (from: Person, text: string, to: Person | Group = shop) => {
    const sent = await from.sendText(to, text)
    const jid = to === shop ? from.jid : to.jid
    await until(`"${text}" is there`, async () => {
      const page = await gatewa.getChatMessages({ chat_jid: jid, limit: 1 }).catch(() => null)
      return page?.data?.[0]?.content === text
    })
    return sent
  }
  await hears(supplier, 'The delivery comes on Thursday, between ten and noon.')
  await say(supplier, 'Thank you, somebody will be there.')
  await hears(reader, 'Could I change to the late shift?', group)
  await hears(colleague, 'Fine with me.', group)
  const rota = await say(group, 'Then it is settled: Tom has the late shift on Friday.')
  const seen = await colleague.receives(({ id }) => id === rota)
  await colleague.reactTo(seen, '👍')
  await hears(reader, 'Has my order come in?')
  await say(reader, 'It has, and waits for you at the counter.')

  await hears(customer, 'Good morning! Do you have “The Long Canal” as a hardcover?')
  const found = await say(customer, 'We do: two copies left, 24.90 € each.')
  await customer.reactTo(await customer.receives(({ id }) => id === found), '❤️')
  const bytes = await cover()
  await shop.sendMedia(customer, {
    type: 'image',
    bytes,
    mimeType: 'image/jpeg',
    caption: 'This is the edition.',
    width: 360,
    height: 240,
  })
  const question = await hears(customer, 'Lovely. Could you put one aside until Friday?')
  await say(customer, 'It is under your name. The reading is on Friday at seven, by the way.', {
    reply_message_id: question.id,
  })
  await hears(customer, 'Then I will come for both. See you!')
}

function cover(): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="360" height="240">
    <rect width="360" height="240" fill="#b9d4d0"/>
    <rect y="150" width="360" height="90" fill="#3b6f8c"/>
    <path d="M0 165q45-14 90 0t90 0 90 0 90 0M0 195q45-14 90 0t90 0 90 0 90 0" fill="none" stroke="#8fb9cf" stroke-width="4"/>
    <path d="M150 150h70l-14 22h-42zM183 150V62l44 76z" fill="#f4efe2"/>
    <circle cx="292" cy="56" r="26" fill="#f0b35a"/>
  </svg>`
  return sharp(Buffer.from(svg)).jpeg({ quality: 85 }).toBuffer()
}

/** Resolves once it is so; rejects after half a minute. */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${what} did not come true`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
