import type { GroupActions, GroupSwitch, ParticipantOutcome } from '../protocol/groups/group-actions.ts'
import type { Account } from '../state/account.ts'
import type { GroupRank, GroupState } from '../state/group-state.ts'
import { waitFor } from './wait-for.ts'

/** Somebody who acts in a group or is acted on. */
interface Somebody {
  readonly account: Account
}

/** A group and what its members do with it. Every change is told to all members' devices, as the server does. */
export class Group {
  readonly state: GroupState
  readonly #actions: GroupActions

  constructor(state: GroupState, actions: GroupActions) {
    this.state = state
    this.#actions = actions
  }

  get jid(): string {
    return this.state.jid
  }

  get subject(): string {
    return this.state.subject
  }

  /** Code of the invite link `https://chat.whatsapp.com/<code>`. */
  get inviteCode(): string {
    return this.state.inviteCode
  }

  /** Members with their rank. */
  get members(): ReadonlyMap<Account, GroupRank> {
    return this.state.members
  }

  /** Adds people, by default as the creator. */
  add(people: Somebody[], by: Somebody = this.#creator): ParticipantOutcome[] {
    return this.#actions.add(this.state, by.account, jids(people))
  }

  /** Removes people. */
  remove(people: Somebody[], by: Somebody = this.#creator): ParticipantOutcome[] {
    return this.#actions.remove(this.state, by.account, jids(people))
  }

  /** Somebody leaves. */
  leave(person: Somebody): void {
    this.#actions.leave(this.state, person.account)
  }

  /**
   * From now on the server, dishonest, hands what is written to the group to somebody's present devices even when they are no
   * longer in it. What is meant for members alone (their keys) stays with them.
   */
  isOverheardBy(person: Somebody): void {
    for (const device of person.account.devices.values()) this.state.listeners.add(device)
  }

  /** Makes people admins. */
  promote(people: Somebody[], by: Somebody = this.#creator): ParticipantOutcome[] {
    return this.#actions.rank(this.state, by.account, jids(people), 'promote')
  }

  /** Makes admins members. */
  demote(people: Somebody[], by: Somebody = this.#creator): ParticipantOutcome[] {
    return this.#actions.rank(this.state, by.account, jids(people), 'demote')
  }

  /** Changes the subject. */
  setSubject(subject: string, by: Somebody = this.#creator): void {
    this.#actions.setSubject(this.state, by.account, subject)
  }

  /** Changes the description; undefined takes it away. */
  setDescription(body: string | undefined, by: Somebody = this.#creator): void {
    this.#actions.setDescription(this.state, by.account, body)
  }

  /** Announcement mode (only admins write) and locking (only admins change the info). */
  setSwitch(to: GroupSwitch, by: Somebody = this.#creator): void {
    this.#actions.setSwitch(this.state, by.account, to)
  }

  /** Sets the disappearing timer in seconds; 0 turns it off. */
  setEphemeral(seconds: number, by: Somebody = this.#creator): void {
    this.#actions.setEphemeral(this.state, by.account, seconds)
  }

  /** Lets admins decide about who joins by link. */
  setApproval(on: boolean, by: Somebody = this.#creator): void {
    this.#actions.setApproval(this.state, by.account, on)
  }

  /** Makes a new invite link. */
  revokeInvite(by: Somebody = this.#creator): string {
    return this.#actions.revokeInvite(this.state, by.account)
  }

  /** Somebody follows the invite link. */
  join(person: Somebody): 'joined' | 'requested' {
    return this.#actions.join(this.state, person.account)
  }

  /** Admits or turns away people who asked to join. */
  decide(people: Somebody[], approve: boolean, by: Somebody = this.#creator): ParticipantOutcome[] {
    return this.#actions.decide(this.state, by.account, jids(people), approve)
  }

  /** Waits until the group fits a test. */
  becomes(test: (group: GroupState) => boolean, options: { timeoutMs?: number } = {}): Promise<GroupState> {
    return waitFor(
      `the group ${this.subject} changing`,
      this.state.changes,
      () => (test(this.state) ? this.state : undefined),
      options,
    )
  }

  get #creator(): Somebody {
    return { account: this.state.creator }
  }
}

function jids(people: Somebody[]): string[] {
  return people.map(({ account }) => account.pn)
}
