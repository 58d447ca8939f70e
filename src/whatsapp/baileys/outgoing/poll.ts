import type { OutgoingPoll } from '../../outgoing-message.ts'
import type { Made } from './made.ts'

/** A poll; the secret that votes are encrypted with is made by Baileys and is part of the protobuf that is stored. */
export function toPollContent({ question, options, maxAnswers }: OutgoingPoll): Made {
  return {
    content: { poll: { name: question, values: [...options], selectableCount: maxAnswers } },
    // WhatsApp's server tells polls from other messages by this.
    nodes: [{ tag: 'meta', attrs: { polltype: 'creation' } }],
  }
}
