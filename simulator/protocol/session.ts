import type { BinaryNode, proto } from 'baileys'
import type { Logger } from 'pino'
import type { FaultPlan } from '../state/fault-plan.ts'
import { LinkedDevice } from '../state/linked-device.ts'
import type { World } from '../state/world.ts'
import type { ClientConnection, ConnectionHandlers } from '../transport/client-connection.ts'
import { isOlder, versionOf, type WebVersion } from './handshake/web-version.ts'
import type { Hooks } from './hooks.ts'
import { type IqContext, IqError } from './iq/iq-handler.ts'
import { type IqRegistry, refusalOf } from './iq/iq-registry.ts'
import type { PairingDesk } from './pairing/pairing-desk.ts'
import type { CallBoard } from './push/calls.ts'
import { takeClientMessage } from './push/client-messages.ts'
import { startDelivery } from './push/offline-delivery.ts'
import type { PresenceBoard } from './push/presence.ts'
import { receiptIds } from './push/receipt-routing.ts'
import type { Router } from './push/router.ts'
import { child, el, nowSeconds } from './stanza.ts'

/** The rooms a session leads to. */
export interface SessionServices {
  world: World
  faults: FaultPlan
  router: Router
  desk: PairingDesk
  iqs: IqRegistry
  presence: PresenceBoard
  calls: CallBoard
  hooks: Hooks
  logger: Logger
  /** The oldest web version that may connect; undefined lets every client in. */
  requiredVersion(): WebVersion | undefined
}

const GONE = { type: 'unavailable' }

/** What the server does with its clients: lets them in, and leads each stanza to the room that answers it. */
export class Session implements ConnectionHandlers {
  readonly #services: SessionServices

  constructor(services: SessionServices) {
    this.#services = services
  }

  async admit(connection: ClientConnection, payload: proto.ClientPayload): Promise<void> {
    const required = this.#services.requiredVersion()
    if (required && isOlder(versionOf(payload), required)) {
      this.#fail(connection, 405)
      return
    }
    const registration = payload.devicePairingData
    if (registration && payload.username == null) {
      connection.state = 'unregistered'
      this.#services.desk.welcome(connection, registration)
      return
    }
    this.#login(connection, payload)
  }

  async stanza(connection: ClientConnection, node: BinaryNode): Promise<void> {
    const { device } = connection
    if (connection.state === 'unregistered') this.#fromUnregistered(connection, node)
    else if (connection.isDeaf && node.attrs['xmlns'] !== 'w:p') return
    // A socket that was replaced or unlinked may still be talking: it is not listened to any more.
    else if (device?.connection === connection) await this.#fromDevice(connection, device, node)
  }

  closed(connection: ClientConnection): void {
    this.#services.desk.leave(connection)
    const { device } = connection
    if (!device) return
    device.queue.detach(connection)
    if (device.connection !== connection) return
    device.connection = undefined
    if (device.presence === 'available') this.#services.presence.fromClient(device, el('presence', GONE))
    device.changes.notify()
    device.account.changes.notify()
  }

