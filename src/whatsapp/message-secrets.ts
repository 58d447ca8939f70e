import type { MessageId } from '../core/ids.ts'
import type { Jid } from './jid.ts'
import type { Sealed } from './whatsapp-event.ts'

/** Which message the sealed bytes are about, and under which addresses those concerned may be known to their sender. */
export interface SealedAbout {
  /** The protobuf of the message that holds the secret. */
  readonly original: Uint8Array
  readonly originalId: MessageId
  /** Addresses of the original's author and of whoever sealed the bytes: each phone-number JID and LID that is known. */
  readonly authors: readonly Jid[]
  readonly sealers: readonly Jid[]
  readonly sealed: Sealed
}

/** Opens what is sealed with the secret of another message. Pure; null when it cannot be opened. */
export interface MessageSecrets {
  /** The names of a poll's options in their order; null for what is no poll. */
  pollOptions(poll: Uint8Array): readonly string[] | null
  /** The names of the options that a vote chose; empty when it takes an earlier one back. */
  openVote(about: SealedAbout): readonly string[] | null
  /** The new text of an edited message; '' when the edit was not one of text. */
  openEdit(about: SealedAbout): string | null
}
