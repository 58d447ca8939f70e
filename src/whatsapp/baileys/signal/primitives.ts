import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hash,
  hkdfSync,
  timingSafeEqual,
} from 'node:crypto'
import { sign as signWith, verify } from 'curve25519-js'

// The primitives of the Signal protocol. Public keys are 33 bytes everywhere here: the type 5 and the point.

/** A Curve25519 key pair. @sensitive */
export interface KeyPair {
  /** 33 bytes. */
  readonly publicKey: Buffer
  /** 32 bytes. */
  readonly privateKey: Buffer
}

const privateDer = Buffer.from('302e020100300506032b656e04220420', 'hex')
const publicDer = Buffer.from('302a300506032b656e032100', 'hex')
const keyType = 5

/** The 33-byte form of a public key given in 32 or 33 bytes. Throws when it is neither. */
export function toPublicKey(bytes: Uint8Array): Buffer {
  if (bytes.length === 33 && bytes[0] === keyType) return Buffer.from(bytes)
  if (bytes.length !== 32) throw new Error('not a Curve25519 public key')
  const key = Buffer.alloc(33)
  key[0] = keyType
  key.set(bytes, 1)
  return key
}

/** A fresh key pair. */
export function generateKeyPair(): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('x25519', {
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  })
  return {
    publicKey: toPublicKey(publicKey.subarray(publicDer.length)),
    privateKey: Buffer.from(privateKey.subarray(privateDer.length)),
  }
}

/** Diffie-Hellman of a private key (32 bytes) and a public key. Throws on points of small order. */
export function agree(privateKey: Uint8Array, publicKey: Uint8Array): Buffer {
  return diffieHellman({
    privateKey: createPrivateKey({
      key: Buffer.concat([privateDer, privateKey]),
      format: 'der',
      type: 'pkcs8',
    }),
    publicKey: createPublicKey({
      key: Buffer.concat([publicDer, toPublicKey(publicKey).subarray(1)]),
      format: 'der',
      type: 'spki',
    }),
  })
}

/** XEdDSA signature, 64 bytes. */
export function sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  return signWith(privateKey, message)
}

/** Throws when the signature is not the key's over the message. */
export function assertSigned(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
  verify(toPublicKey(publicKey).subarray(1), message, signature)
}

/**
 * HMAC-SHA-256 with a 32-byte key. Written out with two one-shot digests because `createHmac` costs three times as much,
 * and a chain step is two of these.
 */
export function hmac(key: Uint8Array, message: Uint8Array): Buffer {
  const inner = Buffer.alloc(64 + message.length, 0x36)
  const outer = Buffer.alloc(96, 0x5c)
  for (let i = 0; i < 32; i += 1) {
    inner[i] = (key[i] ?? 0) ^ 0x36
    outer[i] = (key[i] ?? 0) ^ 0x5c
  }
  inner.set(message, 64)
  outer.set(hash('sha256', inner, 'buffer'), 64)
  return hash('sha256', outer, 'buffer')
}

/** HKDF-SHA-256. */
export function hkdf(input: Uint8Array, salt: Uint8Array, info: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', input, salt, info, length))
}

export function sha256(...parts: Uint8Array[]): Buffer {
  return hash('sha256', Buffer.concat(parts), 'buffer')
}

export function encryptCbc(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([cipher.update(plaintext), cipher.final()])
}

/** Throws when the padding is wrong. */
export function decryptCbc(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, iv)
  return Buffer.concat([decipher.update(ciphertext), decipher.final()])
}

/** Compares in constant time. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}
