import type { BinaryNode } from 'baileys'
import type { StatusActions, StatusPrivacy } from '../../status-actions.ts'
import type { SocketAccess } from './socket-access.ts'
import { parseStatusPrivacy, statusPrivacyQuery } from './status-nodes.ts'

/** The status feed through Baileys. */
export class BaileysStatuses implements StatusActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  privacy(): Promise<StatusPrivacy> {
    return this.#access.ask(async (socket) => {
      return parseStatusPrivacy((await socket.query(statusPrivacyQuery())) as BinaryNode) // Baileys types no answer
    })
  }
}
