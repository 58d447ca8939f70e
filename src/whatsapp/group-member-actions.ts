import type { JoinRequest, MemberOutcome } from './group.ts'
import type { Jid } from './jid.ts'

export type MemberChange = 'add' | 'remove' | 'promote' | 'demote'

/** What can be done with the members of a group. Rejects as `GroupActions`. */
export interface GroupMemberActions {
  /** The JIDs WhatsApp has for these phone-number JIDs, in any order; one for each that is registered. */
  registered(phones: readonly Jid[]): Promise<readonly Jid[]>
  /** Changes these people's place in the group; each has an outcome of their own. */
  change(group: Jid, change: MemberChange, people: readonly Jid[]): Promise<readonly MemberOutcome[]>
  /** Who asks to join. */
  requests(group: Jid): Promise<readonly JoinRequest[]>
  /** Lets people in who asked, or turns them away; each has an outcome of their own. */
  decide(group: Jid, verdict: 'approve' | 'reject', people: readonly Jid[]): Promise<readonly MemberOutcome[]>
}
