import type { Jid } from './jid.ts'

/** A text of a channel with the moment it was set; `updatedAt` is microseconds since 1970 as digits. */
export interface NewsletterText {
  readonly text: string
  readonly id: string
  readonly updatedAt: string
}

/** A picture of a channel; `url` is '' where only the path is known. */
export interface NewsletterPicture {
  readonly url: string
  readonly id: string
  readonly type: string
  readonly directPath: string
}

/** A channel that the account follows, in WhatsApp's words. Empty texts where nothing is told. */
export interface Newsletter {
  readonly jid: Jid
  readonly state: string
  /** Seconds since 1970 as digits. */
  readonly createdAt: string
  readonly invite: string
  readonly name: NewsletterText
  readonly description: NewsletterText
  readonly subscribers: string
  readonly verification: string
  readonly picture: NewsletterPicture | null
  readonly preview: NewsletterPicture
  readonly reactionCodes: string
  readonly viewer: { readonly mute: string; readonly role: string } | null
}

/** A post of a channel. */
export interface NewsletterPost {
  readonly serverId: number
  readonly id: string
  readonly type: string
  readonly postedAt: Date
  readonly views: number
  readonly reactions: Readonly<Record<string, number>>
  /** '' when it is not a text and has no caption. */
  readonly text: string
}

/** Channels. Rejects with `device_not_connected`, `whatsapp_timeout` or `newsletter_not_found`. */
export interface NewsletterActions {
  /** Makes sure that a channel exists and lets us post. Rejects with `newsletter_not_admin` where only others do. */
  ensureMayPost(newsletter: Jid): Promise<void>
  /** The channels that the account follows or runs. */
  list(): Promise<readonly Newsletter[]>
  /** Stops following the channel. Rejects with `whatsapp_refused` for one's own. */
  unfollow(newsletter: Jid): Promise<void>
  /** The newest posts, or those before the one with the server id `before`. */
  posts(
    newsletter: Jid,
    page: { readonly count: number; readonly before: number | null },
  ): Promise<readonly NewsletterPost[]>
}
