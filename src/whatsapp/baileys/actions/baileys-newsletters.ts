import type { Jid } from '../../jid.ts'
import type { NewsletterActions } from '../../newsletter-actions.ts'
import type { SocketAccess } from './socket-access.ts'

/** Channels through Baileys. */
export class BaileysNewsletters implements NewsletterActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  async unfollow(newsletter: Jid): Promise<void> {
    await this.#access.ask((socket) => socket.newsletterUnfollow(newsletter))
  }
}
