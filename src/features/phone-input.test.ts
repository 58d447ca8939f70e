import { describe, expect, it } from 'vitest'
import { phoneSentence, sanitisePhone, toRecipient } from './phone-input.ts'

describe('what a caller writes for a recipient', () => {
  it.each([
    ['628123', '628123@s.whatsapp.net'],
    ['+628123', '+628123@s.whatsapp.net'],
    ['628123456789012', '628123456789012@s.whatsapp.net'],
    ['6281234567890123', '6281234567890123@g.us'],
    ['120363000000000000', '120363000000000000@g.us'],
    ['1@lid', '1@lid'],
    ['', ''],
  ])('%s becomes %s', (phone, sanitised) => {
    expect(sanitisePhone(phone)).toBe(sanitised)
  })

  it.each([
    ['+628123', '628123@s.whatsapp.net'],
    ['628123:12@s.whatsapp.net', '628123@s.whatsapp.net'],
    ['628123.0:12@s.whatsapp.net', '628123@s.whatsapp.net'],
    ['628123@c.us', '628123@s.whatsapp.net'],
    ['123-456@g.us', '123-456@g.us'],
    ['77@lid', '77@lid'],
    ['5@newsletter', '5@newsletter'],
    ['status@broadcast', 'status@broadcast'],
    ['62 812-3', null],
    ['ani', null],
    ['ani@example.com', null],
    ['@s.whatsapp.net', null],
    ['1'.repeat(65), null],
    ['12 34@g.us', null],
    ['1\u0000@g.us', null],
  ])('%s addresses %s', (phone, jid) => {
    expect(toRecipient(phone)).toBe(jid)
  })

  it.each([
    ['+62812', null],
    ['120363@g.us', null],
    [
      '0812',
      'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    ],
    [
      '+0812',
      'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    ],
    ['', 'phone number cannot be empty'],
    ['+', 'phone number cannot be empty'],
  ])('%s is answered with %s before anybody is asked', (phone, text) => {
    expect(phoneSentence(phone)).toBe(text)
  })
})
