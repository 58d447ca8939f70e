import type { MessageKey } from './message-actions.ts'
import type { MessageContext, OutgoingMessage } from './outgoing-message.ts'

/** Deletes a message for everyone: an own one, or as an admin somebody else's in a group. */
export interface OutgoingRevoke {
  readonly kind: 'revoke'
  readonly target: MessageKey
  readonly context: MessageContext
}

/** Reacts to a message; an empty emoji takes the reaction back. */
export interface OutgoingReaction {
  readonly kind: 'reaction'
  readonly target: MessageKey
  readonly emoji: string
  readonly context: MessageContext
}

/** Puts another text (or caption) in the place of an own message's. `raw` is the message as it was sent, when it was kept. */
export interface OutgoingEdit {
  readonly kind: 'edit'
  readonly target: MessageKey
  readonly text: string
  readonly raw: Uint8Array | null
  readonly context: MessageContext
}

/** Sets the disappearing timer of a chat with one person; 0 turns it off. */
export interface OutgoingTimer {
  readonly kind: 'timer'
  readonly seconds: number
  readonly context: MessageContext
}

/** What is sent without being a message of its own: it changes one, or the chat. */
export type OutgoingChange = OutgoingRevoke | OutgoingReaction | OutgoingEdit | OutgoingTimer

/** Everything that can be handed to a session to send. */
export type Outgoing = OutgoingMessage | OutgoingChange

const changeKinds: ReadonlySet<string> = new Set(['revoke', 'reaction', 'edit', 'timer'])

/** Whether what is sent only changes something that is there. */
export function isOutgoingChange(outgoing: Outgoing): outgoing is OutgoingChange {
  return changeKinds.has(outgoing.kind)
}
