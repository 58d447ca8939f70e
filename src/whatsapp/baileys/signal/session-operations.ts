import type { AuthenticationCreds, SignalRepository } from 'baileys'
import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../core/logger.ts'
import { decodeValue } from '../key-codec.ts'
import type { KeyChange } from '../key-rows.ts'
import type { KeyVault } from '../key-vault.ts'
import { answeringRetry } from '../retry-context.ts'
import type { KeyLock } from './key-lock.ts'
import type { LidMapping } from './lid-mapping.ts'
import { type KeyPair, sha256, toPublicKey } from './primitives.ts'
import { answerSession, beginSession, type PreKeyBundle, type PreKeyHeader } from './session-builder.ts'
import {
  decryptWithRecord,
  decryptWithSession,
  encryptWithSession,
  parsePreKeyMessage,
} from './session-cipher.ts'
import {
  decodeSessionRecord,
  emptyRecord,
  encodeSessionRecord,
  findSession,
  openSession,
  type Session,
  type SessionRecord,
  withAnsweredSession,
  withNewSession,
  withReadSession,
  withSession,
} from './session-record.ts'
import {
  type AddressParts,
  addressName,
  addressOfJid,
  isPhoneAddress,
  underLid,
  underPhone,
} from './signal-address.ts'
import { SignalError } from './signal-error.ts'
import type { TurnGate } from './turn-gate.ts'

/** What the operations of a device's repository work with. */
export interface SignalDeps {
  readonly creds: Pick<AuthenticationCreds, 'signedIdentityKey' | 'signedPreKey' | 'registrationId'>
  readonly vault: KeyVault
  readonly locks: KeyLock
  readonly gate: TurnGate
  readonly lidMapping: LidMapping
  readonly clock: Clock
  readonly logger: Logger
}

type Options<Method extends keyof SignalRepository> = Parameters<SignalRepository[Method]>[0]

/**
 * Messages between two devices. One operation at a time per address: it reads the session, computes the next one, and
 * makes it visible to the operation after it. It does not wait for the disk: frames do, before they leave (OutboundHold),
 * so many messages share a commit. Nothing is changed by an operation that fails.
 */
export class SessionOperations {
  readonly #deps: SignalDeps

  constructor(deps: SignalDeps) {
    this.#deps = deps
  }

