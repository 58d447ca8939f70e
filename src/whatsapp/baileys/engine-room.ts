import { DEFAULT_CONNECTION_CONFIG, WA_CERT_DETAILS } from 'baileys'
import { AppError, toError } from '../../core/app-error.ts'
import type { DeviceId } from '../../core/ids.ts'
import { refusingActions } from '../refusing-actions.ts'
import type { SessionListener, WhatsAppSession } from '../whatsapp-session.ts'
import type { BaileysEngineDeps } from './baileys-engine.ts'
import { BaileysSession } from './baileys-session.ts'
import type { DeviceKeys } from './device-keys.ts'
import { closed } from './disconnect-reason.ts'
import { makeNetwork, type Network } from './network.ts'
import { verifySignaturesAreChecked } from './self-check.ts'
import { bindServerCertificates } from './server-certificate.ts'
import { SharedCaches } from './shared-caches.ts'
import { silenceLibsignal } from './silence-libsignal.ts'
import { fetchWebVersion } from './web-version.ts'
import { WebVersions } from './web-versions.ts'

/** Everything of the engine that needs Baileys loaded: what all connections of the process share, and opening them. */
export class EngineRoom {
  readonly #deps: BaileysEngineDeps
  readonly #network: Network
  readonly #caches: SharedCaches
  readonly #versions: WebVersions
  readonly #unsilence: () => void

  constructor(deps: BaileysEngineDeps) {
    const { config } = deps
    this.#deps = deps
    this.#unsilence = silenceLibsignal(deps.logger)
    bindServerCertificates()
    this.#network = makeNetwork(config)
    this.#caches = new SharedCaches({ clock: deps.clock })
    this.#versions = new WebVersions({
      base: config.webVersion ?? DEFAULT_CONNECTION_CONFIG.version,
      memory: deps.versionMemory,
      fetchCurrent: () => fetchWebVersion(config.webVersionUrl, this.#network.dispatcher),
      logger: deps.logger,
    })
    // Baileys reads the root from this object at every handshake; there is no other way to set it.
    if (config.noiseRootKey !== undefined)
      WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(config.noiseRootKey, 'hex')
  }

  /** See `WhatsAppEngine.open`. */
  async open(deviceId: DeviceId, listener: SessionListener): Promise<WhatsAppSession> {
    const logger = this.#deps.logger.child({ deviceId })
    try {
      const [keys, version] = await Promise.all([this.#wholeKeys(deviceId), this.#versions.current()])
      return new BaileysSession({
        deviceId,
        config: this.#deps.config,
        keys,
        version,
        journal: this.#deps.journal,
        sentMessages: this.#deps.sentMessages,
        namedChats: this.#deps.namedChats,
        network: this.#network,
        caches: this.#caches.of(deviceId),
        clock: this.#deps.clock,
        logger,
        listener,
        timesMessages: this.#deps.timesMessages ?? false,
        renewVersion: () => this.#versions.renew(version),
      })
    } catch (error) {
      logger.error({ reason: toError(error).message }, 'connection could not be started')
      listener.onChange(closed('connection-lost', null, toError(error).message))
      return deadSession
    }
  }

  selfCheck(): Promise<void> {
    return verifySignaturesAreChecked()
  }

  async close(): Promise<void> {
    this.#unsilence()
    await this.#network.close()
  }

  /** A pairing that was begun and not completed leaves credentials that look linked and cannot log in. */
  async #wholeKeys(deviceId: DeviceId): Promise<DeviceKeys> {
    const keys = await this.#deps.keyMaterial.load(deviceId)
    if (keys.isHalfPaired) await keys.reset()
    return keys
  }
}

/** What `open` gives back when there is no connection; its end has been reported. */
const deadSession: WhatsAppSession = {
  ...refusingActions(),
  requestPairingCode: () => Promise.reject(new AppError('device_not_connected')),
  logout: () => Promise.reject(new AppError('device_not_connected')),
  close: () => Promise.resolve(),
  probe: () => Promise.reject(new AppError('device_not_connected')),
  health: () => ({
    lastFrameAt: null,
    lastStanzaAt: null,
    lastAckAt: null,
    decryptFailures: 0,
    unsettledStanzas: 0,
  }),
  sendMessage: () => Promise.reject(new AppError('device_not_connected')),
  findOnWhatsApp: () => Promise.reject(new AppError('device_not_connected')),
  ensureMember: () => Promise.reject(new AppError('device_not_connected')),
  ensureMayWrite: () => Promise.reject(new AppError('device_not_connected')),
}
