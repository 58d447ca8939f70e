import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLogger } from '../../../core/logger.ts'
import type { OpenDatabase } from '../../../db/open-database.ts'
import { describeEachDialect } from '../../../db/test-database.ts'
import { silenceLibsignal } from '../silence-libsignal.ts'
import { librarySide, ourSide, type Side } from './test-sides.ts'

const alice = '111111:3@lid'
const bob = '222222@lid'
const group = '120363000000000001@g.us'

let giveConsoleBack: () => void
beforeAll(() => {
  giveConsoleBack = silenceLibsignal(silentLogger)
})
afterAll(() => giveConsoleBack())

interface Sent {
  readonly ciphertext: Uint8Array
  readonly senderKeyDistributionMessage: Uint8Array
}

function say(from: Side, text: string): Promise<Sent> {
  return from.repository.encryptGroupMessage({ group, meId: from.jid, data: Buffer.from(text) })
}

function introduce(at: Side, from: Side, { senderKeyDistributionMessage }: Sent): Promise<void> {
  return at.repository.processSenderKeyDistributionMessage({
    authorJid: from.jid,
    item: { groupId: group, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage },
  })
}

async function hear(at: Side, from: Side, { ciphertext }: Sent): Promise<string> {
  const plaintext = await at.repository.decryptGroupMessage({ group, authorJid: from.jid, msg: ciphertext })
  return Buffer.from(plaintext).toString()
}

describeEachDialect('messages to a group', (open) => {
  const pairs: [string, (db: OpenDatabase) => Promise<[Side, Side]>][] = [
    ['ours to the library', async (db) => [await ourSide(db, alice), await librarySide(bob)]],
    ['the library to ours', async (db) => [await librarySide(alice), await ourSide(db, bob)]],
    ['ours to ours', async (db) => [await ourSide(db, alice), await ourSide(db, bob)]],
  ]

  it.each(pairs)('are read by who has the key, one after another: %s', async (_, make) => {
    const [a, b] = await make(await open())
    const first = await say(a, 'first')
    await introduce(b, a, first)
    expect(await hear(b, a, first)).toBe('first')
    for (let index = 0; index < 20; index += 1) {
      expect(await hear(b, a, await say(a, `message ${index}`))).toBe(`message ${index}`)
    }
  })

  // Not with the library as the reader: it cannot read back the keys it kept (an object comes instead of a Buffer).
  it.each(pairs.slice(1))('may come out of order and leave gaps: %s', async (_, make) => {
    const [a, b] = await make(await open())
    const first = await say(a, '0')
    await introduce(b, a, first)
    const sent = [first]
    for (let index = 1; index < 10; index += 1) sent.push(await say(a, String(index)))
    for (const index of [7, 2, 9, 0]) expect(await hear(b, a, sent[index]!)).toBe(String(index))
    expect(await hear(b, a, await say(a, 'after'))).toBe('after')
    expect(await hear(b, a, sent[1]!)).toBe('1')
  })

  it.each(pairs)('can be read from the key on that a late member was given: %s', async (_, make) => {
    const [a, b] = await make(await open())
    const before = await say(a, 'before')
    const skdm = await a.repository.getSenderKeyDistributionMessage({ group, meId: a.jid })
    await introduce(b, a, { ciphertext: Buffer.alloc(0), senderKeyDistributionMessage: skdm })
    expect(await hear(b, a, await say(a, 'after'))).toBe('after')
    await expect(hear(b, a, before)).rejects.toThrow()
  })

  it('are answered again when the same ciphertext comes twice, also after a restart and under the phone number', async () => {
    const db = await open()
    const [a, b] = [await librarySide(alice), await ourSide(db, bob)]
    const first = await say(a, 'once')
    await introduce(b, a, first)
    expect(await hear(b, a, first)).toBe('once')
    await introduce(b, a, first)
    expect(await hear(b, a, first)).toBe('once')
    const restarted = await ourSide(db, bob)
    expect(await hear(restarted, a, first)).toBe('once')
    await restarted.repository.lidMapping.storeLIDPNMappings([
      { lid: '111111@lid', pn: '628111@s.whatsapp.net' },
    ])
    const underPhone = { group, authorJid: '628111:3@s.whatsapp.net', msg: first.ciphertext }
    expect(Buffer.from(await restarted.repository.decryptGroupMessage(underPhone)).toString()).toBe('once')
  })

  it('sent at once use every message key once, and a restart goes on after them', async () => {
    const db = await open()
    const [a, b] = [await ourSide(db, alice), await librarySide(bob)]
    const texts = Array.from({ length: 30 }, (_, index) => `at once ${index}`)
    const sent = await Promise.all(texts.map((text) => say(a, text)))
    await introduce(b, a, sent[0]!)
    for (const [index, message] of sent.entries()) expect(await hear(b, a, message)).toBe(texts[index])
    expect(await hear(b, a, await say(await ourSide(db, alice), 'restarted'))).toBe('restarted')
  })

  it('leave a small record, however many were sent', async () => {
    const a = await ourSide(await open(), alice)
    for (let index = 0; index < 50; index += 1) await say(a, 'x')
    const name = `${group}::111111_1::3`
    const record = (await a.keys.keys.get('sender-key', [name]))[name]
    expect(record!.length).toBeLessThan(200)
  })

  it('that are forged, too far ahead or of an unknown key are refused and change nothing', async () => {
    const db = await open()
    const [a, b] = [await ourSide(db, alice), await ourSide(db, bob)]
    const first = await say(a, 'first')
    await expect(hear(b, a, first)).rejects.toThrow('No session found to decrypt message')
    await introduce(b, a, first)
    const forged = Buffer.from(first.ciphertext)
    forged[forged.length - 70]! ^= 1
    await expect(hear(b, a, { ...first, ciphertext: forged })).rejects.toThrow(
      'the signature does not verify',
    )
    const burst = await Promise.all(Array.from({ length: 2005 }, () => say(a, 'x')))
    await expect(hear(b, a, burst.at(-1) ?? first)).rejects.toThrow('Over 2000 messages into the future!')
    expect(await hear(b, a, first)).toBe('first')
  })

  it('go out under a new key after a rotation, and to everybody again', async () => {
    const db = await open()
    const [a, b] = [await ourSide(db, alice), await librarySide(bob)]
    a.creds.me = { id: '628111:3@s.whatsapp.net', lid: alice }
    const first = await say(a, 'old key')
    await introduce(b, a, first)
    await a.keys.keys.set({ 'sender-key-memory': { [group]: { [bob]: true } } })
    expect(await a.repository.hasSenderKey({ group, meId: alice })).toBe(true)

    await a.keys.rotateSenderKey(group)

    expect(await a.repository.hasSenderKey({ group, meId: alice })).toBe(false)
    expect(await a.keys.keys.get('sender-key-memory', [group])).toEqual({})
    const second = await say(a, 'new key')
    await expect(hear(b, a, second)).rejects.toThrow()
    await introduce(b, a, second)
    expect(await hear(b, a, second)).toBe('new key')
    expect(await hear(b, a, first)).toBe('old key')
  })
})
