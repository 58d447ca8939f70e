import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { asMessageId } from '../../../core/ids.ts'
import { parseJid } from '../../jid.ts'
import { readPatchAnswer } from './app-state.ts'
import { deleteForMePatch, starPatch } from './app-state-patches.ts'

function answerWith(attrs: Record<string, string>, code?: string): BinaryNode {
  const content = code === undefined ? [] : [{ tag: 'error', attrs: { code, text: 'conflict' } }]
  const collection = { tag: 'collection', attrs: { name: 'regular', ...attrs }, content }
  return {
    tag: 'iq',
    attrs: { type: 'result' },
    content: [{ tag: 'sync', attrs: {}, content: [collection] }],
  }
}

describe('the answer to a change of app state', () => {
  it('is a yes when its collection has a version', () => {
    expect(readPatchAnswer(answerWith({ version: '4' }))).toBe('taken')
  })

  it('is a conflict inside an answer that as a whole is good', () => {
    expect(readPatchAnswer(answerWith({ type: 'error' }, '409'))).toBe('conflict')
  })

  it('is a named refusal for every other error, and a timeout when there is none', () => {
    expect(() => readPatchAnswer(answerWith({ type: 'error' }, '400'))).toThrow(
      expect.objectContaining({ code: 'whatsapp_refused' }) as Error,
    )
    expect(() => readPatchAnswer(undefined)).toThrow(
      expect.objectContaining({ code: 'whatsapp_timeout' }) as Error,
    )
  })
})

describe('the index of a message in app state', () => {
  const id = asMessageId('3EB0')
  const now = new Date('2026-01-01T00:00:00Z')
  const sender = parseJid('111@lid')

  it('names the author of somebody else’s message in a group, and nobody anywhere else', () => {
    const group = parseJid('120363@g.us')
    expect(starPatch({ chat: group, id, sender, isFromMe: false }, true, now).index).toEqual([
      'star',
      group,
      id,
      '0',
      sender,
    ])
    expect(starPatch({ chat: group, id, sender, isFromMe: true }, true, now).index.slice(3)).toEqual([
      '1',
      '0',
    ])
    expect(deleteForMePatch({ chat: sender, id, sender, isFromMe: false }, now, now).index.slice(2)).toEqual([
      id,
      '0',
      '0',
    ])
  })
})
