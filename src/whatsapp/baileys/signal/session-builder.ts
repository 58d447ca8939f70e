import { newChain } from './chain.ts'
import { agree, assertSigned, generateKeyPair, hkdf, type KeyPair, toPublicKey } from './primitives.ts'
import type { Session } from './session-record.ts'
import { SignalError } from './signal-error.ts'

/** What the server hands out of a device that a session is to be begun with. */
export interface PreKeyBundle {
  readonly registrationId: number
  readonly identityKey: Uint8Array
  readonly signedPreKey: {
    readonly keyId: number
    readonly publicKey: Uint8Array
    readonly signature: Uint8Array
  }
  readonly preKey?: { readonly keyId: number; readonly publicKey: Uint8Array } | undefined
}

/** A prekey message's part that begins a session. */
export interface PreKeyHeader {
  readonly registrationId: number
  readonly preKeyId: number | null
  readonly signedPreKeyId: number
  readonly baseKey: Buffer
  readonly identityKey: Buffer
  readonly message: Buffer
}

/** Our own keys that answer a prekey message. @sensitive */
export interface OwnPreKeys {
  readonly identity: KeyPair
  readonly signedPreKey: KeyPair
  /** null when the message names none. */
  readonly preKey: KeyPair | null
}

const noSalt = Buffer.alloc(32)
const discontinuity = Buffer.alloc(32, 0xff)

/**
 * Begins a session with a device (X3DH, initiator). Throws `untrusted-bundle` when a key is malformed or the signed
 * prekey is not signed by the identity key: libsignal skips that check, so that a server could read along.
 */
export function beginSession(bundle: PreKeyBundle, identity: KeyPair, now: number): Session {
  const { identityKey, signedPreKey, preKey } = checkBundle(bundle)
  const base = generateKeyPair()
  const secrets = [
    discontinuity,
    agree(identity.privateKey, signedPreKey),
    agree(base.privateKey, identityKey),
    agree(base.privateKey, signedPreKey),
  ]
  if (preKey !== null) secrets.push(agree(base.privateKey, preKey))
  const rootKey = hkdf(Buffer.concat(secrets), noSalt, 'WhisperText', 64).subarray(0, 32)

  const ourRatchet = generateKeyPair()
  const step = ratchet(rootKey, ourRatchet, signedPreKey)
  return {
    registrationId: bundle.registrationId,
    remoteIdentity: identityKey,
    baseKey: base.publicKey,
    isOurs: true,
    isReadOnly: false,
    rootKey: step.rootKey,
    ourRatchet,
    sending: newChain(step.chainKey),
    previousCounter: 0,
    receiving: [],
    pendingPreKey: {
      preKeyId: bundle.preKey === undefined ? null : bundle.preKey.keyId,
      signedKeyId: bundle.signedPreKey.keyId,
    },
    usedAt: now,
    closedAt: null,
  }
}

/** Takes part in a session that a prekey message begins (X3DH, responder). Its first message makes the chains. */
export function answerSession(header: PreKeyHeader, own: OwnPreKeys, now: number): Session {
  const secrets = [
    discontinuity,
    agree(own.signedPreKey.privateKey, header.identityKey),
    agree(own.identity.privateKey, header.baseKey),
    agree(own.signedPreKey.privateKey, header.baseKey),
  ]
  if (own.preKey !== null) secrets.push(agree(own.preKey.privateKey, header.baseKey))
  return {
    registrationId: header.registrationId,
    remoteIdentity: toPublicKey(header.identityKey),
    baseKey: toPublicKey(header.baseKey),
    isOurs: false,
    isReadOnly: false,
    rootKey: Buffer.from(hkdf(Buffer.concat(secrets), noSalt, 'WhisperText', 64).subarray(0, 32)),
    ourRatchet: own.signedPreKey,
    sending: null,
    previousCounter: 0,
    receiving: [],
    pendingPreKey: null,
    usedAt: now,
    closedAt: null,
  }
}

/** One Diffie-Hellman step of the ratchet: the next root key and the key of the chain that it opens. */
export function ratchet(
  rootKey: Buffer,
  ours: KeyPair,
  theirs: Uint8Array,
): { readonly rootKey: Buffer; readonly chainKey: Buffer } {
  const derived = hkdf(agree(ours.privateKey, theirs), rootKey, 'WhisperRatchet', 64)
  return { rootKey: Buffer.from(derived.subarray(0, 32)), chainKey: Buffer.from(derived.subarray(32)) }
}

function checkBundle(bundle: PreKeyBundle): {
  readonly identityKey: Buffer
  readonly signedPreKey: Buffer
  readonly preKey: Buffer | null
} {
  try {
    const identityKey = toPublicKey(bundle.identityKey)
    const signedPreKey = toPublicKey(bundle.signedPreKey.publicKey)
    assertSigned(identityKey, signedPreKey, bundle.signedPreKey.signature)
    const preKey = bundle.preKey === undefined ? null : toPublicKey(bundle.preKey.publicKey)
    return { identityKey, signedPreKey, preKey }
  } catch (error) {
    throw new SignalError(
      'untrusted-bundle',
      `the prekey bundle is refused: ${error instanceof Error ? error.message : 'malformed'}`,
    )
  }
}
