// Owns: the real secrets of a gateway's database, and looking for their bytes in anything.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuthenticationCreds } from 'baileys'
import { encryptedColumns, placeOf } from '../src/db/encryption/encrypted-columns.ts'
import { KeyRing } from '../src/db/encryption/key-ring.ts'
import { EncryptedRows, plainRows } from '../src/db/encryption/row-cipher.ts'
import type { Dialect } from '../src/db/migration.ts'
import { openSnapshot } from '../src/db/snapshot.ts'
import { decodeValue } from '../src/whatsapp/baileys/key-codec.ts'
import { decodeSenderKeyRecord } from '../src/whatsapp/baileys/signal/sender-key-record.ts'
import { decodeSessionRecord } from '../src/whatsapp/baileys/signal/session-record.ts'
import { openDatabaseView } from './database-view.ts'

/** A secret, and what it is. */
export interface StoredSecret {
  readonly name: string
  readonly bytes: Buffer
}

/** Of eight hundred one-time prekeys these are enough. */
const mostPreKeys = 20

/** Every private part of the keys in a database, decrypted with `key` where it is encrypted, and the secrets of webhooks. */
export async function secretsIn(dialect: Dialect, uri: string, key: Buffer | null): Promise<StoredSecret[]> {
  const ring = key === null ? null : KeyRing.of([key])
  const cipher = ring === null ? plainRows : new EncryptedRows(ring)
  const view = await openDatabaseView(dialect, uri)
  const found: StoredSecret[] = []
  const add = (name: string, bytes: Uint8Array | null | undefined) => {
    if (bytes !== null && bytes !== undefined && bytes.length >= 16)
      found.push({ name, bytes: Buffer.from(bytes) })
  }
  try {
    for (const row of await view.rows('select device_id, body from credentials')) {
      const place = placeOf(encryptedColumns.credentials, [String(row['device_id'])])
      const creds = decodeValue(cipher.decrypt(place, bytesOf(row['body']))) as AuthenticationCreds // as KeyMaterial stored them
      add('identity key', creds.signedIdentityKey.private)
      add('noise key', creds.noiseKey.private)
      add('pairing key', creds.pairingEphemeralKeyPair.private)
      add('signed prekey', creds.signedPreKey.keyPair.private)
      add('adv secret', Buffer.from(creds.advSecretKey, 'base64'))
    }
    let preKeys = 0
    for (const row of await view.rows('select device_id, type, id, body from signal_keys')) {
      const [device, type, id] = [String(row['device_id']), String(row['type']), String(row['id'])]
      const body = cipher.decrypt(
        placeOf(encryptedColumns.signalKeys, [device, type, id]),
        bytesOf(row['body']),
      )
      if (type === 'session') {
        for (const session of decodeSessionRecord(body).sessions) {
          add('session root key', session.rootKey)
          add('session ratchet key', session.ourRatchet.privateKey)
          add('session sending chain', session.sending?.key)
          for (const { chain } of session.receiving) add('session receiving chain', chain.key)
        }
      } else if (type === 'sender-key') {
        for (const state of decodeSenderKeyRecord(body).states) {
          add(state.signingPrivateKey === null ? "member's sender key" : 'own sender key', state.chain.key)
          add('own sender signing key', state.signingPrivateKey)
        }
      } else if (type === 'pre-key' && (preKeys += 1) <= mostPreKeys) {
        add('prekey', (decodeValue(body) as { private: Uint8Array }).private) // as the library made it
      } else if (type === 'app-state-sync-key') {
        add('app state key', (decodeValue(body) as { keyData?: Uint8Array }).keyData) // as the library made it
      }
    }
    for (const { id, secret } of await view.rows('select id, secret from webhook_endpoints')) {
      const place = placeOf(encryptedColumns.webhookSecrets, [String(id)])
      add('webhook secret', Buffer.from(cipher.decryptText(place, String(secret))))
    }
    for (const { value } of await view.rows("select value from settings where name = 'media_link_secret'")) {
      const place = placeOf(encryptedColumns.settings, ['media_link_secret'])
      add('link secret', Buffer.from(cipher.decryptText(place, String(value)), 'hex'))
    }
  } finally {
    await view.close()
  }
  return found
}

/** Which secrets a text of bytes holds: as they are, in hexadecimal digits, in base64 of both alphabets. By name, once each. */
export function secretsWithin(bytes: Buffer, secrets: readonly StoredSecret[]): string[] {
  const isThere = (secret: Buffer) =>
    bytes.includes(secret) ||
    bytes.includes(secret.toString('hex')) ||
    bytes.includes(secret.toString('hex').toUpperCase()) ||
    bytes.includes(secret.toString('base64').replace(/=+$/, '')) ||
    bytes.includes(secret.toString('base64url'))
  return [...new Set(secrets.filter((secret) => isThere(secret.bytes)).map(({ name }) => name))].sort()
}

/** Which secrets the files of a folder hold, by file. */
export function secretsInFiles(dir: string, secrets: readonly StoredSecret[]): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const names = secretsWithin(readFileSync(path), secrets)
    if (names.length > 0) found[path.slice(dir.length + 1)] = names
  }
  return found
}

/** Every value of every table as bytes, one after another: what a dump of the database holds. */
export async function dumpOf(uri: string, dataDir: string): Promise<Buffer> {
  const snapshot = await openSnapshot({ uri, dataDir })
  const parts: Buffer[] = []
  for (const { name } of snapshot.tables) {
    for await (const rows of snapshot.rows(name))
      for (const row of rows)
        for (const value of row)
          parts.push(Buffer.isBuffer(value) ? value : Buffer.from(String(value)), Buffer.from('\n'))
  }
  await snapshot.close()
  return Buffer.concat(parts)
}

function bytesOf(value: unknown): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('no bytes')
  return value
}
