import { randomBytes, randomInt } from 'node:crypto'
import { messageKeyAt, newChain, nextMessageKey } from './chain.ts'
import {
  assertSigned,
  decryptCbc,
  encryptCbc,
  generateKeyPair,
  hkdf,
  sign,
  toPublicKey,
} from './primitives.ts'
import { encodeFields, Fields } from './protobuf.ts'
import {
  type SenderKeyRecord,
  type SenderKeyState,
  withAdvanced,
  withSenderKey,
} from './sender-key-record.ts'
import { SignalError } from './signal-error.ts'

const version = 0x33
const versionByte = Buffer.from([version])
const signatureLength = 64
const noSalt = Buffer.alloc(32)

/** The record's newest own key, with a new one made when there is none. */
export function ensureOwnSenderKey(record: SenderKeyRecord): {
  readonly record: SenderKeyRecord
  readonly state: SenderKeyState
} {
  const known = record.states.find((state) => state.signingPrivateKey !== null)
  if (known !== undefined) return { record, state: known }
  const signing = generateKeyPair()
  const state: SenderKeyState = {
    keyId: randomInt(1, 2 ** 31 - 1),
    chain: newChain(randomBytes(32)),
    signingKey: signing.publicKey,
    signingPrivateKey: signing.privateKey,
  }
  return { record: { states: [state] }, state }
}

/** The message that tells members of a group how to read what this key sends from now on. */
export function toDistributionMessage(state: SenderKeyState): Buffer {
  const body = encodeFields([
    [1, state.keyId],
    [2, state.chain.index],
    [3, state.chain.key],
    [4, state.signingKey],
  ])
  return Buffer.concat([versionByte, body])
}

/**
 * The record with the key that a member distributed. A key that is known already keeps its chain: setting it back would
 * let messages be read twice.
 */
export function withDistributed(record: SenderKeyRecord, message: Uint8Array): SenderKeyRecord {
  if (message[0] !== version)
    throw new SignalError('bad-message', 'unknown version of a distribution message')
  const fields = new Fields(message.subarray(1))
  const keyId = fields.number(1)
  const signingKey = toPublicKey(fields.bytes(4))
  const known = record.states.find((state) => state.keyId === keyId && state.signingKey.equals(signingKey))
  if (known !== undefined) return withSenderKey(record, known)
  const chain = newChain(fields.bytes(3), fields.number(2))
  return withSenderKey(record, { keyId, chain, signingKey, signingPrivateKey: null })
}

/**
 * Encrypts with the key's next message key. The chain advances by one; baileys 7.0.0-rc14 (Signal/Group/group_cipher.js)
 * advances by two and keeps the one between for ever. Receivers take both.
 */
export function encryptForGroup(
  record: SenderKeyRecord,
  state: SenderKeyState,
  plaintext: Uint8Array,
): { readonly ciphertext: Buffer; readonly record: SenderKeyRecord } {
  if (state.signingPrivateKey === null) throw new SignalError('unknown-key', 'No session to encrypt message')
  const { seed, chain } = nextMessageKey(state.chain)
  const { iv, cipherKey } = groupKeys(seed)
  const body = encodeFields([
    [1, state.keyId],
    [2, state.chain.index],
    [3, encryptCbc(cipherKey, iv, plaintext)],
  ])
  const signed = Buffer.concat([versionByte, body])
  const ciphertext = Buffer.concat([signed, sign(state.signingPrivateKey, signed)])
  return { ciphertext, record: withAdvanced(record, state, chain) }
}

/** Decrypts a member's message. Throws `unknown-key` when its key was not distributed to us. */
export function decryptFromGroup(
  record: SenderKeyRecord,
  message: Uint8Array,
): { readonly plaintext: Buffer; readonly record: SenderKeyRecord } {
  if (message.length < 1 + signatureLength || message[0] === undefined || message[0] >> 4 !== 3) {
    throw new SignalError('bad-message', 'Incompatible version number on SenderKeyMessage')
  }
  const signed = message.subarray(0, -signatureLength)
  const fields = new Fields(signed.subarray(1))
  const keyId = fields.number(1)
  const state = record.states.find((candidate) => candidate.keyId === keyId)
  if (state === undefined) throw new SignalError('unknown-key', 'No session found to decrypt message')
  assertSigned(state.signingKey, signed, message.subarray(-signatureLength))
  const { seed, chain } = messageKeyAt(state.chain, fields.number(2))
  const { iv, cipherKey } = groupKeys(seed)
  return {
    plaintext: decryptCbc(cipherKey, iv, fields.bytes(3)),
    record: withAdvanced(record, state, chain),
  }
}

function groupKeys(seed: Buffer): { readonly iv: Buffer; readonly cipherKey: Buffer } {
  const derived = hkdf(seed, noSalt, 'WhisperGroup', 48)
  return { iv: derived.subarray(0, 16), cipherKey: derived.subarray(16) }
}
