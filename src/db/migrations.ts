import type { SchemaMigration } from './migration.ts'
import { firstTables } from './migrations/0001-first-tables.ts'

/** Every step of the schema in its order; new ones are appended. */
export const migrations: readonly SchemaMigration[] = [firstTables]
