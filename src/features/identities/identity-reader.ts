import type { DeviceId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { IdentityStore } from './identity-store.ts'

/** Answers who is who, for many people at once. */
export class IdentityReader {
  readonly #db: Db
  readonly #identities: IdentityStore

  constructor(deps: { readonly db: Db; readonly identities: IdentityStore }) {
    this.#db = deps.db
    this.#identities = deps.identities
  }

  /** The other form of each of these addresses (the phone JID of a LID, the LID of a phone JID), where it is known. */
  otherForms(deviceId: DeviceId, jids: readonly Jid[]): Promise<ReadonlyMap<Jid, Jid>> {
    return this.#identities.otherForms(this.#db, deviceId, jids)
  }
}
