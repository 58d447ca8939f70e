import type { SnapshotValue } from '../snapshot-rows.ts'
import { type EncryptedColumn, encryptedColumns, placeOf } from './encrypted-columns.ts'
import type { EncryptionState } from './encryption-state.ts'
import { openStored } from './reencrypt.ts'
import type { RowCipher, ValuePlace } from './row-cipher.ts'

/** Rows of one table, values in the order of `columns`. */
export interface TableRows {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly SnapshotValue[])[]
}

/** The rows with their secrets encrypted. */
export function encryptRows(rows: TableRows, cipher: RowCipher): TableRows['rows'] {
  return mapSecrets(rows, (column, place, value) =>
    column.isText
      ? cipher.encryptText(place, value.toString())
      : cipher.encrypt(place, Buffer.isBuffer(value) ? value : Buffer.from(value)),
  )
}

/** The rows with their secrets as they were before they were encrypted. */
export function decryptRows(rows: TableRows, cipher: RowCipher, state: EncryptionState): TableRows['rows'] {
  return mapSecrets(rows, (column, place, stored) => {
    const value = openStored(cipher, { column, place, stored }, state)
    return column.isText ? value.toString() : value
  })
}

function mapSecrets(
  { table, columns, rows }: TableRows,
  map: (column: EncryptedColumn, place: ValuePlace, value: string | Buffer) => string | Buffer,
): TableRows['rows'] {
  const present = Object.values<EncryptedColumn>(encryptedColumns)
    .filter((column) => column.table === table && columns.includes(column.column))
    .map((column) => ({
      column,
      at: columns.indexOf(column.column),
      key: column.key.map((name) => columns.indexOf(name)),
    }))
  if (present.length === 0) return rows
  return rows.map((row) => {
    const changed = [...row]
    for (const { column, at, key } of present) {
      const value = row[at]
      const names = key
        .map((index) => row[index] ?? '')
        .map((part) => (Buffer.isBuffer(part) ? part : String(part)))
      if (typeof value !== 'string' && !Buffer.isBuffer(value)) continue
      if (column.only !== undefined && !column.only.includes(String(names[0]))) continue
      changed[at] = map(column, placeOf(column, names), value)
    }
    return changed
  })
}
