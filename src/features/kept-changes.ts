import type { DeviceId, MessageId } from '../core/ids.ts'
import type { Tx } from '../db/database.ts'

/** Where the protobuf of what is sent without being a message is kept, for people who could not decrypt it. */
export interface KeptChanges {
  insert(tx: Tx, deviceId: DeviceId, id: MessageId, raw: Uint8Array, at: Date): Promise<void>
}
