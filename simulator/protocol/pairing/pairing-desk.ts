import { randomBytes } from 'node:crypto'
import type { BinaryNode, proto } from 'baileys'
import type { Logger } from 'pino'
import type { Account } from '../../state/account.ts'
import { Changes } from '../../state/changes.ts'
import { parseJid } from '../../state/ids.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { ClientConnection } from '../../transport/client-connection.ts'
import { notification } from '../push/notifications.ts'
import { bytes, child, el } from '../stanza.ts'
import { startCodeExchange } from './code-exchange.ts'
import { type Candidate, type LinkingServices, linkCandidate } from './linking.ts'
import { parseQrText } from './qr-text.ts'

/** A client that showed a pairing code and waits for the phone. */
interface CodeRequest {
  ref: Buffer
  phone: string
  wrappedEphemeral: Buffer
  finish: Promise<BinaryNode>
  finished(stanza: BinaryNode): void
}

/** A client that is connected and not linked. */
interface Waiting extends Candidate {
  refs: string[]
  code?: CodeRequest
}

/** Where clients wait to be linked, by QR code or by pairing code. */
export class PairingDesk {
  /** How many refs a client gets, one per QR code it shows. Default 6. */
  refCount = 6
  readonly changes = new Changes()
  readonly #services: LinkingServices
  readonly #logger: Logger
  readonly #waiting = new Map<ClientConnection, Waiting>()

  constructor(services: LinkingServices, logger: Logger) {
    this.#services = services
    this.#logger = logger
  }

  /** Clients that wait, newest last. */
  get connections(): ClientConnection[] {
    return [...this.#waiting.keys()]
  }

  /** Takes in a client that wants to register and gives it its refs. */
  welcome(
    connection: ClientConnection,
    registration: proto.ClientPayload.IDevicePairingRegistrationData,
  ): void {
    const { eRegid, eIdent, eSkeyId, eSkeyVal, eSkeySig } = registration
    if (!eRegid || !eIdent || !eSkeyId || !eSkeyVal || !eSkeySig) throw new Error('incomplete registration')
    const refs = Array.from({ length: this.refCount }, () => `2@${randomBytes(48).toString('base64')}`)
    const keys = {
      registrationId: Buffer.from(eRegid).readUInt32BE(),
      identityKey: Buffer.from(eIdent),
      signedPreKey: {
        id: Buffer.from(eSkeyId).readUIntBE(0, 3),
        publicKey: Buffer.from(eSkeyVal),
        signature: Buffer.from(eSkeySig),
      },
    }
    this.#waiting.set(connection, { connection, keys, refs })
    const pairDevice = el(
      'pair-device',
      {},
      refs.map((ref) => el('ref', {}, Buffer.from(ref))),
    )
    connection
      .query(el('iq', { type: 'set', xmlns: 'md' }, [pairDevice]))
      .catch((error: unknown) => this.#logger.debug({ err: error }, 'client left before it took its refs'))
    this.changes.notify()
  }

  /** Forgets a client that has gone. */
  leave(connection: ClientConnection): void {
    this.#waiting.delete(connection)
    this.changes.notify()
  }

  /** The phone scans a QR code. Rejects when no client waits with that ref, or the client refuses. */
  scan(account: Account, qrText: string): Promise<LinkedDevice> {
    const { ref, noiseKey, identityKey, advSecret } = parseQrText(qrText)
    const waiting = [...this.#waiting.values()].find(({ refs }) => refs.includes(ref))
    if (!waiting) return Promise.reject(new Error('no client waits with this QR code'))
    if (!waiting.connection.clientStatic.equals(noiseKey) || !waiting.keys.identityKey.equals(identityKey)) {
      return Promise.reject(new Error('the QR code carries other keys than the client registered with'))
    }
    waiting.refs = []
    return linkCandidate(waiting, account, advSecret, this.#services)
  }

  /** True while a client shows a code for that account's number. */
  hasCodeRequest(account: Account): boolean {
    return this.#withCode(account) !== undefined
  }

  /** The phone enters the code a client shows. Rejects when it is not the client's code. */
  async enterCode(account: Account, code: string): Promise<LinkedDevice> {
    const waiting = this.#withCode(account)
    if (!waiting?.code) throw new Error(`no client shows a code for ${account.phone}`)
    const { connection, code: request } = waiting
    const exchange = await startCodeExchange(code, request.wrappedEphemeral, account.identity)
    connection.send(
      notification('link_code_companion_reg', {}, [
        el('link_code_companion_reg', { stage: 'primary_hello' }, [
          el('link_code_pairing_wrapped_primary_ephemeral_pub', {}, exchange.wrapped),
          el('primary_identity_pub', {}, Buffer.from(account.identity.public)),
          el('link_code_pairing_ref', {}, request.ref),
        ]),
      ]),
    )
    const finish = child(await request.finish, 'link_code_companion_reg')
    const bundle = bytes(child(finish, 'link_code_pairing_wrapped_key_bundle'))
    const companionIdentity = bytes(child(finish, 'companion_identity_public'))
    const { advSecret } = exchange.open(bundle, companionIdentity)
    return linkCandidate(waiting, account, advSecret, this.#services)
  }

  /** Answers the `md` IQs of a client that is not linked; undefined when it is not one of them. */
  answer(connection: ClientConnection, iq: BinaryNode): BinaryNode[] | undefined {
    const request = child(iq, 'link_code_companion_reg')
    const waiting = this.#waiting.get(connection)
    if (!request || !waiting) return undefined
    if (request.attrs['stage'] === 'companion_hello') return this.#hello(waiting, request)
    if (request.attrs['stage'] === 'companion_finish') {
      waiting.code?.finished(iq)
      return []
    }
    return undefined
  }

  #hello(waiting: Waiting, request: BinaryNode): BinaryNode[] {
    const ref = randomBytes(16)
    const { promise, resolve, reject } = Promise.withResolvers<BinaryNode>()
    waiting.code = {
      ref,
      phone: parseJid(request.attrs['jid'])?.user ?? '',
      wrappedEphemeral: bytes(child(request, 'link_code_pairing_wrapped_companion_ephemeral_pub')),
      finish: promise,
      finished: resolve,
    }
    promise.catch((error: unknown) => this.#logger.debug({ err: error }, 'code pairing ended'))
    const stop = waiting.connection.changes.on(() => {
      if (waiting.connection.state !== 'closed') return
      stop()
      reject(new Error('the client left before the code was entered'))
    })
    this.changes.notify()
    return [
      el('link_code_companion_reg', { stage: 'companion_hello' }, [el('link_code_pairing_ref', {}, ref)]),
    ]
  }

  #withCode(account: Account): Waiting | undefined {
    return [...this.#waiting.values()].findLast(({ code }) => code?.phone === account.phone)
  }
}
