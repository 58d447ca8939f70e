import type { ColumnType } from 'kysely'

/** 0 or 1. */
export type Flag = ColumnType<number, number, number>
/** Milliseconds since 1970. */
export type Millis = ColumnType<number, number, number>
/** BLOB or BYTEA. */
export type Bytes = ColumnType<Buffer, Buffer | Uint8Array, Buffer | Uint8Array>
