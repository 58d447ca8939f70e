import type { CallActions } from '../../call-actions.ts'
import type { Jid } from '../../jid.ts'
import type { SocketAccess } from './socket-access.ts'

/** Calls through Baileys. */
export class BaileysCalls implements CallActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  reject(caller: Jid, callId: string): Promise<void> {
    return this.#access.ask((socket) => socket.rejectCall(callId, caller))
  }
}
