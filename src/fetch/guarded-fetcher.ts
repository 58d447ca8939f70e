import { pipeline, type Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { Agent, type Dispatcher } from 'undici'
import { AppError, toError } from '../core/app-error.ts'
import { plainFileName } from '../files/plain-file-name.ts'
import { tooLarge } from '../files/spool.ts'
import type { AddressGuard } from './address-guard.ts'
import { guardedConnector, type ResolveAll } from './guarded-connector.ts'

/** Bounds of one fetch. */
export interface FetchOptions {
  /** Largest body, counted after it was unpacked; more is refused with `media_too_large`. */
  readonly limitBytes: number
  /** From the call to the end of the body, redirects included. Default: the fetcher's. */
  readonly timeoutMs?: number
  /** The Accept header. */
  readonly accept?: string
  readonly signal?: AbortSignal | undefined
}

/** An answer of status 200. */
export interface FetchedFile {
  /** Where it was found, after redirects. */
  readonly url: string
  /** As the server says, lower case with parameters; '' when it does not. */
  readonly contentType: string
  /** As the server or the URL names it, without folders; '' when neither does. */
  readonly fileName: string
  /** The bytes. To be read to the end or returned; fails with `url_unreachable`, `media_too_large` or `request_aborted`. */
  readonly body: AsyncIterable<Uint8Array>
}

const mostRedirects = 10
const connectMs = 10_000
const silenceMs = 20_000
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Fetches URLs that somebody else chose. Only http and https, without credentials, only from public addresses (checked where
 * they are dialled, redirects included) and hosts that the operator allowed; bounded in size and time. Whoever makes it
 * closes it.
 */
export class GuardedFetcher {
  readonly #agent: Agent
  readonly #userAgent: string
  readonly #timeoutMs: number

  constructor(deps: {
    readonly guard: AddressGuard
    readonly userAgent: string
    /** See `FetchOptions`. Default 120,000. */
    readonly timeoutMs?: number
    readonly resolveAll?: ResolveAll
  }) {
    const { resolveAll } = deps
    this.#userAgent = deps.userAgent
    this.#timeoutMs = deps.timeoutMs ?? 120_000
    this.#agent = new Agent({
      connect: guardedConnector(deps.guard, {
        timeoutMs: connectMs,
        ...(resolveAll === undefined ? {} : { resolveAll }),
      }),
      headersTimeout: silenceMs,
      bodyTimeout: silenceMs,
      // Strangers' servers: no connection is kept for long.
      keepAliveTimeout: 1_000,
      keepAliveMaxTimeout: 1_000,
    })
  }

  /**
   * Gets a file. Raises `url_refused` for what must not be fetched, `url_unusable` for an answer that is no file,
   * `url_unreachable` when there is none in time, `media_too_large`, `request_aborted`.
   */
  async get(text: string, options: FetchOptions): Promise<FetchedFile> {
    const limit = new TimeLimit(options.timeoutMs ?? this.#timeoutMs, options.signal)
    try {
      return await this.#follow(parseFetchable(text), options, limit)
    } catch (thrown) {
      limit.end()
      throw limit.translate(thrown)
    }
  }

  /** Closes all connections; fetches under way fail. */
  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #follow(start: URL, options: FetchOptions, limit: TimeLimit): Promise<FetchedFile> {
    let url = start
    for (let hop = 0; hop <= mostRedirects; hop += 1) {
      const response = await this.#request(url, options, limit.signal)
      if (response.statusCode === 200) return toFile(url, response, options, limit)
      response.body.on('error', () => response.body.destroy()).destroy()
      const { location } = response.headers
      if (!redirects.has(response.statusCode) || typeof location !== 'string')
        throw new AppError('url_unusable', {
          message: `the URL answers with status ${response.statusCode} and no file`,
          details: { status: response.statusCode },
        })
      const next = URL.parse(location, url.href)
      if (next === null)
        throw new AppError('url_unusable', { message: 'the URL redirects to what is no URL' })
      url = parseFetchable(next.href)
    }
    throw new AppError('url_unusable', { message: `the URL redirects more than ${mostRedirects} times` })
  }

  #request(url: URL, options: FetchOptions, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    return this.#agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: {
        'user-agent': this.#userAgent,
        accept: options.accept ?? '*/*',
        'accept-encoding': 'gzip, br',
      },
      signal,
    })
  }
}

/** Reads a URL that may be fetched at all; whether its host may be dialled shows when it is. Raises `url_refused`. */
export function parseFetchable(text: string): URL {
  const url = URL.parse(text.trim())
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    throw new AppError('url_refused', {
      message: 'only URLs that start with http:// or https:// are fetched',
    })
  if (url.username !== '' || url.password !== '')
    throw new AppError('url_refused', { message: 'a URL with a user name or password in it is not fetched' })
  url.hash = ''
  return url
}

