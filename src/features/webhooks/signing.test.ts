import { expect, it } from 'vitest'
import { signBody } from './signing.ts'

it('signs the exact bytes with HMAC-SHA256 in lower-case hex, as receivers of the reference check it', () => {
  // Computed with: printf '{"event":"message"}' | openssl dgst -sha256 -hmac secret
  expect(signBody('secret', '{"event":"message"}')).toBe(
    'sha256=224d011e83a8b6cd84c326b1cde108c033ca5b12a0d26c693329203600a3a777',
  )
})

it('signs the UTF-8 bytes of a text', () => {
  expect(signBody('s', 'grüße 🎉')).toBe(signBody('s', Buffer.from('grüße 🎉', 'utf8')))
})
