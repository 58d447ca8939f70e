import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { signBody, standardHeaders } from './signing.ts'

it('signs the exact bytes with HMAC-SHA256 in lower-case hex, as receivers of the reference check it', () => {
  // Computed with: printf '{"event":"message"}' | openssl dgst -sha256 -hmac secret
  expect(signBody('secret', '{"event":"message"}')).toBe(
    'sha256=224d011e83a8b6cd84c326b1cde108c033ca5b12a0d26c693329203600a3a777',
  )
})

it('signs the UTF-8 bytes of a text', () => {
  expect(signBody('s', 'grüße 🎉')).toBe(signBody('s', Buffer.from('grüße 🎉', 'utf8')))
})

describe('the headers of Standard Webhooks', () => {
  const body = JSON.stringify({ event: 'message', payload: { body: 'grüße 🎉' } })

  it("satisfy the standard's own library, with a secret in the standard's form and with any other", () => {
    const encoded = `whsec_${Buffer.from('a secret of 24 bytes ....').toString('base64')}`
    const headers = standardHeaders(encoded, 'evt1', new Date(), body)
    expect(new Webhook(encoded).verify(body, headers)).toEqual(JSON.parse(body))
    const plain = standardHeaders('any text', 'evt2', new Date(), body)
    expect(new Webhook('any text', { format: 'raw' }).verify(body, plain)).toEqual(JSON.parse(body))
  })

  it('do not satisfy it for another body, id or an old time', () => {
    const library = new Webhook('key', { format: 'raw' })
    const headers = standardHeaders('key', 'evt1', new Date(), body)
    expect(() => library.verify(`${body} `, headers)).toThrow()
    expect(() => library.verify(body, { ...headers, 'webhook-id': 'evt2' })).toThrow()
    const old = standardHeaders('key', 'evt1', new Date(Date.now() - 3_600_000), body)
    expect(() => library.verify(body, old)).toThrow(/old/i)
  })
})
