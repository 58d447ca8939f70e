import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Logger } from '../../core/logger.ts'
import type { Account, SessionListener, WhatsAppEngine, WhatsAppSession } from '../whatsapp-session.ts'
import type { SentMessageSource } from './connect.ts'
import type { EngineConfig } from './engine-config.ts'
import type { EngineRoom } from './engine-room.ts'
import type { NamedChats } from './group-subjects.ts'
import type { KeySource } from './key-source.ts'
import type { StanzaJournal } from './stanza-journal.ts'
import type { WebVersionMemory } from './web-versions.ts'

export interface BaileysEngineDeps {
  readonly config: EngineConfig
  readonly keyMaterial: KeySource
  readonly journal: StanzaJournal
  readonly sentMessages: SentMessageSource
  readonly namedChats: NamedChats
  readonly versionMemory: WebVersionMemory
  /** Whether facts tell when their messages came and were decrypted; default false. */
  readonly timesMessages?: boolean
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * WhatsApp through Baileys. Baileys takes most of a second to load, so this file imports it only when the first
 * connection is asked for.
 */
export class BaileysEngine implements WhatsAppEngine {
  readonly #deps: BaileysEngineDeps
  #room: Promise<EngineRoom> | null = null

  constructor(deps: BaileysEngineDeps) {
    this.#deps = deps
  }

  async selfCheck(): Promise<void> {
    await (await this.#loaded()).selfCheck()
  }

  async open(deviceId: DeviceId, listener: SessionListener): Promise<WhatsAppSession> {
    return (await this.#loaded()).open(deviceId, listener)
  }

  account(deviceId: DeviceId): Promise<Account | null> {
    return this.#deps.keyMaterial.account(deviceId)
  }

  async forget(deviceId: DeviceId): Promise<void> {
    await this.#deps.keyMaterial.forget(deviceId)
    await this.#deps.journal.clear(deviceId)
  }

  /** Gives back what the engine holds of the network. Sessions are closed by their owners before. */
  async close(): Promise<void> {
    if (this.#room !== null) await (await this.#room).close()
  }

  #loaded(): Promise<EngineRoom> {
    this.#room ??= import('./engine-room.ts').then(({ EngineRoom }) => new EngineRoom(this.#deps))
    return this.#room
  }
}
