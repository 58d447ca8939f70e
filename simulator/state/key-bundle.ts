import type { Device, DeviceKeys } from './device.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { PublicPreKey } from './prekey-pool.ts'

/** A device's keys with a one-time prekey that nobody else gets; without one when the device has none left. */
export function takeBundle(
  device: Device,
  faults: FaultPlan,
): DeviceKeys & { preKey: PublicPreKey | undefined } {
  const { keys } = device
  const preKey = device.takePreKey()
  if (!faults.take('bad-signed-prekey', device.account)) return { ...keys, preKey }
  const signature = Buffer.from(keys.signedPreKey.signature)
  signature.writeUInt8(signature.readUInt8(10) ^ 0xff, 10)
  return { ...keys, signedPreKey: { ...keys.signedPreKey, signature }, preKey }
}
