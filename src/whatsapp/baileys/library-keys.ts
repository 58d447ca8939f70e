import type { SignalDataSet, SignalDataTypeMap, SignalKeyStore } from 'baileys'
import { decodeValue, encodeValue } from './key-codec.ts'
import type { IdentityPair, KeyChange } from './key-rows.ts'
import type { KeyVault } from './key-vault.ts'
import type { KeyLock } from './signal/key-lock.ts'

/** Rows that our own Signal code writes in its own form; the library only ever deletes them. */
const rawTypes: ReadonlySet<string> = new Set(['session', 'sender-key', 'identity-key'])
const reverseSuffix = '_reverse'

/** Revives an app state key, as the library wants it to be an object of its protobuf class. */
export type ReviveAppStateKey = (fields: object) => SignalDataTypeMap['app-state-sync-key']

/**
 * The key store that the library reads and writes through, on a device's vault. All keys that one `set` names are
 * one commit. `lid-mapping` is the table of identities, in both directions.
 */
export class LibraryKeys implements SignalKeyStore {
  readonly #vault: KeyVault
  readonly #locks: KeyLock
  readonly #reviveAppStateKey: ReviveAppStateKey

  constructor(vault: KeyVault, locks: KeyLock, reviveAppStateKey: ReviveAppStateKey) {
    this.#vault = vault
    this.#locks = locks
    this.#reviveAppStateKey = reviveAppStateKey
  }

  /** The values that exist, as fresh objects: the library changes them. */
  async get<T extends keyof SignalDataTypeMap>(
    type: T,
    ids: string[],
  ): Promise<{ [id: string]: SignalDataTypeMap[T] }> {
    if (type === 'lid-mapping') return fromEntries<T>(await this.#identities(ids))
    const rows = await this.#vault.read(type, ids)
    return fromEntries<T>([...rows].map(([id, body]) => [id, this.#decode(type, body)]))
  }

  /** Resolves when all of it is on disk. */
  async set(data: SignalDataSet): Promise<void> {
    const changes: KeyChange[] = []
    const locked: string[] = []
    for (const [type, values] of Object.entries(data)) {
      if (type === 'lid-mapping') continue
      for (const [id, value] of Object.entries(values ?? {})) {
        changes.push({ type, id, body: this.#encode(type, value) })
        if (rawTypes.has(type)) locked.push(id)
      }
    }
    const identities = toIdentityPairs(data['lid-mapping'] ?? {})
    // A session that an operation has in hand must not come back after it was deleted here.
    const { written } = await this.#locks.run(locked, () => {
      const written = this.#vault.write({ changes })
      written.catch((error: unknown) => error)
      return { written }
    })
    await Promise.all([written, this.#vault.learn(identities)])
  }

  async #identities(ids: readonly string[]): Promise<[string, string][]> {
    const lidUsers = ids
      .filter((id) => id.endsWith(reverseSuffix))
      .map((id) => id.slice(0, -reverseSuffix.length))
    const phoneUsers = ids.filter((id) => !id.endsWith(reverseSuffix))
    const [lids, phones] = await Promise.all([this.#vault.lidsOf(phoneUsers), this.#vault.phonesOf(lidUsers)])
    return [
      ...lids,
      ...[...phones].map(([lid, phone]): [string, string] => [`${lid}${reverseSuffix}`, phone]),
    ]
  }

  #decode(type: string, body: Buffer): unknown {
    if (rawTypes.has(type)) return Buffer.from(body)
    const value = decodeValue(body)
    return type === 'app-state-sync-key' && typeof value === 'object' && value !== null
      ? this.#reviveAppStateKey(value)
      : value
  }

  #encode(type: string, value: unknown): Buffer | null {
    if (value === null || value === undefined) return null
    if (!rawTypes.has(type)) return encodeValue(value)
    if (value instanceof Uint8Array) return Buffer.from(value)
    throw new TypeError(`a ${type} in another library's form cannot be stored`)
  }
}

/** Half of the entries say the same the other way round. */
function toIdentityPairs(values: NonNullable<SignalDataSet['lid-mapping']>): IdentityPair[] {
  const pairs = new Map<string, IdentityPair>()
  for (const [id, value] of Object.entries(values)) {
    if (value === null) continue
    const isReverse = id.endsWith(reverseSuffix)
    const lidUser = isReverse ? id.slice(0, -reverseSuffix.length) : value
    pairs.set(lidUser, { lidUser, phoneUser: isReverse ? value : id })
  }
  return [...pairs.values()]
}

function fromEntries<T extends keyof SignalDataTypeMap>(
  entries: readonly (readonly [string, unknown])[],
): { [id: string]: SignalDataTypeMap[T] } {
  // What was stored under a type is what the library gave for it.
  return Object.fromEntries(entries) as { [id: string]: SignalDataTypeMap[T] }
}
