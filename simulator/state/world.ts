import { randomBytes } from 'node:crypto'
import { Curve } from 'baileys'
import { Account } from './account.ts'
import type { Device } from './device.ts'
import { GroupState } from './group-state.ts'
import { isGroupJid, parseJid } from './ids.ts'
import { NewsletterState } from './newsletter-state.ts'

/** Everything the server knows: accounts, groups and newsletters. State only; nobody is sent anything from here. */
export class World {
  readonly accounts: Account[] = []
  readonly groups = new Map<string, GroupState>()
  readonly newsletters = new Map<string, NewsletterState>()
  #byUser = new Map<string, Account>()
  /** Accounts by a number that they are also reached by. */
  readonly #otherNumbers = new Map<string, Account>()
  #nextPhone = 15_550_000_001
  #nextLid = 100_000_000_000_001
  #nextGroup = 120_363_000_000_000_001n
  #nextNewsletter = 120_363_100_000_000_001n

  /** Registers an account; a phone number and a LID are made up where none is given. */
  addAccount(options: { phone?: string; name?: string } = {}): Account {
    const phone = options.phone ?? this.#freePhone()
    if (this.#byUser.has(`${phone}@s.whatsapp.net`)) throw new Error(`phone number ${phone} is taken`)
    const account = new Account({
      phone,
      lidUser: String(this.#nextLid++),
      pushName: options.name ?? `Person ${this.accounts.length + 1}`,
      key: Curve.generateKeyPair(),
    })
    this.accounts.push(account)
    this.#byUser.set(account.pn, account)
    this.#byUser.set(account.lid, account)
    return account
  }

  /** Registers a group with its creator as the only member. */
  addGroup(options: {
    subject: string
    creator: Account
    addressingMode?: 'lid' | 'pn'
    at: number
  }): GroupState {
    const group = new GroupState({
      jid: `${this.#nextGroup++}@g.us`,
      subject: options.subject,
      creator: options.creator,
      addressingMode: options.addressingMode ?? 'lid',
      inviteCode: newInviteCode(),
      at: options.at,
    })
    this.groups.set(group.jid, group)
    return group
  }

  /** Registers a newsletter with its owner as the only member. */
  addNewsletter(start: {
    owner: Account
    name: string
    description: string
    invite: string
    at: number
  }): NewsletterState {
    const newsletter = new NewsletterState({ jid: `${this.#nextNewsletter++}@newsletter`, ...start })
    this.newsletters.set(newsletter.jid, newsletter)
    return newsletter
  }

  /** The newsletter with that JID. */
  newsletter(jid: string | undefined): NewsletterState | undefined {
    return jid === undefined ? undefined : this.newsletters.get(jid)
  }

  /** The account a JID (by phone number or LID, with or without device) belongs to. */
  account(jid: string | undefined): Account | undefined {
    const parsed = parseJid(jid)
    if (!parsed) return undefined
    const server = parsed.server === 'c.us' ? 's.whatsapp.net' : parsed.server
    return this.#byUser.get(`${parsed.user}@${server}`)
  }

  /** The account a number reaches: its own, or another that leads to it (as Brazilian ones with or without a ninth digit). */
  reachedBy(number: string): Account | undefined {
    return this.account(`${number}@s.whatsapp.net`) ?? this.#otherNumbers.get(number)
  }

  /** Lets a further number lead to an account. */
  addNumber(number: string, account: Account): void {
    this.#otherNumbers.set(number, account)
  }

  /** The device a JID names; a JID without device part names the phone. */
  device(jid: string | undefined): Device | undefined {
    return this.account(jid)?.devices.get(parseJid(jid)?.device ?? 0)
  }

  /** The group with that JID. */
  group(jid: string | undefined): GroupState | undefined {
    return jid !== undefined && isGroupJid(jid) ? this.groups.get(jid) : undefined
  }

  /** The group an invite code leads to. */
  groupByInvite(code: string): GroupState | undefined {
    return [...this.groups.values()].find((group) => group.inviteCode === code)
  }

  #freePhone(): string {
    while (this.#byUser.has(`${this.#nextPhone}@s.whatsapp.net`)) this.#nextPhone++
    return String(this.#nextPhone++)
  }
}

/** An invite code as links carry it. */
export function newInviteCode(): string {
  return randomBytes(16).toString('base64url').replaceAll(/[-_]/g, 'x')
}
