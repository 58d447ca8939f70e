import { setImmediate as nextTurn } from 'node:timers/promises'
import { type AuthenticationCreds, Curve, initAuthCreds } from 'baileys'
import { encodeCreds } from './device-keys.ts'
import { encodeValue } from './key-codec.ts'
import type { KeyRowStore } from './key-row-store.ts'
import type { KeyChange } from './key-rows.ts'

/** What the library uploads at the first login (Defaults, INITIAL_PREKEY_COUNT). */
const preKeyCount = 812
const preKeysPerTurn = 40

/**
 * Forgets what a device had, and stores fresh credentials with their first one-time prekeys, in one commit. The library
 * would make all of those at once in the middle of a login and hold up every other device for it.
 */
export async function beginCredentials(store: KeyRowStore): Promise<AuthenticationCreds> {
  const creds = initAuthCreds()
  const changes: KeyChange[] = []
  for (let id = 1; id <= preKeyCount; id += 1) {
    changes.push({ type: 'pre-key', id: String(id), body: encodeValue(Curve.generateKeyPair()) })
    if (id % preKeysPerTurn === 0) await nextTurn()
  }
  creds.nextPreKeyId = preKeyCount + 1
  await store.begin(encodeCreds(creds), changes)
  return creds
}
