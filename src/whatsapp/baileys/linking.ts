import type { WASocket } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { SessionChange } from '../whatsapp-session.ts'
import { accountOf } from './account.ts'
import type { DeviceKeys } from './device-keys.ts'
import type { OutboundHold } from './outbound-hold.ts'
import { requestPairingCode } from './pairing-code.ts'
import { QrCodes } from './qr-codes.ts'
import { renewSecret } from './renew-secret.ts'
import type { StanzaJournal } from './stanza-journal.ts'

/** How long WhatsApp may take to begin linking before a pairing code can be asked for. */
const linkingLimitMs = 20_000

export interface LinkingDeps {
  readonly deviceId: DeviceId
  readonly keys: DeviceKeys
  readonly journal: StanzaJournal
  readonly socket: Pick<WASocket, 'query'>
  readonly outbound: Pick<OutboundHold, 'during'>
  readonly qrLifetimeMs: number | undefined
  readonly report: (change: SessionChange) => void
  /** Called when something could not be stored: the connection must be given up. */
  readonly onFailure: (error: Error) => void
  /** Rejects when the connection ends before `work` does, or with `late` after `limitMs`. */
  readonly whileConnected: <T>(work: Promise<T>, limit?: { ms: number; late: AppError }) => Promise<T>
}

/** The link between device and account on one connection: codes, the pairing, and the credentials it leaves. */
export class Linking {
  readonly #deps: LinkingDeps
  readonly #codes: QrCodes
  #pushName: string
  #saving: Promise<void> = Promise.resolve()
  #onFirstCode: (() => void)[] = []

  constructor(deps: LinkingDeps) {
    this.#deps = deps
    this.#codes = new QrCodes(deps.qrLifetimeMs)
    this.#pushName = accountOf(deps.keys.creds)?.pushName ?? ''
  }

  /** See `WhatsAppSession.requestPairingCode`. */
  async requestPairingCode(phone: string): Promise<string> {
    const { keys, socket, whileConnected } = this.#deps
    await this.#firstCode()
    const ask: WASocket['query'] = (node, timeoutMs) => socket.query(node, timeoutMs)
    return whileConnected(requestPairingCode(phone, keys.creds, ask))
  }

  /** Takes the next QR code of the library. */
  takeCode(text: string): void {
    this.#deps.report({ type: 'qr', ...this.#codes.next(text, this.#deps.keys.creds.advSecretKey) })
    for (const resolve of this.#onFirstCode.splice(0)) resolve()
  }

  /**
   * The signature that completes the link leaves only when the credentials it stands for are durable. The secret that was in the
   * code is used up: what was shown, and is in the log of events, opens nothing from here on.
   */
  takePaired(): void {
    const { keys, journal, deviceId, outbound, report, onFailure } = this.#deps
    renewSecret(keys.creds)
    const durable = outbound.during(async () => {
      await Promise.all([keys.saveCreds(), journal.clear(deviceId)])
    })
    this.#saving = durable.then(
      () => {
        const account = accountOf(keys.creds)
        if (account !== null) report({ type: 'paired', account })
      },
      (error: unknown) => onFailure(toError(error)),
    )
  }

  /** The credentials have changed: saves them, and tells what can be seen of it. */
  takeCreds(): void {
    const { keys, report, onFailure } = this.#deps
    this.#saving = Promise.all([
      this.#saving,
      keys.saveCreds().catch((error: unknown) => onFailure(toError(error))),
    ]).then(() => undefined)
    const account = accountOf(keys.creds)
    if (account === null) return this.#showNewSecret()
    if (account.pushName === this.#pushName) return
    this.#pushName = account.pushName
    report({ type: 'renamed', account })
  }

  /** WhatsApp asks for a new secret. */
  refreshSecret(): void {
    renewSecret(this.#deps.keys.creds)
    this.takeCreds()
  }

  /** Resolves when nothing of the credentials is being written any more. */
  async saved(): Promise<void> {
    await this.#saving
  }

  /** A code with the secret before could no longer be verified. */
  #showNewSecret(): void {
    const code = this.#codes.refreshed(this.#deps.keys.creds.advSecretKey)
    if (code !== null) this.#deps.report({ type: 'qr', ...code })
  }

  async #firstCode(): Promise<void> {
    if (this.#codes.hasStarted) return
    const first = new Promise<void>((resolve) => this.#onFirstCode.push(resolve))
    const late = new AppError('pairing_code_failed', {
      details: { reason: 'WhatsApp did not begin to link' },
    })
    await this.#deps.whileConnected(first, { ms: linkingLimitMs, late })
  }
}
