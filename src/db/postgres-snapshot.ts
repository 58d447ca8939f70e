import pg from 'pg'
import { AppError, toError } from '../core/app-error.ts'
import { migrationsTable, rowsAtOnce, type Snapshot, type SnapshotValue } from './snapshot-rows.ts'

interface ColumnRow {
  readonly table_name: string
  readonly column_name: string
  readonly sequence: string | null
}

/** A snapshot of a PostgreSQL database: one read-only transaction that sees what was committed when it began. */
export async function postgresSnapshot(uri: string): Promise<Snapshot> {
  const client = new pg.Client({
    connectionString: uri,
    connectionTimeoutMillis: 10_000,
    application_name: 'gatewa backup',
    types: { getTypeParser: parserFor },
  })
  // Without a listener a connection that the server ends would end the process; the next query fails with it.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (cause) {
    throw new AppError('database_refused', {
      message: `PostgreSQL cannot be reached (${toError(cause).message}); check DB_URI and that the server runs`,
      cause,
    })
  }
  try {
    return await read(client)
  } catch (error) {
    await client.end()
    throw error
  }
}

async function read(client: pg.Client): Promise<Snapshot> {
  await client.query('begin isolation level repeatable read, read only')
  const { rows } = await client.query<ColumnRow>(
    `select table_name, column_name, pg_get_serial_sequence(quote_ident(table_name), column_name) as sequence
     from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = current_schema() and table_type = 'BASE TABLE' order by table_name, ordinal_position`,
  )
  const byTable = Map.groupBy(rows, (row) => row.table_name)
  if (!byTable.has(migrationsTable))
    throw new AppError('database_refused', { message: 'DB_URI names a database in which no gatewa ever ran' })
  const migrations = await client.query<{ name: string }>(`select name from ${migrationsTable} order by name`)
  const sequences = new Map<string, number>()
  for (const { table_name, sequence } of rows) {
    if (sequence === null) continue
    const found = await client.query<{ last: number | null }>(
      `select case when is_called then last_value end as last from ${sequence}`,
    )
    const last = found.rows[0]?.last ?? null
    if (last !== null) sequences.set(table_name, last)
  }
  return {
    dialect: 'postgres',
    tables: [...byTable]
      .filter(([name]) => name !== migrationsTable)
      .map(([name, columns]) => ({ name, columns: columns.map((row) => row.column_name) })),
    migrations: migrations.rows.map(({ name }) => name),
    sequences,
    async *rows(table) {
      await client.query(
        `declare reading no scroll cursor for select * from ${client.escapeIdentifier(table)}`,
      )
      for (;;) {
        const some = await client.query<SnapshotValue[]>({
          text: `fetch ${rowsAtOnce} from reading`,
          rowMode: 'array',
        })
        if (some.rows.length === 0) break
        yield some.rows
      }
      await client.query('close reading')
    },
    close: () => client.end(),
  }
}

/** Times and counters are BIGINT here and never come near 2^53. */
const parserFor: pg.CustomTypesConfig['getTypeParser'] = (type, format): unknown =>
  type === pg.types.builtins.INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(type, format)
