import type { Jid } from './jid.ts'

/** Channels. Rejects with `device_not_connected`, `whatsapp_timeout` or `newsletter_not_found`. */
export interface NewsletterActions {
  /** Stops following the channel. */
  unfollow(newsletter: Jid): Promise<void>
}
