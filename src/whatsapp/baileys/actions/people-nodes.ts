// Owns: the stanzas about people that Baileys has no call for, as plain data. No I/O.
import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  getBinaryNodeChildString,
  proto,
} from 'baileys'
import type { Jid } from '../../jid.ts'
import type { BusinessDay, BusinessProfile, PersonInfo, Picture } from '../../people-actions.ts'
import { wireJid } from '../incoming/wire-jid.ts'

const server = '@s.whatsapp.net'

/** Asks about one person: about text, picture, devices and verified name; `id` marks the question. */
export function personQuery(person: Jid, id: string): BinaryNode {
  const protocols = [
    node('business', {}, [node('verified_name')]),
    node('status'),
    node('picture'),
    node('devices', { version: '2' }),
    node('lid'),
  ]
  const usync = node('usync', { sid: id, mode: 'full', last: 'true', index: '0', context: 'background' }, [
    node('query', {}, protocols),
    node('list', {}, [node('user', { jid: person })]),
  ])
  return node('iq', { id, to: server, type: 'get', xmlns: 'usync' }, [usync])
}

/** Reads the answer about a person; null when there is nobody. A part that is refused is left empty. */
export function parsePerson(answer: BinaryNode): PersonInfo | null {
  const usync = getBinaryNodeChild(answer, 'usync')
  const user = getBinaryNodeChild(getBinaryNodeChild(usync, 'list'), 'user')
  if (user === undefined) return null
  const part = (tag: string) => unrefused(getBinaryNodeChild(user, tag))
  const devices = getBinaryNodeChildren(getBinaryNodeChild(part('devices'), 'device-list'), 'device')
  // Somebody who has an account has a phone, so an answer without devices speaks of nobody.
  if (devices.length === 0) return null
  const status = part('status')
  return {
    verifiedName: verifiedName(getBinaryNodeChild(part('business'), 'verified_name')),
    about: status?.attrs['code'] === undefined ? textOf(status) : '',
    pictureId: part('picture')?.attrs['id'] ?? '',
    devices: devices.map(({ attrs }) => ({ number: Number(attrs['id'] ?? 0) })),
  }
}

/** The name in a business's certificate; '' without one that can be read. */
function verifiedName(certificate: BinaryNode | undefined): string {
  if (!(certificate?.content instanceof Uint8Array)) return ''
  try {
    const { details } = proto.VerifiedNameCertificate.decode(certificate.content)
    return details ? (proto.VerifiedNameCertificate.Details.decode(details).verifiedName ?? '') : ''
  } catch {
    // What is no certificate proves no name.
    return ''
  }
}

/** Asks for a picture; `token` is what the person allows us to see it by. */
export function pictureQuery(of: Jid, isPreview: boolean, token: Uint8Array | undefined): BinaryNode {
  const attrs = { type: isPreview ? 'preview' : 'image', query: 'url' }
  const picture = node('picture', attrs, token === undefined ? undefined : [node('tctoken', {}, token)])
  return node('iq', { to: server, target: of, type: 'get', xmlns: 'w:profile:picture' }, [picture])
}

/** Asks for the picture of a community. */
export function communityPictureQuery(community: Jid, isPreview: boolean): BinaryNode {
  const attrs = { type: isPreview ? 'preview' : 'image', query: 'url', parent_group_jid: community }
  return node('iq', { to: community, type: 'get', xmlns: 'w:g2' }, [
    node('pictures', {}, [node('picture', attrs)]),
  ])
}

/** Reads a picture, of either question: itself, or the number it is refused with. */
export function parsePicture(answer: BinaryNode): Picture | { readonly status: number } {
  const picture = getBinaryNodeChild(getBinaryNodeChild(answer, 'pictures') ?? answer, 'picture')
  const { id, url, type, status } = picture?.attrs ?? {}
  if (status !== undefined && status !== '200') return { status: Number(status) }
  return id === undefined || url === undefined ? { status: 404 } : { id, url, type: type ?? 'image' }
}

/** Sets the own picture, or takes it away. */
export function setPictureQuery(jpeg: Uint8Array | null): BinaryNode {
  const attrs = { to: server, type: 'set', xmlns: 'w:profile:picture' }
  return node('iq', attrs, jpeg === null ? undefined : [node('picture', { type: 'image' }, jpeg)])
}

/** Asks a business for its profile. */
export function businessQuery(person: Jid): BinaryNode {
  return node('iq', { to: server, type: 'get', xmlns: 'w:biz' }, [
    node('business_profile', { v: '244' }, [node('profile', { jid: person })]),
  ])
}

/** Reads a business's profile; null when the account is no business. */
export function parseBusiness(answer: BinaryNode): BusinessProfile | null {
  const profile = getBinaryNodeChild(getBinaryNodeChild(answer, 'business_profile'), 'profile')
  const jid = wireJid(profile?.attrs['jid'])
  if (profile === undefined || jid === null || getBinaryNodeChild(profile, 'error') !== undefined) return null
  const hours = getBinaryNodeChild(profile, 'business_hours')
  const options = getBinaryNodeChild(profile, 'profile_options')?.content
  return {
    jid,
    email: getBinaryNodeChildString(profile, 'email') ?? '',
    address: getBinaryNodeChildString(profile, 'address') ?? '',
    categories: getBinaryNodeChildren(getBinaryNodeChild(profile, 'categories'), 'category').map(
      (category) => ({ id: category.attrs['id'] ?? '', name: textOf(category) }),
    ),
    options: Object.fromEntries(
      (Array.isArray(options) ? options : []).map((option) => [option.tag, textOf(option)]),
    ),
    timezone: hours?.attrs['timezone'] ?? '',
    days: getBinaryNodeChildren(hours, 'business_hours_config').map(parseDay),
  }
}

function parseDay({ attrs }: BinaryNode): BusinessDay {
  return {
    dayOfWeek: attrs['day_of_week'] ?? '',
    mode: attrs['mode'] ?? '',
    openMinute: minuteOf(attrs['open_time']),
    closeMinute: minuteOf(attrs['close_time']),
  }
}

function minuteOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : null
}

function unrefused(part: BinaryNode | undefined): BinaryNode | undefined {
  return part === undefined || getBinaryNodeChild(part, 'error') !== undefined ? undefined : part
}

function textOf(of: BinaryNode | undefined): string {
  if (typeof of?.content === 'string') return of.content
  return of?.content instanceof Uint8Array ? Buffer.from(of.content).toString('utf8') : ''
}

function node(tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content }
}
