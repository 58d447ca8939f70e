import type { LIDMapping, SignalRepositoryWithLIDStore } from 'baileys'
import type { Logger } from '../../../core/logger.ts'
import type { KeyVault } from '../key-vault.ts'
import {
  type AddressParts,
  addressOfJid,
  hostedDomain,
  hostedLidDomain,
  isPhoneAddress,
  lidDomain,
  phoneDomain,
} from './signal-address.ts'

/** Asks WhatsApp for the LIDs of phone-number JIDs. */
export type FetchLids = (phones: string[]) => Promise<LIDMapping[] | undefined>

type Mapping = SignalRepositoryWithLIDStore['lidMapping']
type LidMappingMethods = Pick<Mapping, keyof Mapping>

const cacheLimit = 500
/** The identities table is written elsewhere too, so an answer is not kept for long. */
const cacheMs = 60_000

/**
 * Who is who, for the library: its LIDMappingStore with the same methods, on the one table of identities. Looks into the
 * table first and asks WhatsApp only for phone numbers it does not have.
 */
export class LidMapping implements LidMappingMethods {
  readonly #vault: KeyVault
  readonly #logger: Logger
  readonly #fetchLids: FetchLids | undefined
  readonly #lids = new ExpiringMap()
  readonly #phones = new ExpiringMap()
  readonly #fetching = new Map<string, Promise<LIDMapping[] | undefined>>()

  constructor(vault: KeyVault, logger: Logger, fetchLids: FetchLids | undefined) {
    this.#vault = vault
    this.#logger = logger
    this.#fetchLids = fetchLids
  }

  /** Stores pairs, given in either order. Pairs that are known are not written again. */
  async storeLIDPNMappings(pairs: LIDMapping[]): Promise<void> {
    const wanted = new Map<string, string>()
    for (const { lid, pn } of pairs) {
      const [a, b] = [parse(lid), parse(pn)]
      const lidUser = [a, b].find((part) => part?.domain === lidDomain)?.user
      const phoneUser = [a, b].find((part) => part?.domain === phoneDomain)?.user
      if (lidUser === undefined || phoneUser === undefined) {
        this.#logger.debug({}, 'not a pair of a LID and a phone number')
      } else {
        wanted.set(phoneUser, lidUser)
      }
    }
    const known = await this.lidUsersOf([...wanted.keys()])
    const identities = [...wanted]
      .filter(([phoneUser, lidUser]) => known.get(phoneUser) !== lidUser)
      .map(([phoneUser, lidUser]) => ({ phoneUser, lidUser }))
    if (identities.length === 0) return
    await this.#vault.learn(identities)
    for (const { phoneUser, lidUser } of identities) this.#remember(phoneUser, lidUser)
  }

  async getLIDForPN(phone: string): Promise<string | null> {
    const [address] = phoneAddresses([phone])
    if (address === undefined) return null
    const lidUser = (await this.#lidUsers([address])).get(address.user)
    return lidUser === undefined ? null : lidJid(lidUser, address)
  }

  /**
   * The LIDs, with the device of each phone-number JID. Who has none even for WhatsApp is given under the phone number:
   * the library asks this only to know under which addresses to fetch prekeys, and leaves out whom the answer leaves out,
   * so that nothing could be sent to them. Null when nobody was asked for.
   */
  async getLIDsForPNs(phones: string[]): Promise<LIDMapping[] | null> {
    const asked = phoneAddresses(phones)
    if (asked.length === 0) return null
    const known = await this.#lidUsers(asked)
    return asked.map((address) => {
      const lidUser = known.get(address.user)
      return { pn: address.jid, lid: lidUser === undefined ? address.jid : lidJid(lidUser, address) }
    })
  }

  async getPNForLID(lid: string): Promise<string | null> {
    return (await this.getPNsForLIDs([lid]))?.[0]?.pn ?? null
  }

  /** The phone-number JIDs, each with its device (also `:0`, as the library writes it); null when none is known. */
  async getPNsForLIDs(lids: string[]): Promise<LIDMapping[] | null> {
    const asked = lids.flatMap((jid) => {
      const address = parse(jid)
      return address !== null && jid.endsWith('@lid') ? [{ jid, address }] : []
    })
    const known = await this.phoneUsersOf(asked.map(({ address }) => address.user))
    const found = asked.flatMap(({ jid, address }) => {
      const user = known.get(address.user)
      return user === undefined ? [] : [{ lid: jid, pn: `${user}:${address.device}@s.whatsapp.net` }]
    })
    return found.length === 0 ? null : found
  }

  /** The LID of each phone number in our table, without asking WhatsApp. */
  lidUsersOf(phoneUsers: readonly string[]): Promise<Map<string, string>> {
    return lookUp(phoneUsers, this.#lids, async (missing) => {
      const stored = await this.#vault.lidsOf(missing)
      for (const [phoneUser, lidUser] of stored) this.#remember(phoneUser, lidUser)
      return stored
    })
  }