  #login(connection: ClientConnection, payload: proto.ClientPayload): void {
    const { world, faults } = this.#services
    const account = world.account(`${String(payload.username ?? '')}@s.whatsapp.net`)
    const planned = faults.take('fail-login', account)
    const device = account?.devices.get(payload.device ?? 0)
    const known = device instanceof LinkedDevice && device.noiseKey.equals(connection.clientStatic)
    if (planned || !account || !known) {
      this.#fail(connection, planned?.value ?? 401)
      return
    }
    const older = device.connection
    if (older) {
      device.queue.detach(older)
      older.endWithStreamError({}, el('conflict', { type: 'replaced' }))
    }
    connection.state = 'logged-in'
    connection.device = device
    device.connection = connection
    device.logins++
    const lid = device.lid
    const props = { t: nowSeconds(), props: 27, companion_enc_static: '', lid, location: 'sim', abprops: 7 }
    connection.send(el('success', { ...props, creation: nowSeconds(), display_name: account.pushName }))
    device.changes.notify()
    account.changes.notify()
    // A client that does not start passive gets its queue without asking for it.
    if (payload.passive === false) this.#activate(connection, device)
  }

  #fail(connection: ClientConnection, reason: number): void {
    connection.send(el('failure', { reason, location: 'sim' }))
    connection.close()
  }

  #fromUnregistered(connection: ClientConnection, node: BinaryNode): void {
    const { id, to, xmlns } = node.attrs
    if (node.tag !== 'iq') return
    const isPing = xmlns === 'w:p'
    const answer = isPing ? [] : this.#services.desk.answer(connection, node)
    const reply = { id, from: to }
    if (answer)
      connection.send(el('iq', { ...reply, type: 'result' }, answer.length > 0 ? answer : undefined))
    else if (node.attrs['type'] === 'get' || node.attrs['type'] === 'set') {
      connection.send(
        el('iq', { ...reply, type: 'error' }, [el('error', { code: 401, text: 'not-authorized' })]),
      )
    }
  }

  async #fromDevice(connection: ClientConnection, device: LinkedDevice, node: BinaryNode): Promise<void> {
    const { presence, calls, logger } = this.#services
    switch (node.tag) {
      case 'iq':
        return this.#iq(connection, device, node)
      case 'message':
        return takeClientMessage(connection, device, node, this.#services)
      case 'receipt':
        return this.#receipt(connection, device, node)
      case 'ack':
        return device.queue.confirm(node.attrs['class'] ?? '', node.attrs['id'] ?? '', {
          from: node.attrs['to'],
          type: node.attrs['type'],
          participant: node.attrs['participant'],
        })
      case 'presence':
        return presence.fromClient(device, node)
      case 'chatstate':
        return presence.chatStateFromClient(device, node)
      case 'call':
        return connection.send(calls.fromClient(device, node))
      case 'ib':
        return
      default:
        logger.warn({ tag: node.tag, attrs: Object.keys(node.attrs) }, 'unknown stanza')
    }
  }

  async #iq(connection: ClientConnection, device: LinkedDevice, iq: BinaryNode): Promise<void> {
    const { world, router, iqs, faults } = this.#services
    const { account } = device
    if (iq.attrs['type'] !== 'get' && iq.attrs['type'] !== 'set' && iq.attrs['xmlns'] === undefined) return
    if (faults.take('ignore-iq', account, iq.attrs['xmlns'])) return
    const refused = faults.take('refuse-iq', account, iq.attrs['xmlns'])
    if (refused) return connection.send(refusalOf(iq, new IqError(refused.value ?? 500, 'refused on demand')))
    const push: IqContext['push'] = (notification, to = device) => router.deliver(to, notification)
    const answer = await iqs.answer(iq, { world, account, device, connection, router, push })
    const patched = patchedCollection(iq)
    const late =
      faults.take('delay-iq-answer', account, iq.attrs['xmlns']) ??
      (patched === undefined ? undefined : faults.take('delay-patch-answer', account, patched))
    if (late) setTimeout(() => connection.send(answer), late.value).unref()
    else connection.send(answer)
    if (iq.attrs['xmlns'] === 'passive' && child(iq)?.tag === 'active') this.#activate(connection, device)
  }

  #activate(connection: ClientConnection, device: LinkedDevice): void {
    const { faults, hooks, logger } = this.#services
    if (connection.isActive) return
    connection.isActive = true
    if (!startDelivery(connection, device, faults)) return
    const first = device.isNew
    device.isNew = false
    device.changes.notify()
    device.account.changes.notify()
    for (const hook of first ? [...hooks.firstLogin, ...hooks.loggedIn] : hooks.loggedIn) {
      // Hooks wait for the client's answers, which cannot be read before this stanza is done with.
      hook(device).catch((error: unknown) => logger.error({ err: error }, 'a login hook failed'))
    }
  }

  #receipt(connection: ClientConnection, device: LinkedDevice, receipt: BinaryNode): void {
    const { id, to, type, participant, recipient } = receipt.attrs
    connection.send(
      el('ack', { class: 'receipt', id, from: to, type, participant, recipient, t: nowSeconds() }),
    )
    for (const each of receiptIds(receipt)) device.queue.confirm('message', each)
    this.#services.router.receipt(device, receipt)
  }
}

/** The collection of app state that an IQ writes into, if it does. */
function patchedCollection(iq: BinaryNode): string | undefined {
  const collection = child(child(iq, 'sync'), 'collection')
  return child(collection, 'patch') === undefined ? undefined : collection?.attrs['name']
}
