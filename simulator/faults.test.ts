import type { BinaryNode } from 'baileys'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LinkedDevice, type Person, type Simulator, startSimulator, waitFor } from './index.ts'
import { bytes, child } from './protocol/stanza.ts'
import { linkedClient } from './testing/linked-client.ts'
import { type PlainClient, textOf } from './testing/plain-client.ts'

let simulator: Simulator
let ada: Person
let bob: Person
let client: PlainClient
let device: LinkedDevice

beforeEach(async () => {
  simulator = await startSimulator()
  ada = simulator.addPerson({ name: 'Ada' })
  bob = simulator.addPerson({ name: 'Bob' })
  client = await linkedClient(simulator, ada)
  device = await ada.hasClientOnline()
  await queueIsEmpty()
})

afterEach(async () => {
  await client.close()
  await simulator.close()
})

/** Texts the client got, in the order it got them. */
function texts(): (string | undefined)[] {
  return client.messages.map(({ message }) => textOf(message)).filter((text) => text !== undefined)
}

function queueIsEmpty(): Promise<true> {
  return waitFor('an empty queue', device.changes, () => device.queue.unconfirmed.length === 0 || undefined, {
    describe: () => JSON.stringify(device.queue.unconfirmed.map(({ tag, attrs }) => ({ tag, attrs }))),
  })
}

describe('the offline queue', () => {
  it('keeps what a client has missed and delivers it in order when it is back', async () => {
    await client.close()
    const expected = Array.from({ length: 5 }, (_, number) => `missed ${number}`)
    for (const text of expected) await bob.sendText(ada, text)
    expect(device.queue.unconfirmed).toHaveLength(5)
    client.reconnect()
    await client.opened()
    await client.receivesText('missed 4')
    expect(texts()).toEqual(expected)
    await queueIsEmpty()
  })

  it('forgets a stanza only when the client has confirmed it', async () => {
    await bob.sendText(ada, 'confirmed')
    await client.receivesText('confirmed')
    await queueIsEmpty()
  })

  it('delivers again what was not confirmed when the socket was cut in the middle', async () => {
    await client.close()
    const ids: string[] = []
    for (let number = 0; number < 6; number++) ids.push((await bob.sendText(ada, `cut ${number}`)).id)
    simulator.faults.dropDuringOffline(3)
    client.reconnect()
    await client.closed()
    client.reconnect()
    await client.opened()
    await queueIsEmpty()
    await client.receivesText('cut 5')
    // Plain Baileys loses what it had confirmed and not yet emitted; what the server must do shows on the wire.
    const offline = client.stanzas.filter((attrs) => attrs['offline'] !== undefined)
    expect(offline.slice(0, 3).map((attrs) => attrs['id'])).toEqual(ids.slice(0, 3))
    expect(new Set(offline.map((attrs) => attrs['id']))).toEqual(new Set(ids))
    expect(offline.slice(-3).map((attrs) => attrs['id'])).toEqual(ids.slice(-3))
  })

  it('keeps receipts for messages of a client that has gone', async () => {
    bob.goOffline()
    const sent = await client.socket.sendMessage(bob.jid, { text: 'gone before the receipt' })
    await client.ack(sent?.key.id)
    await client.close()
    bob.goOnline()
    await bob.receives('gone before the receipt')
    await waitFor('a waiting receipt', device.changes, () => device.queue.unconfirmed.length > 0 || undefined)
    expect(device.queue.unconfirmed.map(({ tag }) => tag)).toEqual(['receipt'])
    client.reconnect()
    await client.opened()
    await queueIsEmpty()
  })

  it('survives a network that goes away and comes back', async () => {
    await simulator.cutNetwork()
    await client.closed()
    await bob.sendText(ada, 'while the network was down')
    await simulator.restoreNetwork()
    client.reconnect()
    await client.opened()
    await client.receivesText('while the network was down')
  })
})

