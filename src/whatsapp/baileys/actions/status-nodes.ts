// Owns: the stanzas of the status feed that Baileys has no call for.
import type { BinaryNode } from 'baileys'
import type { Jid } from '../../jid.ts'
import type { StatusPrivacy } from '../../status-actions.ts'
import { wireJid } from '../incoming/wire-jid.ts'

/** Asks whom the account shows its status to. */
export function statusPrivacyQuery(): BinaryNode {
  return {
    tag: 'iq',
    attrs: { type: 'get', xmlns: 'status', to: 's.whatsapp.net' },
    content: [{ tag: 'privacy', attrs: {} }],
  }
}

/** The list in force of an answer: the one marked as default, else the first; all contacts when there is none. */
export function parseStatusPrivacy(answer: BinaryNode): StatusPrivacy {
  const lists = childrenOf(childrenOf(answer, 'privacy')[0], 'list')
  const list = lists.find(({ attrs }) => attrs['default'] === 'true') ?? lists[0]
  const people = childrenOf(list, 'user')
    .map(({ attrs }) => wireJid(attrs['jid']))
    .filter((jid): jid is Jid => jid !== null)
  switch (list?.attrs['type']) {
    case 'whitelist':
      return { shownTo: 'only', people }
    case 'blacklist':
      return { shownTo: 'contacts-except', people }
    default:
      return { shownTo: 'contacts', people: [] }
  }
}

function childrenOf(node: BinaryNode | undefined, tag: string): BinaryNode[] {
  return Array.isArray(node?.content) ? node.content.filter((child) => child.tag === tag) : []
}
