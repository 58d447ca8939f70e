import type { SignalRepository } from 'baileys'
import {
  decryptFromGroup,
  encryptForGroup,
  ensureOwnSenderKey,
  toDistributionMessage,
  withDistributed,
} from './group-cipher.ts'
import { sha256 } from './primitives.ts'
import {
  decodeSenderKeyRecord,
  emptySenderKeyRecord,
  encodeSenderKeyRecord,
  type SenderKeyRecord,
} from './sender-key-record.ts'
import { marked, type SignalDeps } from './session-operations.ts'
import {
  type AddressParts,
  addressOfJid,
  isPhoneAddress,
  senderKeyName,
  underLid,
  underPhone,
} from './signal-address.ts'
import { SignalError } from './signal-error.ts'

type Options<Method extends keyof SignalRepository> = Parameters<SignalRepository[Method]>[0]

/** Messages to and from groups, one operation at a time per group and member. See SessionOperations. */
export class GroupOperations {
  readonly #deps: SignalDeps

  constructor(deps: SignalDeps) {
    this.#deps = deps
  }

  /** Decrypts; a ciphertext that was decrypted before is answered from the table. */
  async decrypt({ group, authorJid, msg }: Options<'decryptGroupMessage'>): Promise<Buffer> {
    const { locks, gate, vault } = this.#deps
    const member = addressOfJid(authorJid)
    const name = senderKeyName(group, member)
    try {
      return await locks.run(name, async () => {
        const record = await this.#load(name)
        return gate.run(() => {
          const { plaintext, record: next } = decryptFromGroup(record, msg)
          const decrypted = [{ hash: hashOf(name, msg), plaintext }]
          void marked(vault.write({ changes: [changeOf(name, next)], decrypted }))
          return plaintext
        })
      })
    } catch (error) {
      if (vault.failure !== null) throw vault.failure
      const known = await vault.decryptedBefore(await this.#hashes(group, member, msg))
      if (known === null) throw error
      return known
    }
  }

  /** Takes the key that a member distributed for its messages to a group. */
  async process({ item, authorJid }: Options<'processSenderKeyDistributionMessage'>): Promise<void> {
    const { locks, gate, vault } = this.#deps
    const { groupId, axolotlSenderKeyDistributionMessage: message } = item
    if (!groupId) throw new Error('Group ID is required for sender key distribution message')
    if (!message) throw new SignalError('bad-message', 'the distribution message is empty')
    const name = senderKeyName(groupId, addressOfJid(authorJid))
    await locks.run(name, async () => {
      const record = await this.#load(name)
      await gate.run(() => {
        void marked(vault.write({ changes: [changeOf(name, withDistributed(record, message))] }))
      })
    })
  }

  /** Encrypts with our key for the group, made when there is none, and says how members come by that key. */
  async encrypt({ group, meId, data }: Options<'encryptGroupMessage'>): Promise<{
    senderKeyDistributionMessage: Buffer
    ciphertext: Buffer
  }> {
    const { locks, gate, vault } = this.#deps
    const name = senderKeyName(group, addressOfJid(meId))
    return locks.run(name, async () => {
      const stored = await this.#load(name)
      return gate.run(() => {
        const { record, state } = ensureOwnSenderKey(stored)
        const { ciphertext, record: next } = encryptForGroup(record, state, data)
        void marked(vault.write({ changes: [changeOf(name, next)] }))
        return { senderKeyDistributionMessage: toDistributionMessage(state), ciphertext }
      })
    })
  }

  /** How members come by our key for the group, made when there is none. */
  async distribution({ group, meId }: Options<'getSenderKeyDistributionMessage'>): Promise<Buffer> {
    const { locks, gate, vault } = this.#deps
    const name = senderKeyName(group, addressOfJid(meId))
    return locks.run(name, async () => {
      const stored = await this.#load(name)
      return gate.run(() => {
        const { record, state } = ensureOwnSenderKey(stored)
        void marked(vault.write({ changes: [changeOf(name, record)] }))
        return toDistributionMessage(state)
      })
    })
  }

  /** Whether we have a key for the group. */
  async hasKey({ group, meId }: Options<'hasSenderKey'>): Promise<boolean> {
    return (await this.#deps.vault.readOne('sender-key', senderKeyName(group, addressOfJid(meId)))) !== null
  }

  /**
   * Drops our keys for a group, and whom the library gave them to: the next message there is sent under a new key, which
   * is distributed to everybody again. Called when a member left.
   */
  async rotate(group: string, meIds: readonly string[]): Promise<void> {
    const { locks, vault } = this.#deps
    const names = meIds.map((meId) => senderKeyName(group, addressOfJid(meId)))
    const { written } = await locks.run(names, () => ({
      written: marked(
        vault.write({
          changes: [
            ...names.map((id) => ({ type: 'sender-key', id, body: null })),
            { type: 'sender-key-memory', id: group, body: null },
          ],
        }),
      ),
    }))
    await written
  }

  async #load(name: string): Promise<SenderKeyRecord> {
    const body = await this.#deps.vault.readOne('sender-key', name)
    return body === null ? emptySenderKeyRecord : decodeSenderKeyRecord(body)
  }

  /** The author may have been named by the other of LID and phone number the first time. */
  async #hashes(group: string, member: AddressParts, message: Uint8Array): Promise<Buffer[]> {
    const other = await this.#otherForm(member)
    const members = other === null ? [member] : [member, other]
    return members.map((form) => hashOf(senderKeyName(group, form), message))
  }

  async #otherForm(member: AddressParts): Promise<AddressParts | null> {
    const { lidMapping } = this.#deps
    if (isPhoneAddress(member)) {
      const lid = (await lidMapping.lidUsersOf([member.user])).get(member.user)
      return lid === undefined ? null : underLid(member, lid)
    }
    const phone = (await lidMapping.phoneUsersOf([member.user])).get(member.user)
    return phone === undefined ? null : underPhone(member, phone)
  }
}

function changeOf(
  name: string,
  record: SenderKeyRecord,
): { readonly type: string; readonly id: string; readonly body: Buffer } {
  return { type: 'sender-key', id: name, body: encodeSenderKeyRecord(record) }
}

function hashOf(name: string, message: Uint8Array): Buffer {
  return sha256(Buffer.from(`${name}\0`), message)
}
