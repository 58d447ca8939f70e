import type { BinaryNode } from 'baileys'
import type { NewsletterChange, NewsletterPost, WhatsAppEvent } from '../../whatsapp-event.ts'
import { toDate, toNumber } from './content.ts'
import { childOf, childrenOf, textIn } from './node-reading.ts'
import { wireJid } from './wire-jid.ts'

/** A raw notification about channels as our words: joined, left, muted (`mex`), and news of posts (`newsletter`). */
export function toNewsletterEvents(node: BinaryNode): WhatsAppEvent[] {
  const facts = { stanzaId: node.attrs.id ?? '', at: toDate(node.attrs.t) }
  if (node.attrs.type === 'mex') {
    return childrenOf(node).flatMap((update) =>
      changesIn(textIn(update)).map(({ newsletter, change }) => ({
        type: 'newsletter.changed' as const,
        ...facts,
        newsletter,
        change,
      })),
    )
  }
  const newsletter = wireJid(node.attrs.from)
  const live = childOf(node, 'live_updates')
  if (newsletter === null || live === undefined) return []
  const posts = childrenOf(childOf(live, 'messages') ?? live).flatMap(postsIn)
  return posts.length === 0
    ? []
    : [{ type: 'newsletter.changed', ...facts, newsletter, change: { what: 'message', posts } }]
}

function changesIn(text: string) {
  const data = parse(text)?.['data']
  if (!isRecord(data)) return []
  return Object.entries(data).flatMap(([name, value]) => {
    if (!isRecord(value)) return []
    const newsletter = wireJid(textOf(value['id'] ?? value['newsletter_id'] ?? value['jid']))
    const change = changeOf(name, value)
    return newsletter === null || change === null ? [] : [{ newsletter, change }]
  })
}

function changeOf(name: string, value: Record<string, unknown>): NewsletterChange | null {
  const viewer = isRecord(value['viewer_metadata']) ? value['viewer_metadata'] : value
  switch (name) {
    case 'xwa2_notify_newsletter_on_join': {
      const thread = isRecord(value['thread_metadata']) ? value['thread_metadata'] : {}
      return {
        what: 'joined',
        name: threadText(thread['name']),
        description: threadText(thread['description']),
      }
    }
    case 'xwa2_notify_newsletter_on_leave':
      return { what: 'left', role: textOf(viewer['role']).toLowerCase() }
    case 'xwa2_notify_newsletter_on_mute_change':
      return { what: 'mute', mute: textOf(viewer['mute']).toLowerCase() }
    default:
      return null
  }
}

function postsIn(node: BinaryNode): NewsletterPost[] {
  if (node.tag !== 'message') return []
  const views = childOf(node, 'views_count')?.attrs.count
  const reactions = childrenOf(childOf(node, 'reactions') ?? node).filter(({ tag }) => tag === 'reaction')
  return [
    {
      serverId: toNumber(node.attrs.server_id),
      messageId: node.attrs.id ?? '',
      kind: node.attrs.type ?? '',
      at: toDate(node.attrs.t),
      views: views === undefined ? null : toNumber(views),
      reactions: Object.fromEntries(
        reactions.map(({ attrs }) => [attrs.code ?? '', toNumber(attrs.count)] as const),
      ),
    },
  ]
}

/** WhatsApp writes texts of channels as `{ text, id }`. */
function threadText(value: unknown): string {
  return textOf(isRecord(value) ? value['text'] : value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch (error) {
    // What is no JSON tells nothing.
    if (error instanceof SyntaxError) return null
    throw error
  }
}