  /** Decrypts; a ciphertext that was decrypted before is answered from the table. */
  async decrypt({ jid, type, ciphertext }: Options<'decryptMessage'>): Promise<Buffer> {
    const { locks, vault } = this.#deps
    const address = await this.#addressOf(jid)
    try {
      return await locks.run(addressName(address), () =>
        type === 'pkmsg' ? this.#decryptPreKey(address, ciphertext) : this.#decryptKnown(address, ciphertext),
      )
    } catch (error) {
      if (vault.failure !== null) throw vault.failure
      const known = await vault.decryptedBefore(await this.#hashes(address, ciphertext))
      if (known === null) throw error
      return known
    }
  }

  /** Encrypts. Rejects with `no-session` when none was begun. */
  async encrypt({ jid, data }: Options<'encryptMessage'>): ReturnType<SignalRepository['encryptMessage']> {
    const { locks, gate, vault } = this.#deps
    const name = addressName(await this.#addressOf(jid))
    return locks.run(name, async () => {
      const record = await this.#load(name)
      return gate.run(() => {
        const session = record === null ? null : openSession(record)
        if (record === null || session === null) throw new SignalError('no-session', 'No sessions')
        const { type, ciphertext, session: next } = encryptWithSession(session, this.#own(), data)
        const changes = [sessionChange(name, withSession(record, session, next))]
        void marked(vault.write({ changes }))
        return { type, ciphertext }
      })
    })
  }

  /**
   * Begins a session with a device, unless there is one with this very installation already: beginning another would only
   * cross with what the other side writes in the present one. A device that asks for a retry gets a new one in any case.
   * Rejects with `untrusted-bundle`.
   */
  async begin({ jid, session: bundle }: Options<'injectE2ESession'>): Promise<void> {
    const { locks, gate, vault, clock } = this.#deps
    const name = addressName(await this.#addressOf(jid))
    await locks.run(name, async () => {
      const record = (await this.#load(name)) ?? emptyRecord
      if (answeringRetry.getStore() !== true && isWith(openSession(record), bundle)) return
      await gate.run(() => {
        const now = clock.now().getTime()
        const session = beginSession(bundle, this.#identity(), now)
        const changes = [
          sessionChange(name, withNewSession(record, session, now)),
          { type: 'identity-key', id: name, body: session.remoteIdentity },
        ]
        void marked(vault.write({ changes }))
      })
    })
  }

  /** Whether there is a session to send with, and why not. */
  async validate(jid: string): ReturnType<SignalRepository['validateSession']> {
    // The library asks about one device after the other, and a status has thousands.
    await this.#deps.gate.breathe()
    const record = await this.#load(addressName(await this.#addressOf(jid)))
    if (record === null) return { exists: false, reason: 'no session' }
    return openSession(record) === null ? { exists: false, reason: 'no open session' } : { exists: true }
  }

  /** What tells one session with a device from the next; null without an open one. */
  async info(jid: string): ReturnType<SignalRepository['getSessionInfo']> {
    const record = await this.#load(addressName(await this.#addressOf(jid)))
    const session = record === null ? null : openSession(record)
    return session === null
      ? null
      : { baseKey: new Uint8Array(session.baseKey), registrationId: session.registrationId }
  }

  /** Forgets the sessions at these very addresses. */
  async delete(jids: readonly string[]): Promise<void> {
    const names = jids.map((jid) => addressName(addressOfJid(jid)))
    const { locks, vault } = this.#deps
    const { written } = await locks.run(names, () => ({
      written: marked(vault.write({ changes: names.map((id) => ({ type: 'session', id, body: null })) })),
    }))
    await written
  }

  async #decryptKnown(address: AddressParts, ciphertext: Uint8Array): Promise<Buffer> {
    const name = addressName(address)
    const record = await this.#load(name)
    return this.#deps.gate.run(() => {
      const now = this.#deps.clock.now().getTime()
      const own = toPublicKey(this.#deps.creds.signedIdentityKey.public)
      const { plaintext, record: next } = decryptWithRecord(record ?? emptyRecord, own, ciphertext, now)
      return this.#keep(plaintext, address, ciphertext, [sessionChange(name, next)])
    })
  }

  async #decryptPreKey(address: AddressParts, ciphertext: Uint8Array): Promise<Buffer> {
    const name = addressName(address)
    const header = parsePreKeyMessage(ciphertext)
    const identity = toPublicKey(header.identityKey)
    const [stored, knownIdentity, preKey] = await Promise.all([
      this.#load(name),
      this.#deps.vault.readOne('identity-key', name),
      this.#loadPreKey(header.preKeyId),
    ])
    if (stored === null || findSession(stored, header.baseKey) === null) {
      // A stanza fed again must not put a session of long ago in the place of the present one.
      const known = await this.#deps.vault.decryptedBefore(await this.#hashes(address, ciphertext))
      if (known !== null) return known
    }
    return this.#deps.gate.run(() => {
      const now = this.#deps.clock.now().getTime()
      const isChanged = knownIdentity !== null && !knownIdentity.equals(identity)
      // Another identity is another installation: sessions with the one before are of no more use (trust on first use,
      // as WhatsApp Web does).
      const record = isChanged || stored === null ? emptyRecord : stored
      if (isChanged) this.#deps.logger.info({}, 'a contact has a new identity key')
      const { record: begun, isNew } = this.#answer(record, header, preKey, now)
      const session = findSession(begun, header.baseKey)
      if (session === null) throw new SignalError('no-session', 'No session record')
      const own = toPublicKey(this.#deps.creds.signedIdentityKey.public)
      const { plaintext, session: next } = decryptWithSession(session, own, header.message, now)
      const changes: KeyChange[] = [sessionChange(name, withReadSession(begun, session, next, now))]
      if (isChanged || knownIdentity === null)
        changes.push({ type: 'identity-key', id: name, body: identity })
      if (isNew && header.preKeyId !== null) {
        changes.push({ type: 'pre-key', id: String(header.preKeyId), body: null })
      }
      return this.#keep(plaintext, address, ciphertext, changes)
    })
  }

  #answer(
    record: SessionRecord,
    header: PreKeyHeader,
    preKey: KeyPair | null,
    now: number,
  ): { readonly record: SessionRecord; readonly isNew: boolean } {
    if (findSession(record, header.baseKey) !== null) return { record, isNew: false }
    if (header.preKeyId !== null && preKey === null) {
      throw new SignalError('unknown-key', 'Invalid PreKey ID')
    }
    const own = {
      identity: this.#identity(),
      signedPreKey: toKeyPair(this.#deps.creds.signedPreKey.keyPair),
      preKey,
    }
    return { record: withAnsweredSession(record, answerSession(header, own, now), now), isNew: true }
  }

  /** One commit has the advanced session and the plaintext, so that no instant has one without the other. */
  #keep(
    plaintext: Buffer,
    address: AddressParts,
    ciphertext: Uint8Array,
    changes: readonly KeyChange[],
  ): Buffer {
    const decrypted = [{ hash: hashOf(address, ciphertext), plaintext }]
    void marked(this.#deps.vault.write({ changes, decrypted }))
    return plaintext
  }

  /** Where the sessions with a device are: under its LID once that is known. */
  async #addressOf(jid: string): Promise<AddressParts> {
    const address = addressOfJid(jid)
    if (!isPhoneAddress(address)) return address
    const lidUser = (await this.#deps.lidMapping.lidUsersOf([address.user])).get(address.user)
    return lidUser === undefined ? address : underLid(address, lidUser)
  }

  /** The ciphertext may have been decrypted while the person was known by the phone number only. */
  async #hashes(address: AddressParts, ciphertext: Uint8Array): Promise<Buffer[]> {
    const hashes = [hashOf(address, ciphertext)]
    if (isPhoneAddress(address)) return hashes
    const phone = (await this.#deps.lidMapping.phoneUsersOf([address.user])).get(address.user)
    return phone === undefined ? hashes : [...hashes, hashOf(underPhone(address, phone), ciphertext)]
  }

  async #load(name: string): Promise<SessionRecord | null> {
    const body = await this.#deps.vault.readOne('session', name)
    return body === null ? null : decodeSessionRecord(body)
  }

  async #loadPreKey(id: number | null): Promise<KeyPair | null> {
    const body = id === null ? null : await this.#deps.vault.readOne('pre-key', String(id))
    // It is what encodeValue made of the library's KeyPair.
    return body === null ? null : toKeyPair(decodeValue(body) as { public: Uint8Array; private: Uint8Array })
  }

