import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import { notification } from '../push/notifications.ts'
import { child, children, el, nowSeconds, text } from '../stanza.ts'
import { type IqContext, IqError, type IqHandler } from './iq-handler.ts'

/** `privacy`: settings, and the tokens clients give each other after a first message. */
const privacyIq: IqHandler = {
  xmlns: 'privacy',
  async handle(iq, { account }) {
    const request = child(iq)
    if (request?.tag === 'tokens') return [el('tokens')]
    if (request?.tag !== 'privacy') return undefined
    if (iq.attrs['type'] === 'set') {
      for (const { attrs } of children(request))
        account.privacy.set(attrs['name'] ?? '', attrs['value'] ?? '')
      return []
    }
    const categories = [...account.privacy].map(([name, value]) => el('category', { name, value }))
    return [el('privacy', {}, categories)]
  },
}

/** `blocklist`: read, block, unblock. */
const blocklistIq: IqHandler = {
  xmlns: 'blocklist',
  async handle(iq, ctx) {
    const { account, world } = ctx
    if (iq.attrs['type'] === 'set') {
      const item = child(iq, 'item')
      const other = world.account(item?.attrs['jid'])
      if (!item || !other) return new IqError(400, 'bad-request')
      if (item.attrs['action'] === 'block') account.blocked.add(other.lid)
      else account.blocked.delete(other.lid)
      const change = el('item', { jid: other.lid, action: item.attrs['action'] })
      tellOthers(ctx, el('blocklist', { action: 'modify' }, [change]))
    }
    const items = [...account.blocked].map((jid) => el('item', { jid }))
    return [el('list', { dhash: `${items.length}` }, items)]
  },
}

/** `status`: the own about text, and whom the status feed is shown to. */
const aboutIq: IqHandler = {
  xmlns: 'status',
  async handle(iq, { account }) {
    if (iq.attrs['type'] === 'get' && child(iq, 'privacy')) {
      const { type, people } = account.statusPrivacy
      const users = people.map((jid) => el('user', { jid }))
      return [el('privacy', {}, [el('list', { type, default: 'true' }, users)])]
    }
    const status = child(iq, 'status')
    if (iq.attrs['type'] !== 'set' || !status) return undefined
    account.about = text(status)
    account.aboutSetAt = nowSeconds()
    account.changes.notify()
    return []
  },
}

/** `disappearing_mode`: the default timer of new chats. */
const disappearingIq: IqHandler = {
  xmlns: 'disappearing_mode',
  async handle(iq, ctx) {
    const mode = child(iq, 'disappearing_mode')
    if (iq.attrs['type'] !== 'set' || !mode) return undefined
    ctx.account.disappearingSeconds = Number(mode.attrs['duration'] ?? 0)
    ctx.account.disappearingSetAt = nowSeconds()
    const { disappearingSeconds: duration, disappearingSetAt: t } = ctx.account
    tellOthers(ctx, el('disappearing_mode', { duration, t }))
    return []
  },
}

/** `w:biz`: business profiles; a private account has an empty one. */
const businessIq: IqHandler = {
  xmlns: 'w:biz',
  async handle(iq, { world }) {
    const request = child(iq, 'business_profile')
    if (!request) return undefined
    const profiles = children(request).flatMap(({ attrs }) => {
      const account = world.account(attrs['jid'])
      if (account?.businessName === undefined) return []
      return [businessProfile(attrs['jid'], account)]
    })
    return [el('business_profile', { v: 244 }, profiles)]
  },
}

function businessProfile(jid: string | undefined, { business, businessName }: Account): BinaryNode {
  const { email, address, categories = [], options = {}, timezone, hours = [] } = business
  return el('profile', { jid }, [
    el('description', {}, businessName),
    ...(address === undefined ? [] : [el('address', {}, address)]),
    ...(email === undefined ? [] : [el('email', {}, email)]),
    el(
      'categories',
      {},
      categories.map(({ id, name }) => el('category', { id }, name)),
    ),
    el(
      'profile_options',
      {},
      Object.entries(options).map(([name, value]) => el(name, {}, value)),
    ),
    el(
      'business_hours',
      { timezone },
      hours.map(({ day, mode, open, close }) =>
        el('business_hours_config', { day_of_week: day, mode, open_time: open, close_time: close }),
      ),
    ),
  ])
}

/** Tells the account's other linked devices about a change of the account. */
function tellOthers(ctx: IqContext, change: BinaryNode): void {
  const others = ctx.account.linkedDevices.filter((device: LinkedDevice) => device !== ctx.device)
  for (const device of others)
    ctx.push(notification('account_sync', { from: ctx.account.pn }, [change]), device)
}

/** Handlers for an account's settings. */
export function profileIqs(): IqHandler[] {
  return [privacyIq, blocklistIq, aboutIq, disappearingIq, businessIq]
}
