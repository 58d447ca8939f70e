import { type Kysely, sql } from 'kysely'
import { AppError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import type { Database } from './database.ts'
import { columnTypesOf, type Dialect, type SchemaMigration } from './migration.ts'

/** What is run on which database; `version` is the program's, kept beside each step. */
export interface MigrateOptions {
  readonly db: Kysely<Database>
  readonly dialect: Dialect
  readonly migrations: readonly SchemaMigration[]
  readonly version: string
  readonly logger: Logger
  /** Called before the first step that changes a database which already has tables of ours. */
  readonly beforeChange: (migration: string) => Promise<void>
}

interface MigrationsTable {
  name: string
  applied_at: number
  program_version: string
}
type WithMigrations = Database & { schema_migrations: MigrationsTable }

const lockNumber = 7_205_759_403

/**
 * Brings the schema up to date, one transaction per step. Rejects with `database_refused` when the database was written
 * by a newer program; then nothing is changed.
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const db = options.db as unknown as Kysely<WithMigrations> // the same database, seen with the one table more
  await db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('applied_at', columnTypesOf(options.dialect).bigint, (c) => c.notNull())
    .addColumn('program_version', 'text', (c) => c.notNull())
    .execute()
  const applied = await db.selectFrom('schema_migrations').selectAll().orderBy('name').execute()
  refuseNewer(applied, options)

  const known = new Set(applied.map((row) => row.name))
  const missing = options.migrations.filter((migration) => !known.has(migration.name))
  const first = missing[0]
  if (first === undefined) return
  if (known.size > 0) await options.beforeChange(first.name)
  for (const migration of missing) {
    const isApplied = await applyOne(db, migration, options)
    if (isApplied) options.logger.info({ migration: migration.name }, 'schema migrated')
  }
}

async function applyOne(
  db: Kysely<WithMigrations>,
  migration: SchemaMigration,
  { dialect, version }: MigrateOptions,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    // Two nodes that start together on one PostgreSQL take turns here.
    if (dialect === 'postgres') await sql`select pg_advisory_xact_lock(${lockNumber})`.execute(tx)
    const done = await tx
      .selectFrom('schema_migrations')
      .select('name')
      .where('name', '=', migration.name)
      .executeTakeFirst()
    if (done !== undefined) return false
    await migration.up(tx as unknown as Kysely<Database>, columnTypesOf(dialect)) // the same transaction, one table less
    await tx
      .insertInto('schema_migrations')
      .values({ name: migration.name, applied_at: Date.now(), program_version: version })
      .execute()
    return true
  })
}

function refuseNewer(applied: readonly MigrationsTable[], { migrations, version }: MigrateOptions): void {
  const known = new Set(migrations.map((migration) => migration.name))
  const newer = applied.find((row) => !known.has(row.name))
  if (newer === undefined) return
  throw new AppError('database_refused', {
    message:
      `the database was written by version ${newer.program_version} (schema step ${newer.name}), ` +
      `this program is version ${version} and does not know it; run the newer version, or restore the copy made before the upgrade`,
  })
}
