import type { ColumnBuilderCallback, ColumnDataType, Expression } from 'kysely'
import type { Db } from './database.ts'

export type Dialect = 'sqlite' | 'postgres'

/** Column types where the engines differ. */
export interface ColumnTypes {
  readonly dialect: Dialect
  readonly bigint: ColumnDataType
  readonly bytes: ColumnDataType | Expression<unknown>
  /** A number that grows with every row and is the primary key. */
  readonly autoIncrement: { readonly type: ColumnDataType; readonly build: ColumnBuilderCallback }
}

/** One step of the schema. Append-only: a released one is never edited. */
export interface SchemaMigration {
  readonly name: string
  up(db: Db, types: ColumnTypes): Promise<void>
}

/** The column types of an engine. */
export function columnTypesOf(dialect: Dialect): ColumnTypes {
  return dialect === 'sqlite'
    ? {
        dialect,
        bigint: 'integer',
        bytes: 'blob',
        autoIncrement: { type: 'integer', build: (column) => column.primaryKey().autoIncrement() },
      }
    : {
        dialect,
        bigint: 'bigint',
        bytes: 'bytea',
        autoIncrement: { type: 'bigserial', build: (column) => column.primaryKey() },
      }
}
