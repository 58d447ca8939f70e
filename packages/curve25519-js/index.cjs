'use strict'

// Curve25519 for libsignal on native primitives, with the interface of curve25519-js 0.0.4.
// One difference, on purpose: `verify` throws on a signature that does not verify, because callers exist that look only
// at whether it threw (baileys 7.0.0-rc14, `Curve.verify`).

const crypto = require('node:crypto')
const { ed25519 } = require('@noble/curves/ed25519.js')

const X25519_PRIVATE_DER = Buffer.from('302e020100300506032b656e04220420', 'hex')
const X25519_PUBLIC_DER = Buffer.from('302a300506032b656e032100', 'hex')
const ED25519_PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex')
const ED25519_PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex')

/** The field's prime and the order of the base point. */
const P = 2n ** 255n - 19n
const L = 2n ** 252n + 27742317777372353535851937790883648493n

/** Keeps the `size` entries used last. */
class Cache {
  #entries = new Map()
  #size

  constructor(size) {
    this.#size = size
  }

  getOrMake(key, make) {
    let value = this.#entries.get(key)
    if (value === undefined) {
      value = make()
      if (this.#entries.size >= this.#size) this.#entries.delete(this.#entries.keys().next().value)
    } else {
      this.#entries.delete(key)
    }
    this.#entries.set(key, value)
    return value
  }
}

const verifyKeys = new Cache(4096)
const signKeys = new Cache(1024)
const agreementKeys = new Cache(1024)

function bytesOf(value, name, length) {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
  if (length !== undefined && value.length !== length) throw new Error(`wrong ${name} length`)
  return Buffer.from(value.buffer, value.byteOffset, value.length)
}

function toNumber(littleEndian) {
  return BigInt(`0x${Buffer.from(littleEndian).reverse().toString('hex')}`)
}

function toBytes(number) {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex').reverse()
}

function modulo(number, modulus) {
  const rest = number % modulus
  return rest < 0n ? rest + modulus : rest
}

/** Inverse in the field by the extended Euclidean algorithm; 0 for 0, as exponentiation by p-2 gives. Public values only. */
function invert(number) {
  let [a, b, x, y] = [modulo(number, P), P, 1n, 0n]
  if (a === 0n) return 0n
  while (a !== 1n) {
    const quotient = b / a
    ;[a, b] = [b - quotient * a, a]
    ;[x, y] = [y - quotient * x, x]
  }
  return modulo(x, P)
}

function clamp(secret) {
  const clamped = Buffer.from(secret)
  clamped[0] &= 248
  clamped[31] = (clamped[31] & 127) | 64
  return clamped
}

/** y = (u - 1) / (u + 1); the sign of x is told by the signature. */
function edwardsFromMontgomery(publicKey) {
  const masked = Buffer.from(publicKey)
  masked[31] &= 127
  const u = modulo(toNumber(masked), P)
  return toBytes(modulo((u - 1n) * invert(u + 1n), P))
}

function ed25519PublicKey(bytes) {
  return crypto.createPublicKey({
    key: Buffer.concat([ED25519_PUBLIC_DER, bytes]),
    format: 'der',
    type: 'spki',
  })
}

function x25519PrivateKey(bytes) {
  return crypto.createPrivateKey({
    key: Buffer.concat([X25519_PRIVATE_DER, bytes]),
    format: 'der',
    type: 'pkcs8',
  })
}

/** X25519 of a secret key and a public key, both 32 bytes. */
function sharedKey(secretKey, publicKey) {
  const secret = bytesOf(secretKey, 'secret key', 32)
  const point = bytesOf(publicKey, 'public key', 32)
  const privateKey = agreementKeys.getOrMake(`s${secret.toString('latin1')}`, () => x25519PrivateKey(secret))
  const otherKey = agreementKeys.getOrMake(`p${point.toString('latin1')}`, () =>
    crypto.createPublicKey({
      key: Buffer.concat([X25519_PUBLIC_DER, point]),
      format: 'der',
      type: 'spki',
    }),
  )
  return new Uint8Array(crypto.diffieHellman({ privateKey, publicKey: otherKey }))
}

/** The key pair of a 32-byte secret; the private key is clamped. */
function generateKeyPair(seed) {
  const secret = clamp(bytesOf(seed, 'seed', 32))
  const der = crypto.createPublicKey(x25519PrivateKey(secret)).export({ format: 'der', type: 'spki' })
  return {
    public: new Uint8Array(der.subarray(X25519_PUBLIC_DER.length)),
    private: new Uint8Array(secret),
  }
}

/** The secret scalar and its Edwards public key, whose sign bit a signature has to carry. */
function signKeyOf(secret) {
  return signKeys.getOrMake(secret.toString('latin1'), () => {
    const scalar = toNumber(clamp(secret))
    return { scalar, point: Buffer.from(ed25519.Point.BASE.multiply(scalar % L).toBytes()) }
  })
}

/**
 * A nonce and its point, by the native Ed25519 key generation: the scalar behind a seed is 8t with t in [2^251, 2^252).
 * Negated at random, t covers [1, L) evenly up to 2^-126, so the nonce is unbiased as a signature needs; negating a
 * point is flipping its sign bit.
 */
function nonceOf(seed, isNegated) {
  const key = crypto.createPrivateKey({
    key: Buffer.concat([ED25519_PRIVATE_DER, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const point = Buffer.from(
    crypto.createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(ED25519_PUBLIC_DER.length),
  )
  const scalar = toNumber(clamp(crypto.createHash('sha512').update(seed).digest().subarray(0, 32))) % L
  if (!isNegated) return { scalar, point }
  point[31] ^= 128
  return { scalar: L - scalar, point }
}

const NONCE_PREFIX = Buffer.alloc(32, 0xff)
NONCE_PREFIX[0] = 0xfe
const NO_RANDOM = Buffer.alloc(0)

/**
 * XEdDSA signature of a message, 64 bytes. Deterministic without `random` (64 bytes), as the original is; the bytes differ
 * from the original's, since the nonce is derived otherwise, and verify everywhere.
 */
function sign(secretKey, message, random) {
  const secret = bytesOf(secretKey, 'secret key', 32)
  const text = bytesOf(message, 'message')
  const suffix = random ? bytesOf(random, 'random data', 64) : NO_RANDOM
  const { scalar, point } = signKeyOf(secret)

  const derived = crypto
    .createHash('sha512')
    .update(NONCE_PREFIX)
    .update(secret)
    .update(text)
    .update(suffix)
    .digest()
  const nonce = nonceOf(derived.subarray(0, 32), (derived[32] & 1) === 1)

  const challenge = toNumber(
    crypto.createHash('sha512').update(nonce.point).update(point).update(text).digest(),
  )
  const signature = new Uint8Array(64)
  signature.set(nonce.point)
  signature.set(toBytes((nonce.scalar + (challenge % L) * scalar) % L), 32)
  signature[63] |= point[31] & 128
  return signature
}

function isValid(publicKey, message, signature) {
  const key = bytesOf(publicKey, 'public key', 32)
  const text = bytesOf(message, 'message')
  const plain = Buffer.from(bytesOf(signature, 'signature', 64))
  const sign = plain[63] & 128
  plain[63] &= 127
  const edwards = verifyKeys.getOrMake(`${sign}${key.toString('latin1')}`, () => {
    const bytes = edwardsFromMontgomery(key)
    bytes[31] |= sign
    return ed25519PublicKey(bytes)
  })
  return crypto.verify(null, text, edwards, plain)
}

/** Returns true, or throws when the signature is not the key's over the message. */
function verify(publicKey, message, signature) {
  if (!isValid(publicKey, message, signature)) throw new Error('the signature does not verify')
  return true
}

/** The signature followed by the message. */
function signMessage(secretKey, message, random) {
  return new Uint8Array(Buffer.concat([sign(secretKey, message, random), message]))
}

/** The message out of a signed one; null when the signature does not verify. */
function openMessage(publicKey, signedMessage) {
  const bytes = bytesOf(signedMessage, 'signed message')
  if (bytes.length < 64 || !isValid(publicKey, bytes.subarray(64), bytes.subarray(0, 64))) return null
  return new Uint8Array(bytes.subarray(64))
}

module.exports = { sharedKey, signMessage, openMessage, sign, verify, generateKeyPair }
