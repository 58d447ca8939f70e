import type { GroupState } from '../state/group-state.ts'

/** A group and what its members do with it. */
export class Group {
  readonly state: GroupState

  constructor(state: GroupState) {
    this.state = state
  }

  get jid(): string {
    return this.state.jid
  }
}
