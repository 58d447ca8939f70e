import { AppError } from '../core/app-error.ts'

declare const brand: unique symbol

/**
 * A WhatsApp address without device part: `<digits>@s.whatsapp.net` (phone-number JID), `<digits>@lid` (LID),
 * `<id>@g.us` (group), `<id>@newsletter` (channel), `status@broadcast` or `<id>@broadcast`.
 */
export type Jid = string & { readonly [brand]: 'Jid' }

export type JidKind = 'phone' | 'lid' | 'group' | 'newsletter' | 'broadcast' | 'other'

/** The parts of an address as WhatsApp writes it. `device` is 0 for the primary phone. */
export interface JidParts {
  readonly user: string
  readonly device: number
  readonly server: string
}

const pattern = /^([^@:/\s]+?)(?:\.\d+)?(?::(\d+))?@([a-z][a-z0-9.]*)$/

/** Reads an address; `null` when the text is none. `user.agent:device@server` is understood. */
export function splitJid(text: string): JidParts | null {
  const match = pattern.exec(text)
  if (match === null) return null
  const server = match[3] === 'c.us' ? 's.whatsapp.net' : match[3]
  const user =
    server === 's.whatsapp.net' || server === 'lid'
      ? match[1]
      : text.slice(0, text.indexOf('@')).replace(/:\d+$/, '')
  if (user === undefined || server === undefined) return null
  return { user, device: Number(match[2] ?? 0), server }
}

/** Reads an address and drops its device part. Raises `jid_invalid`. */
export function parseJid(text: string): Jid {
  const jid = toJid(text)
  if (jid === null) throw new AppError('jid_invalid', { message: `invalid JID ${text}` })
  return jid
}

/** Like `parseJid`, with `null` for what is no address. */
export function toJid(text: string): Jid | null {
  const parts = splitJid(text)
  return parts === null ? null : makeJid(parts.user, parts.server)
}

/** Builds an address from parts that are known to be good. */
export function makeJid(user: string, server: string): Jid {
  return `${user}@${server}` as Jid // the one place where the brand is put on
}

/** What an address addresses. */
export function jidKind(jid: Jid): JidKind {
  switch (jid.slice(jid.indexOf('@') + 1)) {
    case 's.whatsapp.net':
      return 'phone'
    case 'lid':
      return 'lid'
    case 'g.us':
      return 'group'
    case 'newsletter':
      return 'newsletter'
    case 'broadcast':
      return 'broadcast'
    default:
      return 'other'
  }
}

/** The part before the `@`. */
export function jidUser(jid: Jid): string {
  return jid.slice(0, jid.indexOf('@'))
}

export const statusBroadcast = makeJid('status', 'broadcast')
