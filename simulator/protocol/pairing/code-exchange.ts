import { createCipheriv, createDecipheriv, hkdfSync, pbkdf2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { Curve, type KeyPair } from 'baileys'
import { x25519 } from '../../transport/x25519.ts'

const ROUNDS = 131_072
const NONE = Buffer.alloc(0)

/** The phone's side of linking with an eight-character code. */
export interface CodeExchange {
  /** The phone's ephemeral key, wrapped with the code. */
  wrapped: Buffer
  /** Opens the bundle the client answers with; throws when the code was another one (the GCM tag does not fit). */
  open(bundle: Buffer, companionIdentity: Buffer): { advSecret: Buffer }
}

/** Starts the exchange: unwraps the client's ephemeral key with the code, and wraps the phone's own. */
export async function startCodeExchange(
  code: string,
  wrappedCompanionKey: Buffer,
  identity: KeyPair,
): Promise<CodeExchange> {
  const companionEphemeral = await unwrap(code, wrappedCompanionKey)
  const ephemeral = Curve.generateKeyPair()
  const shared = x25519(ephemeral.private, companionEphemeral)
  return {
    wrapped: await wrap(code, ephemeral.public),
    open(bundle, companionIdentity) {
      const plaintext = openBundle(bundle, shared)
      if (!plaintext.subarray(0, 32).equals(companionIdentity)) {
        throw new Error('the bundle holds another identity than the client sent')
      }
      if (!plaintext.subarray(32, 64).equals(identity.public)) {
        throw new Error('the bundle holds another primary identity')
      }
      const identityShared = x25519(identity.private, companionIdentity)
      const secret = Buffer.concat([shared, identityShared, plaintext.subarray(64)])
      return { advSecret: Buffer.from(hkdfSync('sha256', secret, NONE, 'adv_secret', 32)) }
    },
  }
}

function openBundle(bundle: Buffer, shared: Buffer): Buffer {
  const salt = bundle.subarray(0, 32)
  const info = 'link_code_pairing_key_bundle_encryption_key'
  const key = Buffer.from(hkdfSync('sha256', shared, salt, info, 32))
  const sealed = bundle.subarray(44)
  const decipher = createDecipheriv('aes-256-gcm', key, bundle.subarray(32, 44))
  decipher.setAuthTag(sealed.subarray(-16))
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
}

async function keyOf(code: string, salt: Buffer): Promise<Buffer> {
  return promisify(pbkdf2)(code, salt, ROUNDS, 32, 'sha256')
}

async function wrap(code: string, publicKey: Uint8Array): Promise<Buffer> {
  const salt = randomBytes(32)
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-256-ctr', await keyOf(code, salt), iv)
  return Buffer.concat([salt, iv, cipher.update(publicKey), cipher.final()])
}

async function unwrap(code: string, wrapped: Buffer): Promise<Buffer> {
  if (wrapped.length !== 80) throw new Error(`a wrapped key has 80 bytes, not ${wrapped.length}`)
  const key = await keyOf(code, wrapped.subarray(0, 32))
  const decipher = createDecipheriv('aes-256-ctr', key, wrapped.subarray(32, 48))
  return Buffer.concat([decipher.update(wrapped.subarray(48)), decipher.final()])
}
