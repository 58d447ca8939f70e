import type { proto } from 'baileys'
import type { NewsletterActions } from '../protocol/newsletters/newsletter-actions.ts'
import type { Account } from '../state/account.ts'
import type { NewsletterPost, NewsletterRole, NewsletterState } from '../state/newsletter-state.ts'
import { waitFor } from './wait-for.ts'

interface Somebody {
  readonly account: Account
}

/** A newsletter and what people do with it. */
export class Newsletter {
  readonly state: NewsletterState
  readonly #actions: NewsletterActions

  constructor(state: NewsletterState, actions: NewsletterActions) {
    this.state = state
    this.#actions = actions
  }

  get jid(): string {
    return this.state.jid
  }

  get name(): string {
    return this.state.name.text
  }

  /** Oldest first. */
  get posts(): readonly NewsletterPost[] {
    return this.state.posts
  }

  /** Everybody who gets its posts, by account, with what they are to it. */
  get members(): ReadonlyMap<Account, NewsletterRole> {
    return this.state.members
  }

  /** Posts a text or any message, by default as the owner. */
  post(content: string | proto.IMessage, by: Somebody = { account: this.state.owner }): NewsletterPost {
    const message = typeof content === 'string' ? { conversation: content } : content
    return this.#actions.post(this.state, by.account, message)
  }

  /** Gives a post another text or message, by default as the owner; its followers are told. */
  edit(
    post: NewsletterPost,
    content: string | proto.IMessage,
    by: Somebody = { account: this.state.owner },
  ): void {
    const message = typeof content === 'string' ? { conversation: content } : content
    this.#actions.edit(this.state, post, by.account, message)
  }

  /** Takes a post away, by default as the owner; its followers are told. */
  revoke(post: NewsletterPost, by: Somebody = { account: this.state.owner }): void {
    this.#actions.revoke(this.state, post, by.account)
  }

  /** Somebody reacts to a post; an empty emoji takes it back. */
  react(post: NewsletterPost, by: Somebody, emoji: string): void {
    this.#actions.react(this.state, post, by.account, emoji)
  }

  /** Somebody looks at a post. */
  view(post: NewsletterPost, by: Somebody): void {
    this.#actions.view(this.state, post, by.account)
  }

  /** Lets somebody post. */
  makeAdmin(person: Somebody): void {
    this.state.members.set(person.account, 'admin')
  }

  /** Waits for a post that fits, as the server keeps it. */
  gets(
    test: (post: NewsletterPost) => boolean,
    options: { timeoutMs?: number } = {},
  ): Promise<NewsletterPost> {
    return waitFor(`a post in ${this.name}`, this.state.changes, () => this.posts.find(test), {
      ...options,
      describe: () => JSON.stringify(this.posts.map(({ id, message }) => ({ id, message }))),
    })
  }
}
