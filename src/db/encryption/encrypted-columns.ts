import type { ValuePlace } from './row-cipher.ts'

/** A column whose values are encrypted where there is a key. */
export interface EncryptedColumn {
  readonly table: string
  readonly column: string
  /** The columns of the row's key; the first is the device's in rows of a device. */
  readonly key: readonly string[]
  readonly isOfDevice: boolean
  readonly isText: boolean
  /** Only rows with these keys; all when absent. */
  readonly only?: readonly string[]
}

const ofDevice = { isOfDevice: true, isText: false } as const
const ofGateway = { key: ['id'], isOfDevice: false, isText: true } as const

/**
 * Every column with key material: keys of WhatsApp, plaintexts kept for repetitions (keys of groups and of the app state come in
 * messages), and secrets of webhooks and links. API keys and stream tickets are hashes; messages, chats and events are content.
 */
export const encryptedColumns = {
  credentials: { table: 'credentials', column: 'body', key: ['device_id'], ...ofDevice },
  signalKeys: { table: 'signal_keys', column: 'body', key: ['device_id', 'type', 'id'], ...ofDevice },
  decrypted: {
    table: 'decrypted_messages',
    column: 'plaintext',
    key: ['device_id', 'ciphertext_hash'],
    ...ofDevice,
  },
  webhookSecrets: { table: 'webhook_endpoints', column: 'secret', ...ofGateway },
  /** They may hold a token that the receiver asks for. */
  webhookHeaders: { table: 'webhook_endpoints', column: 'headers', ...ofGateway },
  settings: {
    ...ofGateway,
    table: 'settings',
    column: 'value',
    key: ['name'],
    only: ['webhook_secret', 'media_link_secret'],
  },
} as const satisfies Record<string, EncryptedColumn>

/** The place of a value: the row's key in the order of the column's key. */
export function placeOf(column: EncryptedColumn, key: readonly (string | Uint8Array)[]): ValuePlace {
  // As PostgreSQL keeps them: see `ourPool`.
  const names = key.map((part) =>
    typeof part === 'string' ? part.replaceAll('\0', '\ufffd') : Buffer.from(part).toString('hex'),
  )
  return {
    table: column.table,
    column: column.column,
    owner: column.isOfDevice ? (names[0] ?? '') : '',
    key: names,
  }
}
