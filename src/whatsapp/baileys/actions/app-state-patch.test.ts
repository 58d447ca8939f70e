import { describe, expect, it } from 'vitest'
import { refusalIn } from './app-state-patch.ts'

function answerWith(attrs: Record<string, string>, code?: string) {
  const content = code === undefined ? [] : [{ tag: 'error', attrs: { code, text: 'conflict' } }]
  const collection = { tag: 'collection', attrs: { name: 'regular', ...attrs }, content }
  return {
    tag: 'iq',
    attrs: { type: 'result' },
    content: [{ tag: 'sync', attrs: {}, content: [collection] }],
  }
}

describe('an answer to a change of app state', () => {
  it('is a yes when its collection has a version', () => {
    expect(refusalIn(answerWith({ version: '4' }))).toBeNull()
  })

  it('is a refusal when the collection inside is one, although the answer as a whole is good', () => {
    expect(refusalIn(answerWith({ type: 'error' }, '409'))).toBe(409)
  })

  it('is no answer at all without its collection', () => {
    expect(() => refusalIn({ tag: 'iq', attrs: {} })).toThrow(
      expect.objectContaining({ code: 'whatsapp_timeout' }),
    )
  })
})
