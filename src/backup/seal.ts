// Owns: how a backup is encrypted. A passphrase becomes a key (scrypt, a salt of its own in every file); the content goes in pieces
// of 64 KiB, each AES-256-GCM under a counter. The last piece is marked, so that a file cut short is not taken for a whole
// one; the head is authenticated with every piece.
import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { AppError } from '../core/app-error.ts'
import { ByteSource } from './byte-source.ts'

const magic = Buffer.from('gatewa-backup-1\n')
const saltBytes = 16
const tagBytes = 16
const pieceBytes = 65_536
/** 2^17 blocks of 8 times 128 bytes: 128 MiB and a few tenths of a second for each guess. */
const costLog2 = 17

/** The content, encrypted, as it goes into the file. `cost`: the binary logarithm of scrypt's N; less than the default is for tests. */
export async function* sealed(
  content: AsyncIterable<Uint8Array>,
  passphrase: string,
  cost = costLog2,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(saltBytes)
  const head = Buffer.concat([magic, Buffer.from([cost]), salt])
  const key = await keyOf(passphrase, salt, cost)
  yield head
  const source = new ByteSource(content)
  for (let count = 0; ; count += 1) {
    const piece = await source.upTo(pieceBytes)
    const isLast = await source.isAtEnd()
    const cipher = createCipheriv('aes-256-gcm', key, nonceOf(count, isLast)).setAAD(head)
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
    if (isLast) return
  }
}

/** The content of an encrypted file. Raises `backup_unreadable` at the first piece that is not what was written. */
export async function* unsealed(file: AsyncIterable<Uint8Array>, passphrase: string): AsyncGenerator<Buffer> {
  const source = new ByteSource(file)
  const head = await source.upTo(magic.length + 1 + saltBytes)
  const cost = head[magic.length] ?? 0
  if (!head.subarray(0, magic.length).equals(magic) || head.length < magic.length + 1 + saltBytes)
    throw new AppError('backup_unreadable', { message: 'this is no backup made by gatewa' })
  // A higher one was not made by us, and would only use up memory.
  if (cost < 1 || cost > costLog2) throw unreadable()
  const key = await keyOf(passphrase, head.subarray(magic.length + 1), cost)
  for (let count = 0; ; count += 1) {
    const piece = await source.upTo(pieceBytes + tagBytes)
    if (piece.length < tagBytes) throw unreadable()
    const isLast = await source.isAtEnd()
    const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(count, isLast), { authTagLength: tagBytes })
      .setAAD(head)
      .setAuthTag(piece.subarray(-tagBytes))
    try {
      yield Buffer.concat([decipher.update(piece.subarray(0, -tagBytes)), decipher.final()])
    } catch (cause) {
      throw count === 0 ? wrongPassphrase(cause) : unreadable(cause)
    }
    if (isLast) return
  }
}

function nonceOf(count: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(count, 5, 6)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function keyOf(passphrase: string, salt: Buffer, cost: number): Promise<Buffer> {
  const options: ScryptOptions = { N: 2 ** cost, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

function wrongPassphrase(cause: unknown): AppError {
  return new AppError('backup_unreadable', {
    message: 'the passphrase is wrong, or the backup is damaged',
    cause,
  })
}

function unreadable(cause?: unknown): AppError {
  return new AppError('backup_unreadable', { message: 'the backup is damaged or cut short', cause })
}
