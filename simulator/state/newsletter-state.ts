import type { proto } from 'baileys'
import type { Account } from './account.ts'
import { Changes } from './changes.ts'

/** What an account is to a newsletter; followers are subscribers. */
export type NewsletterRole = 'owner' | 'admin' | 'subscriber'

/** One post of a newsletter. */
export interface NewsletterPost {
  /** Counts up from 100 within a newsletter; reactions, views and pages name posts by it. */
  readonly serverId: number
  /** The id its author's device gave it. */
  readonly id: string
  readonly author: Account
  /** Attribute of the stanza: `text`, `media` … */
  readonly type: string
  /** Seconds since 1970. */
  readonly postedAt: number
  message: proto.IMessage
  /** Attribute of the plaintext: what kind of file came along. */
  readonly mediaType: string | undefined
  /** Who has seen it. */
  readonly viewers: Set<Account>
  /** Emoji by account. */
  readonly reactions: Map<Account, string>
}

/** A text with the moment it was set, as the directory serves it. */
export interface NewsletterText {
  text: string
  id: string
  /** Microseconds since 1970. */
  setAt: number
}

/** One newsletter (channel) as the server keeps it. */
export class NewsletterState {
  /** JID on `newsletter`. */
  readonly jid: string
  readonly invite: string
  readonly createdAt: number
  readonly owner: Account
  readonly changes = new Changes()
  /** Everybody who gets its posts, the owner included. */
  readonly members = new Map<Account, NewsletterRole>()
  readonly muted = new Set<Account>()
  /** Oldest first. */
  readonly posts: NewsletterPost[] = []
  name: NewsletterText
  description: NewsletterText
  /** The full picture and the small one; undefined without a picture. */
  picture: { id: string; directPath: string } | undefined
  isVerified = false
  state: 'ACTIVE' | 'SUSPENDED' | 'DELETED' = 'ACTIVE'
  /** Which reactions are allowed. */
  reactionCodes: 'ALL' | 'BASIC' | 'NONE' = 'ALL'
  #nextServerId = 100

  constructor(start: {
    jid: string
    invite: string
    owner: Account
    name: string
    description: string
    at: number
  }) {
    this.jid = start.jid
    this.invite = start.invite
    this.owner = start.owner
    this.createdAt = start.at
    const setAt = start.at * 1_000_000
    this.name = { text: start.name, id: String(setAt), setAt }
    this.description = { text: start.description, id: String(setAt + 1), setAt }
    this.members.set(start.owner, 'owner')
  }

  /** True for those who may post. */
  mayPost(account: Account): boolean {
    const role = this.members.get(account)
    return role === 'owner' || role === 'admin'
  }

  /** The post with that server id. */
  post(serverId: number): NewsletterPost | undefined {
    return this.posts.find((post) => post.serverId === serverId)
  }

  /** Appends a post under the next server id. */
  add(
    post: Pick<NewsletterPost, 'id' | 'author' | 'type' | 'postedAt' | 'message' | 'mediaType'>,
  ): NewsletterPost {
    const added = {
      ...post,
      serverId: this.#nextServerId++,
      viewers: new Set<Account>(),
      reactions: new Map(),
    }
    this.posts.push(added)
    this.changes.notify()
    return added
  }
  /** Takes a post away. */
  remove(post: NewsletterPost): void {
    const at = this.posts.indexOf(post)
    if (at >= 0) this.posts.splice(at, 1)
    this.changes.notify()
  }
}
