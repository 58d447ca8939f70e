import { randomBytes } from 'node:crypto'

/** What a JID names: a user (by phone number or by LID), one of its devices, a group or something else. */
export interface ParsedJid {
  user: string
  server: string
  device: number
}

/** Reads a JID; returns null for text without a server part. */
export function parseJid(jid: string | undefined): ParsedJid | null {
  if (jid === undefined) return null
  const at = jid.indexOf('@')
  if (at < 0) return null
  const [name = '', device = '0'] = jid.slice(0, at).split(':')
  return { user: name.split('_')[0] ?? '', server: jid.slice(at + 1), device: Number(device) }
}

/** The JID without a device part. */
export function bareJid(jid: string): string {
  const parsed = parseJid(jid)
  return parsed ? `${parsed.user}@${parsed.server}` : jid
}

/** JID of one device; device 0, the phone, is written without a number. */
export function deviceJid(user: string, server: 's.whatsapp.net' | 'lid', device: number): string {
  return device === 0 ? `${user}@${server}` : `${user}:${device}@${server}`
}

/** True for a group's JID. */
export function isGroupJid(jid: string | undefined): boolean {
  return jid?.endsWith('@g.us') ?? false
}

/** True for a JID by LID. */
export function isLidJid(jid: string | undefined): boolean {
  return jid?.endsWith('@lid') ?? false
}

/** A message id as phones make them: 32 hex digits starting with 3A. */
export function newMessageId(): string {
  return `3A${randomBytes(15).toString('hex').toUpperCase()}`
}

/** A short random id for stanzas the server starts itself; printable and without `@`. */
export function newStanzaId(): string {
  return `${randomBytes(4).readUInt32BE()}-${randomBytes(2).readUInt16BE()}`
}
