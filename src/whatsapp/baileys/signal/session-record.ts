import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { Chain } from './chain.ts'
import type { KeyPair } from './primitives.ts'

/** What a prekey message has to carry until the other side has answered. */
export interface PendingPreKey {
  /** null when the other side had no one-time prekey left. */
  readonly preKeyId: number | null
  readonly signedKeyId: number
}

/** The chain of messages that the other side sends under one ratchet key. */
export interface ReceivingChain {
  readonly ratchetKey: Buffer
  readonly chain: Chain
}

/** One Double Ratchet session. A value: every step gives a new one. Times in milliseconds. @sensitive */
export interface Session {
  readonly registrationId: number
  readonly remoteIdentity: Buffer
  /** Names the session; the initiator's ephemeral key. */
  readonly baseKey: Buffer
  readonly isOurs: boolean
  /** Set in a restored copy, where it is not known what was sent since: it is read in and never sent in. */
  readonly isReadOnly: boolean
  readonly rootKey: Buffer
  readonly ourRatchet: KeyPair
  /** null until the first message of a session that the other side began. */
  readonly sending: Chain | null
  readonly previousCounter: number
  /** Newest last. */
  readonly receiving: readonly ReceivingChain[]
  readonly pendingPreKey: PendingPreKey | null
  readonly usedAt: number
  /** null while it is the one to send with. */
  readonly closedAt: number | null
}

/** All sessions with one address: at most one open, and a few closed ones for messages still on their way. */
export interface SessionRecord {
  readonly sessions: readonly Session[]
}

export const emptyRecord: SessionRecord = { sessions: [] }

/** For how long after we began a session one of the other side's may have crossed with it, our restarts included. */
const crossingMs = 30_000
/** How many closed sessions are kept in which the other side has written; libsignal's 40 of any kind make a row of 40 KB. */
const answeredLimit = 5
/** How many closed sessions of ours are kept that the other side has not answered yet. */
const unansweredLimit = 10
const formatVersion = 1
/** Bits of a session's byte of marks. */
const [ours, readOnly] = [1, 2]

/** The session to send with. */
export function openSession(record: SessionRecord): Session | null {
  return record.sessions.find((session) => session.closedAt === null) ?? null
}

/** The session that has this base key, begun by the other side. */
export function findSession(record: SessionRecord, baseKey: Uint8Array): Session | null {
  return record.sessions.find((session) => !session.isOurs && session.baseKey.equals(baseKey)) ?? null
}

/** The record with a new open session; the one before is closed, and what is least likely to be needed is dropped. */
export function withNewSession(record: SessionRecord, session: Session, now: number): SessionRecord {
  return { sessions: [session, ...worthKeeping(record.sessions.map((other) => closed(other, now)))] }
}

/**
 * The record with a session that the other side began. It is the one to send with, unless it crossed with ours: then ours
 * stays open. The other side has written or will write in ours once it reads our message, while a reply in theirs would
 * reach it when it has moved on to ours, and libsignal breaks its newer session on trying it on a message of an older.
 */
export function withAnsweredSession(record: SessionRecord, session: Session, now: number): SessionRecord {
  const open = openSession(record)
  if (open === null || !mayCross(open, now)) return withNewSession(record, session, now)
  const others = [closed(session, now), ...record.sessions.filter((other) => other !== open)]
  return { sessions: [open, ...worthKeeping(others)] }
}

/**
 * The record after a message was read in one of its sessions. If the message is newer than any before it in that session,
 * the other side writes there now, and so do we: sides that began sessions at the same moment come together in one.
 */
export function withReadSession(
  record: SessionRecord,
  before: Session,
  after: Session,
  now: number,
): SessionRecord {
  const advanced = withSession(record, before, after)
  if (before.isReadOnly) return advanced
  const open = openSession(record)
  if (before === open || !isNewest(before, after) || (open !== null && mayCross(open, now))) return advanced
  return {
    sessions: advanced.sessions.map((other) =>
      other === after ? { ...after, closedAt: null } : closed(other, now),
    ),
  }
}

/** Whether we wrote in a session of ours a moment ago and the other side may not have read that yet. */
function mayCross(session: Session, now: number): boolean {
  return session.pendingPreKey !== null && session.sending?.index !== 0 && now - session.usedAt < crossingMs
}

/** Whether what a session read last was newer than all it had read before. */
function isNewest(before: Session, after: Session): boolean {
  const newest = after.receiving.at(-1)
  const known = before.receiving.find(({ ratchetKey }) => newest?.ratchetKey.equals(ratchetKey))
  return newest !== undefined && newest.chain.index > (known?.chain.index ?? 0)
}

/** The record as a restored copy may use it: everything can still be read, and the next message begins a new session. */
export function readOnlyRecord(record: SessionRecord, now: number): SessionRecord {
  return { sessions: record.sessions.map((session) => ({ ...closed(session, now), isReadOnly: true })) }
}

