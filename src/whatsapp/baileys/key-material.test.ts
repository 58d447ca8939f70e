import { proto } from 'baileys'
import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { KeyMaterial, type KeyMaterialDeps } from './key-material.ts'
import { acquaint, librarySide, ourSide, read, write } from './signal/test-sides.ts'

const device = asDeviceId('main')

function material(db: OpenDatabase, changes: Partial<KeyMaterialDeps> = {}): KeyMaterial {
  return new KeyMaterial({
    db: db.db,
    inTransaction: db.inTransaction,
    cipher: db.cipher,
    clock: new ManualClock(),
    logger: silentLogger,
    ...changes,
  })
}

describeEachDialect('key material', (open) => {
  it('begins a device with credentials and prekeys of its own, and has them after a restart', async () => {
    const db = await open()
    const { creds } = await material(db).load(device)
    expect(creds).toMatchObject({ nextPreKeyId: 813, firstUnuploadedPreKeyId: 1, registered: false })
    const again = await material(db).load(device)
    expect(again.creds.noiseKey).toEqual(creds.noiseKey)
    expect(again.creds.signedPreKey).toEqual(creds.signedPreKey)
    expect(Object.keys(await again.keys.get('pre-key', ['1', '812', '813']))).toEqual(['1', '812'])
    const other = await material(db).load(asDeviceId('other'))
    expect(other.creds.noiseKey).not.toEqual(creds.noiseKey)
  })

  it('gives the same object while it is in use', async () => {
    const keyMaterial = material(await open())
    const [first, second] = await Promise.all([keyMaterial.load(device), keyMaterial.load(device)])
    expect(second).toBe(first)
    await keyMaterial.unload(device)
    expect(await keyMaterial.load(device)).not.toBe(first)
  })

  it('keeps every kind of value the library stores', async () => {
    const db = await open()
    const { keys } = await material(db).load(device)
    const appStateKey = proto.Message.AppStateSyncKeyData.fromObject({
      keyData: Buffer.from('key'),
      fingerprint: { rawId: 7, currentIndex: 1, deviceIndexes: [0, 1] },
      timestamp: 1_700_000_000_000,
    })
    const version = {
      version: 3,
      hash: Buffer.alloc(128, 1),
      indexValueMap: { 'aW5kZXg=': { valueMac: Buffer.from('mac') } },
    }
    await keys.set({
      'app-state-sync-key': { AAAA: appStateKey },
      'app-state-sync-version': { regular: version },
      'sender-key-memory': { 'g@g.us': { '1:2@lid': true } },
      'device-list': { '628111': ['0', '12'] },
      tctoken: { '1@lid': { token: Buffer.from('token'), timestamp: '1700000000' } },
      'identity-key': { '1.0': Buffer.alloc(33, 5) },
    })
    const again = (await material(db).load(device)).keys
    const revived = (await again.get('app-state-sync-key', ['AAAA'])).AAAA
    expect(revived).toBeInstanceOf(proto.Message.AppStateSyncKeyData)
    expect(proto.Message.AppStateSyncKeyData.encode(revived!).finish()).toEqual(
      proto.Message.AppStateSyncKeyData.encode(appStateKey).finish(),
    )
    expect((await again.get('app-state-sync-version', ['regular'])).regular).toEqual(version)
    expect(await again.get('sender-key-memory', ['g@g.us'])).toEqual({ 'g@g.us': { '1:2@lid': true } })
    expect(await again.get('device-list', ['628111', 'x'])).toEqual({ '628111': ['0', '12'] })
    expect((await again.get('tctoken', ['1@lid']))['1@lid']?.token).toEqual(Buffer.from('token'))
    expect((await again.get('identity-key', ['1.0']))['1.0']).toEqual(Buffer.alloc(33, 5))
  })

  it('gives fresh values, so that a change of one is not a change of the store', async () => {
    const { keys } = await material(await open()).load(device)
    await keys.set({ 'device-list': { '1': ['0'] } })
    ;(await keys.get('device-list', ['1']))['1']?.push('9')
    expect(await keys.get('device-list', ['1'])).toEqual({ '1': ['0'] })
    await keys.set({ 'device-list': { '1': null } })
    expect(await keys.get('device-list', ['1'])).toEqual({})
  })

  it('keeps the credentials as they are when the save begins, in as few saves as can be', async () => {
    const db = await open()
    let saves = 0
    const counting: InTransaction = (work) => {
      saves += 1
      return db.inTransaction(work)
    }
    const loaded = await material(db, { inTransaction: counting }).load(device)
    saves = 0
    const pending = []
    for (let counter = 1; counter <= 20; counter += 1) {
      loaded.creds.accountSyncCounter = counter
      pending.push(loaded.saveCreds())
    }
    await Promise.all(pending)
    expect(saves).toBeLessThanOrEqual(2)
    expect((await material(db).load(device)).creds.accountSyncCounter).toBe(20)
  })

  it('never gives a prekey id a second time, whatever a crash left of the credentials', async () => {
    const db = await open()
    const { keys } = await material(db).load(device)
    await keys.set({ 'pre-key': { '900': { public: Buffer.alloc(32), private: Buffer.alloc(32) } } })
    const { creds } = await material(db).load(device)
    expect(creds).toMatchObject({ nextPreKeyId: 901, firstUnuploadedPreKeyId: 901 })
  })

  it('tells a half-paired device from a linked one, and resets it', async () => {
    const db = await open()
    const keyMaterial = material(db)
    const loaded = await keyMaterial.load(device)
    expect(loaded.isHalfPaired).toBe(false)
    expect(await keyMaterial.account(device)).toBeNull()

    loaded.creds.me = { id: '628111:4@s.whatsapp.net', name: 'Ann', lid: '111111:4@lid' }
    await loaded.saveCreds()
    expect(await material(db).isHalfPaired(device)).toBe(true)
    expect(await material(db).account(device)).toBeNull()

    loaded.creds.account = { accountSignature: Buffer.alloc(64) }
    await loaded.saveCreds()
    expect(await material(db).isHalfPaired(device)).toBe(false)
    expect(await material(db).account(device)).toEqual({
      jid: '628111@s.whatsapp.net',
      lid: '111111@lid',
      jidWithDevice: '628111:4@s.whatsapp.net',
      pushName: 'Ann',
    })

    const before = loaded.creds.noiseKey
    await loaded.reset()
    expect(loaded.creds.me).toBeUndefined()
    expect(loaded.creds.noiseKey).not.toEqual(before)
    expect((await material(db).load(device)).creds.noiseKey).toEqual(loaded.creds.noiseKey)
  })

  it('forgets a device without forgetting who is who, and writes nothing of it afterwards', async () => {
    const db = await open()
    const keyMaterial = material(db)
    const old = await keyMaterial.load(device)
    await old.keys.set({ 'lid-mapping': { '628111': '111111', '111111_reverse': '628111' } })
    await keyMaterial.forget(device)
    await expect(old.keys.set({ 'device-list': { '1': ['0'] } })).rejects.toThrow()
    await expect(old.saveCreds()).rejects.toThrow()
    for (const table of ['credentials', 'signal_keys', 'decrypted_messages'] as const) {
      expect(await db.db.selectFrom(table).selectAll().execute()).toEqual([])
    }
    expect(await db.db.selectFrom('identities').selectAll().execute()).toHaveLength(1)
  })

  it('tells of a failed write, gives nothing that was not stored, and is well again after a reload', async () => {
    const db = await open()
    let isBroken = false
    const failing: InTransaction = (work) =>
      isBroken ? Promise.reject(new Error('disk full')) : db.inTransaction(work)
    const keyMaterial = material(db, { inTransaction: failing })
    const loaded = await keyMaterial.load(device)
    await loaded.keys.set({ 'device-list': { '1': ['0'] } })
    isBroken = true
    await expect(loaded.keys.set({ 'device-list': { '1': ['0', '5'] } })).rejects.toThrow(
      'could not be stored',
    )
    expect(loaded.storageFailure).not.toBeNull()
    await expect(async () => loaded.keys.get('device-list', ['1'])).rejects.toThrow('could not be stored')
    isBroken = false
    const reloaded = await keyMaterial.load(device)
    expect(reloaded.storageFailure).toBeNull()
    expect(await reloaded.keys.get('device-list', ['1'])).toEqual({ '1': ['0'] })
  })

  it('decrypts a message again whose decryption could not be stored', async () => {
    const db = await open()
    let isBroken = false
    const failing: InTransaction = (work) =>
      isBroken ? Promise.reject(new Error('disk full')) : db.inTransaction(work)
    const us = await ourSide({ ...db, inTransaction: failing }, '999999@lid')
    const contact = await librarySide('111111@lid')
    await acquaint(us, contact)
    const letter = await write(contact, us, 'important')
    isBroken = true
    await expect(read(us, contact, letter)).rejects.toThrow('could not be stored')
    expect(us.keys.storageFailure).not.toBeNull()
    expect(await read(await ourSide(db, '999999@lid'), contact, letter)).toBe('important')
  })

  it('learns identities in the way it is told to, and goes on when that fails', async () => {
    const db = await open()
    const learnt: unknown[] = []
    const keyMaterial = material(db, {
      learnIdentities: async (_tx, of, pairs) => {
        learnt.push([of, ...pairs])
        if (learnt.length > 1) throw new Error('cannot merge')
      },
    })
    const loaded = await keyMaterial.load(device)
    await loaded.keys.set({ 'lid-mapping': { '628111': '111111', '111111_reverse': '628111' } })
    expect(learnt).toEqual([[device, { lidUser: '111111', phoneUser: '628111' }]])
    await expect(loaded.keys.set({ 'lid-mapping': { '628222': '222222' } })).rejects.toThrow('cannot merge')
    expect(loaded.storageFailure).toBeNull()
  })

  it('prunes kept plaintexts by age, and only those', async () => {
    const db = await open()
    const clock = new ManualClock()
    const us = await ourSide(db, '999999@lid', clock)
    const contact = await librarySide('111111@lid')
    await acquaint(us, contact)
    clock.advance(15 * 24 * 3600 * 1000)
    const letter = await write(contact, us, 'young')
    await read(us, contact, letter)
    const olderThan = new Date(clock.now().getTime() - 14 * 24 * 3600 * 1000)
    expect(await us.material.prune(olderThan)).toBe(1)
    expect(await us.material.prune(olderThan)).toBe(0)
    expect(await read(us, contact, letter)).toBe('young')
  })
})
