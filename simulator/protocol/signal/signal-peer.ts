import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  generateRegistrationId,
  generateSignalPubKey,
  type KeyPair,
  proto,
  type SignedKeyPair,
  signedKeyPair,
  unpadRandomMax16,
} from 'baileys'
import type { Logger } from 'pino'
import type { DeviceKeys } from '../../state/device.ts'
import type { PublicPreKey } from '../../state/prekey-pool.ts'
import { MemoryKeys } from './memory-keys.ts'

/** A key bundle as the server hands it out. */
export interface KeyBundle extends DeviceKeys {
  preKey: PublicPreKey | undefined
}

/** An encrypted part of a message. */
export interface Encrypted {
  type: 'pkmsg' | 'msg' | 'skmsg'
  ciphertext: Uint8Array
}

/** Signal state of one simulated device. Other devices are named by their LID, so each has exactly one session. */
export class SignalPeer {
  readonly identity: KeyPair
  readonly signedPreKey: SignedKeyPair
  readonly registrationId = generateRegistrationId()
  readonly #keys = new MemoryKeys()
  readonly #repository
  readonly #sessions = new Set<string>()
  #nextPreKey = 1

  constructor(identity: KeyPair, logger: Logger) {
    this.identity = identity
    this.signedPreKey = signedKeyPair(identity, 1)
    const { signedPreKey, registrationId } = this
    this.#repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(
      { creds: { signedIdentityKey: identity, signedPreKey, registrationId }, keys: this.#keys },
      logger,
      () => Promise.resolve([]),
    )
  }

  /** What this device registers with the server. */
  get publicKeys(): DeviceKeys {
    return {
      registrationId: this.registrationId,
      identityKey: Buffer.from(this.identity.public),
      signedPreKey: {
        id: this.signedPreKey.keyId,
        publicKey: Buffer.from(this.signedPreKey.keyPair.public),
        signature: Buffer.from(this.signedPreKey.signature),
      },
    }
  }

  /** Makes one-time prekeys; their private halves are kept until a message uses them. */
  newPreKeys(count: number): PublicPreKey[] {
    const made = Array.from({ length: count }, () => ({
      id: this.#nextPreKey++,
      pair: Curve.generateKeyPair(),
    }))
    this.#keys.put({ 'pre-key': Object.fromEntries(made.map(({ id, pair }) => [String(id), pair])) })
    return made.map(({ id, pair }) => ({ id, publicKey: Buffer.from(pair.public) }))
  }

  /** True when there is a session with that device already. */
  hasSession(lid: string): boolean {
    return this.#sessions.has(lid)
  }

  /** Starts a new session from a bundle; an older one is replaced. */
  async startSession(lid: string, bundle: KeyBundle): Promise<void> {
    const { registrationId, identityKey, signedPreKey, preKey } = bundle
    const session = {
      registrationId,
      identityKey: generateSignalPubKey(identityKey),
      signedPreKey: {
        keyId: signedPreKey.id,
        publicKey: generateSignalPubKey(signedPreKey.publicKey),
        signature: signedPreKey.signature,
      },
      ...(preKey && { preKey: { keyId: preKey.id, publicKey: generateSignalPubKey(preKey.publicKey) } }),
    }
    await this.#repository.injectE2ESession({ jid: lid, session })
    this.#sessions.add(lid)
  }

  /** Encrypts for one device. */
  encrypt(lid: string, plaintext: Uint8Array): Promise<Encrypted> {
    return this.#repository.encryptMessage({ jid: lid, data: plaintext })
  }

  /** Encrypts for a group; the second part tells members who do not have the sender key yet. */
  async encryptForGroup(group: string, ownLid: string, plaintext: Uint8Array) {
    const { ciphertext, senderKeyDistributionMessage } = await this.#repository.encryptGroupMessage({
      group,
      meId: ownLid,
      data: plaintext,
    })
    return {
      encrypted: { type: 'skmsg', ciphertext } satisfies Encrypted,
      distribution: distributionOf(group, senderKeyDistributionMessage),
    }
  }

  /** The own sender key of a group as a message to a member. */
  async senderKey(group: string, ownLid: string): Promise<proto.IMessage> {
    const key = await this.#repository.getSenderKeyDistributionMessage({ group, meId: ownLid })
    return distributionOf(group, key)
  }

  /** Decrypts one part of a message from a device, taking in a sender key that came with it. */
  async decrypt(from: { lid: string; group: string | undefined }, part: Encrypted): Promise<proto.Message> {
    const plaintext = await this.#plaintext(from, part)
    const message = proto.Message.decode(unpadRandomMax16(plaintext))
    const item = message.senderKeyDistributionMessage
    if (item) await this.#repository.processSenderKeyDistributionMessage({ item, authorJid: from.lid })
    return message
  }

  /** Forgets the own sender key of a group, so that the next message starts a new one. */
  dropSenderKey(group: string, ownLid: string): void {
    const address = this.#repository.jidToSignalProtocolAddress(ownLid)
    const [user = '', device = '0'] = address.split('.')
    this.#keys.put({ 'sender-key': { [`${group}::${user}::${device}`]: null } })
  }

  /** Releases timers. */
  close(): void {
    this.#repository.close?.()
  }

  async #plaintext(from: { lid: string; group: string | undefined }, part: Encrypted): Promise<Uint8Array> {
    if (part.type !== 'skmsg') {
      const { type, ciphertext } = part
      const plaintext = await this.#repository.decryptMessage({ jid: from.lid, type, ciphertext })
      this.#sessions.add(from.lid)
      return plaintext
    }
    if (from.group === undefined) throw new Error('a sender key message outside a group')
    return this.#repository.decryptGroupMessage({
      group: from.group,
      authorJid: from.lid,
      msg: part.ciphertext,
    })
  }
}

function distributionOf(groupId: string, key: Uint8Array): proto.IMessage {
  return { senderKeyDistributionMessage: { groupId, axolotlSenderKeyDistributionMessage: key } }
}
