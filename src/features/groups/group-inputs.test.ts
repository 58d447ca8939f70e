import { describe, expect, it } from 'vitest'
import { type Jid, parseJid } from '../../whatsapp/jid.ts'
import { toGroupJid, toInviteCode, toPeople } from './group-inputs.ts'

describe('an invite link', () => {
  it.each([
    'https://chat.whatsapp.com/AbCdEf123456',
    'http://chat.whatsapp.com/AbCdEf123456/',
    'chat.whatsapp.com/AbCdEf123456?mode=ac_t',
    'https://chat.whatsapp.com/invite/AbCdEf123456#x',
    ' AbCdEf123456 ',
  ])('%s has its code read', (link) => {
    expect(toInviteCode(link)).toBe('AbCdEf123456')
  })

  it.each(['https://example.com/AbC', 'https://chat.whatsapp.com/', 'a b', '../AbC', 'x'.repeat(65)])(
    '%s is none',
    (link) => {
      expect(() => toInviteCode(link)).toThrow('that group invite link is not valid')
    },
  )
})

describe('a group', () => {
  it.each([
    ['120363024512399999', '120363024512399999@g.us'],
    ['120363024512399999@g.us', '120363024512399999@g.us'],
    ['6281234567890-1500000000', '6281234567890-1500000000@g.us'],
  ])('%s is %s', (text, jid) => {
    expect(toGroupJid(text)).toBe(jid)
  })

  it.each(['6281234567890', 'x@newsletter', '1@lid', 'a b@g.us', '@g.us'])('%s is none', (text) => {
    expect(() => toGroupJid(text)).toThrow(/^invalid group JID /)
  })
})

describe('people', () => {
  const asked: Jid[] = []
  const members = {
    registered: async (phones: readonly Jid[]) => {
      asked.push(...phones)
      const known = phones.filter((phone) => !phone.startsWith('999'))
      // In an order of its own, and with its own idea of some numbers.
      return known
        .map((phone) => (phone.startsWith('5511') ? parseJid('551112345678@s.whatsapp.net') : phone))
        .toReversed()
    },
  }

  it('are bare numbers of any length and JIDs, each once, under the number that WhatsApp has', async () => {
    asked.length = 0
    const named = ['+6281', '6281@s.whatsapp.net', '5511912345678', '6819241294719274', '7@lid', ' 6281 ']
    expect(await toPeople(members, named)).toEqual([
      '6281@s.whatsapp.net',
      '551112345678@s.whatsapp.net',
      '6819241294719274@s.whatsapp.net',
      '7@lid',
    ])
    expect(asked).toHaveLength(3)
  })

  it.each(['9991', 'bob', '6281@g.us', '62-81', '', '@s.whatsapp.net', '1 2'])(
    'that are %j are nobody',
    async (nobody) => {
      await expect(toPeople(members, ['6281', nobody])).rejects.toMatchObject({
        code: 'recipient_not_on_whatsapp',
        message: 'user is not registered',
      })
    },
  )

  it('are all asked for when there are many', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `62${1000 + index}`)
    expect(await toPeople(members, many)).toHaveLength(50)
  })
})