  #identity(): KeyPair {
    return toKeyPair(this.#deps.creds.signedIdentityKey)
  }

  #own(): { readonly identityKey: Buffer; readonly registrationId: number } {
    const { signedIdentityKey, registrationId } = this.#deps.creds
    return { identityKey: toPublicKey(signedIdentityKey.public), registrationId }
  }
}

/** Whether a session is with the installation that the bundle is of. */
function isWith(session: Session | null, bundle: PreKeyBundle): boolean {
  return (
    session !== null &&
    session.registrationId === bundle.registrationId &&
    session.remoteIdentity.equals(toPublicKey(bundle.identityKey))
  )
}

function toKeyPair(pair: { readonly public: Uint8Array; readonly private: Uint8Array }): KeyPair {
  return { publicKey: toPublicKey(pair.public), privateKey: Buffer.from(pair.private) }
}

function sessionChange(name: string, record: SessionRecord): KeyChange {
  return { type: 'session', id: name, body: encodeSessionRecord(record) }
}

/**
 * Bound to the sender: the server must not be able to have one person's message shown as another's.
 */
function hashOf(address: AddressParts, ciphertext: Uint8Array): Buffer {
  return sha256(Buffer.from(`${addressName(address)}\0`), ciphertext)
}

/** A failed write is told by the vault's failure; a promise nobody waits for any more must not end the process. */
export function marked(write: Promise<void>): Promise<void> {
  write.catch((error: unknown) => error)
  return write
}
