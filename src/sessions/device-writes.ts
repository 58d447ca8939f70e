import type { DeviceId } from '../core/ids.ts'
import { SerialQueue } from '../core/serial-queue.ts'
import type { DeviceRegistry } from './device-registry.ts'

/** Writes what happened to one device down, in the order it happened, without holding up whoever tells it. */
export class DeviceWrites {
  readonly #deviceId: DeviceId
  readonly #registry: DeviceRegistry
  readonly #queue = new SerialQueue()

  constructor(deviceId: DeviceId, registry: DeviceRegistry) {
    this.#deviceId = deviceId
    this.#registry = registry
  }

  /** Resolves once `write` is committed, after all that came before it. */
  add(write: (registry: DeviceRegistry, deviceId: DeviceId) => Promise<void>): Promise<void> {
    return this.#queue.run(() => write(this.#registry, this.#deviceId))
  }

  /** Resolves once all that was told so far is committed, or has failed. */
  drained(): Promise<void> {
    return this.#queue.drained()
  }
}
