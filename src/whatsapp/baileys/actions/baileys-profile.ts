import type { ProfileActions } from '../../profile-actions.ts'
import type { SocketAccess } from './socket-access.ts'

/** The account and people, through Baileys. */
export class BaileysProfile implements ProfileActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  setPushName(name: string): Promise<void> {
    return this.#access.ask((socket) => socket.updateProfileName(name))
  }
}
