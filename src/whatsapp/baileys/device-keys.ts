import type { AuthenticationCreds, SignalKeyStore, SocketConfig } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import { encodeValue } from './key-codec.ts'
import type { KeyRowStore } from './key-row-store.ts'
import type { KeyVault } from './key-vault.ts'
import { LibraryKeys, type ReviveAppStateKey } from './library-keys.ts'
import { GroupOperations } from './signal/group-operations.ts'
import { KeyLock } from './signal/key-lock.ts'
import { LidMapping } from './signal/lid-mapping.ts'
import { makeSignalRepository } from './signal/signal-repository.ts'
import type { TurnGate } from './signal/turn-gate.ts'
import { isTakenOver } from './taken-over.ts'

/** Everything a connection of a device needs of its secrets. @sensitive */
export interface DeviceKeys {
  /** Changed in place by the library; another object after `reset`. */
  readonly creds: AuthenticationCreds
  readonly keys: SignalKeyStore
  readonly makeSignalRepository: SocketConfig['makeSignalRepository']
  /** A pairing that was begun (an account is named) and never confirmed: such credentials cannot log in. */
  readonly isHalfPaired: boolean
  /** Set when a write failed. Then the session must be closed, nothing settled, and the device loaded anew. */
  readonly storageFailure: Error | null
  /** What frames wait for before they leave: null when every key used so far is on disk; rejects when a write failed. */
  durable(): Promise<void> | null
  /** Resolves when the credentials as they are now are on disk. Calls made while a save runs share the next one. */
  saveCreds(): Promise<void>
  /** Forgets everything and begins with fresh credentials, as a device never linked. For use between connections. */
  reset(): Promise<void>
  /** Makes the next message to a group go out under a new key. For use when a member left. */
  rotateSenderKey(group: string): Promise<void>
}

/** What the keys of a device are made of. */
export interface DeviceKeysParts {
  readonly vault: KeyVault
  readonly creds: AuthenticationCreds
}

export interface DeviceKeysDeps {
  readonly store: KeyRowStore
  readonly clock: Clock
  readonly gate: TurnGate
  readonly logger: Logger
  readonly reviveAppStateKey: ReviveAppStateKey
  /** Forgets the device and stores fresh credentials. */
  readonly begin: () => Promise<DeviceKeysParts>
}

/** History sync adds to it for ever; only the last ones are compared with. */
const processedHistoryLimit = 100

/** The keys of one device on our tables. Made by KeyMaterial. */
export class StoredDeviceKeys implements DeviceKeys {
  readonly #deps: DeviceKeysDeps
  readonly #locks = new KeyLock()
  #vault: KeyVault
  #creds: AuthenticationCreds
  #keys: LibraryKeys
  #stored: Buffer | null = null
  #saving: Promise<void> | null = null
  #nextSave: Promise<void> | null = null
  #saveFailure: Error | null = null

  constructor(deps: DeviceKeysDeps, { vault, creds }: DeviceKeysParts) {
    this.#deps = deps
    this.#vault = vault
    this.#creds = creds
    this.#keys = new LibraryKeys(vault, this.#locks, deps.reviveAppStateKey)
  }

  get creds(): AuthenticationCreds {
    return this.#creds
  }

  get keys(): SignalKeyStore {
    return this.#keys
  }

  get isHalfPaired(): boolean {
    return this.#creds.me !== undefined && this.#creds.account === undefined
  }

  get storageFailure(): Error | null {
    return this.#vault.failure ?? this.#saveFailure
  }

  durable(): Promise<void> | null {
    return this.#vault.durable()
  }

  get makeSignalRepository(): SocketConfig['makeSignalRepository'] {
    return (_auth, _logger, fetchLids) => makeSignalRepository(this.#signalDeps(), fetchLids)
  }

  saveCreds(): Promise<void> {
    if (this.#saving === null) {
      this.#saving = this.#save().finally(() => {
        this.#saving = null
      })
      return this.#saving
    }
    this.#nextSave ??= this.#saving
      .catch((error: unknown) => error)
      .then(() => {
        this.#nextSave = null
        return this.saveCreds()
      })
    return this.#nextSave
  }

  async reset(): Promise<void> {
    await this.close()
    const { vault, creds } = await this.#deps.begin()
    this.#vault = vault
    this.#creds = creds
    this.#keys = new LibraryKeys(vault, this.#locks, this.#deps.reviveAppStateKey)
    this.#stored = null
    this.#saveFailure = null
  }

  async rotateSenderKey(group: string): Promise<void> {
    const deps = this.#signalDeps()
    const lidMapping = new LidMapping(deps.vault, deps.logger, undefined)
    const { me } = this.#creds
    const own = [me?.id, me?.lid].filter((jid) => jid !== undefined)
    await new GroupOperations({ ...deps, lidMapping }).rotate(group, own)
  }

  /** Whether no other process has taken the device. */
  isHeld(): Promise<boolean> {
    return this.#deps.store.isHeld()
  }

  /** Takes the device out of use; resolves when nothing of it writes any more. */
  async close(): Promise<void> {
    await this.#vault.close(new AppError('internal_error', { message: 'the device is out of use' }))
    await Promise.allSettled([this.#saving, this.#nextSave])
  }

  #signalDeps() {
    const { gate, clock, logger } = this.#deps
    return { creds: this.#creds, vault: this.#vault, locks: this.#locks, gate, clock, logger }
  }

  async #save(): Promise<void> {
    const failure = this.storageFailure
    if (failure !== null) throw failure
    try {
      await this.#deps.store.saveCredentials(() => {
        const body = encodeCreds(this.#creds)
        if (this.#stored?.equals(body) === true) return null
        this.#stored = body
        return body
      })
    } catch (error) {
      this.#stored = null
      this.#saveFailure = isTakenOver(error)
        ? error
        : new AppError('internal_error', { message: 'the credentials could not be stored', cause: error })
      throw this.#saveFailure
    }
  }
}

/** The credentials as they are stored. */
export function encodeCreds(creds: AuthenticationCreds): Buffer {
  const processed = creds.processedHistoryMessages.slice(-processedHistoryLimit)
  return encodeValue({ ...creds, processedHistoryMessages: processed })
}