/** One record of two for the same device: the first one's open session stays open. */
export function mergedRecords(first: SessionRecord, second: SessionRecord, now: number): SessionRecord {
  const open = openSession(first)
  if (open === null) return first.sessions.length === 0 ? second : mergedRecords(second, first, now)
  const others = [...first.sessions.filter((session) => session !== open), ...second.sessions]
  return { sessions: [open, ...worthKeeping(others.map((other) => closed(other, now)))] }
}

function closed(session: Session, now: number): Session {
  return session.closedAt === null ? { ...session, closedAt: now } : session
}

/**
 * The closed sessions that a message may still come in. The other side goes on writing in the session it used last until
 * a newer one reaches it, however many we begin meanwhile (one at every start, for instance): those it has answered are
 * therefore never displaced by those it has not. One that nothing was ever encrypted with cannot be known to it.
 */
function worthKeeping(sessions: readonly Session[]): Session[] {
  const answered = sessions.filter((session) => session.pendingPreKey === null)
  const unanswered = sessions.filter(
    (session) => session.pendingPreKey !== null && session.sending?.index !== 0,
  )
  return [
    ...answered.sort((a, b) => b.usedAt - a.usedAt).slice(0, answeredLimit),
    ...unanswered.sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0)).slice(0, unansweredLimit),
  ]
}

/** The record with one session advanced. */
export function withSession(record: SessionRecord, before: Session, after: Session): SessionRecord {
  return { sessions: record.sessions.map((session) => (session === before ? after : session)) }
}

/** The record as it is stored. */
export function encodeSessionRecord(record: SessionRecord): Buffer {
  const writer = new ByteWriter().byte(formatVersion).varint(record.sessions.length)
  for (const session of record.sessions) writeSession(writer, session)
  return writer.finish()
}

/** The stored record. Throws when the bytes are none. */
export function decodeSessionRecord(bytes: Uint8Array): SessionRecord {
  const reader = new ByteReader(Buffer.from(bytes))
  const version = reader.byte()
  if (version !== formatVersion) throw new RangeError(`unknown session format ${version}`)
  return { sessions: Array.from({ length: reader.varint() }, () => readSession(reader)) }
}

function writeSession(writer: ByteWriter, session: Session): void {
  const { pendingPreKey: pending } = session
  writer
    .varint(session.registrationId)
    .bytes(session.remoteIdentity)
    .bytes(session.baseKey)
    .byte((session.isOurs ? ours : 0) | (session.isReadOnly ? readOnly : 0))
    .bytes(session.rootKey)
    .bytes(session.ourRatchet.publicKey)
    .bytes(session.ourRatchet.privateKey)
    .varint(session.previousCounter)
    .varint(session.usedAt)
    .varint(session.closedAt === null ? 0 : session.closedAt + 1)
    .byte(pending === null ? 0 : 1)
  if (pending !== null) {
    writer.varint(pending.preKeyId === null ? 0 : pending.preKeyId + 1).varint(pending.signedKeyId)
  }
  writer.byte(session.sending === null ? 0 : 1)
  if (session.sending !== null) writeChain(writer, session.sending)
  writer.varint(session.receiving.length)
  for (const { ratchetKey, chain } of session.receiving) writeChain(writer.bytes(ratchetKey), chain)
}

function readSession(reader: ByteReader): Session {
  const identity = {
    registrationId: reader.varint(),
    remoteIdentity: reader.bytes(),
    baseKey: reader.bytes(),
  }
  const marks = reader.byte()
  const fixed = {
    ...identity,
    isOurs: (marks & ours) !== 0,
    isReadOnly: (marks & readOnly) !== 0,
    rootKey: reader.bytes(),
    ourRatchet: { publicKey: reader.bytes(), privateKey: reader.bytes() },
    previousCounter: reader.varint(),
    usedAt: reader.varint(),
    closedAt: oneLess(reader.varint()),
  }
  const pendingPreKey =
    reader.byte() === 1 ? { preKeyId: oneLess(reader.varint()), signedKeyId: reader.varint() } : null
  const sending = reader.byte() === 1 ? readChain(reader) : null
  const receiving = Array.from({ length: reader.varint() }, () => ({
    ratchetKey: reader.bytes(),
    chain: readChain(reader),
  }))
  return { ...fixed, pendingPreKey, sending, receiving }
}

/** Absent is written as 0, a number as one more than it is. */
function oneLess(value: number): number | null {
  return value === 0 ? null : value - 1
}

/** Shared with sender keys. */
export function writeChain(writer: ByteWriter, chain: Chain): void {
  writer.bytes(chain.key).varint(chain.index).bytes(chain.skipped)
}

/** Shared with sender keys. */
export function readChain(reader: ByteReader): Chain {
  return { key: reader.bytes(), index: reader.varint(), skipped: reader.bytes() }
}
