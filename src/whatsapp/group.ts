import type { Jid } from './jid.ts'

/** A person as a group names them: by the address the group uses, and by the other one where WhatsApp tells it. */
export interface GroupPerson {
  /** The address as it came; the only one that is sure to be there. */
  readonly jid: Jid
  readonly phone: Jid | null
  readonly lid: Jid | null
}

export type GroupRank = 'member' | 'admin' | 'superadmin'

/** Somebody in a group. */
export interface GroupMember extends GroupPerson {
  readonly rank: GroupRank
  /** What a group that hides its members shows instead of a number; '' elsewhere. */
  readonly displayName: string
  /** WhatsApp's number for what went wrong with this member; 0 when nothing did. */
  readonly errorCode: number
  /** The invitation to send to somebody who cannot be added. */
  readonly addRequest: AddRequest | null
}

/** A personal invitation that WhatsApp hands out for somebody who lets nobody add them. */
export interface AddRequest {
  readonly code: string
  readonly expiresAt: Date | null
}

/** A text of a group with who wrote it and when; nulls where WhatsApp does not tell. */
export interface GroupText {
  readonly text: string
  readonly setAt: Date | null
  readonly setBy: GroupPerson | null
}

/** Who may add members: '' when WhatsApp does not tell. */
export type MemberAddMode = 'admin_add' | 'all_member_add' | ''

/** A group as WhatsApp describes it. */
export interface Group {
  readonly jid: Jid
  readonly owner: GroupPerson | null
  readonly ownerCountryCode: string
  readonly createdAt: Date | null
  readonly subject: GroupText
  readonly topic: (GroupText & { readonly id: string }) | null
  /** Only admins change the group's name, picture and settings. */
  readonly isLocked: boolean
  /** Only admins write. */
  readonly isAnnounce: boolean
  readonly announceVersion: string
  /** Disappearing timer in seconds; 0 when off. */
  readonly expirationSeconds: number
  readonly isIncognito: boolean
  /** A community, which has groups of its own. */
  readonly isParent: boolean
  readonly defaultApprovalMode: string
  /** The community that the group belongs to. */
  readonly parent: Jid | null
  readonly isDefaultSubGroup: boolean
  readonly needsApproval: boolean
  readonly addressingMode: 'lid' | 'pn'
  readonly memberAddMode: MemberAddMode
  readonly isSuspended: boolean
  readonly participantVersion: string
  /** As WhatsApp counts them; an invite link's preview counts more than it lists. */
  readonly memberCount: number
  readonly members: readonly GroupMember[]
}

/** Somebody who wants to join a group whose admins decide. */
export interface JoinRequest extends GroupPerson {
  readonly requestedAt: Date | null
}

/** What became of one person of a change; `errorCode` is WhatsApp's number, 0 for success. */
export interface MemberOutcome extends GroupPerson {
  readonly errorCode: number
  readonly addRequest: AddRequest | null
}
