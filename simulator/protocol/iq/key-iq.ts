import { createHash } from 'node:crypto'
import type { BinaryNode } from 'baileys'
import type { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import { takeBundle } from '../../state/key-bundle.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { PublicPreKey, PublicSignedPreKey } from '../../state/prekey-pool.ts'
import { bigEndian, bytes, child, children, el, uint } from '../stanza.ts'
import { IqError, type IqHandler } from './iq-handler.ts'

const KEY_TYPE = Buffer.of(5)

/** `encrypt`: upload, count, digest, rotation, and the bundles others start sessions with. */
export function keyIq(faults: FaultPlan): IqHandler {
  return {
    xmlns: 'encrypt',
    async handle(iq, { device, world }) {
      const request = child(iq)
      if (iq.attrs['type'] === 'set') {
        return request?.tag === 'rotate' ? rotate(device, request) : upload(device, iq)
      }
      if (request?.tag === 'count') return [el('count', { value: device.preKeys.count })]
      if (request?.tag === 'digest') return digest(device)
      if (request?.tag !== 'key') return undefined
      const users = children(request).map(({ attrs }) => {
        const jid = attrs['jid'] ?? ''
        const found = world.device(jid)
        return found ? bundleFor(jid, found, faults) : undefined
      })
      return [
        el(
          'list',
          {},
          users.filter((user) => user !== undefined),
        ),
      ]
    },
  }
}

function upload(device: LinkedDevice, iq: BinaryNode): BinaryNode[] | IqError {
  const list = child(iq, 'list')
  const identity = bytes(child(iq, 'identity'))
  const signed = child(iq, 'skey')
  if (!list || !signed) return new IqError(400, 'bad-request')
  if (!identity.equals(device.keys.identityKey)) return new IqError(409, 'conflict')
  device.keys = { ...device.keys, signedPreKey: readSigned(signed) }
  device.preKeys.add(children(list).map(readKey))
  return []
}

function rotate(device: LinkedDevice, request: BinaryNode): BinaryNode[] | IqError {
  const signed = child(request, 'skey')
  if (!signed) return new IqError(400, 'bad-request')
  device.keys = { ...device.keys, signedPreKey: readSigned(signed) }
  return []
}

function digest(device: LinkedDevice): BinaryNode[] | IqError {
  if (device.preKeys.count === 0) return new IqError(404, 'item-not-found')
  const { registrationId, identityKey, signedPreKey } = device.keys
  const hash = createHash('sha1').update(identityKey).update(signedPreKey.publicKey).digest()
  return [
    el('digest', {}, [
      el('registration', {}, bigEndian(registrationId, 4)),
      el('type', {}, KEY_TYPE),
      el('identity', {}, identityKey),
      signedNode(signedPreKey),
      el('hash', {}, hash),
    ]),
  ]
}

function bundleFor(jid: string, device: Device, faults: FaultPlan): BinaryNode {
  const { registrationId, identityKey, signedPreKey, preKey } = takeBundle(device, faults)
  return el('user', { jid }, [
    el('registration', {}, bigEndian(registrationId, 4)),
    el('type', {}, KEY_TYPE),
    el('identity', {}, identityKey),
    ...(preKey ? [el('key', {}, keyParts(preKey))] : []),
    signedNode(signedPreKey),
  ])
}

function signedNode(key: PublicSignedPreKey): BinaryNode {
  return el('skey', {}, [...keyParts(key), el('signature', {}, key.signature)])
}

function keyParts({ id, publicKey }: PublicPreKey): BinaryNode[] {
  return [el('id', {}, bigEndian(id, 3)), el('value', {}, publicKey)]
}

function readKey(node: BinaryNode): PublicPreKey {
  return { id: uint(child(node, 'id')), publicKey: bytes(child(node, 'value')) }
}

function readSigned(node: BinaryNode): PublicSignedPreKey {
  return { ...readKey(node), signature: bytes(child(node, 'signature')) }
}
