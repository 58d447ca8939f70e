import { type BinaryNode, proto } from 'baileys'
import type { NewsletterPost } from '../../state/newsletter-state.ts'
import { IqError, type IqHandler } from '../iq/iq-handler.ts'
import { child, el } from '../stanza.ts'

const NOT_FOUND = new IqError(404, 'item-not-found')

/** How long a client that asked hears of reactions and views, in seconds. */
const LIVE_SECONDS = 300

/** `newsletter`: posts page by page, and their counts. */
export const newsletterIq: IqHandler = {
  xmlns: 'newsletter',
  async handle(iq, { world }) {
    const request = child(iq)
    const newsletter = world.newsletter(request?.attrs['jid'] ?? iq.attrs['to'])
    if (!newsletter || newsletter.state === 'DELETED') return NOT_FOUND
    const count = Number(request?.attrs['count'] ?? 50)
    switch (request?.tag) {
      case 'messages': {
        const before = Number(request.attrs['before'] ?? Number.POSITIVE_INFINITY)
        const page = newsletter.posts.filter(({ serverId }) => serverId < before).slice(-count)
        return [el('messages', { jid: newsletter.jid, t: newsletter.createdAt }, page.map(whole))]
      }
      case 'message_updates': {
        const after = Number(request.attrs['after'] ?? 0)
        const page = newsletter.posts.filter(({ serverId }) => serverId > after).slice(0, count)
        return [el('message_updates', { jid: newsletter.jid }, [el('messages', {}, page.map(counts))])]
      }
      case 'live_updates':
        return [el('live_updates', { duration: LIVE_SECONDS })]
      default:
        return undefined
    }
  },
}

function whole(post: NewsletterPost): BinaryNode {
  const { attrs, content } = counts(post)
  const plaintext = el(
    'plaintext',
    { mediatype: post.mediaType },
    proto.Message.encode(post.message).finish(),
  )
  // Counts are elements, so the content is a list.
  return { tag: 'message', attrs, content: [plaintext, ...(Array.isArray(content) ? content : [])] }
}

function counts({ serverId, id, type, postedAt, viewers, reactions }: NewsletterPost): BinaryNode {
  const byCode = new Map<string, number>()
  for (const code of reactions.values()) byCode.set(code, (byCode.get(code) ?? 0) + 1)
  return el('message', { server_id: serverId, id, type, t: postedAt }, [
    el('views_count', { count: viewers.size }),
    ...(byCode.size === 0
      ? []
      : [
          el(
            'reactions',
            {},
            [...byCode].map(([code, count]) => el('reaction', { code, count })),
          ),
        ]),
  ])
}
