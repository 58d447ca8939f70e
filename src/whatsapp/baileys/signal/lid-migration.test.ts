import { DEFAULT_CONNECTION_CONFIG } from 'baileys'
import { expect, it } from 'vitest'
import { describeEachDialect } from '../../../db/test-database.ts'
import { acquaint, bundleOf, librarySide, ourSide, read, write } from './test-sides.ts'

const phone = '628111@s.whatsapp.net'
const lid = '111111@lid'
const pair = { lid, pn: phone }

describeEachDialect('a contact known by phone number whose LID is learnt', (open) => {
  it('keeps the session: it is moved with those of the other devices', async () => {
    const db = await open()
    const us = await ourSide(db, '999999@lid')
    const contact = await librarySide(phone)
    const tablet = await librarySide('628111:2@s.whatsapp.net')
    await acquaint(us, contact)
    await us.repository.injectE2ESession({
      jid: tablet.jid,
      session: await bundleOf(tablet),
    })
    await us.keys.keys.set({ 'device-list': { '628111': ['0', '2'] } })
    const late = await write(contact, us, 'written before')

    await us.repository.lidMapping.storeLIDPNMappings([pair])
    expect(await us.repository.migrateSession(phone, lid)).toEqual({ migrated: 2, skipped: 0, total: 2 })

    expect(await read(us, { ...contact, jid: lid }, late)).toBe('written before')
    expect(await read(contact, us, await write(us, { ...contact, jid: lid }, 'to the LID'))).toBe(
      'to the LID',
    )
    expect(await read(contact, us, await write(us, contact, 'to the number'))).toBe('to the number')
    expect(await us.keys.keys.get('session', ['628111.0', '628111.2'])).toEqual({})
    expect(Object.keys(await us.keys.keys.get('session', ['111111_1.0', '111111_1.2']))).toHaveLength(2)
    expect(await us.repository.validateSession('111111:2@lid')).toEqual({ exists: true })
  })

  it('is answered for a ciphertext that was decrypted before the LID was known', async () => {
    const db = await open()
    const us = await ourSide(db, '999999@lid')
    const contact = await librarySide(phone)
    await acquaint(us, contact)
    const letter = await write(contact, us, 'once')
    expect(await read(us, contact, letter)).toBe('once')
    await us.repository.lidMapping.storeLIDPNMappings([pair])
    await us.repository.migrateSession(phone, lid)
    expect(await read(us, { ...contact, jid: lid }, letter)).toBe('once')
    expect(await read(us, contact, letter)).toBe('once')
  })

  it('moves nothing that is not from a phone number to a LID', async () => {
    const { repository } = await ourSide(await open(), '999999@lid')
    const nothing = { migrated: 0, skipped: 0, total: 0 }
    expect(await repository.migrateSession(phone, '628222@s.whatsapp.net')).toEqual(nothing)
    expect(await repository.migrateSession(lid, '222222@lid')).toEqual({ ...nothing, total: 1 })
    expect(await repository.migrateSession(phone, lid)).toEqual(nothing)
  })
})

describeEachDialect('the mapping of LIDs and phone numbers', (open) => {
  it('is kept in the table of identities and found both ways, with the device', async () => {
    const db = await open()
    const { repository, keys } = await ourSide(db, '999999@lid')
    await repository.lidMapping.storeLIDPNMappings([{ lid: phone, pn: lid }])
    expect(await repository.lidMapping.getLIDForPN('628111:7@s.whatsapp.net')).toBe('111111:7@lid')
    expect(await repository.lidMapping.getPNForLID('111111:7@lid')).toBe('628111:7@s.whatsapp.net')
    expect(await repository.lidMapping.getPNForLID(lid)).toBe('628111:0@s.whatsapp.net')
    expect(await keys.keys.get('lid-mapping', ['628111', '111111_reverse', '5'])).toEqual({
      '628111': '111111',
      '111111_reverse': '628111',
    })
    const rows = await db.db.selectFrom('identities').select(['lid_user', 'phone_user']).execute()
    expect(rows).toEqual([{ lid_user: '111111', phone_user: '628111' }])
  })

  it('is found by the library’s keys too, and what those store is found here', async () => {
    const { repository, keys } = await ourSide(await open(), '999999@lid')
    await keys.keys.set({ 'lid-mapping': { '628111': '111111', '111111_reverse': '628111' } })
    expect(await repository.lidMapping.getLIDForPN(phone)).toBe(lid)
  })

  it('asks WhatsApp once for what it does not have, and keeps the answer', async () => {
    const { keys } = await ourSide(await open(), '999999@lid')
    const asked: string[][] = []
    const auth = { creds: keys.creds, keys: keys.keys }
    const { logger } = DEFAULT_CONNECTION_CONFIG
    const { lidMapping } = keys.makeSignalRepository(auth, logger, async (phones) => {
      asked.push(phones)
      return [pair]
    })
    const [first, second] = await Promise.all([lidMapping.getLIDForPN(phone), lidMapping.getLIDForPN(phone)])
    expect([first, second, await lidMapping.getLIDForPN(phone)]).toEqual([lid, lid, lid])
    lidMapping.close()
    expect(await lidMapping.getLIDForPN(phone)).toBe(lid)
    expect(asked).toEqual([[phone]])
  })

  it('knows nobody else', async () => {
    const { repository } = await ourSide(await open(), '999999@lid')
    expect(await repository.lidMapping.getLIDsForPNs([lid, 'status@broadcast', 'nonsense'])).toBeNull()
    expect(await repository.lidMapping.getPNsForLIDs([phone, lid])).toBeNull()
    await repository.lidMapping.storeLIDPNMappings([{ lid: phone, pn: phone }])
    expect(await repository.lidMapping.getLIDForPN(phone)).toBeNull()
  })

  it('names who has no LID by the phone number when asked where to fetch prekeys', async () => {
    const { repository } = await ourSide(await open(), '999999@lid')
    await repository.lidMapping.storeLIDPNMappings([pair])
    const other = '628222:3@s.whatsapp.net'
    expect(await repository.lidMapping.getLIDsForPNs([phone, other])).toEqual([
      { pn: phone, lid },
      { pn: other, lid: other },
    ])
  })
})
