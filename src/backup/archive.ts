// Owns: what is in a backup, before it is compressed and encrypted: records, each with a letter and a length.

import { pipeline, Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { z } from 'zod'
import { AppError } from '../core/app-error.ts'
import { ByteSource } from './byte-source.ts'
import { sealed, unsealed } from './seal.ts'

/** A value of a column, in either engine. */
export type Value = string | number | null | Buffer

const head = z.object({
  /** When the state was taken. */
  takenAt: z.iso.datetime(),
  /** Version of the program that wrote it. */
  version: z.string(),
  dialect: z.enum(['sqlite', 'postgres']),
  /** The schema's steps that had been taken. */
  migrations: z.array(z.string()),
  hasMedia: z.boolean(),
})
const rows = z.object({
  table: z.string(),
  columns: z.array(z.string()),
  rows: z.array(z.array(z.unknown())),
})
const file = z.object({ path: z.string() })
const end = z.object({
  rows: z.record(z.string(), z.number()),
  files: z.number(),
  /** The numbers given out last, by table, of tables that number their rows. */
  sequences: z.record(z.string(), z.number()),
})

/** Rows of one table, in the order of `columns`. */
export interface RowsRecord {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

/** What a backup is made of: a head, rows, files with their content, and an end that says how much there was. */
export type ArchiveRecord =
  | ({ readonly kind: 'head' } & z.output<typeof head>)
  | ({ readonly kind: 'rows' } & RowsRecord)
  | { readonly kind: 'file'; readonly path: string }
  /** A part of the file named before. */
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | ({ readonly kind: 'end' } & z.output<typeof end>)

export type ArchiveHead = Extract<ArchiveRecord, { kind: 'head' }>

const letters = { head: 'H', rows: 'R', file: 'F', data: 'D', end: 'E' } as const
const longestRecord = 256 * 1024 * 1024

/** The bytes of an encrypted backup. */
export function writeArchive(
  records: AsyncIterable<ArchiveRecord>,
  passphrase: string,
): AsyncGenerator<Buffer> {
  const zipped = createGzip({ level: 6 })
  // A failure of the source ends the stream behind it with the same error.
  pipeline(Readable.from(encoded(records)), zipped, () => undefined)
  return sealed(zipped, passphrase)
}

/**
 * The records of an encrypted backup, in their order. Raises `backup_unreadable`: for a wrong passphrase at once, for damage
 * where it is; a backup whose end is missing does too, so nothing is good before the last record was read.
 */
export async function* readArchive(
  bytes: AsyncIterable<Uint8Array>,
  passphrase: string,
): AsyncGenerator<ArchiveRecord> {
  const plain = createGunzip()
  pipeline(Readable.from(unsealed(bytes, passphrase)), plain, () => undefined)
  const source = new ByteSource(plain)
  for (;;) {
    const start = await source.upTo(5)
    if (start.length < 5) throw new AppError('backup_unreadable', { message: 'the backup has no end' })
    const length = start.readUInt32BE(1)
    if (length > longestRecord) throw new AppError('backup_unreadable')
    const record = decoded(start.toString('latin1', 0, 1), await source.upTo(length))
    yield record
    if (record.kind === 'end') return
  }
}

async function* encoded(records: AsyncIterable<ArchiveRecord>): AsyncGenerator<Buffer> {
  for await (const record of records) {
    const { kind, ...fields } = record
    const body =
      record.kind === 'data'
        ? record.bytes
        : Buffer.from(JSON.stringify(record.kind === 'rows' ? toJson(record) : fields))
    const start = Buffer.alloc(5)
    start.write(letters[kind], 'latin1')
    start.writeUInt32BE(body.length, 1)
    yield start
    yield body
  }
}

function decoded(letter: string, body: Buffer): ArchiveRecord {
  if (letter === letters.data) return { kind: 'data', bytes: body }
  try {
    const fields: unknown = JSON.parse(body.toString('utf8'))
    switch (letter) {
      case letters.head:
        return { kind: 'head', ...head.parse(fields) }
      case letters.rows: {
        const { rows: values, ...named } = rows.parse(fields)
        return { kind: 'rows', ...named, rows: values.map((row) => row.map(fromJson)) }
      }
      case letters.file:
        return { kind: 'file', ...file.parse(fields) }
      case letters.end:
        return { kind: 'end', ...end.parse(fields) }
    }
  } catch (cause) {
    throw new AppError('backup_unreadable', { cause })
  }
  throw new AppError('backup_unreadable', {
    message: 'the backup was made by a newer version of gatewa; restore it with that',
  })
}

function toJson({ table, columns, rows: values }: RowsRecord) {
  const plain = values.map((row) =>
    row.map((value) => (Buffer.isBuffer(value) ? { base64: value.toString('base64') } : value)),
  )
  return { table, columns, rows: plain }
}

const bytesValue = z.object({ base64: z.base64() })

function fromJson(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  return Buffer.from(bytesValue.parse(value).base64, 'base64')
}
