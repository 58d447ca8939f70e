import type { Jid } from './jid.ts'

/** Calls that come in. Rejects with `device_not_connected`. */
export interface CallActions {
  /** Declines the call of that id. */
  reject(caller: Jid, callId: string): Promise<void>
}
