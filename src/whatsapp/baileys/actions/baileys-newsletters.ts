import { QueryIds, XWAPaths } from 'baileys'
import { executeWMexQuery } from 'baileys/lib/Socket/mex.js'
import { AppError } from '../../../core/app-error.ts'
import type { Jid } from '../../jid.ts'
import type { Newsletter, NewsletterActions, NewsletterPost } from '../../newsletter-actions.ts'
import { isUnreadable, readBoom, refusal, unreadable } from '../baileys-errors.ts'
import { askWhatsApp } from './baileys-people.ts'
import { isRefusedWith, uncertainTimeout } from './group-queries.ts'
import {
  parseNewsletters,
  parsePosts,
  postsQuery,
  subscribedPath,
  subscribedQueries,
} from './newsletter-nodes.ts'
import type { SocketAccess } from './socket-access.ts'

/** States of a channel that is no more, and the roles that may post, in the directory's words. */
const gone: ReadonlySet<string> = new Set(['deleted', 'non_existing'])
const posting: ReadonlySet<string> = new Set(['owner', 'admin'])

/** How long the look at a channel may hold up a post to it: the post's own answer tells the same. */
const lookLimitMs = 5_000

/** Channels through Baileys. */
export class BaileysNewsletters implements NewsletterActions {
  readonly #access: SocketAccess

  constructor(access: SocketAccess) {
    this.#access = access
  }

  async ensureMayPost(newsletter: Jid): Promise<void> {
    const channel = await this.#look(newsletter)
    // What the directory does not tell, WhatsApp says when the post comes.
    if (channel === null || channel.viewer === null) return
    if (gone.has(channel.state)) throw new AppError('newsletter_not_found')
    if (!posting.has(channel.viewer.role)) throw new AppError('newsletter_not_admin')
  }

  async list(): Promise<readonly Newsletter[]> {
    let refused: unknown
    for (const { id, variables } of subscribedQueries) {
      try {
        return parseNewsletters(await this.#askDirectory(id, variables, subscribedPath))
      } catch (error) {
        // An id that WhatsApp does not know any more; another may do.
        if (!isRefusedWith(error, 400, 404)) throw error
        refused = error
      }
    }
    throw refused
  }

  async unfollow(newsletter: Jid): Promise<void> {
    try {
      await this.#access.ask((socket) => socket.newsletterUnfollow(newsletter).catch(directoryRefusal))
    } catch (error) {
      throw uncertainTimeout(channelError(error))
    }
  }

  async posts(
    newsletter: Jid,
    { count, before }: { count: number; before: number | null },
  ): Promise<readonly NewsletterPost[]> {
    try {
      return parsePosts(await askWhatsApp(this.#access, postsQuery(newsletter, count, before)))
    } catch (error) {
      throw channelError(error)
    }
  }

  /** A channel as the directory shows it; null when it does not answer in time, or not to this way of asking. */
  async #look(newsletter: Jid): Promise<Newsletter | null> {
    const variables = { fetch_viewer_metadata: true, input: { key: newsletter, type: 'JID' } }
    try {
      const path = XWAPaths.xwa2_newsletter_metadata
      const answer = await this.#askDirectory(QueryIds.METADATA, variables, path, lookLimitMs)
      return parseNewsletters([answer])[0] ?? null
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (isRefusedWith(error, 404) && isDirectoryRefusal(error.cause)) throw channelError(error)
      if (error.code === 'whatsapp_timeout' || isUnreadable(error)) return null
      if (isRefusedWith(error, 400, 404, 405, 500, 501, 503)) return null
      throw error
    }
  }

  #askDirectory(
    id: string,
    variables: Record<string, unknown>,
    path: string,
    limitMs?: number,
  ): Promise<unknown> {
    return this.#access.ask(
      (socket) =>
        executeWMexQuery<unknown>(variables, id, path, socket.query, socket.generateMessageTag).catch(
          directoryRefusal,
        ),
      limitMs,
    )
  }
}

/**
 * A refusal of the directory: Baileys hands on its JSON, whose `extensions.error_code` is the number. What is no JSON, or none
 * of that form, fails in it.
 */
function directoryRefusal(error: unknown): never {
  if (error instanceof SyntaxError || error instanceof TypeError) throw unreadable(error)
  const { statusCode } = readBoom(error)
  throw isDirectoryRefusal(error) && statusCode !== null ? refusal(statusCode, error) : error
}

/** Whether the directory itself refused; else the question did not get as far. */
function isDirectoryRefusal(error: unknown): boolean {
  const { data } = readBoom(error)
  return typeof data === 'object' && data !== null && 'extensions' in data
}

function channelError(error: unknown): unknown {
  return isRefusedWith(error, 404) ? new AppError('newsletter_not_found', { cause: error }) : error
}
