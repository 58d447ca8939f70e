import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { createLogger } from '../config/create-logger.ts'
import type { Flags } from '../config/load-config.ts'
import { AppError } from '../core/app-error.ts'
import { systemClock } from '../core/clock.ts'
import { KeyRing } from '../db/encryption/key-ring.ts'
import { commandConfig } from './command-config.ts'
import { CommandError, type Terminal } from './terminal.ts'

/** What was typed behind `gatewa backup` or `gatewa restore`. */
export interface BackupCommand {
  readonly flags: Flags
  readonly options: Readonly<Record<string, unknown>>
}

/** Writes an encrypted backup of what the settings name. The gateway may run meanwhile. */
export async function runBackup({ flags, options }: BackupCommand, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  const target = fileOf(options, 'to')
  if (existsSync(target)) throw new CommandError(`${target} is there already; name another file`)
  const withMedia = options['withMedia'] === true
  if (withMedia && config.media.s3 !== undefined)
    throw new CommandError('media is kept in a bucket; back that up where it is, and leave out --with-media')
  const { makeBackup } = await import('../backup/make-backup.ts')
  const facts = await inWords(() =>
    makeBackup({
      uri: config.database.uri,
      keys: KeyRing.of(config.database.encryptionKeys),
      dataDir: config.dataDir,
      mediaDir: withMedia ? mediaDirOf(config) : null,
      target,
      passphrase: passphraseOf(config, options),
      version: config.version,
      clock: systemClock,
    }),
  )
  terminal.print(target)
  terminal.tell(`${facts.rows} rows and ${facts.files} files, as of ${facts.takenAt.toISOString()}`)
  terminal.tell('only the passphrase opens it: keep that apart from the file')
}

/** Makes a database out of a backup, where the settings say. */
export async function runRestore({ flags, options }: BackupCommand, terminal: Terminal): Promise<void> {
  const { config } = commandConfig({ flags })
  const source = fileOf(options, 'from')
  if (!existsSync(source)) throw new CommandError(`there is no ${source}`)
  if (options['originalIsStopped'] !== true) {
    throw new CommandError(
      'a device can be connected once only: stop the gateway that the backup is of, and say so with --original-is-stopped. If it runs on, WhatsApp ends the connections of whichever connected first',
    )
  }
  const logger = await createLogger(config.log, process.stderr)
  const { restoreBackup } = await import('../backup/restore-backup.ts')
  const { renewRestoredKeys } = await import('../whatsapp/baileys/restored-keys-store.ts')
  const facts = await inWords(() =>
    restoreBackup({
      source,
      passphrase: passphraseOf(config, options),
      uri: config.database.uri,
      keys: KeyRing.of(config.database.encryptionKeys),
      dataDir: config.dataDir,
      mediaDir: mediaDirOf(config),
      version: config.version,
      renewKeys: renewRestoredKeys,
      clock: systemClock,
      logger,
    }),
  )
  terminal.print(`restored ${facts.rows} rows and ${facts.files} files, as of ${facts.takenAt.toISOString()}`)
  terminal.tell('start it with the same settings; its devices connect by themselves')
}

function mediaDirOf(config: Config): string {
  return join(config.dataDir, 'media', 'store')
}

function fileOf(options: Readonly<Record<string, unknown>>, name: string): string {
  const value = options[name]
  if (typeof value === 'string' && value !== '') return resolve(value)
  throw new CommandError(`give --${name} <file>`)
}

function passphraseOf(config: Config, options: Readonly<Record<string, unknown>>): string {
  const file = options['passphraseFile']
  const text = typeof file === 'string' ? readFileSync(file, 'utf8').trim() : config.client.backupPassphrase
  if (text === null || text === '')
    throw new CommandError('set GATEWA_BACKUP_PASSPHRASE, or name a file with --passphrase-file')
  if (text.length < 12) throw new CommandError('the passphrase needs 12 characters at least')
  return text
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError) throw new CommandError(error.message)
    throw error
  }
}
