import { createLogger } from '../config/create-logger.ts'
import type { Flags } from '../config/load-config.ts'
import { AppError } from '../core/app-error.ts'
import { systemClock } from '../core/clock.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { openDatabase } from '../db/open-database.ts'
import { takeEveryLease } from '../db/take-every-lease.ts'
import { renewRestoredKeys } from '../whatsapp/baileys/restored-keys-store.ts'
import { commandConfig } from './command-config.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** Makes anew what devices send with, as a restore does: for data that was set back in another way. The gateway must not run. */
export async function runRenewKeys(flags: Flags, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  const logger = await createLogger(config.log, process.stderr)
  const { dataDir, version } = config
  const { uri, encryptionKeys } = config.database
  try {
    const database = await openDatabase({ uri, dataDir, version, keys: KeyRing.of(encryptionKeys) }, logger)
    try {
      await database.inTransaction(async (tx) => {
        const at = systemClock.now()
        await takeEveryLease(tx, at)
        await renewRestoredKeys(tx, database.cipher, at)
      })
    } finally {
      await database.close()
    }
  } catch (error) {
    if (error instanceof AppError) throw new CommandError(error.message)
    throw error
  }
  terminal.print('every device sends under new keys from its next message on')
}
