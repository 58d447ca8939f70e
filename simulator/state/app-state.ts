import { randomBytes } from 'node:crypto'
import { decodeSyncdPatch, encodeSyncdPatch, type LTHashState, newLTHashState, proto } from 'baileys'

/** The five collections that clients keep in step, in the order clients ask for them. */
export const COLLECTIONS = [
  'critical_block',
  'critical_unblock_low',
  'regular_high',
  'regular_low',
  'regular',
] as const

export type CollectionName = (typeof COLLECTIONS)[number]

/** One change as the phone understands it: index (`["mute","<jid>"]` …) and new value. */
export interface Mutation {
  readonly collection: CollectionName
  readonly index: readonly string[]
  readonly value: proto.ISyncActionValue
  readonly operation: 'set' | 'remove'
  /** Number of the device that made it; 0 is the phone. */
  readonly device: number
  readonly version: number
}

interface Collection {
  version: number
  state: LTHashState
  readonly patches: { version: number; bytes: Buffer }[]
}

/**
 * One account's app state: what the server stores (encrypted patches by version) together with what the phone reads
 * from them, because the phone has the key. MACs are verified as a phone does.
 */
export class AppState {
  /** Id and secret of the key that the phone shares with every linked device. @sensitive */
  readonly keyId = randomBytes(6)
  readonly keyData = randomBytes(32)
  /** Every change in the order of its making. */
  readonly mutations: Mutation[] = []
  readonly #collections = new Map<CollectionName, Collection>(
    COLLECTIONS.map((name) => [name, { version: 0, state: newLTHashState(), patches: [] }]),
  )

  /** The version a collection has reached. */
  version(name: CollectionName): number {
    return this.#collection(name).version
  }

  /** Patches a client at `version` lacks. */
  patchesSince(name: CollectionName, version: number): readonly { version: number; bytes: Buffer }[] {
    return this.#collection(name).patches.filter((patch) => patch.version > version)
  }

  /** Takes a client's patch made on top of `base`; false when the collection has moved on meanwhile. */
  async accept(name: CollectionName, base: number, bytes: Buffer, device: number): Promise<boolean> {
    const collection = this.#collection(name)
    if (base !== collection.version) return false
    const patch = proto.SyncdPatch.decode(bytes)
    const version = base + 1
    patch.version = { version }
    const made: Mutation[] = []
    const { hash, indexValueMap } = await decodeSyncdPatch(
      patch,
      name,
      collection.state,
      async () => ({ keyData: this.keyData }),
      (mutation) => {
        made.push({
          collection: name,
          index: mutation.index, // indexes are JSON arrays of strings
          value: mutation.syncAction.value ?? {},
          operation: 'set',
          device,
          version,
        })
      },
      true,
    )
    const operations = patch.mutations.map(({ operation }) => operation)
    made.forEach((mutation, at) => {
      const isRemoval = operations[at] === proto.SyncdMutation.SyncdOperation.REMOVE
      this.mutations.push(isRemoval ? { ...mutation, operation: 'remove' } : mutation)
    })
    collection.version = version
    collection.state = { version, hash, indexValueMap }
    collection.patches.push({ version, bytes: Buffer.from(proto.SyncdPatch.encode(patch).finish()) })
    return true
  }

  /** Makes a change on the phone; the caller tells the linked devices. */
  async change(name: CollectionName, index: readonly string[], value: proto.ISyncActionValue): Promise<void> {
    const collection = this.#collection(name)
    const { patch, state } = await encodeSyncdPatch(
      {
        type: name,
        index: [...index],
        syncAction: { timestamp: Date.now(), ...value },
        apiVersion: 2,
        operation: proto.SyncdMutation.SyncdOperation.SET,
      },
      this.keyId.toString('base64'),
      collection.state,
      async () => ({ keyData: this.keyData }),
    )
    const version = collection.version + 1
    patch.version = { version }
    collection.version = version
    collection.state = state
    collection.patches.push({ version, bytes: Buffer.from(proto.SyncdPatch.encode(patch).finish()) })
    this.mutations.push({ collection: name, index, value, operation: 'set', device: 0, version })
  }

  #collection(name: CollectionName): Collection {
    const collection = this.#collections.get(name)
    if (collection === undefined) throw new Error(`no collection ${name}`)
    return collection
  }
}
