import type { SchemaMigration } from './migration.ts'
import { firstTables } from './migrations/0001-first-tables.ts'
import { webhooksAsData } from './migrations/0005-webhooks-as-data.ts'

/** Every step of the schema in its order; new ones are appended. */
export const migrations: readonly SchemaMigration[] = [firstTables, webhooksAsData]
