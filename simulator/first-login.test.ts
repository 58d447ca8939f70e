import { Agent } from 'node:https'
import {
  downloadMediaMessage,
  generateWAMessageFromContent,
  prepareWAMessageMedia,
  type WAMessage,
} from 'baileys'
import { Agent as UndiciAgent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Simulator, startSimulator } from './index.ts'
import { linkedClient } from './testing/linked-client.ts'
import type { PlainClient } from './testing/plain-client.ts'

let simulator: Simulator
let clients: PlainClient[]

beforeEach(async () => {
  simulator = await startSimulator()
  clients = []
})

afterEach(async () => {
  for (const client of clients) await client.close()
  await simulator.close()
})

describe('after linking', () => {
  it('shares the app state key, so that the client learns its name and can change settings the phone reads', async () => {
    const ada = simulator.addPerson({ name: 'Ada' })
    const bo = simulator.addPerson({ name: 'Bo' })
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    await client.event('creds.update', ({ myAppStateKeyId }) => myAppStateKeyId !== undefined)
    await client.event('creds.update', ({ me }) => me?.name === 'Ada')
    await client.socket.chatModify({ pin: true }, bo.jid)
    expect(simulator.appState.of(ada.account).mutations.at(-1)).toMatchObject({
      index: ['pin_v1', bo.jid],
      value: { pinAction: { pinned: true } },
      device: 1,
    })
  })

  it('tells linked clients of a setting that is changed on the phone', async () => {
    const ada = simulator.addPerson({ name: 'Ada' })
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    await client.event('creds.update', ({ me }) => me?.name === 'Ada')
    await ada.setPushName('Ada Lovelace')
    await client.event('creds.update', ({ me }) => me?.name === 'Ada Lovelace')
  })

  it('shares the history the phone remembers', async () => {
    const ada = simulator.addPerson()
    const bo = simulator.addPerson({ name: 'Bo' })
    simulator.history.remember(ada.account, [
      {
        jid: bo.jid,
        name: 'Bo B.',
        messages: [{ id: 'OLD1', isFromMe: false, text: 'long ago', at: 1_700_000_000 }],
      },
    ])
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    const history = await client.event('messaging-history.set', ({ messages }) => messages.length > 0)
    expect(history.messages[0]?.message?.conversation).toBe('long ago')
    expect(history.chats[0]?.id).toBe(bo.jid)
  })
})

describe('media', () => {
  it('goes up to the media host and comes down at the other side unchanged', async () => {
    const [ada, bo] = [simulator.addPerson(), simulator.addPerson()]
    const trust = { fetchAgent: new Agent({ ca: simulator.media.caPem }) }
    const [sender, receiver] = [
      await linkedClient(simulator, ada, trust),
      await linkedClient(simulator, bo, trust),
    ]
    clients.push(sender, receiver)
    const file = Buffer.from('a document'.repeat(500))
    const content = await prepareWAMessageMedia(
      { document: file, mimetype: 'text/plain', fileName: 'a.txt' },
      { upload: sender.socket.waUploadToServer },
    )
    const full = generateWAMessageFromContent(bo.jid, content, { userJid: ada.jid })
    await sender.socket.relayMessage(bo.jid, full.message ?? {}, { messageId: full.key.id ?? '' })
    const arrived: WAMessage = await receiver.receives(
      ({ message }) => message?.documentMessage?.fileName === 'a.txt',
    )
    const dispatcher = new UndiciAgent({ connect: { ca: simulator.media.caPem } })
    const bytes = await downloadMediaMessage(arrived, 'buffer', {
      options: { dispatcher } as object, // Node's fetch takes a dispatcher beyond the standard's options
      host: simulator.media.host,
    }) // `host` is read by the download and missing from its type
    expect(bytes.equals(file)).toBe(true)
    await dispatcher.close()
  })

  it('serves a profile picture that was set, and 404 where there is none', async () => {
    const [ada, bo] = [simulator.addPerson(), simulator.addPerson()]
    const client = await linkedClient(simulator, ada)
    clients.push(client)
    await expect(client.socket.profilePictureUrl(bo.jid, 'image', 2_000)).rejects.toThrow('item-not-found')
    simulator.pictures.set(bo.jid, Buffer.from([0xff, 0xd8, 0xff, 0xd9]))
    expect(await client.socket.profilePictureUrl(bo.jid, 'image', 2_000)).toContain(simulator.media.host)
  })
})
