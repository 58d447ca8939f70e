import type { BinaryNode } from 'baileys'
import { el, nowSeconds } from '../stanza.ts'
import { notification } from './notifications.ts'

/** What the server tells an account of its channels. */
export type ChannelNotice =
  | { readonly what: 'joined'; readonly name: string; readonly description: string }
  | { readonly what: 'left' }
  | { readonly what: 'mute'; readonly on: boolean }

/** Tells that the account follows a channel, no longer does, or mutes it, as WhatsApp's GraphQL notifications do. */
export function channelNotice(channel: string, notice: ChannelNotice): BinaryNode {
  switch (notice.what) {
    case 'joined':
      return mex('NotificationNewsletterJoin', {
        xwa2_notify_newsletter_on_join: {
          id: channel,
          thread_metadata: {
            name: { text: notice.name },
            description: { text: notice.description },
          },
          viewer_metadata: { role: 'SUBSCRIBER', mute: 'OFF' },
        },
      })
    case 'left':
      return mex('NotificationNewsletterLeave', {
        xwa2_notify_newsletter_on_leave: { id: channel, viewer_metadata: { role: 'GUEST' } },
      })
    case 'mute':
      return mex('NotificationNewsletterUserSettingChange', {
        xwa2_notify_newsletter_on_mute_change: { id: channel, mute: notice.on ? 'ON' : 'OFF' },
      })
  }
}

/** Tells how a post of a channel does. */
export function channelPostNotice(
  channel: string,
  post: { serverId: number; id: string; views: number },
): BinaryNode {
  const message = el('message', { server_id: post.serverId, id: post.id, type: 'text', t: nowSeconds() }, [
    el('views_count', { count: post.views }),
    el('reactions', {}, [el('reaction', { code: '👍', count: 2 })]),
  ])
  return notification('newsletter', { from: channel }, [
    el('live_updates', {}, [el('messages', { t: nowSeconds() }, [message])]),
  ])
}

/** Tells that the account may not write to new contacts until then, or may again. */
export function restrictionNotice(until: Date | null): BinaryNode {
  const lock =
    until === null
      ? { is_active: false }
      : {
          is_active: true,
          time_enforcement_ends: String(Math.floor(until.getTime() / 1000)),
          enforcement_type: 'DEFAULT',
        }
  return mex('NotificationUserReachoutTimelockUpdate', { xwa2_notify_account_reachout_timelock: lock })
}

function mex(opName: string, data: object): BinaryNode {
  const text = Buffer.from(JSON.stringify({ data }))
  return notification('mex', {}, [el('update', { op_name: opName }, text)])
}
