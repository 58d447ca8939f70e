import type { BinaryNode } from 'baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Person, type Simulator, startSimulator } from './index.ts'
import { isGenuineIdentity } from './protocol/pairing/device-identity.ts'
import { bytes, child } from './protocol/stanza.ts'
import { linkedClient } from './testing/linked-client.ts'
import { type PlainClient, textOf } from './testing/plain-client.ts'

/** Statuses as Baileys numbers them. */
const DELIVERED = 3
const READ = 4

let simulator: Simulator
let ada: Person
let bob: Person
let client: PlainClient

beforeEach(async () => {
  simulator = await startSimulator()
  ada = simulator.addPerson({ name: 'Ada' })
  bob = simulator.addPerson({ name: 'Bob', companions: 1 })
  client = await linkedClient(simulator, ada)
})

afterEach(async () => {
  await client.close()
  await simulator.close()
})

describe('a text to a contact', () => {
  it('reaches every device of the contact and the own phone', async () => {
    await client.socket.sendMessage(bob.jid, { text: 'hello' })
    const atPhone = await bob.receives('hello', { device: 0 })
    expect(atPhone).toMatchObject({ from: ada.account, fromDevice: 1, encryption: 'pkmsg', copies: 1 })
    await bob.receives('hello', { device: 1 })
    const own = await ada.receives('hello')
    expect(own).toMatchObject({ from: ada.account, fromDevice: 1, device: 0, chat: bob.jid })
  })

  it('is acked with its id, the chat and the server time', async () => {
    const sent = await client.socket.sendMessage(bob.jid, { text: 'acked' })
    const ack = await client.ack(sent?.key.id)
    expect(ack).toMatchObject({ class: 'message', id: sent?.key.id, from: bob.jid })
    expect(Number(ack['t'])).toBeGreaterThan(1_700_000_000)
    expect(ack['error']).toBeUndefined()
  })

  it('uses the session of the answer afterwards', async () => {
    await client.socket.sendMessage(bob.jid, { text: 'first' })
    await bob.receives('first')
    await bob.sendText(ada, 'answer')
    await client.receivesText('answer')
    await client.socket.sendMessage(bob.jid, { text: 'second' })
    expect((await bob.receives('second', { device: 0 })).encryption).toBe('msg')
  })

  it('works by LID as well', async () => {
    await client.socket.sendMessage(bob.lid, { text: 'by lid' })
    expect((await bob.receives('by lid')).chat).toBe(`${ada.account.lidUser}:1@lid`)
  })

  it('is refused with 404 when nobody has that number', async () => {
    await expect(client.socket.onWhatsApp('19999999999')).resolves.toEqual([])
    const sent = await client.socket.sendMessage('19999999999@s.whatsapp.net', { text: 'anybody?' })
    expect(await client.ack(sent?.key.id)).toMatchObject({ error: '404' })
  })
})

describe('the server as a referee', () => {
  it('refuses a message that starts a session without the device identity', async () => {
    const { account } = client.creds
    if (!account) throw new Error('not linked')
    client.creds.account = { ...account, accountSignature: Buffer.alloc(64) }
    const forged = await client.socket.sendMessage(bob.jid, { text: 'forged' })
    expect(await client.ack(forged?.key.id)).toMatchObject({ error: '479' })
    client.creds.account = account
    const genuine = await client.socket.sendMessage(bob.jid, { text: 'genuine' })
    expect((await client.ack(genuine?.key.id))['error']).toBeUndefined()
    await bob.receives('genuine')
    expect(bob.inbox.map(({ text }) => text)).not.toContain('forged')
  })

  it('serves a companion whose messages carry an identity signed by its phone', async () => {
    let identity: Buffer = Buffer.alloc(0)
    client.socket.ws.on('CB:message', (stanza: BinaryNode) => {
      identity = bytes(child(stanza, 'device-identity'))
    })
    await bob.sendText(ada, 'from the laptop', { device: 1 })
    await client.receivesText('from the laptop')
    const companion = bob.account.devices.get(1)
    if (!companion) throw new Error('no companion')
    const { public: accountKey } = bob.account.identity
    expect(isGenuineIdentity(identity, accountKey, companion.keys.identityKey)).toBe(true)
    expect(isGenuineIdentity(identity, accountKey, ada.account.identity.public)).toBe(false)
  })
})

describe('a text from a contact', () => {
  it('arrives with the name and both JIDs of the contact', async () => {
    await bob.sendText(ada, 'hi Ada')
    const message = await client.receivesText('hi Ada')
    expect(message.pushName).toBe('Bob')
    expect(message.key).toMatchObject({ remoteJid: bob.jid, remoteJidAlt: bob.lid, fromMe: false })
  })

  it('arrives by LID with the phone number beside it', async () => {
    await bob.sendText(ada, 'from lid', { addressing: 'lid' })
    const message = await client.receivesText('from lid')
    expect(message.key).toMatchObject({ remoteJid: bob.lid, remoteJidAlt: bob.jid, addressingMode: 'lid' })
  })

  it('arrives from a companion device too', async () => {
    await bob.sendText(ada, 'from my laptop', { device: 1 })
    expect((await client.receivesText('from my laptop')).key.remoteJid).toBe(bob.jid)
  })

  it('can be quoted, reacted to, edited and taken back', async () => {
    const sent = await bob.sendText(ada, 'original')
    await client.receivesText('original')
    await bob.edit(sent, 'changed')
    await client.event('messages.update', (updates) =>
      updates.some(({ key, update }) => key.id === sent.id && JSON.stringify(update).includes('changed')),
    )
    await bob.reactTo(sent, '👍')
    await client.event('messages.reaction', ([first]) => first?.reaction.text === '👍')
    await bob.revoke(sent)
    await client.event('messages.update', (updates) =>
      updates.some(({ key, update }) => key.id === sent.id && update.message === null),
    )
  })

  it('shows what was typed on the own phone as an own message', async () => {
    await ada.typesOnPhone(bob, 'typed on the phone')
    const message = await client.receivesText('typed on the phone')
    expect(message.key).toMatchObject({ fromMe: true, remoteJid: bob.jid })
    await bob.receives('typed on the phone')
  })
})

