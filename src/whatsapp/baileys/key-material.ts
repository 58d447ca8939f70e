import type { AuthenticationCreds, SignalDataSet } from 'baileys'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import { parseJid } from '../jid.ts'
import type { Account } from '../whatsapp-session.ts'
import { ByteLru } from './byte-lru.ts'
import { pruneDecrypted } from './decrypted-store.ts'
import type { DeviceKeys, DeviceKeysParts } from './device-keys.ts'
import { decodeValue } from './key-codec.ts'
import { noEpoch, takeLease } from './key-lease-store.ts'
import { type KeyDatabase, KeyRowStore } from './key-row-store.ts'
import { KeyVault } from './key-vault.ts'
import { TurnGate } from './signal/turn-gate.ts'

export interface KeyMaterialDeps extends KeyDatabase {
  readonly logger: Logger
  /** How much of all devices' key rows is kept in memory; default 64 MB. */
  readonly cacheBytes?: number
}

const defaultCacheBytes = 64 * 1024 * 1024

/**
 * Credentials and Signal keys of every device, in the database and nowhere else. One object per process: what two of
 * them would keep in memory could not agree.
 */
export class KeyMaterial {
  readonly #deps: KeyMaterialDeps
  readonly #cache: ByteLru
  readonly #gate = new TurnGate()
  readonly #loaded = new Map<DeviceId, Promise<LoadedKeys>>()

  constructor(deps: KeyMaterialDeps) {
    this.#deps = deps
    this.#cache = new ByteLru(deps.cacheBytes ?? defaultCacheBytes)
  }

  /**
   * The keys of a device, made when it has none, with the right to write them: another process that had it loses it. The
   * same object for every call, until a write failed, another process took the device, or it is forgotten or unloaded.
   */
  async load(device: DeviceId): Promise<DeviceKeys> {
    const present = this.#loaded.get(device)
    if (present !== undefined) {
      const known = await present
      if (known.storageFailure === null && (await known.isHeld())) return known
      if (this.#loaded.get(device) === present) await this.unload(device)
    }
    const loading = this.#loaded.get(device) ?? this.#load(device)
    this.#loaded.set(device, loading)
    try {
      return await loading
    } catch (error) {
      this.#loaded.delete(device)
      throw error
    }
  }

  /** The account a device is linked to; null before and after. Does not load the library. */
  async account(device: DeviceId): Promise<Account | null> {
    const creds =
      (await this.#loaded.get(device))?.creds ?? (await this.#readCreds(this.#store(device, noEpoch)))
    const me = creds?.me
    if (me === undefined || creds?.account === undefined) return null
    return {
      jid: parseJid(me.id),
      lid: me.lid === undefined || me.lid === '' ? null : parseJid(me.lid),
      jidWithDevice: me.id,
      pushName: me.name ?? '',
    }
  }

  /** Whether a device's pairing was begun and never confirmed. */
  async isHalfPaired(device: DeviceId): Promise<boolean> {
    const creds =
      (await this.#loaded.get(device))?.creds ?? (await this.#readCreds(this.#store(device, noEpoch)))
    return creds?.me !== undefined && creds.account === undefined
  }

  /** Deletes a device's credentials and keys. Who is who, and the history, stay. */
  async forget(device: DeviceId): Promise<void> {
    await this.unload(device)
    await this.#store(device, noEpoch).forget()
  }

  /** Takes a device's keys out of memory, once nothing of them is being written. */
  async unload(device: DeviceId): Promise<void> {
    const loaded = this.#loaded.get(device)
    this.#loaded.delete(device)
    await (await loaded)?.close()
  }

  /**
   * Deletes plaintexts kept since before `olderThan`, in small steps; resolves with how many. What is still journaled is
   * younger: 14 days are enough.
   */
  prune(olderThan: Date): Promise<number> {
    return pruneDecrypted(this.#deps, olderThan)
  }

  /**
   * Deletes what the key rows of these devices tell of people (digits): sessions with them, their keys of groups, who has
   * our keys. Sessions are made anew when they are needed. Plaintexts kept for repetitions go altogether: they do not say
   * whose they are. Resolves to how many key rows went.
   */
  async forgetPeople(devices: readonly DeviceId[], users: readonly string[]): Promise<number> {
    let deleted = 0
    for (const device of devices) {
      const store = this.#store(device, noEpoch)
      const loaded = await this.#loaded.get(device)
      await loaded?.durable()
      const rows = await store.naming(users)
      deleted += rows.length
      if (loaded === undefined) await store.deleteUnused(rows)
      else await loaded.keys.set(toDeletions(rows))
    }
    await pruneDecrypted(this.#deps, new Date(this.#deps.clock.now().getTime() + 1))
    return deleted
  }

  async #load(device: DeviceId): Promise<LoadedKeys> {
    // The library is heavy: it is loaded when the first device needs it.
    const [{ proto }, { StoredDeviceKeys }] = await Promise.all([
      import('baileys'),
      import('./device-keys.ts'),
    ])
    const { inTransaction, clock } = this.#deps
    const store = this.#store(device, await inTransaction((tx) => takeLease(tx, device, clock)))
    const newVault = () => new KeyVault({ device, store, cache: this.#cache })
    const begin = async (): Promise<DeviceKeysParts> => {
      const { beginCredentials } = await import('./initial-credentials.ts')
      return { creds: await beginCredentials(store), vault: newVault() }
    }
    const creds = await this.#readCreds(store)
    if (creds !== null) repairPreKeyIds(creds, await store.highestPreKeyId())
    return new StoredDeviceKeys(
      {
        store,
        begin,
        clock,
        gate: this.#gate,
        logger: this.#deps.logger.child({ deviceId: device }),
        reviveAppStateKey: (fields) => proto.Message.AppStateSyncKeyData.fromObject(fields),
      },
      creds === null ? await begin() : { creds, vault: newVault() },
    )
  }

  async #readCreds(store: KeyRowStore): Promise<AuthenticationCreds | null> {
    const body = await store.readCredentials()
    // It is what encodeCreds made of the library's credentials.
    return body === null ? null : (decodeValue(body) as AuthenticationCreds)
  }

  #store(device: DeviceId, epoch: number): KeyRowStore {
    return new KeyRowStore(this.#deps, device, epoch)
  }
}

function toDeletions(rows: readonly { readonly type: string; readonly id: string }[]): SignalDataSet {
  const byType = Map.groupBy(rows, ({ type }) => type)
  return Object.fromEntries(
    [...byType].map(([type, ofType]) => [type, Object.fromEntries(ofType.map(({ id }) => [id, null]))]),
  )
}

interface LoadedKeys extends DeviceKeys {
  isHeld(): Promise<boolean>
  close(): Promise<void>
}

/**
 * The library announces new ids before it stores the keys, and a crash may come between the two. An id that was uploaded
 * once must not name another key.
 */
function repairPreKeyIds(creds: AuthenticationCreds, highest: number): void {
  if (creds.nextPreKeyId > highest) return
  creds.nextPreKeyId = highest + 1
  creds.firstUnuploadedPreKeyId = highest + 1
}
