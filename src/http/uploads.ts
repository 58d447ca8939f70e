import { rm } from 'node:fs/promises'
import multipart, { type Multipart, type MultipartFile } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError, toError } from '../core/app-error.ts'
import type { Logger } from '../core/logger.ts'
import { plainFileName } from '../files/plain-file-name.ts'
import { spool } from '../files/spool.ts'
import type { TempFolder } from '../files/temp-folder.ts'
import type { UploadedFile } from '../files/uploaded-file.ts'
import { clientGone } from './client-gone.ts'
import { fromForm } from './form-body.ts'
import type { HttpApp, UploadConfig } from './http-app.ts'
import { readOver } from './read-over.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Where `addUploads` puts what came with a form; routes ask `uploadedFile`. */
    uploadedFiles: ReadonlyMap<string, UploadedFile> | null
  }
}

/** What a form may have beside its files, all together. */
const fieldBytes = 1_048_576
const mostFields = 2_000

/**
 * Teaches the app to read multipart forms. The text fields become the body, checked by the route's schema like JSON; the
 * files that the route names in `config.upload` are streamed to the folder and deleted once the request is answered, others
 * are read over. Raises `media_too_large` for a file, `payload_too_large` for a form, `bad_request` for what is no form.
 */
export async function addUploads(app: HttpApp, folder: TempFolder, logger: Logger): Promise<void> {
  await app.register(multipart)
  app.decorateRequest('uploadedFiles', null)
  app.addHook('preValidation', async (request, reply) => {
    if (!request.isMultipart() || request.is404) return
    const files = new Map<string, UploadedFile>()
    request.uploadedFiles = files
    const forget = () => forgetFiles(files)
    reply.raw.once('close', () => {
      forget().catch((error: unknown) => {
        logger.error({ err: toError(error) }, 'an uploaded file could not be deleted')
      })
    })
    try {
      request.body = await new FormReader(request, reply, folder, files).read()
    } catch (thrown) {
      await forget()
      readOver(request, reply)
      throw thrown
    }
  })
  app.addHook('onResponse', async (request) => {
    if (request.uploadedFiles !== null) await forgetFiles(request.uploadedFiles)
  })
}

/** The file that came in this field of the form; null when there is none. The route has to name it in `config.upload`. */
export function uploadedFile(request: FastifyRequest, field: string): UploadedFile | null {
  return request.uploadedFiles?.get(field) ?? null
}

async function forgetFiles(files: ReadonlyMap<string, UploadedFile>): Promise<void> {
  await Promise.all([...files.values()].map(({ path }) => rm(path, { force: true })))
}

/** Reads one form. */
class FormReader {
  readonly #request: FastifyRequest
  readonly #config: UploadConfig | undefined
  readonly #gone: AbortSignal
  readonly #excess = new AbortController()
  readonly #folder: TempFolder
  readonly #files: Map<string, UploadedFile>
  readonly #fields: (readonly [string, string])[] = []
  #textBytes = 0

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    folder: TempFolder,
    files: Map<string, UploadedFile>,
  ) {
    this.#request = request
    this.#config = request.routeOptions.config.upload
    this.#gone = clientGone(reply)
    this.#folder = folder
    this.#files = files
  }

  async read(): Promise<Record<string, unknown>> {
    const limitBytes = (this.#config?.limitBytes ?? 0) + fieldBytes
    if (Number(this.#request.headers['content-length'] ?? 0) > limitBytes) throw this.#tooLarge(limitBytes)
    const parts = this.#request.parts({
      limits: { fileSize: Number.MAX_SAFE_INTEGER, fieldSize: fieldBytes, fields: mostFields },
    })
    const first = parts.next()
    const tooMuch = this.#countBytes(limitBytes)
    for (let next = first; ; next = parts.next()) {
      const part = await Promise.race([next.catch((error: unknown) => this.#refuse(error)), tooMuch])
      if (part.done === true) break
      await this.#take(part.value)
    }
    return fromForm(this.#fields, this.#request.routeOptions.schema?.body)
  }

  async #take(part: Multipart): Promise<void> {
    if (part.type === 'file') return this.#takeFile(part)
    // Fields that call themselves JSON come parsed.
    const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value)
    this.#textBytes += Buffer.byteLength(text)
    if (part.valueTruncated || this.#textBytes > fieldBytes) throw new AppError('payload_too_large')
    this.#fields.push([part.fieldname, text])
  }

  async #takeFile(part: MultipartFile): Promise<void> {
    const config = this.#config
    if (config === undefined || !config.fields.includes(part.fieldname)) {
      part.file.resume()
      return
    }
    if (this.#files.has(part.fieldname))
      throw new AppError('validation_failed', { message: `${part.fieldname}: must be one file.` })
    const path = await this.#folder.newPath()
    const signal = AbortSignal.any([this.#gone, this.#excess.signal])
    const written = await spool(part.file, path, { limitBytes: config.limitBytes, signal }).catch(
      (error: unknown) => this.#refuse(error),
    )
    const file = {
      path,
      fileName: plainFileName(part.filename ?? ''),
      claimedType: part.mimetype ?? '',
      ...written,
    }
    // Browsers send a field without a chosen file as an empty file without a name.
    const isNoFile = file.fileName === '' && file.sizeBytes === 0
    if (isNoFile) await rm(path, { force: true })
    else this.#files.set(part.fieldname, file)
  }

  /** Rejects, and ends the writing of a file, when more bytes arrive than the whole form may have; never resolves. */
  #countBytes(limitBytes: number): Promise<never> {
    const { raw } = this.#request
    const { signal } = this.#excess
    let bytes = 0
    raw.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > limitBytes && !signal.aborted) this.#excess.abort(this.#tooLarge(limitBytes))
    })
    const promise = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(toError(signal.reason)), { once: true })
    })
    // When it comes while a file is written, the writing is what fails.
    promise.catch(() => undefined)
    return promise
  }

  #tooLarge(limitBytes: number): AppError {
    if (this.#config === undefined) return new AppError('payload_too_large')
    const { tooLarge, tooLargeCode = 'payload_too_large' } = this.#config
    return new AppError(
      tooLargeCode,
      tooLarge === undefined ? { details: { limitBytes } } : { message: tooLarge },
    )
  }

  #refuse(thrown: unknown): never {
    if (this.#gone.aborted) throw new AppError('request_aborted')
    this.#excess.signal.throwIfAborted()
    if (thrown instanceof AppError) {
      const { tooLarge, tooLargeCode = 'media_too_large' } = this.#config ?? {}
      const isNamed = thrown.code === 'media_too_large' && tooLarge !== undefined
      throw isNamed ? new AppError(tooLargeCode, { message: tooLarge }) : thrown
    }
    const { code } = toError(thrown) as Error & { code?: unknown } // what fastify and node add to their errors
    // A full disk and the like are not the caller's.
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) throw toError(thrown)
    if (code === 'FST_FIELDS_LIMIT' || code === 'FST_PARTS_LIMIT') throw new AppError('payload_too_large')
    throw new AppError('bad_request', { cause: toError(thrown) })
  }
}