describe('receipts', () => {
  it('tell the client that its message was delivered and read', async () => {
    const sent = await client.socket.sendMessage(bob.jid, { text: 'read this' })
    const received = await bob.receives('read this', { device: 0 })
    await client.event('messages.update', ([first]) => Number(first?.update.status) === DELIVERED)
    await bob.markRead(received)
    await client.event('messages.update', (updates) =>
      updates.some(({ key, update }) => key.id === sent?.key.id && Number(update.status) === READ),
    )
  })

  it('tell a contact that the client has delivered and read', async () => {
    const sent = await bob.sendText(ada, 'did you see?')
    const message = await client.receivesText('did you see?')
    await bob.getsReceipt(sent, 'delivered')
    await client.socket.readMessages([message.key])
    await bob.getsReceipt(sent, 'read')
  })

  it('speak of several messages at once', async () => {
    const first = await bob.sendText(ada, 'one')
    const second = await bob.sendText(ada, 'two')
    const keys = [(await client.receivesText('one')).key, (await client.receivesText('two')).key]
    await client.socket.readMessages(keys)
    await bob.getsReceipt(first, 'read')
    await bob.getsReceipt(second, 'read')
  })

  it('stay out while a contact is offline, and come when it is back', async () => {
    bob.goOffline()
    const sent = await client.socket.sendMessage(bob.jid, { text: 'for later' })
    await ada.receives('for later')
    expect(bob.inbox).toEqual([])
    bob.goOnline()
    await bob.receives('for later')
    await client.event('messages.update', (updates) =>
      updates.some(({ key, update }) => key.id === sent?.key.id && Number(update.status) === DELIVERED),
    )
  })
})

describe('a message that cannot be decrypted', () => {
  it('is asked for by the client and decrypted when it comes again', async () => {
    const sent = await bob.sendUndecryptable(ada, 'second try')
    await client.receivesText('second try')
    await bob.getsReceipt(sent, 'retry')
    await bob.getsReceipt(sent, 'delivered')
  })

  it('is asked for by a contact, to whom the client sends it again', async () => {
    await client.socket.sendMessage(bob.jid, { text: 'warm up' })
    await bob.receives('warm up', { device: 0 })
    bob.failsToDecrypt()
    await client.socket.sendMessage(bob.jid, { text: 'again please' })
    await bob.receives('again please', { device: 0 })
  })

  it('is repaired also when the server damages it on the way', async () => {
    simulator.faults.undecryptable()
    await bob.sendText(ada, 'damaged')
    await client.receivesText('damaged')
  })
})

describe('a contact', () => {
  it('answers, reacts, reads and edits by itself', async () => {
    Object.assign(bob.behaviour, {
      reads: true,
      reactsWith: '🎉',
      replies: ({ text }: { text: string }) => `you said ${text}`,
      editsReply: 'never mind',
    })
    const sent = await client.socket.sendMessage(bob.jid, { text: 'hello' })
    await client.receivesText('you said hello')
    await client.getsReceipt((attrs) => attrs['id'] === sent?.key.id && attrs['type'] === 'read')
    await client.receives(({ message }) => message?.reactionMessage?.text === '🎉')
    await client.receives(
      ({ message }) => message?.protocolMessage?.editedMessage?.conversation === 'never mind',
    )
  })

  it('only confirms delivery when it is told not to decrypt', async () => {
    bob.behaviour.decrypts = false
    const sent = await client.socket.sendMessage(bob.jid, { text: 'unread' })
    await client.getsReceipt((attrs) => attrs['id'] === sent?.key.id)
    expect(bob.inbox).toEqual([])
  })

  it('gets nothing from somebody it has blocked', async () => {
    bob.account.blocked.add(ada.lid)
    const sent = await client.socket.sendMessage(bob.jid, { text: 'blocked' })
    expect((await client.ack(sent?.key.id))['error']).toBeUndefined()
    await ada.receives('blocked')
    bob.account.blocked.delete(ada.lid)
    await client.socket.sendMessage(bob.jid, { text: 'not blocked' })
    await bob.receives('not blocked')
    expect(bob.inbox.map(({ text }) => text)).not.toContain('blocked')
  })
})

describe('one-time prekeys', () => {
  it('are never handed out twice, and more are asked for when few are left', async () => {
    const [device] = ada.linkedDevices
    if (!device) throw new Error('no device')
    while (device.preKeys.count > 5) device.takePreKey()
    await bob.sendText(ada, 'takes one', { device: 0 })
    await bob.sendText(ada, 'takes another', { device: 1 })
    await client.receivesText('takes another')
    const handedOut = device.preKeys.handedOut
    expect(new Set(handedOut).size).toBe(handedOut.length)
    await bob.sendText(ada, 'after the upload')
    await client.receives(({ message }) => textOf(message) === 'after the upload')
    expect(device.preKeys.count).toBeGreaterThan(5)
  })
})
