import type { MemberOutcome } from '../../whatsapp/group.ts'
import type { MemberChange } from '../../whatsapp/group-member-actions.ts'
import type { Jid } from '../../whatsapp/jid.ts'

/** What is asked of a person's place in a group. */
export type MemberAction = MemberChange | 'approve' | 'reject'

/** What became of one person: done when `failure` is null, else why not. */
export interface MemberResult {
  readonly participant: Jid
  readonly failure: string | null
  readonly errorCode: number
}

/** WhatsApp's numbers in words, where they mean the same for every change. */
const reasons: Readonly<Record<number, string>> = {
  401: 'they have blocked this account',
  403: 'WhatsApp does not allow it',
  404: 'they are not in the group',
  406: 'WhatsApp does not accept it',
  408: 'they left the group not long ago',
  409: 'they are in that place already',
  500: 'the group is full',
}

const reasonsOf: Readonly<Partial<Record<MemberAction, Readonly<Record<number, string>>>>> = {
  add: {
    403: 'their privacy settings do not let this account add them; send them an invite link',
    404: 'WhatsApp does not know them',
    409: 'they are in the group already',
  },
  approve: { 404: 'they do not ask to join', 409: 'they are in the group already' },
  reject: { 404: 'they do not ask to join', 409: 'they are in the group already' },
}

const unanswered = 'WhatsApp did not say what became of it'

/** What became of each person asked for, in the order of asking. */
export function toResults(
  action: MemberAction,
  people: readonly Jid[],
  outcomes: readonly MemberOutcome[],
): MemberResult[] {
  return people.map((participant, index) => {
    const named = outcomes.find(({ jid, phone, lid }) => [jid, phone, lid].includes(participant))
    // WhatsApp may answer with the other address alone; it keeps the order.
    const outcome = named ?? (outcomes.length === people.length ? outcomes[index] : undefined)
    if (outcome === undefined) return { participant, failure: sentence(action, unanswered), errorCode: 0 }
    const { errorCode } = outcome
    return { participant, failure: failureOf(action, errorCode), errorCode }
  })
}

/** Why an action on a person failed; null when WhatsApp's number says that it did not. */
export function failureOf(action: MemberAction, errorCode: number): string | null {
  if (errorCode === 0 || errorCode === 200) return null
  const reason = reasonsOf[action]?.[errorCode] ?? reasons[errorCode] ?? 'WhatsApp refused it'
  return sentence(action, `${reason} (code ${errorCode})`)
}

function sentence(action: MemberAction, reason: string): string {
  return `Failed to ${action} participant: ${reason}`
}
