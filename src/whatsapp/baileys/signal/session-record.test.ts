import { describe, expect, it } from 'vitest'
import { newChain } from './chain.ts'
import { decodeSenderKeyRecord, encodeSenderKeyRecord, withSenderKey } from './sender-key-record.ts'
import {
  decodeSessionRecord,
  emptyRecord,
  encodeSessionRecord,
  mergedRecords,
  openSession,
  type Session,
  withNewSession,
} from './session-record.ts'

function aSession(changes: Partial<Session> = {}): Session {
  return {
    registrationId: 1234,
    remoteIdentity: Buffer.alloc(33, 1),
    baseKey: Buffer.alloc(33, 2),
    isOurs: true,
    isReadOnly: false,
    rootKey: Buffer.alloc(32, 3),
    ourRatchet: { publicKey: Buffer.alloc(33, 4), privateKey: Buffer.alloc(32, 5) },
    sending: newChain(Buffer.alloc(32, 6), 12),
    previousCounter: 7,
    receiving: [{ ratchetKey: Buffer.alloc(33, 8), chain: newChain(Buffer.alloc(32, 9), 3) }],
    pendingPreKey: { preKeyId: 812, signedKeyId: 1 },
    usedAt: 1_795_000_000_000,
    closedAt: null,
    ...changes,
  }
}

describe('a session record', () => {
  it.each([
    ['a full session', aSession()],
    [
      'a session that was answered only',
      aSession({ isOurs: false, sending: null, receiving: [], pendingPreKey: null }),
    ],
    ['a session without a one-time prekey', aSession({ pendingPreKey: { preKeyId: null, signedKeyId: 9 } })],
    ['a session closed at the beginning of time', aSession({ closedAt: 0 })],
    ['a session to read in', aSession({ isReadOnly: true })],
    ['one to read in that the other side began', aSession({ isReadOnly: true, isOurs: false })],
  ])('is read as it was written: %s', (_, session) => {
    expect(decodeSessionRecord(encodeSessionRecord({ sessions: [session] }))).toEqual({ sessions: [session] })
  })

  it('has one open session and keeps those of ours that were closed last', () => {
    let record = emptyRecord
    for (let index = 0; index < 20; index += 1) {
      record = withNewSession(record, aSession({ registrationId: index }), index)
    }
    expect(openSession(record)?.registrationId).toBe(19)
    expect(record.sessions.map((session) => session.registrationId)).toEqual([
      19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9,
    ])
  })

  it('keeps the session the other side writes in, however many it has not answered come after', () => {
    let record = withNewSession(emptyRecord, aSession({ registrationId: 1, pendingPreKey: null }), 1)
    for (let index = 0; index < 50; index += 1) {
      record = withNewSession(record, aSession({ registrationId: 100 + index }), 10 + index)
    }
    expect(record.sessions.map((session) => session.registrationId)).toContain(1)
  })

  it('drops a session that nothing was encrypted with', () => {
    const unused = aSession({ registrationId: 1, sending: newChain(Buffer.alloc(32, 6)) })
    const record = withNewSession(withNewSession(emptyRecord, unused, 1), aSession({ registrationId: 2 }), 2)
    expect(record.sessions.map((session) => session.registrationId)).toEqual([2])
  })

  it('is made of two with one open session', () => {
    const [first, second] = [1, 2].map((registrationId) => ({
      sessions: [aSession({ registrationId, pendingPreKey: null })],
    }))
    const merged = mergedRecords(first ?? emptyRecord, second ?? emptyRecord, 9)
    expect(merged.sessions.map(({ registrationId, closedAt }) => [registrationId, closedAt])).toEqual([
      [1, null],
      [2, 9],
    ])
    expect(mergedRecords(emptyRecord, merged, 9)).toEqual(merged)
  })

  it('refuses bytes of another format', () => {
    expect(() => decodeSessionRecord(Buffer.from('{}'))).toThrow('unknown session format')
    expect(() =>
      decodeSessionRecord(encodeSessionRecord({ sessions: [aSession()] }).subarray(0, 50)),
    ).toThrow()
  })
})

describe('a sender key record', () => {
  const state = (keyId: number, hasPrivateKey = false) => ({
    keyId,
    chain: newChain(Buffer.alloc(32, keyId), 5),
    signingKey: Buffer.alloc(33, keyId),
    signingPrivateKey: hasPrivateKey ? Buffer.alloc(32, keyId) : null,
  })

  it('is read as it was written', () => {
    const record = { states: [state(1, true), state(2)] }
    expect(decodeSenderKeyRecord(encodeSenderKeyRecord(record))).toEqual(record)
  })

  it('keeps the five keys that came last, each once', () => {
    let record = withSenderKey({ states: [] }, state(1))
    for (const keyId of [2, 3, 4, 5, 6, 4]) record = withSenderKey(record, state(keyId))
    expect(record.states.map(({ keyId }) => keyId)).toEqual([4, 6, 5, 3, 2])
  })
})