  /** The phone number of each LID in our table. */
  phoneUsersOf(lidUsers: readonly string[]): Promise<Map<string, string>> {
    return lookUp(lidUsers, this.#phones, async (missing) => {
      const stored = await this.#vault.phonesOf(missing)
      for (const [lidUser, phoneUser] of stored) this.#phones.set(lidUser, phoneUser)
      return stored
    })
  }

  /** Drops what is remembered; the library calls it when the socket ends. */
  close(): void {
    this.#lids.clear()
    this.#phones.clear()
  }

  /** The LID of each, from our table or else from WhatsApp. */
  async #lidUsers(asked: readonly AddressParts[]): Promise<Map<string, string>> {
    const users = [...new Set(asked.map(({ user }) => user))]
    const known = await this.lidUsersOf(users)
    const unknown = users.filter((user) => !known.has(user))
    for (const { lid, pn } of (await this.#fetch(unknown)) ?? []) {
      const [lidUser, phoneUser] = [parse(lid)?.user, parse(pn)?.user]
      if (lidUser !== undefined && phoneUser !== undefined) known.set(phoneUser, lidUser)
    }
    return known
  }

  /** Asks WhatsApp once for the same question asked several times at once. */
  async #fetch(users: readonly string[]): Promise<LIDMapping[] | undefined> {
    if (users.length === 0 || this.#fetchLids === undefined) return undefined
    const question = [...users].sort().join(',')
    const running =
      this.#fetching.get(question) ?? this.#fetchLids(users.map((user) => `${user}@s.whatsapp.net`))
    this.#fetching.set(question, running)
    try {
      const answer = await running
      if (answer !== undefined) await this.storeLIDPNMappings(answer)
      return answer
    } finally {
      this.#fetching.delete(question)
    }
  }

  #remember(phoneUser: string, lidUser: string): void {
    this.#lids.set(phoneUser, lidUser)
    this.#phones.set(lidUser, phoneUser)
  }
}

async function lookUp(
  keys: readonly string[],
  remembered: ExpiringMap,
  load: (missing: readonly string[]) => Promise<Map<string, string>>,
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const key of new Set(keys)) {
    const value = remembered.get(key)
    if (value === undefined) missing.push(key)
    else found.set(key, value)
  }
  if (missing.length > 0) for (const [key, value] of await load(missing)) found.set(key, value)
  return found
}

/** The phone-number JIDs among these, each with its parts. */
function phoneAddresses(jids: readonly string[]): (AddressParts & { readonly jid: string })[] {
  return jids.flatMap((jid) => {
    const address = /@(s\.whatsapp\.net|hosted)$/.test(jid) ? parse(jid) : null
    return address === null ? [] : [{ jid, ...address }]
  })
}

function lidJid(user: string, { domain, device }: AddressParts): string {
  const suffix = device === 0 ? '' : `:${device}`
  return `${user}${suffix}@${domain === hostedDomain ? 'hosted.lid' : 'lid'}`
}

function parse(jid: string): AddressParts | null {
  try {
    const address = addressOfJid(jid)
    const isPerson =
      isPhoneAddress(address) || address.domain === lidDomain || address.domain === hostedLidDomain
    return isPerson && /@(s\.whatsapp\.net|lid|hosted|hosted\.lid)$/.test(jid) ? address : null
  } catch (error) {
    if (error instanceof Error) return null
    throw error
  }
}

/** A bounded map whose entries are forgotten after a minute. */
class ExpiringMap {
  readonly #entries = new Map<string, { readonly value: string; readonly until: number }>()

  get(key: string): string | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined || entry.until > performance.now()) return entry?.value
    this.#entries.delete(key)
    return undefined
  }

  set(key: string, value: string): void {
    this.#entries.delete(key)
    this.#entries.set(key, { value, until: performance.now() + cacheMs })
    if (this.#entries.size <= cacheLimit) return
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest)
      return
    }
  }

  clear(): void {
    this.#entries.clear()
  }
}
