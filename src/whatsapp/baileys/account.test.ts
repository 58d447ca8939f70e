import { initAuthCreds } from 'baileys'
import { describe, expect, it } from 'vitest'
import { restoreOwnLid } from './account.ts'

describe('our own LID after a login', () => {
  it.each([
    ['is kept when the answer has none', undefined, '900:3@lid', '900:3@lid'],
    ['gets our device number when the answer has none', '900@lid', '900:3@lid', '900:3@lid'],
    ['gets our device number when it was not known before', '900@lid', undefined, '900:3@lid'],
    ['is as the answer says', '901:3@lid', '900:3@lid', '901:3@lid'],
    ['is left out when nobody knows it', undefined, undefined, undefined],
  ])('%s', (_, answered, known, expected) => {
    const me = { id: '628111:3@s.whatsapp.net', name: 'Ada', ...(answered && { lid: answered }) }
    const creds = { ...initAuthCreds(), me }
    restoreOwnLid(creds, known)
    expect(creds.me).toEqual({ ...me, ...(expected && { lid: expected }) })
  })

  it('is nothing before the link', () => {
    const creds = initAuthCreds()
    restoreOwnLid(creds, undefined)
    expect(creds.me).toBeUndefined()
  })
})
