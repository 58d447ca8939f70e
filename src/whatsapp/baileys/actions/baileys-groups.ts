import type { GroupActions } from '../../group-actions.ts'
import type { Jid } from '../../jid.ts'
import type { SocketAccess } from './socket-access.ts'

/** Groups through Baileys. */
export class BaileysGroups implements GroupActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  leave(group: Jid): Promise<void> {
    return this.#access.ask((socket) => socket.groupLeave(group))
  }
}