describe('faults of acks', () => {
  async function send(text: string) {
    const sent = await client.socket.sendMessage(bob.jid, { text })
    return sent?.key.id
  }

  it('refuse a message with a code, and nobody gets it', async () => {
    simulator.faults.refuseWith(479)
    expect(await client.ack(await send('refused'))).toMatchObject({ error: '479' })
    await client.ack(await send('accepted'))
    await bob.receives('accepted')
    expect(bob.inbox.map(({ text }) => text)).toEqual(['accepted'])
  })

  it('drop the ack of a message that is delivered', async () => {
    simulator.faults.dropAck()
    const unacked = await send('never acked')
    await bob.receives('never acked')
    await client.ack(await send('acked'))
    expect(client.acks.map(({ id }) => id)).not.toContain(unacked)
  })

  it('delay the ack until after the message has arrived', async () => {
    simulator.faults.delay(50)
    const id = await send('late ack')
    await bob.receives('late ack')
    expect(client.acks).toEqual([])
    await client.ack(id)
  })

  it('let the receipt overtake the ack', async () => {
    simulator.faults.receiptBeforeAck()
    const order: string[] = []
    client.socket.ws.on('CB:receipt', () => order.push('receipt'))
    client.socket.ws.on('CB:ack,class:message', () => order.push('ack'))
    await client.ack(await send('overtaken'))
    expect(order.slice(0, 2)).toEqual(['receipt', 'ack'])
  })

  it('cut the socket instead of acking', async () => {
    simulator.faults.closeBeforeAck()
    await send('cut')
    expect(await client.closed()).toBe(428)
    await bob.receives('cut')
  })
})

describe('faults of delivery', () => {
  it('send a stanza twice', async () => {
    simulator.faults.duplicateStanza()
    const ids: string[] = []
    client.socket.ws.on('CB:message', ({ attrs }: { attrs: { id: string } }) => ids.push(attrs.id))
    const sent = await bob.sendText(ada, 'twice')
    await bob.sendText(ada, 'afterwards')
    await client.receivesText('afterwards')
    expect(ids.filter((id) => id === sent.id)).toHaveLength(2)
  })

  it('change the order of two stanzas', async () => {
    simulator.faults.reorder()
    await bob.sendText(ada, 'first')
    await bob.sendText(ada, 'second')
    await client.receivesText('first')
    expect(texts()).toEqual(['second', 'first'])
  })
})

describe('stream errors', () => {
  it.each([500, 503, 515, 411, 403])('of code %i reach the client', async (code) => {
    simulator.faults.streamError(ada, code)
    if (code === 515) {
      await waitFor('a second connection', client.changes, () => client.connects === 3 || undefined)
      await client.opened()
    } else {
      expect(await client.closed()).toBe(code)
    }
  })

  it('say that another connection has replaced this one', async () => {
    simulator.faults.streamError(ada, 440)
    expect(await client.closed()).toBe(440)
  })

  it('end a stream politely with 428', async () => {
    simulator.faults.streamEnd(ada)
    expect(await client.closed()).toBe(428)
  })

  it.each([401, 403, 405, 503])('refuse the next login with %i', async (reason) => {
    await client.close()
    simulator.faults.failNextLogin(ada, reason)
    client.reconnect()
    expect(await client.closed()).toBe(reason)
    client.reconnect()
    await client.opened()
  })
})

describe('faults of keys', () => {
  it('forge the account signature, and the client does not pair', async () => {
    simulator.faults.forgedAccountSignature()
    await expect(linkedClient(simulator, bob)).rejects.toThrow()
    expect(bob.linkedDevices).toEqual([])
  })

  it('serve a signed prekey whose signature is wrong', async () => {
    simulator.faults.badSignedPreKey(bob)
    const before = bob.account.devices.get(0)?.keys.signedPreKey.signature
    const key = { tag: 'key', attrs: {}, content: [{ tag: 'user', attrs: { jid: bob.lid } }] }
    const attrs = { to: '@s.whatsapp.net', type: 'get', xmlns: 'encrypt' }
    // Baileys types what a query resolves with as anything; it is the reply stanza.
    const reply = (await client.socket.query({ tag: 'iq', attrs, content: [key] })) as BinaryNode
    const served = bytes(child(child(child(child(reply, 'list'), 'user'), 'skey'), 'signature'))
    expect(served).toHaveLength(64)
    expect(served).not.toEqual(before)
  })

  it('leave an iq unanswered', async () => {
    simulator.faults.ignoreIq('status')
    await expect(query(200)).rejects.toThrow()
    await expect(query(2_000)).rejects.toMatchObject({ data: 501 })

    function query(timeoutMs: number) {
      const attrs = { to: '@s.whatsapp.net', type: 'get', xmlns: 'status' }
      return client.socket.query({ tag: 'iq', attrs }, timeoutMs)
    }
  })

  it('answer an unknown iq with 501', async () => {
    const unknown = { tag: 'iq', attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'w:unheard-of' } }
    await expect(client.socket.query(unknown)).rejects.toMatchObject({ data: 501 })
  })
})