function toFile(
  url: URL,
  { headers, body }: Dispatcher.ResponseData,
  options: FetchOptions,
  limit: TimeLimit,
): FetchedFile {
  const packings = packingsOf(String(headers['content-encoding'] ?? ''))
  const isPlain = packings.length === 0
  // A length is that of the packed body.
  if (isPlain && Number(headers['content-length'] ?? 0) > options.limitBytes) {
    body.on('error', () => body.destroy()).destroy()
    throw tooLarge(options.limitBytes)
  }
  return {
    url: url.href,
    contentType: String(headers['content-type'] ?? '').toLowerCase(),
    fileName: fileNameOf(url, String(headers['content-disposition'] ?? '')),
    body: bounded(unpacked(body, packings), options.limitBytes, limit),
  }
}

/** How a body was packed, the last first; what says nothing of its bytes is left out. */
function packingsOf(header: string): readonly string[] {
  const named = header.split(',').map((each) => each.trim().toLowerCase())
  return named.filter((each) => !unpackedNames.has(each)).reverse()
}

/** Object stores tell with `aws-chunked` how a file came to them, not how it goes out. */
const unpackedNames: ReadonlySet<string> = new Set(['', 'identity', 'none', 'aws-chunked'])

const unpackers: ReadonlyMap<string, () => ReturnType<typeof createGunzip>> = new Map([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])
const mostPackings = 2

function unpacked(body: Readable, packings: readonly string[]): Readable {
  const makers = packings.flatMap((packing) => unpackers.get(packing) ?? [])
  if (makers.length < packings.length || makers.length > mostPackings) {
    body.on('error', () => body.destroy()).destroy()
    throw new AppError('url_unusable', { message: 'the URL answers in a content encoding that is not known' })
  }
  // The reader of the result is told of every failure.
  return makers.reduce<Readable>((packed, make) => pipeline(packed, make(), () => undefined), body)
}

async function* bounded(body: Readable, limitBytes: number, limit: TimeLimit): AsyncGenerator<Uint8Array> {
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length
      if (bytes > limitBytes) throw tooLarge(limitBytes)
      yield chunk
    }
  } catch (thrown) {
    throw limit.translate(thrown)
  } finally {
    limit.end()
    body.destroy()
  }
}

/** One fetch's time, and the caller's wish to end it. */
class TimeLimit {
  readonly signal: AbortSignal
  readonly #caller: AbortSignal | undefined
  readonly #late = new AbortController()
  readonly #timer: NodeJS.Timeout

  constructor(timeoutMs: number, caller: AbortSignal | undefined) {
    this.#caller = caller
    this.signal = caller === undefined ? this.#late.signal : AbortSignal.any([caller, this.#late.signal])
    this.#timer = setTimeout(() => this.#late.abort(), timeoutMs)
  }

  end(): void {
    clearTimeout(this.#timer)
  }

  translate(thrown: unknown): AppError {
    if (thrown instanceof AppError) return thrown
    if (this.#caller?.aborted === true) return new AppError('request_aborted', { cause: thrown })
    if (this.#late.signal.aborted)
      return new AppError('url_unreachable', { message: 'the URL did not answer in time', cause: thrown })
    const { code, name } = deepest(thrown)
    if (code === 'ENOTFOUND')
      return new AppError('url_unusable', { message: 'the host of the URL does not exist', cause: thrown })
    if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_'))
      return new AppError('url_unusable', { message: 'the URL answers with damaged content', cause: thrown })
    const reason = code === '' ? name : code
    return new AppError('url_unreachable', {
      message: `the URL cannot be reached (${reason})`,
      cause: thrown,
    })
  }
}

/** The deepest cause says what happened; the outer ones only that something did. */
function deepest(thrown: unknown): { readonly code: string; readonly name: string } {
  const error = toError(thrown)
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause // errors are any in the types
  if (inner !== undefined && inner !== error) return deepest(inner)
  return { code: 'code' in error && typeof error.code === 'string' ? error.code : '', name: error.name }
}

function fileNameOf(url: URL, disposition: string): string {
  const encoded = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1]
  const quoted = /filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1]?.replace(/\\(.)/g, '$1')
  const plain = /filename\s*=\s*([^;"\s]+)/i.exec(disposition)?.[1]
  const named = encoded === undefined ? (quoted ?? plain) : decoded(encoded)
  return plainFileName(named ?? decoded(url.pathname.split('/').at(-1) ?? ''))
}

function decoded(text: string): string {
  // Not every percent sign begins a character.
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex')
    return bytes.toString('utf8')
  })
}
