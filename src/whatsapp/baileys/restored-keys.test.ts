import { afterAll, beforeAll, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { renewRestoredKeys } from './restored-keys-store.ts'
import { acquaint, bundleOf, librarySide, ourSide, read, type Side, write } from './signal/test-sides.ts'
import { silenceLibsignal } from './silence-libsignal.ts'

const [ours, theirs] = ['111111:3@lid', '222222@lid']
const group = '120363000000000001@g.us'

let giveConsoleBack: () => void
beforeAll(() => {
  giveConsoleBack = silenceLibsignal(silentLogger)
})
afterAll(() => giveConsoleBack())

/** Takes the keys as they are now; putting them back makes the database a copy of then, fit to be used. */
async function backupOf({ db, inTransaction, cipher }: OpenDatabase): Promise<() => Promise<void>> {
  const keys = await db.selectFrom('signal_keys').selectAll().execute()
  const credentials = await db.selectFrom('credentials').selectAll().execute()
  return () =>
    inTransaction(async (tx) => {
      await tx.deleteFrom('signal_keys').execute()
      await tx.deleteFrom('credentials').execute()
      for (const row of keys) await tx.insertInto('signal_keys').values(row).execute()
      for (const row of credentials) await tx.insertInto('credentials').values(row).execute()
      await renewRestoredKeys(tx, cipher, new ManualClock().now())
    })
}

const knows = async (side: Side, other: Side) =>
  (await side.repository.validateSession(other.jid)).exists === true

describeEachDialect('a copy of a device’s keys', (open) => {
  it('never writes in a session of the original, also when it reads in it, and begins one of its own', async () => {
    const db = await open()
    const them = await librarySide(theirs)
    const original = await ourSide(db, ours)
    await acquaint(original, them)
    const restore = await backupOf(db)
    const unknown = await write(original, them, 'after the backup')
    const late = await write(them, original, 'before they have read it')
    await restore()

    const copy = await ourSide(db, ours)
    expect(await knows(copy, them)).toBe(false)
    expect(await read(copy, them, late)).toBe('before they have read it')
    expect(await knows(copy, them)).toBe(false)
    await expect(write(copy, them, 'under a key that was used')).rejects.toThrow('No sessions')
    expect(await read(them, original, unknown)).toBe('after the backup')
    await copy.repository.injectE2ESession({ jid: theirs, session: await bundleOf(them, 2) })
    expect(await read(them, copy, await write(copy, them, 'by the copy'))).toBe('by the copy')
    expect(await read(copy, them, await write(them, copy, 'to the copy'))).toBe('to the copy')
    const again = await ourSide(db, ours)
    expect(await read(them, again, await write(again, them, 'and on'))).toBe('and on')
  })

  it('has no own keys of groups, and those of others as they were', async () => {
    const db = await open()
    const them = await librarySide(theirs)
    const original = await ourSide(db, ours)
    const say = (from: Side, text: string) =>
      from.repository.encryptGroupMessage({ group, meId: from.jid, data: Buffer.from(text) })
    const introduce = (at: Side, from: Side, key: Uint8Array) =>
      at.repository.processSenderKeyDistributionMessage({
        authorJid: from.jid,
        item: { groupId: group, axolotlSenderKeyDistributionMessage: key },
      })
    const hear = async (at: Side, from: Side, msg: Uint8Array) =>
      Buffer.from(await at.repository.decryptGroupMessage({ group, authorJid: from.jid, msg })).toString()
    const [first, theirFirst] = [await say(original, 'first'), await say(them, 'their first')]
    await introduce(them, original, first.senderKeyDistributionMessage)
    await introduce(original, them, theirFirst.senderKeyDistributionMessage)
    await original.keys.keys.set({ 'sender-key-memory': { [group]: { [theirs]: true } } })
    expect(await hear(them, original, first.ciphertext)).toBe('first')
    const restore = await backupOf(db)
    expect(await hear(them, original, (await say(original, 'since')).ciphertext)).toBe('since')
    await restore()

    const copy = await ourSide(db, ours)
    expect(await copy.keys.keys.get('sender-key-memory', [group])).toEqual({})
    expect(await hear(copy, them, theirFirst.ciphertext)).toBe('their first')
    const next = await say(copy, 'under a new key')
    await introduce(them, copy, next.senderKeyDistributionMessage)
    expect(await hear(them, copy, next.ciphertext)).toBe('under a new key')
    expect(await hear(copy, them, (await say(them, 'their second')).ciphertext)).toBe('their second')
  })

  it('makes one-time prekeys under ids that the original has not come to', async () => {
    const db = await open()
    const { creds } = await ourSide(db, ours)
    const restore = await backupOf(db)
    await restore()
    const copy = await ourSide(db, ours)
    expect(copy.creds.nextPreKeyId).toBeGreaterThan(creds.nextPreKeyId + 10_000)
    expect(copy.creds.firstUnuploadedPreKeyId).toBe(copy.creds.nextPreKeyId)
    expect(copy.creds.noiseKey).toEqual(creds.noiseKey)
    expect(await copy.preKey(1)).toBeDefined()
  })
})
