/** A key row to write; `null` deletes it. */
export interface KeyChange {
  readonly type: string
  readonly id: string
  readonly body: Buffer | null
}

/** A ciphertext's plaintext, kept so that it is never decrypted twice. */
export interface DecryptedText {
  readonly hash: Buffer
  readonly plaintext: Buffer
}

/** A LID and the phone number of the same person, both without server part. */
export interface IdentityPair {
  readonly lidUser: string
  readonly phoneUser: string
}

/** What one commit of a device's key material writes. */
export interface KeyBatch {
  readonly changes: readonly KeyChange[]
  readonly decrypted: readonly DecryptedText[]
}
