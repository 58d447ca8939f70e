import { Readable } from 'node:stream'
import { type Dispatcher, request } from 'undici'
import { AppError, toError } from '../../../core/app-error.ts'
import type { Logger } from '../../../core/logger.ts'
import type { SocketAccess } from '../actions/socket-access.ts'
import type { MediaHostList, MediaHosts } from './media-hosts.ts'
import { type FileKind, uploadNames } from './media-keys.ts'
import { type FileFacts, openFile, sealFile, type UploadableFile } from './sealed-file.ts'

/** A file as it now lies on WhatsApp's media hosts. `handle` is what a channel's message names it by. */
export interface UploadedFile extends FileFacts {
  readonly url: string
  readonly directPath: string
  readonly handle: string | null
}

export interface MediaUploaderDeps {
  readonly access: SocketAccess
  readonly hosts: MediaHosts
  readonly dispatcher: Dispatcher | undefined
  readonly logger: Logger
}

/** How long a host may take to answer once it has everything. */
const answerLimitMs = 60_000

/** Puts files on WhatsApp's media hosts, straight from disk. */
export class MediaUploader {
  readonly #deps: MediaUploaderDeps

  constructor(deps: MediaUploaderDeps) {
    this.#deps = deps
  }

  /**
   * Encrypts the file (but for a channel, whose media is in the clear) and uploads it, to the next host when one fails.
   * Rejects with `upload_failed`, or `device_not_connected` when the connection ends meanwhile.
   */
  upload(path: string, kind: FileKind, { isForChannel }: { isForChannel: boolean }): Promise<UploadedFile> {
    return this.#deps.access.during(async (signal) => {
      try {
        const file = isForChannel ? await openFile(path, signal) : await sealFile(path, kind, signal)
        const place = isForChannel ? `newsletter/newsletter-${uploadNames[kind]}` : `mms/${uploadNames[kind]}`
        return await this.#toAnyHost(file, place, signal)
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new AppError('upload_failed', { cause: toError(error) })
      }
    })
  }

  async #toAnyHost(file: UploadableFile, place: string, signal: AbortSignal): Promise<UploadedFile> {
    const first = await this.#toHosts(await this.#deps.hosts.current(), file, place, signal)
    if ('uploaded' in first) return first.uploaded
    if (!first.isOutdated) throw new AppError('upload_failed')
    const second = await this.#toHosts(
      await this.#deps.hosts.current({ isOutdated: true }),
      file,
      place,
      signal,
    )
    if ('uploaded' in second) return second.uploaded
    throw new AppError('upload_failed')
  }

  async #toHosts(
    { auth, hosts }: MediaHostList,
    file: UploadableFile,
    place: string,
    signal: AbortSignal,
  ): Promise<{ uploaded: UploadedFile } | { isOutdated: boolean }> {
    let isRefused = false
    let isAnswered = false
    for (const host of hosts) {
      const name = file.uploadSha256.toString('base64url')
      const url = `https://${host}/${place}/${name}?auth=${encodeURIComponent(auth)}&token=${name}`
      try {
        const { status, body } = await this.#post(url, file, signal)
        isAnswered = true
        const place = readUploadAnswer(body)
        if (status < 300 && place !== null) return { uploaded: { ...file.facts, ...place } }
        if (status === 401 || status === 403) isRefused = true
        this.#deps.logger.warn({ host, status }, 'media host refused an upload')
      } catch (error) {
        signal.throwIfAborted()
        this.#deps.logger.warn({ host, reason: toError(error).message }, 'upload to a media host failed')
      }
    }
    // Hosts that refuse the token, or are not there any more: WhatsApp names others.
    return { isOutdated: isRefused || !isAnswered }
  }

  async #post(
    url: string,
    file: UploadableFile,
    signal: AbortSignal,
  ): Promise<{ status: number; body: string }> {
    const { dispatcher } = this.#deps
    const answer = await request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(file.uploadBytes),
        origin: 'https://web.whatsapp.com',
      },
      body: Readable.from(file.bytes(), { objectMode: false }),
      headersTimeout: answerLimitMs,
      signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    })
    return { status: answer.statusCode, body: await answer.body.text() }
  }
}

/** Reads where a media host has put a file; null when the answer does not say so. */
export function readUploadAnswer(
  body: string,
): { url: string; directPath: string; handle: string | null } | null {
  let answer: unknown
  try {
    answer = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof answer !== 'object' || answer === null) return null
  const url = 'url' in answer && typeof answer.url === 'string' ? answer.url : ''
  const directPath =
    'direct_path' in answer && typeof answer.direct_path === 'string' ? answer.direct_path : ''
  const handle = 'handle' in answer && typeof answer.handle === 'string' ? answer.handle : null
  return directPath === '' ? null : { url, directPath, handle }
}
