import type { BinaryNode } from 'baileys'
import type { Device } from '../../state/device.ts'
import { LinkedDevice } from '../../state/linked-device.ts'
import { isGenuineIdentity } from '../pairing/device-identity.ts'
import { bytes, child, children } from '../stanza.ts'

/**
 * What is wrong with a message a client sends, in a few words, or undefined. A simulator that takes anything would
 * let defects through that WhatsApp, or the clients behind it, refuse.
 */
export function faultOf(sender: Device, stanza: BinaryNode): string | undefined {
  const { id, to, type } = stanza.attrs
  if (!id || id.includes('@')) return 'a message needs an id without @'
  if (!to) return 'a message needs a recipient'
  if (!type) return 'a message needs a type'
  if (!(sender instanceof LinkedDevice)) return undefined
  const parts = [stanza, ...children(child(stanza, 'participants'))].flatMap(children)
  if (!parts.some(({ attrs }) => attrs['type'] === 'pkmsg')) return undefined
  const identity = bytes(child(stanza, 'device-identity'))
  if (identity.length === 0) return 'a message that starts a session needs the device identity'
  if (sender.checkedIdentity?.equals(identity)) return undefined
  const { account, keys } = sender
  if (!isGenuineIdentity(identity, account.identity.public, keys.identityKey))
    return 'the device identity is forged'
  sender.checkedIdentity = identity
  return undefined
}
