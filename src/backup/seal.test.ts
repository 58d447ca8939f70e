import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { AppError } from '../core/app-error.ts'
import { sealed, unsealed } from './seal.ts'

const passphrase = 'correct horse battery staple'

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}

async function allOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

const seal = (bytes: Buffer) => allOf(sealed(inChunks(bytes, 10_007), passphrase, 8))
const open = (file: Buffer, words = passphrase) => allOf(unsealed(inChunks(file, 4_099), words))

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof AppError)) throw new Error(`no refusal: ${String(error)}`)
  expect(error.code).toBe('backup_unreadable')
  return error.message
}

describe('an encrypted backup', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])(
    'opens to what was sealed (%i bytes)',
    async (size) => {
      const content = randomBytes(size)
      expect((await open(await seal(content))).equals(content)).toBe(true)
    },
  )

  it('looks different every time, and shows nothing of its content', async () => {
    const content = Buffer.alloc(100_000, 'the same words again and again ')
    const [one, two] = [await seal(content), await seal(content)]
    expect(one.equals(two)).toBe(false)
    expect(one.includes('words')).toBe(false)
  })

  it('does not open with another passphrase', async () => {
    const file = await seal(Buffer.from('secret'))
    expect(await refusalOf(open(file, `${passphrase}.`))).toBe(
      'the passphrase is wrong, or the backup is damaged',
    )
  })

  it('is refused when any byte was changed', async () => {
    const file = await seal(randomBytes(140_000))
    for (const place of [0, 16, 17, 30, 40, 65_600, 80_000, 140_000, file.length - 1]) {
      const changed = Buffer.from(file)
      changed[place] = (changed[place] ?? 0) ^ 1
      await refusalOf(open(changed))
    }
  })

  it('is refused when it was cut short, also between two pieces, or goes on', async () => {
    const head = 33
    const piece = 65_536 + 16
    const file = await seal(randomBytes(2 * 65_536 + 5))
    for (const length of [0, 10, head, head + 5, head + piece, head + 2 * piece, file.length - 1])
      await refusalOf(open(file.subarray(0, length)))
    await refusalOf(open(Buffer.concat([file, file.subarray(head)])))
  })

  it('is refused when pieces changed places', async () => {
    const head = 33
    const piece = 65_536 + 16
    const file = await seal(randomBytes(3 * 65_536))
    const [first, second] = [file.subarray(head, head + piece), file.subarray(head + piece, head + 2 * piece)]
    await refusalOf(
      open(Buffer.concat([file.subarray(0, head), second, first, file.subarray(head + 2 * piece)])),
    )
  })
})
