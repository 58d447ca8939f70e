import { type BinaryNode, Curve } from 'baileys'
import type { Account } from '../../state/account.ts'
import type { Device, DeviceKeys } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import { deviceJid } from '../../state/ids.ts'
import { LinkedDevice } from '../../state/linked-device.ts'
import type { ClientConnection } from '../../transport/client-connection.ts'
import { devicesChanged } from '../push/notifications.ts'
import type { Router } from '../push/router.ts'
import { bytes, child, el, nowSeconds } from '../stanza.ts'
import { checkDeviceSignature, type IssuedIdentity, issueDeviceIdentity } from './device-identity.ts'

/** A client that waits to be linked: its socket and the keys it registered with. */
export interface Candidate {
  connection: ClientConnection
  keys: DeviceKeys
}

/** What linking needs of the server. */
export interface LinkingServices {
  faults: FaultPlan
  router: Router
}

/**
 * Links a client to an account: pair-success, the client's signature, then the demand to reconnect (515). Resolves
 * with the device once the server knows it; rejects when the client refuses, leaves, or a planned fault cuts in.
 */
export async function linkCandidate(
  { connection, keys }: Candidate,
  account: Account,
  advSecret: Uint8Array,
  { faults, router }: LinkingServices,
): Promise<LinkedDevice> {
  const number = account.takeDeviceNumber()
  const forged = faults.take('forged-account-signature', account) !== undefined
  const issued = issueDeviceIdentity({
    account: account.identity,
    signer: forged ? Curve.generateKeyPair() : account.identity,
    companionIdentity: keys.identityKey,
    advSecret,
    keyIndex: number,
    at: nowSeconds(),
  })
  const reply = await connection.query(pairSuccess(account, number, issued))
  if (faults.take('drop-before-sign', account)) {
    connection.terminate()
    throw new Error('the socket was cut before the client was linked, as planned')
  }
  const signedIdentity = bytes(child(child(reply, 'pair-device-sign'), 'device-identity'))
  checkDeviceSignature(signedIdentity, issued, account.identity.public, keys.identityKey)
  const pairing = { noiseKey: connection.clientStatic, keyIndex: number, signedIdentity }
  const device = new LinkedDevice(account, number, keys, pairing)
  account.addDevice(device)
  tellDevicesChanged(account, 'add', device, router)
  if (faults.take('drop-before-restart', account)) connection.terminate()
  else connection.endWithStreamError({ code: 515 })
  return device
}

/** Ends a link: the client is told, its socket closed, and what waited for it forgotten. */
export function unlink(device: LinkedDevice, router: Router): void {
  const { account } = device
  account.removeDevice(device)
  device.queue.clear()
  device.connection?.endWithStreamError({ code: 401 }, el('conflict', { type: 'device_removed' }))
  device.connection = undefined
  tellDevicesChanged(account, 'remove', device, router)
}

/** Tells an account's clients, and those who know its devices, that one came or went. */
export function tellDevicesChanged(
  account: Account,
  change: 'add' | 'remove',
  device: Device,
  router: Router,
): void {
  for (const watcher of [account, ...account.watchers]) {
    for (const linked of watcher.linkedDevices) {
      if (linked === device) continue
      router.deliver(linked, devicesChanged(account.pn, change, device.pn))
    }
  }
}

function pairSuccess(account: Account, number: number, issued: IssuedIdentity): BinaryNode {
  const jid = deviceJid(account.phone, 's.whatsapp.net', number)
  const lid = deviceJid(account.lidUser, 'lid', number)
  const business = account.businessName
  return el('iq', { type: 'set', xmlns: 'md' }, [
    el('pair-success', { t: nowSeconds() }, [
      el('device-identity', {}, issued.wrapped),
      el('device', { jid, lid }),
      el('platform', { name: business === undefined ? 'android' : 'smba' }),
      ...(business === undefined ? [] : [el('biz', { name: business })]),
    ]),
  ])
}
