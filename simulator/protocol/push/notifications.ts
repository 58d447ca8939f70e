import type { BinaryNode } from 'baileys'
import { newStanzaId } from '../../state/ids.ts'
import { el, nowSeconds, SERVER } from '../stanza.ts'

/** A notification as the server sends it; the client acks it. */
export function notification(
  type: string,
  attrs: Record<string, string | number | undefined>,
  content: BinaryNode[],
): BinaryNode {
  return el('notification', { id: newStanzaId(), type, t: nowSeconds(), from: SERVER, ...attrs }, content)
}

/** Tells a client how few one-time prekeys are left. Below 5 it uploads more. */
export function preKeysLow(count: number): BinaryNode {
  return notification('encrypt', {}, [el('count', { value: count })])
}

/** Tells a client that an account's devices changed. */
export function devicesChanged(account: string, change: 'add' | 'remove', device: string): BinaryNode {
  return notification('devices', { from: account }, [
    el(change, { device_hash: '2:simulated' }, [el('device', { jid: device })]),
  ])
}

/** Asks a client that is being linked to renew the secret in its QR code. */
export function companionRegRefresh(): BinaryNode {
  return notification('companion_reg_refresh', {}, [el('companion_reg_refresh')])
}
