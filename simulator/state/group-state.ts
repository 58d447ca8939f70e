import { randomBytes } from 'node:crypto'
import type { Account } from './account.ts'
import { Changes } from './changes.ts'
import type { Device } from './device.ts'

/** A member's rank; the creator is `superadmin`. */
export type GroupRank = 'member' | 'admin' | 'superadmin'

/** A group's description with its author. */
export interface GroupDescription {
  id: string
  body: string
  setAt: number
  author: Account
}

/** A wish to join a group whose admins approve members. */
export interface JoinRequest {
  account: Account
  requestedAt: number
  method: 'invite_link' | 'linked_group_join' | 'non_admin_add'
}

/** One group as the server keeps it. */
export class GroupState {
  /** JID on `g.us`. */
  readonly jid: string
  readonly createdAt: number
  readonly creator: Account
  /** How members are named on the wire. */
  readonly addressingMode: 'lid' | 'pn'
  readonly changes = new Changes()
  readonly members = new Map<Account, GroupRank>()
  /** Devices outside the group that a dishonest server lets listen. */
  readonly listeners = new Set<Device>()
  readonly joinRequests = new Map<Account, JoinRequest>()
  /** Codes of invitations to one account each. */
  readonly personalInvites = new Map<Account, string>()
  subject: string
  subjectSetAt: number
  subjectAuthor: Account
  description: GroupDescription | undefined
  /** Only admins may write. */
  isAnnouncement = false
  /** Only admins may change the group's info. */
  isLocked = false
  /** Disappearing timer in seconds; 0 is off. */
  ephemeralSeconds = 0
  memberAddMode: 'admin_add' | 'all_member_add' = 'admin_add'
  needsApproval = false
  /** Shown as a group that hides its members, without further effect. */
  isIncognito = false
  inviteCode: string
  /** Codes that led here once. */
  readonly revokedCodes = new Set<string>()
  /** Grow with every change of the members, and of who may write. */
  memberVersion: number
  announceVersion: number

  constructor(start: {
    jid: string
    subject: string
    creator: Account
    addressingMode: 'lid' | 'pn'
    inviteCode: string
    at: number
  }) {
    this.jid = start.jid
    this.subject = start.subject
    this.creator = start.creator
    this.subjectAuthor = start.creator
    this.createdAt = start.at
    this.subjectSetAt = start.at
    this.addressingMode = start.addressingMode
    this.inviteCode = start.inviteCode
    this.memberVersion = start.at * 1_000_000
    this.announceVersion = start.at * 1_000_000
    this.members.set(start.creator, 'superadmin')
  }

  /** True for admins and the creator. */
  isAdmin(account: Account): boolean {
    const rank = this.members.get(account)
    return rank === 'admin' || rank === 'superadmin'
  }

  /** Makes a code with which only that account can join; it replaces an earlier one. */
  invitePersonally(account: Account): string {
    const code = randomBytes(12).toString('base64url')
    this.personalInvites.set(account, code)
    return code
  }

  /** The other address of a member, beside `jidOf`; undefined where the server keeps the number to itself. */
  otherJidOf(account: Account): string | undefined {
    if (this.addressingMode === 'pn') return account.lid
    return account.showsPhone ? account.pn : undefined
  }

  /** A member's JID as this group writes it. */
  jidOf(account: Account): string {
    return this.addressingMode === 'lid' ? account.lid : account.pn
  }
}
