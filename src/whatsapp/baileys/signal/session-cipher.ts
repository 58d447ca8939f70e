import { messageKeyAt, newChain, nextMessageKey } from './chain.ts'
import { decryptCbc, encryptCbc, generateKeyPair, hkdf, hmac, isSame } from './primitives.ts'
import { encodeFields, Fields } from './protobuf.ts'
import { type PreKeyHeader, ratchet } from './session-builder.ts'
import { type ReceivingChain, type Session, type SessionRecord, withReadSession } from './session-record.ts'
import { SignalError } from './signal-error.ts'

/** Both sides speak version 3 of the protocol only. */
const version = 0x33
const macLength = 8
/** Chains of earlier ratchet keys that are kept for late messages. */
const receivingLimit = 5
const noSalt = Buffer.alloc(32)

export interface Encrypted {
  readonly type: 'pkmsg' | 'msg'
  readonly ciphertext: Buffer
  readonly session: Session
}

export interface Decrypted {
  readonly plaintext: Buffer
  readonly session: Session
}

/** The keys on this side that a message's authenticity rests on. */
export interface OwnIdentity {
  readonly identityKey: Buffer
  readonly registrationId: number
}

/** Encrypts with the session's next message key; a prekey message until the other side has answered. */
export function encryptWithSession(session: Session, own: OwnIdentity, plaintext: Uint8Array): Encrypted {
  if (session.sending === null) throw new SignalError('no-session', 'No open session')
  const counter = session.sending.index
  const { seed, chain } = nextMessageKey(session.sending)
  const keys = messageKeys(seed)
  const body = encodeFields([
    [1, session.ourRatchet.publicKey],
    [2, counter],
    [3, session.previousCounter],
    [4, encryptCbc(keys.cipherKey, keys.iv, plaintext)],
  ])
  const mac = macOf(keys.macKey, own.identityKey, session.remoteIdentity, body)
  const message = Buffer.concat([Buffer.from([version]), body, mac])
  const advanced = { ...session, sending: chain }
  const { pendingPreKey } = session
  if (pendingPreKey === null) return { type: 'msg', ciphertext: message, session: advanced }
  const envelope = encodeFields([
    [1, pendingPreKey.preKeyId ?? undefined],
    [2, session.baseKey],
    [3, own.identityKey],
    [4, message],
    [5, own.registrationId],
    [6, pendingPreKey.signedKeyId],
  ])
  return {
    type: 'pkmsg',
    ciphertext: Buffer.concat([Buffer.from([version]), envelope]),
    session: advanced,
  }
}

/** Decrypts a message of this very session. Throws when it is another's, a repeated one, or forged. */
export function decryptWithSession(
  session: Session,
  ownIdentityKey: Buffer,
  message: Uint8Array,
  now: number,
): Decrypted {
  if (message.length < 1 + macLength || message[0] !== version) {
    throw new SignalError('bad-message', 'Incompatible version number on WhisperMessage')
  }
  const body = message.subarray(1, -macLength)
  const fields = new Fields(body)
  const ratchetKey = fields.bytes(1)
  const stepped = ensureChain(session, ratchetKey)
  const { seed, chain } = messageKeyAt(stepped.chain, fields.number(2))
  const keys = messageKeys(seed)
  const mac = macOf(keys.macKey, session.remoteIdentity, ownIdentityKey, body)
  if (!isSame(mac, message.subarray(-macLength))) throw new SignalError('bad-message', 'Bad MAC')
  const plaintext = decryptCbc(keys.cipherKey, keys.iv, fields.bytes(4))
  const receiving = stepped.session.receiving.map((known) =>
    known.ratchetKey.equals(ratchetKey) ? { ratchetKey: known.ratchetKey, chain } : known,
  )
  return { plaintext, session: { ...stepped.session, receiving, pendingPreKey: null, usedAt: now } }
}

/**
 * Decrypts with whichever of the record's sessions fits, the one used last first. A session that does not fit stays as
 * it is: libsignal stores what a failed try left of it, and breaks it.
 */
export function decryptWithRecord(
  record: SessionRecord,
  ownIdentityKey: Buffer,
  message: Uint8Array,
  now: number,
): { readonly plaintext: Buffer; readonly record: SessionRecord } {
  let isRepeated = false
  for (const session of [...record.sessions].sort((a, b) => b.usedAt - a.usedAt)) {
    try {
      const { plaintext, session: advanced } = decryptWithSession(session, ownIdentityKey, message, now)
      return { plaintext, record: withReadSession(record, session, advanced, now) }
    } catch (error) {
      isRepeated ||= error instanceof SignalError && error.failure === 'used-key'
    }
  }
  if (record.sessions.length === 0) throw new SignalError('no-session', 'No session record')
  throw new SignalError(isRepeated ? 'used-key' : 'bad-message', 'No matching sessions found for message')
}

/** Reads a prekey message's header. Throws when the bytes are none. */
export function parsePreKeyMessage(ciphertext: Uint8Array): PreKeyHeader {
  if (ciphertext[0] === undefined || (ciphertext[0] & 15) !== 3 || ciphertext[0] >> 4 < 3) {
    throw new SignalError('bad-message', 'Incompatible version number on PreKeyWhisperMessage')
  }
  const fields = new Fields(ciphertext.subarray(1))
  const preKeyId = fields.optionalNumber(1)
  return {
    registrationId: fields.number(5),
    // 0 is no id: it is what an absent one looks like in other implementations.
    preKeyId: preKeyId === undefined || preKeyId === 0 ? null : preKeyId,
    signedPreKeyId: fields.number(6),
    baseKey: fields.bytes(2),
    identityKey: fields.bytes(3),
    message: fields.bytes(4),
  }
}

/** The chain of a ratchet key, after a ratchet step when the key is new. */
function ensureChain(
  session: Session,
  ratchetKey: Buffer,
): { readonly session: Session; readonly chain: ReceivingChain['chain'] } {
  const known = session.receiving.find((receiving) => receiving.ratchetKey.equals(ratchetKey))
  if (known !== undefined) return { session, chain: known.chain }
  const received = ratchet(session.rootKey, session.ourRatchet, ratchetKey)
  const ourRatchet = generateKeyPair()
  const sent = ratchet(received.rootKey, ourRatchet, ratchetKey)
  const chain = newChain(received.chainKey)
  const receiving = [...session.receiving, { ratchetKey: Buffer.from(ratchetKey), chain }]
  return {
    chain,
    session: {
      ...session,
      rootKey: sent.rootKey,
      ourRatchet,
      sending: newChain(sent.chainKey),
      previousCounter: Math.max((session.sending?.index ?? 0) - 1, 0),
      receiving: receiving.slice(-receivingLimit),
    },
  }
}

function messageKeys(seed: Buffer): {
  readonly cipherKey: Buffer
  readonly macKey: Buffer
  readonly iv: Buffer
} {
  const derived = hkdf(seed, noSalt, 'WhisperMessageKeys', 80)
  return { cipherKey: derived.subarray(0, 32), macKey: derived.subarray(32, 64), iv: derived.subarray(64) }
}

function macOf(key: Buffer, sender: Buffer, receiver: Buffer, body: Uint8Array): Buffer {
  return hmac(key, Buffer.concat([sender, receiver, Buffer.from([version]), body])).subarray(0, macLength)
}
