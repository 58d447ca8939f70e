import { type BinaryNode, proto } from 'baileys'
import type { Account } from '../../state/account.ts'
import { deviceJid, isGroupJid, parseJid } from '../../state/ids.ts'
import type { World } from '../../state/world.ts'
import { bytes, children } from '../stanza.ts'
import type { SignalPeer } from './signal-peer.ts'

/** Who wrote a message stanza. The device may have been unlinked since; the account stays. */
export interface Sender {
  account: Account
  device: number
  /** JID of the device by LID. */
  lid: string
}

/** Reads the sender of a message stanza; throws when it names nobody the world knows. */
export function senderOf(world: World, stanza: BinaryNode): Sender {
  const jid = stanza.attrs['participant'] ?? stanza.attrs['from']
  const account = world.account(jid)
  if (!account) throw new Error(`a message from ${jid ?? 'nobody'}, whom the world does not know`)
  const device = parseJid(jid)?.device ?? 0
  return { account, device, lid: deviceJid(account.lidUser, 'lid', device) }
}

/** Decrypts every part of a message stanza, in order, into one message. */
export async function openMessage(
  signal: SignalPeer,
  stanza: BinaryNode,
  sender: Sender,
): Promise<proto.Message> {
  const from = stanza.attrs['from']
  const group = isGroupJid(from) || from === 'status@broadcast' ? from : undefined
  const whole = new proto.Message()
  const parts = children(stanza).filter(({ tag }) => tag === 'enc')
  if (parts.length === 0) throw new Error('a message without anything to decrypt')
  for (const part of parts) {
    const type = part.attrs['type']
    if (type !== 'pkmsg' && type !== 'msg' && type !== 'skmsg') throw new Error(`unknown encryption ${type}`)
    Object.assign(whole, await signal.decrypt({ lid: sender.lid, group }, { type, ciphertext: bytes(part) }))
  }
  return whole
}
