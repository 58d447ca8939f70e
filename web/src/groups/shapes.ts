// The shapes of groups, as /openapi.json describes them; only members that the dashboard uses.

export interface GroupMember {
  /** The address the group uses. */
  readonly JID: string
  /** Empty when it is not known. */
  readonly PhoneNumber: string
  readonly LID: string
  readonly IsAdmin: boolean
  readonly IsSuperAdmin: boolean
}

export interface Group {
  readonly JID: string
  readonly OwnerJID: string
  readonly OwnerPN: string
  readonly Name: string
  readonly Topic: string
  readonly IsLocked: boolean
  readonly IsAnnounce: boolean
  readonly DisappearingTimer: number
  readonly IsParent: boolean
  readonly IsJoinApprovalRequired: boolean
  readonly GroupCreated: string
  readonly Participants: readonly GroupMember[]
  readonly ParticipantCount: number
}

export interface Participant {
  /** Phone-number JID when it is known, else LID. */
  readonly jid: string
  /** Phone-number JID; empty when it is not known. */
  readonly phone_number: string
  readonly display_name?: string
  readonly is_admin: boolean
  readonly is_super_admin: boolean
}

export interface JoinRequest {
  readonly jid: string
  /** Digits; empty when the number is not known. */
  readonly phone_number: string
  readonly display_name?: string
  readonly requested_at: string
}

/** What became of one participant in a change. */
export interface ChangeResult {
  readonly participant: string
  readonly status: 'success' | 'error'
  readonly message: string
}

export interface GroupPreview {
  readonly group_id: string
  readonly name: string
  readonly topic: string
  readonly created_at: string
  readonly participant_count: number
  readonly is_locked: boolean
  readonly is_announce: boolean
}

/** What to call a group. */
export function groupNameOf({ JID, Name }: Pick<Group, 'JID' | 'Name'>): string {
  return Name === '' ? JID.replace(/@.*$/, '') : Name
}

/** Whether an account is among a group's admins. */
export function isAdminOf({ Participants }: Group, phone: string | undefined): boolean {
  return Participants.some(({ PhoneNumber, IsAdmin }) => IsAdmin && PhoneNumber.replace(/@.*$/, '') === phone)
}

/** `3 participants`. */
export function countOf(participants: number): string {
  return participants === 1 ? '1 participant' : `${participants} participants`
}
