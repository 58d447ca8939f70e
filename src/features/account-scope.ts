import type { DeviceId } from '../core/ids.ts'
import type { Jid } from '../whatsapp/jid.ts'

/** Whose data is meant: the slot, and the account (its phone-number JID) that is linked to it. */
export interface AccountScope {
  readonly deviceId: DeviceId
  readonly account: Jid
}
