import { GroupCipher } from 'baileys/lib/Signal/Group/group_cipher.js'

/** The slice of a member's sender key that is needed here. */
interface SenderKey {
  getSenderChainKey(): { getIteration(): number }
}

/** The cipher as it is; its type keeps `getSenderKey` private. A cipher is made for each message. */
interface Cipher {
  getSenderKey: (this: Cipher, key: SenderKey, iteration: number) => unknown
  encrypt: (this: Cipher, plaintext: Uint8Array) => Promise<Uint8Array>
  isGapless?: boolean
}

/**
 * Lets simulated phones number their group messages one by one, as real ones do. Baileys 7.0.0-rc14 passes over every
 * other number and keeps the key between for ever (Signal/Group/group_cipher.js, encrypt), so that each message
 * would cost its sender and every reader more than the one before.
 */
export function sendGroupMessagesWithoutGaps(): void {
  const prototype = GroupCipher.prototype as unknown as Cipher // see there
  if (prototype.isGapless === true) return
  const { encrypt, getSenderKey } = prototype
  prototype.encrypt = function (plaintext) {
    // Encrypting asks for one key: the chain's next.
    this.getSenderKey = (key) => getSenderKey.call(this, key, key.getSenderChainKey().getIteration())
    return encrypt.call(this, plaintext)
  }
  prototype.isGapless = true
}
