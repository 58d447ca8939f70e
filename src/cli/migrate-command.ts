import { createLogger } from '../config/create-logger.ts'
import type { Flags } from '../config/load-config.ts'
import { AppError } from '../core/app-error.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { openDatabase } from '../db/open-database.ts'
import { commandConfig } from './command-config.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** Brings the database's schema up to date, as `serve` does at its start. The gateway must not be running on SQLite. */
export async function runMigrate(flags: Flags, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  const logger = await createLogger(config.log, process.stderr)
  const { uri, encryptionKeys } = config.database
  const { dataDir, version } = config
  try {
    const database = await openDatabase({ uri, dataDir, version, keys: KeyRing.of(encryptionKeys) }, logger)
    await database.close()
    terminal.print(`the ${database.dialect} database is up to date with gatewa ${config.version}`)
  } catch (error) {
    if (error instanceof AppError) throw new CommandError(error.message)
    throw error
  }
}
