import { type Jid, jidKind, jidUser } from '../../whatsapp/jid.ts'

/** Where a chat's name comes from; a better source (later in this list) wins. */
export const nameSources = ['default', 'push', 'given'] as const
export type NameSource = (typeof nameSources)[number]

/** A chat of one account on one device. */
export interface Chat {
  /** Ours; stays the same when the chat's phone number is learnt. */
  readonly id: string
  /** The JID shown: phone-number JID when known, else LID; group, newsletter, broadcast as they are. */
  readonly jid: Jid
  readonly lid: Jid | null
  readonly name: string
  readonly nameSource: NameSource
  readonly lastMessageAt: Date
  /** Disappearing timer in seconds, 0 when off. */
  readonly expirationSeconds: number
  readonly isArchived: boolean
  readonly isPinned: boolean
  readonly unreadCount: number
  /** Messages stored of it. */
  readonly messageCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** The name of a chat that nobody has named. */
export function defaultChatName(jid: Jid): string {
  switch (jidKind(jid)) {
    case 'group':
      return `Group ${jidUser(jid)}`
    case 'newsletter':
      return `Newsletter ${jidUser(jid)}`
    default:
      return jidUser(jid)
  }
}

/** The name that `candidate` leaves a chat with; an empty one or one from a lesser source changes nothing. */
export function betterName(
  current: Pick<Chat, 'name' | 'nameSource'>,
  candidate: { readonly name: string; readonly nameSource: NameSource },
): Pick<Chat, 'name' | 'nameSource'> {
  if (candidate.name === '') return current
  return nameSources.indexOf(candidate.nameSource) >= nameSources.indexOf(current.nameSource)
    ? candidate
    : current
}
