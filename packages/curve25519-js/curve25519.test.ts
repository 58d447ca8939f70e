import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { generateKeyPair, openMessage, sharedKey, sign, signMessage, verify } from './index.cjs'

/** Made with curve25519-js 0.0.4, every second one with random data. */
const vectors = [
  {
    seed: '28554ffdaccebd7ecb9f313a72e272e27fe3f2c7b1d15b1c6a7df5a361769dd8',
    publicKey: '455aba8d94ff9d8309cd7ae3194bc626f9e8e333f39458725c3d7f27ff4da62a',
    message: 'message 0',
    signature:
      'cb70b9ecc3048fef9bf2cdeabef019c1c5b2186d54a0bad1268a642c2ac665b8b87423446ff98aa98b429ecf11868f6d94316ea32c9b45fa80901b9a7bb6088e',
  },
  {
    seed: 'df9ecf4c79e5ad77701cfc88c196632b353149d85810a381f469f8fc05dc1b92',
    publicKey: 'a5ad8031b02227f23877f56289705188cd96e7d96ebe047c6e89753a90f12d15',
    message: 'message 1',
    signature:
      '41ad6a0624f4411ffbba2da06723d6efca96e99ab76abeeee624d6edf70ae6ae8f9b6655d74d2be4e0c65d2b88664963ebabd7a0aebf5b3801607f578b4a7d01',
  },
  {
    seed: '35b0fad16758b58124f39f00d26061704514be4e39c1e03b7b23534afd6081e3',
    publicKey: 'a8de03c83e082f0162623bb52fc2fc5437aeceb03f67ee6a15ae1a6e65a9c162',
    message: 'message 2',
    signature:
      'e00cc05fdd142cf29f5b9ae9017d55bd37d3529ff1ff2cd04753b0e64a3ec599ac55a9672dd54e30d5430db388a247937b00a432ecedb7927f4117d14c292e89',
  },
  {
    seed: 'b9e1e9b068c94af0129d20f775a395e4e0ab28cd2026f45eea0821b72bf58d93',
    publicKey: 'b289ffffd3ad278fd892392721a8369bf583c9d3ad4c685b032e4abece8fd15b',
    message: 'message 3',
    signature:
      'ca5076a5244c54b69c7994aec1ee7f08dae98a25eb7c61b08feed8595c36f4ca095c5a4bf776ba8cb48f140609598064407f33071f3ed867dd9b631716fc7305',
  },
]

const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const text = (words: string) => new Uint8Array(Buffer.from(words))
const secrets = fc.uint8Array({ minLength: 32, maxLength: 32 })
const randoms = fc.option(fc.uint8Array({ minLength: 64, maxLength: 64 }), { nil: undefined })
const messages = fc.uint8Array({ maxLength: 300 })

describe('curve25519-js on native primitives', () => {
  it.each(vectors)('derives the public key and accepts the signature of the original: $message', (vector) => {
    expect(generateKeyPair(hex(vector.seed)).public).toEqual(hex(vector.publicKey))
    expect(verify(hex(vector.publicKey), text(vector.message), hex(vector.signature))).toBe(true)
  })

  it('agrees with RFC 7748 on X25519', () => {
    expect(
      Buffer.from(
        sharedKey(
          hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
          hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c'),
        ),
      ).toString('hex'),
    ).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552')
  })

  it('accepts what it signs, with and without random data', () => {
    fc.assert(
      fc.property(secrets, messages, randoms, (secret, message, random) => {
        const pair = generateKeyPair(secret)
        expect(verify(pair.public, message, sign(pair.private, message, random))).toBe(true)
      }),
    )
  })

  it('throws on any signature, message or key that is changed by one bit', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.uint8Array({ minLength: 1, maxLength: 100 }),
        fc.nat(),
        fc.constantFrom('signature', 'message', 'key'),
        (secret, message, where, what) => {
          const pair = generateKeyPair(secret)
          const parts = { signature: sign(secret, message), message: message.slice(), key: pair.public }
          const changed = parts[what]
          const bit = where % (changed.length * 8 - (what === 'key' ? 1 : 0))
          changed[bit >> 3]! ^= 1 << (bit & 7)
          expect(() => verify(parts.key, parts.message, parts.signature)).toThrow()
        },
      ),
    )
  })

  it('ignores the top bit of a public key, as X25519 does', () => {
    const pair = generateKeyPair(text('a secret of thirty-two bytes ...'))
    const signature = sign(pair.private, text('hello'))
    pair.public[31]! |= 128
    expect(verify(pair.public, text('hello'), signature)).toBe(true)
  })

  it('signs the same message the same way, and differently with random data', () => {
    const { private: secret } = generateKeyPair(text('a secret of thirty-two bytes ...'))
    expect(sign(secret, text('hello'))).toEqual(sign(secret, text('hello')))
    expect(sign(secret, text('hello'), new Uint8Array(64))).not.toEqual(sign(secret, text('hello')))
    expect(sign(secret, text('hello'))).not.toEqual(sign(secret, text('hallo')))
  })

  it('uses both signs of a nonce, so that nonces are not confined to half of the group', () => {
    const { private: secret } = generateKeyPair(text('a secret of thirty-two bytes ...'))
    const signs = new Set(
      Array.from({ length: 64 }, (_, index) => sign(secret, new Uint8Array([index]))[31]! & 128),
    )
    expect(signs.size).toBe(2)
  })

  it('opens a signed message, and gives null when it was changed', () => {
    const pair = generateKeyPair(text('a secret of thirty-two bytes ...'))
    const signed = signMessage(pair.private, text('hello'))
    expect(openMessage(pair.public, signed)).toEqual(text('hello'))
    signed[66]! ^= 1
    expect(openMessage(pair.public, signed)).toBeNull()
    expect(openMessage(pair.public, new Uint8Array(63))).toBeNull()
  })

  it('refuses arguments of a wrong type or length', () => {
    expect(() => sign(new Uint8Array(31), text('x'))).toThrow('wrong secret key length')
    expect(() => verify(new Uint8Array(33), text('x'), new Uint8Array(64))).toThrow('wrong public key length')
    expect(() => verify(new Uint8Array(32), text('x'), new Uint8Array(63))).toThrow('wrong signature length')
    expect(() => generateKeyPair(new Uint8Array(1))).toThrow('wrong seed length')
  })

  it('refuses to agree on a key with a point of small order', () => {
    expect(() => sharedKey(text('a secret of thirty-two bytes ...'), new Uint8Array(32))).toThrow()
  })
})
