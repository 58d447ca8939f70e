import { AppError } from '../../core/app-error.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Db } from '../../db/database.ts'
import type { Jid } from '../../whatsapp/jid.ts'
import type { AccountScope } from '../account-scope.ts'
import type { Device } from './device.ts'
import type { DeviceStore } from './device-store.ts'

/** Answers other rooms' questions about devices. */
export class DeviceReader {
  readonly #db: Db
  readonly #store: DeviceStore

  constructor(deps: { readonly db: Db; readonly store: DeviceStore }) {
    this.#db = deps.db
    this.#store = deps.store
  }

  /** Every slot, oldest first. */
  async all(): Promise<readonly Device[]> {
    return this.#store.all(this.#db)
  }

  /** Ids of every slot, oldest first. */
  async ids(): Promise<readonly DeviceId[]> {
    return (await this.all()).map((device) => device.id)
  }

  async find(id: DeviceId): Promise<Device | null> {
    return this.#store.find(this.#db, id)
  }

  async exists(id: DeviceId): Promise<boolean> {
    return (await this.find(id)) !== null
  }

  /** Slots that the account with this phone-number JID or LID is linked to. */
  async idsOfAccount(account: Jid): Promise<readonly DeviceId[]> {
    return (await this.#store.linkedTo(this.#db, account)).map((device) => device.id)
  }

  /** The account that a slot is linked to. Raises `device_not_logged_in` when it never was. */
  async linkedScope(id: DeviceId): Promise<AccountScope> {
    const scope = await this.scopeOf(id)
    if (scope === null) throw new AppError('device_not_logged_in')
    return scope
  }

  /** Whose data a slot shows: the account that is or was linked last; null before the first link. */
  async scopeOf(id: DeviceId): Promise<AccountScope | null> {
    const jid = (await this.find(id))?.jid ?? null
    return jid === null ? null : { deviceId: id, account: jid }
  }
}
