import type { DeviceId } from '../../core/ids.ts'
import type { Account } from '../whatsapp-session.ts'
import type { DeviceKeys } from './device-keys.ts'

/** Where credentials and keys come from (implemented by KeyMaterial). */
export interface KeySource {
  /** The same object for every call until a write failed or the device is forgotten. */
  load(device: DeviceId): Promise<DeviceKeys>
  /** The linked account, or null when the device is not or only half linked. */
  account(device: DeviceId): Promise<Account | null>
  forget(device: DeviceId): Promise<void>
}
