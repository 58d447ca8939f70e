import type { BinaryNode } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { Device } from '../../state/device.ts'
import { bareJid, isGroupJid, isLidJid, parseJid } from '../../state/ids.ts'
import type { World } from '../../state/world.ts'
import { child, children, el } from '../stanza.ts'

/** One device's copy of a message. */
export interface Copy {
  device: Device
  stanza: BinaryNode
}

/** What becomes of a message a device hands in: copies to deliver, or the code of a refusal. */
export type Fanout = { copies: Copy[] } | { error: number }

const PASSED_ATTRIBUTES = ['id', 'type', 'edit', 'category', 'push_priority', 'expiration'] as const
const PASSED_CHILDREN = new Set(['device-identity', 'meta', 'bot', 'biz'])

/** Decides who gets which part of a message, as the server does: by the `<to>` elements, never by guessing. */
export function fanOut(world: World, sender: Device, stanza: BinaryNode, t: number): Fanout {
  const to = stanza.attrs['to'] ?? ''
  if (isGroupJid(to)) return fanOutGroup(world, sender, stanza, t)
  if (to === 'status@broadcast') return { copies: fanOutStatus(world, sender, stanza, t) }
  const recipient = world.account(to)
  if (!recipient) return { error: 404 }
  // Nobody learns that they are blocked: their own devices get their copies and the message is acked.
  const isBlocked = recipient.blocked.has(sender.account.lid)
  const direct = children(stanza).filter(({ tag }) => tag === 'enc')
  if (direct.length > 0) {
    const device = world.device(to)
    if (!device) return { error: 479 }
    if (isBlocked) return { copies: [] }
    return { copies: [{ device, stanza: userCopy(sender, { device, recipient, to }, stanza, direct, t) }] }
  }
  const copies: Copy[] = []
  for (const part of children(child(stanza, 'participants'))) {
    const device = world.device(part.attrs['jid'])
    if (!device || device === sender) continue
    if (device.account !== recipient && device.account !== sender.account) return { error: 479 }
    if (isBlocked && device.account === recipient) continue
    const address = { device, recipient, to, partJid: part.attrs['jid'] }
    copies.push({ device, stanza: userCopy(sender, address, stanza, children(part), t) })
  }
  return { copies }
}

function fanOutGroup(world: World, sender: Device, stanza: BinaryNode, t: number): Fanout {
  const group = world.group(stanza.attrs['to'])
  if (!group) return { error: 404 }
  if (!group.members.has(sender.account)) return { error: 403 }
  // Where only admins write, everybody may still react.
  const isWritten = stanza.attrs['type'] !== 'reaction'
  if (group.isAnnouncement && isWritten && !group.isAdmin(sender.account)) return { error: 403 }
  // 8 is how an admin takes back what somebody else wrote.
  if (stanza.attrs['edit'] === '8' && !group.isAdmin(sender.account)) return { error: 403 }
  const addressing = group.addressingMode
  const direct = stanza.attrs['participant']
  if (direct !== undefined) {
    const device = world.device(direct)
    if (!device) return { error: 479 }
    const parts = children(stanza).filter(({ tag }) => tag === 'enc')
    return { copies: [{ device, stanza: groupCopy(sender, stanza, parts, addressing, t) }] }
  }
  const keys = keyParts(world, stanza)
  const payload = children(stanza).filter(({ tag }) => tag === 'enc')
  const copies: Copy[] = []
  // Stanzas are never changed once they are made, so devices without a part of their own share one.
  const shared = groupCopy(sender, stanza, payload, addressing, t)
  const members = [...group.members.keys()].flatMap((member) => [...member.devices.values()])
  for (const device of new Set([...members, ...group.listeners])) {
    if (device === sender) continue
    const key = keys.get(device)
    const own = key && groupCopy(sender, stanza, [...key, ...payload], addressing, t)
    copies.push({ device, stanza: own ?? shared })
  }
  return { copies }
}

