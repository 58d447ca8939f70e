import { type FileHandle, open, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { S3Config } from '../../config/config.ts'
import { AppError } from '../../core/app-error.ts'
import type { Parts } from '../../files/file-parts.ts'
import { spool } from '../../files/spool.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import { extensionOf } from './file-extension.ts'
import {
  type ByteRange,
  type ListedMedia,
  type MediaFacts,
  type MediaRef,
  type MediaStat,
  type MediaStore,
  makeMediaRef,
  type StoredMedia,
  sha256Of,
} from './media-store.ts'
import { readListPage, textOf } from './s3-answers.ts'
import { S3Bucket } from './s3-bucket.ts'

/** S3's smallest part; larger files are sent in parts of this size, so that no more of them is ever in memory. */
const partBytes = 5 * 1024 * 1024

/**
 * A media store in a bucket of an S3-compatible service: `<prefix><64 digits>`. What is put is written to a local folder first,
 * because its name is its hash, which is known at its end.
 */
export class S3MediaStore implements MediaStore {
  readonly #bucket: S3Bucket
  readonly #prefix: string
  readonly #parts: TempFolder

  /** `parts`: where files lie until they are in the bucket. */
  constructor(deps: { readonly config: S3Config; readonly parts: TempFolder }) {
    this.#bucket = new S3Bucket(deps.config)
    this.#prefix = deps.config.prefix
    this.#parts = deps.parts
  }

  async put(content: AsyncIterable<Uint8Array>, facts: MediaFacts): Promise<StoredMedia> {
    const path = await this.#parts.newPath()
    const { sizeBytes, sha256 } = await spool(content, path, facts)
    try {
      const file = await open(path)
      try {
        await this.#upload(file, sizeBytes, this.#prefix + sha256, facts)
      } finally {
        await file.close()
      }
    } finally {
      await rm(path, { force: true })
    }
    return { ref: makeMediaRef(sha256, extensionOf(facts.mimeType)), sizeBytes, sha256 }
  }

  async open(ref: MediaRef, range?: ByteRange): Promise<Parts | null> {
    const { status, body } = await this.#bucket.request({
      method: 'GET',
      key: this.#keyOf(ref),
      ...(range === undefined ? {} : { headers: { range: `bytes=${range.start}-${range.end}` } }),
      expected: [404],
    })
    if (status === 404) {
      await body?.cancel()
      return null
    }
    return new StreamedParts(body === null ? Readable.from([]) : Readable.fromWeb(body))
  }

  async stat(ref: MediaRef): Promise<MediaStat | null> {
    const { status, headers } = await this.#bucket.request({
      method: 'HEAD',
      key: this.#keyOf(ref),
      expected: [404],
    })
    if (status === 404) return null
    return {
      sizeBytes: Number(headers.get('content-length')),
      storedAt: new Date(headers.get('last-modified') ?? 0),
    }
  }

  async delete(ref: MediaRef): Promise<void> {
    const response = await this.#bucket.request({ method: 'DELETE', key: this.#keyOf(ref), expected: [404] })
    await response.body?.cancel()
  }

  async *list(): AsyncIterable<ListedMedia> {
    for (let next: string | null = ''; next !== null; ) {
      const query: Record<string, string> = { 'list-type': '2', prefix: this.#prefix }
      if (next !== '') query['continuation-token'] = next
      const page = readListPage(await (await this.#bucket.request({ method: 'GET', key: '', query })).text())
      for (const { key, sizeBytes, storedAt } of page.objects) {
        const sha256 = key.slice(this.#prefix.length)
        if (/^[0-9a-f]{64}$/.test(sha256)) yield { sha256, sizeBytes, storedAt }
      }
      next = page.next
    }
  }

  #keyOf(ref: MediaRef): string {
    return this.#prefix + sha256Of(ref)
  }

  async #upload(file: FileHandle, sizeBytes: number, key: string, facts: MediaFacts): Promise<void> {
    const headers = { 'content-type': facts.mimeType }
    if (sizeBytes > partBytes) return this.#uploadInParts(file, sizeBytes, key, headers, facts.signal)
    const body = await readPart(file, 0, sizeBytes)
    const response = await this.#bucket.request({ method: 'PUT', key, headers, body, signal: facts.signal })
    await response.body?.cancel()
  }

  async #uploadInParts(
    file: FileHandle,
    sizeBytes: number,
    key: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const begun = await this.#bucket.request({ method: 'POST', key, query: { uploads: '' }, headers, signal })
    const uploadId = textOf(await begun.text(), 'UploadId')
    try {
      const parts: string[] = []
      for (let at = 0; at < sizeBytes; at += partBytes) {
        const partNumber = String(parts.length + 1)
        const body = await readPart(file, at, Math.min(partBytes, sizeBytes - at))
        const query = { partNumber, uploadId }
        const sent = await this.#bucket.request({ method: 'PUT', key, query, body, signal })
        await sent.body?.cancel()
        const etag = sent.headers.get('etag') ?? ''
        parts.push(`<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`)
      }
      const xml = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      const ended = await this.#bucket.request({
        method: 'POST',
        key,
        query: { uploadId },
        headers: { 'content-type': 'application/xml' },
        body: Buffer.from(xml),
        signal,
      })
      // S3 may find out only after it has begun to answer 200.
      const answer = await ended.text()
      if (textOf(answer, 'ETag') === '')
        throw new AppError('media_store_unavailable', { cause: new Error(answer.slice(0, 500)) })
    } catch (error) {
      await this.#bucket.request({ method: 'DELETE', key, query: { uploadId }, expected: [404] })
      throw error
    }
  }
}

/** An answer's body, as it comes. */
class StreamedParts implements Parts {
  readonly #body: Readable

  constructor(body: Readable) {
    this.#body = body
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const chunk of this.#body as AsyncIterable<Uint8Array>)
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) // no encoding is set
  }

  async close(): Promise<void> {
    this.#body.destroy()
  }
}

async function readPart(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const part = Buffer.alloc(length)
  for (let done = 0; done < length; ) {
    const { bytesRead } = await file.read(part, done, length - done, position + done)
    if (bytesRead === 0) throw new Error('a file of the gateway became shorter while it was read')
    done += bytesRead
  }
  return part
}
