import { areJidsSameUser, type GroupMetadata, type PossiblyExtendedCacheStore } from 'baileys'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import { BoundedCache, type CachePart } from './bounded-cache.ts'

const minuteMs = 60_000

/** What one device may see of the shared caches. */
export interface DeviceCaches {
  readonly retries: PossiblyExtendedCacheStore
  readonly userDevices: PossiblyExtendedCacheStore
  readonly callOffers: PossiblyExtendedCacheStore
  readonly placeholders: PossiblyExtendedCacheStore
  readonly media: PossiblyExtendedCacheStore
  readonly groups: GroupCache
  /** Forgets who is in which group and with which devices. */
  forgetPeople(): void
}

/**
 * Caches that Baileys would make anew and unbounded for every socket. Here one of each serves all devices, bounded, and
 * outlives the connections: a reconnect must not reset how often a message was asked for again.
 */
export class SharedCaches {
  readonly #retries: BoundedCache
  readonly #userDevices: BoundedCache
  readonly #callOffers: BoundedCache
  readonly #placeholders: BoundedCache
  readonly #media: BoundedCache
  readonly #groups: BoundedCache

  constructor(deps: { clock: Clock }) {
    const { clock } = deps
    this.#retries = new BoundedCache({ maxEntries: 20_000, ttlMs: 60 * minuteMs, clock })
    this.#userDevices = new BoundedCache({ maxEntries: 50_000, ttlMs: 5 * minuteMs, clock })
    this.#callOffers = new BoundedCache({ maxEntries: 1_000, ttlMs: 5 * minuteMs, clock })
    this.#placeholders = new BoundedCache({ maxEntries: 5_000, ttlMs: 60 * minuteMs, clock })
    this.#media = new BoundedCache({ maxEntries: 500, ttlMs: 60 * minuteMs, clock })
    this.#groups = new BoundedCache({ maxEntries: 2_000, ttlMs: 5 * minuteMs, clock })
  }

  /** The device's part of every cache. */
  of(device: DeviceId): DeviceCaches {
    const userDevices = this.#userDevices.partOf(device)
    const groups = this.#groups.partOf(device)
    return {
      retries: this.#retries.partOf(device),
      userDevices,
      callOffers: this.#callOffers.partOf(device),
      placeholders: this.#placeholders.partOf(device),
      media: this.#media.partOf(device),
      groups: new GroupCache(groups),
      forgetPeople: () => {
        void userDevices.flushAll()
        void groups.flushAll()
      },
    }
  }
}

/** Members of groups, for at most five minutes: they decide who gets our key of the group. */
export class GroupCache {
  readonly #cache: CachePart
  readonly #running = new Map<string, Promise<GroupMetadata>>()
  readonly #changes = new Map<string, number>()

  constructor(cache: CachePart) {
    this.#cache = cache
  }

  /** The group as cached, else as `fetch` tells; callers at the same moment share one fetch. */
  async get(group: string, fetch: () => Promise<GroupMetadata>): Promise<GroupMetadata> {
    const cached = this.#cache.get<GroupMetadata>(group)
    if (cached !== undefined) return cached
    const running = this.#running.get(group)
    if (running !== undefined) return running
    const changesBefore = this.#changes.get(group)
    const fetching = fetch()
      .then(async (metadata) => {
        // A change told while the answer was on its way makes the answer old.
        if (this.#changes.get(group) === changesBefore) await this.#cache.set(group, metadata)
        return metadata
      })
      .finally(() => {
        this.#running.delete(group)
        this.#changes.delete(group)
      })
    this.#running.set(group, fetching)
    return fetching
  }

  /** The phone-number JID of the member with this LID; undefined where the group, as it is here, does not tell. */
  phoneOf(group: string, lid: string): string | undefined {
    const members = this.#cache.get<GroupMetadata>(group)?.participants
    return members?.find(({ id }) => areJidsSameUser(id, lid))?.phoneNumber
  }

  /** Something about the group changed: ask again before the next send. */
  invalidate(group: string): void {
    if (this.#running.has(group)) this.#changes.set(group, (this.#changes.get(group) ?? 0) + 1)
    void this.#cache.del(group)
  }
}
