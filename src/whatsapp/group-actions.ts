import type { Group } from './group.ts'
import type { Jid } from './jid.ts'

/** A setting of a group that is on or off. */
export type GroupSwitch = 'locked' | 'announce'

/**
 * What can be done with a group as a whole. Every action rejects with `device_not_connected`, `whatsapp_timeout` (a change
 * may have happened then: `certain` is false), `whatsapp_rate_limited`, `group_not_found` (WhatsApp knows no such group),
 * `group_not_member` (we are not in it), `group_not_admin` (only its admins may) or `whatsapp_refused`.
 */
export interface GroupActions {
  /** Every group the account is in. */
  list(): Promise<readonly Group[]>
  /** The group as it is now. */
  info(group: Jid): Promise<Group>
  /** Makes a group with these people; who could not be added has an error code in it. */
  create(subject: string, people: readonly Jid[]): Promise<Group>
  /** Leaves the group. */
  leave(group: Jid): Promise<void>
  /** What an invite link leads to. Rejects with `group_invite_invalid` or `group_invite_revoked`. */
  inviteInfo(code: string): Promise<Group>
  /** Follows an invite link; `requested` when the admins decide. Rejects as `inviteInfo`. */
  join(code: string): Promise<{ readonly group: Jid; readonly state: 'joined' | 'requested' }>
  /** The code of the invite link; a new one, which makes the old one lead nowhere, with `isReset`. */
  inviteCode(group: Jid, isReset: boolean): Promise<string>
  /** Renames the group. */
  setSubject(group: Jid, subject: string): Promise<void>
  /** Sets the description; '' takes it away. */
  setTopic(group: Jid, topic: string): Promise<void>
  /** Sets the disappearing timer; 0 turns it off. */
  setTimer(group: Jid, seconds: number): Promise<void>
  /** Turns a setting on or off. */
  setSwitch(group: Jid, setting: GroupSwitch, isOn: boolean): Promise<void>
  /** Sets the picture to the JPEG in that file and answers its id; null takes the picture away. Rejects with `image_invalid`. */
  setPicture(group: Jid, jpegPath: string | null): Promise<string | null>
}
