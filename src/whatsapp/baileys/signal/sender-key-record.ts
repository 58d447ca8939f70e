import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Chain } from './chain.ts'
import { readChain, writeChain } from './session-record.ts'

/** One sender key: the chain of a member's messages to a group, and the key they are signed with. @sensitive */
export interface SenderKeyState {
  readonly keyId: number
  readonly chain: Chain
  /** 33 bytes. */
  readonly signingKey: Buffer
  /** null for other members' keys. */
  readonly signingPrivateKey: Buffer | null
}

/** The sender keys of one member in one group, the newest first. A value. @sensitive */
export interface SenderKeyRecord {
  readonly states: readonly SenderKeyState[]
}

export const emptySenderKeyRecord: SenderKeyRecord = { states: [] }

const stateLimit = 5
const formatVersion = 1

/** The record with this state in front; another one of the same key id goes. */
export function withSenderKey(record: SenderKeyRecord, state: SenderKeyState): SenderKeyRecord {
  const others = record.states.filter((other) => other.keyId !== state.keyId)
  return { states: [state, ...others].slice(0, stateLimit) }
}

/** The record with one state advanced, in its place. */
export function withAdvanced(record: SenderKeyRecord, state: SenderKeyState, chain: Chain): SenderKeyRecord {
  return { states: record.states.map((other) => (other === state ? { ...state, chain } : other)) }
}

/** The record as it is stored. */
export function encodeSenderKeyRecord(record: SenderKeyRecord): Buffer {
  const writer = new ByteWriter().byte(formatVersion).varint(record.states.length)
  for (const state of record.states) {
    writer
      .varint(state.keyId)
      .bytes(state.signingKey)
      .bytes(state.signingPrivateKey ?? Buffer.alloc(0))
    writeChain(writer, state.chain)
  }
  return writer.finish()
}

/** The stored record. Throws when the bytes are none. */
export function decodeSenderKeyRecord(bytes: Uint8Array): SenderKeyRecord {
  const reader = new ByteReader(Buffer.from(bytes))
  const version = reader.byte()
  if (version !== formatVersion) throw new RangeError(`unknown sender key format ${version}`)
  return { states: Array.from({ length: reader.varint() }, () => readState(reader)) }
}

function readState(reader: ByteReader): SenderKeyState {
  const keyId = reader.varint()
  const signingKey = reader.bytes()
  const privateKey = reader.bytes()
  return {
    keyId,
    signingKey,
    signingPrivateKey: privateKey.length === 0 ? null : privateKey,
    chain: readChain(reader),
  }
}
