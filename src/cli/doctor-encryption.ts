import type { Config } from '../config/config.ts'
import { toError } from '../core/app-error.ts'
import { refuseMissingKeys } from '../db/encryption/encryption-state.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { describeEncryption } from './encryption.ts'
import type { Finding } from './finding.ts'
import { storedEncryption } from './stored-settings.ts'

const name = 'encryption'

/** Whether the keys in the database are encrypted, and whether the settings have what reads them. */
export async function encryptionFinding({ uri, encryptionKeys }: Config['database']): Promise<Finding> {
  const ring = KeyRing.of(encryptionKeys)
  let state: Awaited<ReturnType<typeof storedEncryption>>
  try {
    state = await storedEncryption(uri)
  } catch (error) {
    const detail = `the database cannot be asked: ${toError(error).message}`
    return { name, state: 'fail', detail, remedy: 'see the check of the database' }
  }
  try {
    refuseMissingKeys(state, ring)
  } catch (error) {
    const [detail = '', ...remedy] = toError(error).message.split('; ')
    return { name, state: 'fail', detail, remedy: remedy.join('; ') }
  }
  const detail = describeEncryption(state)
  if (ring === null) return { name, state: 'ok', detail: `${detail} (APP_ENCRYPTION_KEY is not set)` }
  if (state?.isComplete === true && state.keys[0] === ring.presentId) return { name, state: 'ok', detail }
  return { name, state: 'ok', detail: `${detail}; the next start encrypts them with ${ring.presentId}` }
}
