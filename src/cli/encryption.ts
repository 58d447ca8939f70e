import type { Config } from '../config/config.ts'
import { createLogger } from '../config/create-logger.ts'
import type { Flags } from '../config/load-config.ts'
import { AppError } from '../core/app-error.ts'
import type { EncryptionState } from '../db/encryption/encryption-state.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { commandConfig } from './command-config.ts'
import { storedEncryption, storedWebhookSecret } from './stored-settings.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa encryption`. */
export interface EncryptionCommand {
  readonly flags: Flags
  /** status, rotate, off or webhook-secret. */
  readonly action: string
}

/** Shows and changes what the keys in the database are encrypted with. Changes want the gateway stopped. */
export async function runEncryption({ flags, action }: EncryptionCommand, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  try {
    switch (action) {
      case 'status':
        return terminal.print(describeEncryption(await storedEncryption(config.database.uri)))
      case 'rotate':
        if (config.database.encryptionKeys.length === 0)
          throw new CommandError(
            'set APP_ENCRYPTION_KEY (or APP_ENCRYPTION_KEY_FILE) to the key to go over to',
          )
        await bringUnder(config, false)
        return terminal.print(describeEncryption(await storedEncryption(config.database.uri)))
      case 'off':
        await bringUnder(config, true)
        terminal.print('the keys in the database are not encrypted')
        return terminal.tell('take APP_ENCRYPTION_KEY out of the settings before the next start')
      case 'webhook-secret': {
        const secret = await storedWebhookSecret(config.database)
        if (secret === null)
          throw new CommandError('no secret was made: WHATSAPP_WEBHOOK_SECRET is set, or no webhook')
        return terminal.print(secret)
      }
    }
  } catch (error) {
    if (error instanceof AppError) throw new CommandError(error.message)
    throw error
  }
  throw new CommandError(`there is no ${action}; there are status, rotate, off and webhook-secret`)
}

/** The state in a sentence. */
export function describeEncryption(state: EncryptionState | null): string {
  if (state === null) return 'the keys in the database are not encrypted'
  const [present = '', ...older] = state.keys
  if (state.isComplete) return `the keys in the database are encrypted with the key ${present}`
  const others = [...older.map((id) => `the key ${id}`), ...(state.mayBePlain ? ['no key'] : [])]
  return `the keys in the database are going over to the key ${present}, and some may still be under ${others.join(' or ')}; the next start goes on`
}

async function bringUnder(config: Config, endsEncryption: boolean): Promise<void> {
  const { openDatabase } = await import('../db/open-database.ts')
  const logger = await createLogger(config.log, process.stderr)
  const { uri, encryptionKeys } = config.database
  const { dataDir, version } = config
  const keys = KeyRing.of(encryptionKeys)
  const database = await openDatabase({ uri, dataDir, version, keys, endsEncryption }, logger)
  await database.close()
}
