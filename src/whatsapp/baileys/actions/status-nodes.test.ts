import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { parseStatusPrivacy } from './status-nodes.ts'

function answer(...lists: BinaryNode[]): BinaryNode {
  return { tag: 'iq', attrs: { type: 'result' }, content: [{ tag: 'privacy', attrs: {}, content: lists }] }
}

function list(type: string, isDefault: boolean, ...jids: string[]): BinaryNode {
  const content = jids.map((jid) => ({ tag: 'user', attrs: { jid } }))
  return { tag: 'list', attrs: { type, ...(isDefault ? { default: 'true' } : {}) }, content }
}

describe('the status privacy list', () => {
  it('is the one in force among several', () => {
    const lists = [list('contacts', false), list('blacklist', true, '628111@s.whatsapp.net', '9@lid')]
    expect(parseStatusPrivacy(answer(...lists))).toEqual({
      shownTo: 'contacts-except',
      people: ['628111@s.whatsapp.net', '9@lid'],
    })
  })

  it('can name the only people who see it', () => {
    expect(parseStatusPrivacy(answer(list('whitelist', true, '628111@s.whatsapp.net')))).toEqual({
      shownTo: 'only',
      people: ['628111@s.whatsapp.net'],
    })
  })

  it('is the first when none is marked, and all contacts when there is none', () => {
    expect(parseStatusPrivacy(answer(list('whitelist', false, '9@lid'))).shownTo).toBe('only')
    expect(parseStatusPrivacy(answer())).toEqual({ shownTo: 'contacts', people: [] })
    expect(parseStatusPrivacy({ tag: 'iq', attrs: {} })).toEqual({ shownTo: 'contacts', people: [] })
  })
})
