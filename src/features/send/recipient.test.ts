import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId } from '../../core/ids.ts'
import { type Jid, makeJid } from '../../whatsapp/jid.ts'
import { RecipientResolver } from './recipient.ts'

const device = asDeviceId('main')

/** WhatsApp's directory: knows numbers that start with 62, writes 62 999 as 62 888, counts the questions. */
function aDirectory() {
  const asked: Jid[] = []
  return {
    asked,
    async ensureMember(group: Jid): Promise<void> {
      if (group.startsWith('404')) throw new AppError('group_not_found')
    },
    async findOnWhatsApp(phone: Jid): Promise<Jid | null> {
      asked.push(phone)
      if (phone.startsWith('62999')) return makeJid('62888', 's.whatsapp.net')
      return phone.startsWith('62') ? phone : null
    },
  }
}

function aResolver(accountValidation = true, clock = new ManualClock()) {
  return { clock, resolver: new RecipientResolver({ accountValidation, clock }) }
}

describe('finding a recipient', () => {
  it('asks WhatsApp about a number, takes its spelling, and remembers it for a day', async () => {
    const { resolver, clock } = aResolver()
    const directory = aDirectory()
    expect(await resolver.resolve(directory, device, '+62999')).toBe('62888@s.whatsapp.net')
    clock.advance(23 * 3_600_000)
    expect(await resolver.resolve(directory, device, '62999')).toBe('62888@s.whatsapp.net')
    expect(directory.asked).toHaveLength(1)
    clock.advance(2 * 3_600_000)
    await resolver.resolve(directory, device, '62999')
    expect(directory.asked).toHaveLength(2)
  })

  it.each([
    ['491', 'Phone 491@s.whatsapp.net is not on whatsapp'],
    ['62 812-3', 'Phone 62 812-3@s.whatsapp.net is not on whatsapp'],
  ])('refuses %s, which is not registered', async (phone, message) => {
    const { resolver } = aResolver()
    const refused = resolver.resolve(aDirectory(), device, phone)
    await expect(refused).rejects.toMatchObject({ code: 'recipient_not_on_whatsapp', message })
  })

  it('asks again about a number that was not registered', async () => {
    const { resolver } = aResolver()
    const directory = aDirectory()
    for (const _time of [1, 2])
      await expect(resolver.resolve(directory, device, '491')).rejects.toThrow(AppError)
    expect(directory.asked).toHaveLength(2)
  })

  it.each(['120363000000000000@g.us', '77@lid', '5@newsletter', 'status@broadcast'])(
    'takes %s without asking',
    async (jid) => {
      const { resolver } = aResolver()
      const directory = aDirectory()
      expect(await resolver.resolve(directory, device, jid)).toBe(jid)
      expect(directory.asked).toEqual([])
    },
  )

  it('asks about no number when account validation is off', async () => {
    const { resolver } = aResolver(false)
    const directory = aDirectory()
    expect(await resolver.resolve(directory, device, '491')).toBe('491@s.whatsapp.net')
    expect(directory.asked).toEqual([])
  })

  it('refuses what is no address', async () => {
    const { resolver } = aResolver()
    const refused = resolver.resolve(aDirectory(), device, 'ani@example.com')
    await expect(refused).rejects.toMatchObject({
      code: 'jid_invalid',
      message: 'invalid JID ani@example.com',
    })
  })
})