function fanOutStatus(world: World, sender: Device, stanza: BinaryNode, t: number): Copy[] {
  const payload = children(stanza).filter(({ tag }) => tag === 'enc')
  return [...keyParts(world, stanza)]
    .filter(([device]) => device !== sender)
    .map(([device, parts]) => ({
      device,
      stanza: groupCopy(sender, stanza, [...parts, ...payload], 'pn', t),
    }))
}

/** The sender key parts of a group message by the device they are for. */
function keyParts(world: World, stanza: BinaryNode): Map<Device, BinaryNode[]> {
  const parts = new Map<Device, BinaryNode[]>()
  for (const part of children(child(stanza, 'participants'))) {
    const device = world.device(part.attrs['jid'])
    if (device) parts.set(device, children(part))
  }
  return parts
}

/** A 1:1 message as one device gets it; the sender is named in the form the recipient was addressed by. */
function userCopy(
  sender: Device,
  address: { device: Device; recipient: Account; to: string; partJid?: string | undefined },
  stanza: BinaryNode,
  parts: BinaryNode[],
  t: number,
): BinaryNode {
  const { device, recipient, to, partJid = to } = address
  const byLid = isLidJid(partJid)
  const attrs: Record<string, string | undefined> = { from: byLid ? sender.lid : sender.pn }
  if (device.account === sender.account) {
    // From the own account: the other side's second JID goes along, the own one would be taken for the chat's.
    if (stanza.attrs['category'] !== 'peer')
      Object.assign(attrs, ownCopyAttributes(stanza, recipient, byLid, to))
  } else if (byLid) {
    attrs['sender_pn'] = shownPhone(sender.account)
    attrs['addressing_mode'] = 'lid'
  } else {
    attrs['sender_lid'] = sender.account.lid
  }
  return copy(sender.account, stanza, attrs, parts, t)
}

function ownCopyAttributes(
  stanza: BinaryNode,
  recipient: Account,
  byLid: boolean,
  to: string,
): Record<string, string | undefined> {
  const chat = stanza.attrs['recipient'] ?? bareJid(to)
  return byLid
    ? { recipient: chat, peer_recipient_pn: recipient.pn }
    : { recipient: chat, peer_recipient_lid: recipient.lid }
}

function groupCopy(
  sender: Device,
  stanza: BinaryNode,
  parts: BinaryNode[],
  addressing: 'lid' | 'pn',
  t: number,
): BinaryNode {
  const to = stanza.attrs['to']
  const attrs: Record<string, string | undefined> =
    addressing === 'lid'
      ? {
          from: to,
          participant: sender.lid,
          participant_pn: shownPhone(sender.account),
          addressing_mode: 'lid',
        }
      : { from: to, participant: sender.pn, participant_lid: sender.account.lid, addressing_mode: 'pn' }
  return copy(sender.account, stanza, attrs, parts, t)
}

function shownPhone(account: Account): string | undefined {
  return account.showsPhone ? account.pn : undefined
}

function copy(
  sender: Account,
  stanza: BinaryNode,
  attrs: Record<string, string | undefined>,
  parts: BinaryNode[],
  t: number,
): BinaryNode {
  const passed = Object.fromEntries(PASSED_ATTRIBUTES.map((name) => [name, stanza.attrs[name]]))
  const needsIdentity = parts.some(({ attrs: enc }) => enc['type'] === 'pkmsg')
  const others = children(stanza).filter(
    ({ tag }) => PASSED_CHILDREN.has(tag) && (tag !== 'device-identity' || needsIdentity),
  )
  // The significant child comes first: clients dispatch on it.
  return el('message', { ...passed, ...attrs, t, notify: sender.pushName }, [...parts, ...others])
}

/** True when the JID names a server this file does not route for, such as `newsletter`. */
export function isForeignDestination(to: string): boolean {
  const server = parseJid(to)?.server
  return server !== 'g.us' && server !== 's.whatsapp.net' && server !== 'lid' && server !== 'broadcast'
}
