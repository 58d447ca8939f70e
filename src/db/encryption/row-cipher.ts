// Owns: how one stored value is encrypted. A version byte, 8 bytes that name the key, a random nonce of 12 bytes, what AES-256-GCM
// makes of the value, its tag of 16 bytes. Authenticated with it is where the value belongs, so that it can be read nowhere else.
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'
import { AppError } from '../../core/app-error.ts'
import type { KeyRing } from './key-ring.ts'

/** Where a value is kept: it can be decrypted there only. */
export interface ValuePlace {
  readonly table: string
  readonly column: string
  /** The device that the row is of; '' for rows of the gateway. */
  readonly owner: string
  /** The row's key. */
  readonly key: readonly string[]
}

/** How stored secrets are written and read. */
export interface RowCipher {
  /** What is stored for the value. */
  encrypt(place: ValuePlace, value: Buffer): Buffer
  /** The value again. Raises `key_unreadable` when it was not encrypted for this very place. */
  decrypt(place: ValuePlace, stored: Buffer): Buffer
  encryptText(place: ValuePlace, value: string): string
  decryptText(place: ValuePlace, stored: string): string
}

/** Stores values as they are: where there is no key. */
export const plainRows: RowCipher = {
  encrypt: (_place, value) => value,
  decrypt: (_place, stored) => stored,
  encryptText: (_place, value) => value,
  decryptText: (_place, stored) => stored,
}

/** Nothing else that is stored begins with it, so that a program that knows no encryption takes it for damaged. */
const version = 0xe1
const idEnd = 9
const nonceEnd = 21
const tagBytes = 16
const textMark = 'encrypted:'

/** Encrypts with the ring's present key, decrypts with whichever of the ring's keys a value names. */
export class EncryptedRows implements RowCipher {
  readonly #ring: KeyRing
  readonly #start: Buffer
  readonly #nonces = Buffer.alloc(12 * 256)
  #nextNonce = this.#nonces.length

  constructor(ring: KeyRing) {
    this.#ring = ring
    this.#start = Buffer.concat([Buffer.from([version]), Buffer.from(ring.presentId, 'hex')])
  }

  encrypt(place: ValuePlace, value: Buffer): Buffer {
    const key = this.#ring.keyOf(this.#ring.presentId, place.owner)
    if (key === null) throw new Error('the present key is not in the ring')
    const nonce = this.#takeNonce()
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bytesOf(place))
    return Buffer.concat([this.#start, nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()])
  }

  decrypt(place: ValuePlace, stored: Buffer): Buffer {
    const id = keyIdOf(stored)
    const key = id === null ? null : this.#ring.keyOf(id, place.owner)
    if (key === null) throw unreadable(place)
    const decipher = createDecipheriv('aes-256-gcm', key, stored.subarray(idEnd, nonceEnd), {
      authTagLength: tagBytes,
    })
      .setAAD(bytesOf(place))
      .setAuthTag(stored.subarray(-tagBytes))
    try {
      return Buffer.concat([decipher.update(stored.subarray(nonceEnd, -tagBytes)), decipher.final()])
    } catch (cause) {
      throw unreadable(place, cause)
    }
  }

  encryptText(place: ValuePlace, value: string): string {
    return `${textMark}${this.encrypt(place, Buffer.from(value)).toString('base64')}`
  }

  decryptText(place: ValuePlace, stored: string): string {
    return this.decrypt(place, encryptedBytes(stored)).toString('utf8')
  }

  /** Random ones, fetched many at a time: asking for each is half of what encrypting costs. */
  #takeNonce(): Buffer {
    if (this.#nextNonce === this.#nonces.length) {
      randomFillSync(this.#nonces)
      this.#nextNonce = 0
    }
    this.#nextNonce += 12
    return Buffer.from(this.#nonces.subarray(this.#nextNonce - 12, this.#nextNonce))
  }
}

/**
 * The id of the key that a stored value was encrypted with; null for one that cannot have been. A plain value may look as if it had
 * one, which is then no key that was ever in use here: ids cannot be guessed.
 */
export function keyIdOf(stored: Buffer | string): string | null {
  const bytes = typeof stored === 'string' ? encryptedBytes(stored) : stored
  if (bytes.length < nonceEnd + tagBytes || bytes[0] !== version) return null
  return bytes.toString('hex', 1, idEnd)
}

function encryptedBytes(text: string): Buffer {
  return Buffer.from(text.startsWith(textMark) ? text.slice(textMark.length) : '', 'base64')
}

function bytesOf({ table, column, owner, key }: ValuePlace): Buffer {
  return Buffer.from(JSON.stringify([version, table, column, owner, ...key]))
}

function unreadable({ table, column }: ValuePlace, cause?: unknown): AppError {
  return new AppError('key_unreadable', {
    message: `a value of ${table}.${column} cannot be decrypted: it was changed, moved to another row, or written without the key`,
    cause,
  })
}
