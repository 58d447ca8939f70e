// Owns: the stanzas and answers about channels that Baileys has no call for, as plain data. No I/O.
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, proto } from 'baileys'
import type { Jid } from '../../jid.ts'
import type {
  Newsletter,
  NewsletterPicture,
  NewsletterPost,
  NewsletterText,
} from '../../newsletter-actions.ts'
import { wireJid } from '../incoming/wire-jid.ts'

/**
 * Ways to ask for the channels that an account follows, the newest first: WhatsApp Web's ids change with its versions.
 * Seen in three clients of different age.
 */
export const subscribedQueries: readonly {
  readonly id: string
  readonly variables: Record<string, unknown>
}[] = [
  { id: '25399611239711790', variables: { fetch_wamo_sub: false, fetch_status_metadata: false } },
  { id: '33101596156151910', variables: {} },
  { id: '6388546374527196', variables: {} },
]

/** Where the answer to any of them has its list. */
export const subscribedPath = 'xwa2_newsletter_subscribed'

/** Reads the channels of an answer; entries that name no channel are left out. */
export function parseNewsletters(answer: unknown): Newsletter[] {
  return (Array.isArray(answer) ? answer : []).flatMap((entry: unknown) => {
    const jid = wireJid(text(entry, 'id'))
    if (jid === null) return []
    const thread = part(entry, 'thread_metadata')
    const viewer = part(entry, 'viewer_metadata')
    const settings = part(thread, 'settings')
    return [
      {
        jid,
        state: text(part(entry, 'state'), 'type').toLowerCase(),
        createdAt: text(thread, 'creation_time'),
        invite: text(thread, 'invite'),
        name: textPart(part(thread, 'name')),
        description: textPart(part(thread, 'description')),
        subscribers: text(thread, 'subscribers_count'),
        verification: text(thread, 'verification').toLowerCase(),
        picture: part(thread, 'picture') === null ? null : picturePart(part(thread, 'picture')),
        preview: picturePart(part(thread, 'preview')),
        reactionCodes: text(part(settings, 'reaction_codes'), 'value'),
        viewer:
          viewer === null
            ? null
            : { mute: text(viewer, 'mute').toLowerCase(), role: text(viewer, 'role').toLowerCase() },
      },
    ]
  })
}

/** Asks for a page of a channel's posts. */
export function postsQuery(newsletter: Jid, count: number, before: number | null): BinaryNode {
  const attrs: Record<string, string> = { type: 'jid', jid: newsletter, count: String(count) }
  if (before !== null) attrs['before'] = String(before)
  return {
    tag: 'iq',
    attrs: { to: '@s.whatsapp.net', type: 'get', xmlns: 'newsletter' },
    content: [{ tag: 'messages', attrs }],
  }
}

/** Reads a page of posts, in WhatsApp's order. */
export function parsePosts(answer: BinaryNode): NewsletterPost[] {
  return getBinaryNodeChildren(getBinaryNodeChild(answer, 'messages'), 'message').map((post) => {
    const { server_id: serverId, id = '', type = '', t } = post.attrs
    const reactions = getBinaryNodeChildren(getBinaryNodeChild(post, 'reactions'), 'reaction')
    return {
      serverId: Number(serverId ?? 0),
      id,
      type,
      postedAt: new Date(Number(t ?? 0) * 1000),
      views: Number(getBinaryNodeChild(post, 'views_count')?.attrs['count'] ?? 0),
      reactions: Object.fromEntries(
        reactions.map(({ attrs }) => [attrs['code'] ?? '', Number(attrs['count'] ?? 0)]),
      ),
      text: textOfPost(getBinaryNodeChild(post, 'plaintext')),
    }
  })
}

function textOfPost(plaintext: BinaryNode | undefined): string {
  if (!(plaintext?.content instanceof Uint8Array)) return ''
  try {
    const message = proto.Message.decode(plaintext.content)
    return (
      message.conversation ||
      message.extendedTextMessage?.text ||
      message.imageMessage?.caption ||
      message.videoMessage?.caption ||
      message.documentMessage?.caption ||
      ''
    )
  } catch {
    // A post of a kind that cannot be read is listed without its text.
    return ''
  }
}

function part(of: unknown, name: string): object | null {
  const inner: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
  return typeof inner === 'object' && inner !== null ? inner : null
}

function text(of: unknown, name: string): string {
  const inner: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
  return typeof inner === 'string' || typeof inner === 'number' ? String(inner) : ''
}

function textPart(of: object | null): NewsletterText {
  return { text: text(of, 'text'), id: text(of, 'id'), updatedAt: text(of, 'update_time') }
}

function picturePart(of: object | null): NewsletterPicture {
  return {
    url: text(of, 'url'),
    id: text(of, 'id'),
    type: text(of, 'type'),
    directPath: text(of, 'direct_path'),
  }
}
