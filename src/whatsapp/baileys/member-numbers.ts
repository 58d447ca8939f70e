import type { BinaryNode } from 'baileys'
import { childrenOf } from './incoming/node-reading.ts'
import type { GroupCache } from './shared-caches.ts'

/**
 * Gives a message or receipt of a group that names a member by LID alone the number that the list of members has, where that
 * was looked at lately. WhatsApp need not tell both addresses with every stanza; who reads it finds them as if it had.
 */
export function addMemberNumbers(node: BinaryNode, groups: Pick<GroupCache, 'phoneOf'>): void {
  const { from } = node.attrs
  if ((node.tag !== 'message' && node.tag !== 'receipt') || !from?.endsWith('@g.us')) return
  addNumber(node.attrs, node.attrs.participant, from, groups)
  // A receipt may be of several members.
  for (const message of childrenOf(node))
    if (message.tag === 'participants')
      for (const { attrs } of childrenOf(message)) addNumber(attrs, attrs.jid, from, groups)
}

function addNumber(
  attrs: BinaryNode['attrs'],
  member: string | undefined,
  group: string,
  groups: Pick<GroupCache, 'phoneOf'>,
): void {
  if (!member?.endsWith('@lid') || attrs.participant_pn !== undefined) return
  const phone = groups.phoneOf(group, member)
  if (phone !== undefined) attrs.participant_pn = phone
}
