import { type Dispatcher, request } from 'undici'
import { AppError, toError } from '../../../core/app-error.ts'
import type { Logger } from '../../../core/logger.ts'
import type { MediaFacts } from './media-facts.ts'
import { tooLarge, writeOpened } from './opened-file.ts'

/** How long a host may keep still: before its answer begins, and between two parts of it. */
export interface HostLimits {
  readonly answerMs: number
  readonly idleMs: number
}

export const defaultHostLimits: HostLimits = { answerMs: 15_000, idleMs: 20_000 }

export interface FetchOrder {
  readonly facts: MediaFacts
  /** Hosts to ask, the best first. */
  readonly hosts: readonly string[]
  readonly path: string
  readonly maxBytes: number
  readonly signal: AbortSignal
}

/** The file, or that no host has it any more. */
export type Fetched = { readonly sizeBytes: number } | 'gone'

const goneStatuses: ReadonlySet<number> = new Set([403, 404, 410])

/** Fetches one file from whichever media host has it, checking and decrypting it on the way to the disk. */
export class MediaFetcher {
  readonly #dispatcher: Dispatcher | undefined
  readonly #logger: Logger
  readonly #limits: HostLimits

  constructor(deps: { dispatcher: Dispatcher | undefined; logger: Logger; limits?: HostLimits }) {
    this.#dispatcher = deps.dispatcher
    this.#logger = deps.logger
    this.#limits = deps.limits ?? defaultHostLimits
  }

  /** Rejects with `media_too_large`, `media_damaged` or `media_download_failed`; no file is left then, nor when it is gone. */
  async fetch(order: FetchOrder): Promise<Fetched> {
    if (order.facts.sizeBytes > order.maxBytes) throw tooLarge(order.maxBytes)
    let isGone = false
    let failure: AppError | null = null
    for (const url of urlsOf(order.facts, order.hosts)) {
      try {
        const answer = await this.#from(url, order)
        if (answer !== 'gone') return answer
        isGone = true
      } catch (thrown) {
        if (order.signal.aborted) throw new AppError('media_download_failed', { cause: toError(thrown) })
        if (thrown instanceof AppError && thrown.code === 'media_too_large') throw thrown
        this.#logger.warn({ host: url.host, reason: toError(thrown).message }, 'media host failed')
        failure = thrown instanceof AppError ? thrown : failed(toError(thrown))
      }
    }
    // A damaged copy says more than hosts that could not be reached; one that is gone can be had from the phone.
    if (isGone) return 'gone'
    throw failure ?? failed(new Error('the message names no place to fetch it from'))
  }

  async #from(url: URL, { facts, path, maxBytes, signal }: FetchOrder): Promise<Fetched> {
    const answer = await request(url, {
      headers: { origin: 'https://web.whatsapp.com' },
      headersTimeout: this.#limits.answerMs,
      bodyTimeout: this.#limits.idleMs,
      signal,
      ...(this.#dispatcher === undefined ? {} : { dispatcher: this.#dispatcher }),
    })
    if (answer.statusCode !== 200) {
      await answer.body.dump()
      if (goneStatuses.has(answer.statusCode)) return 'gone'
      throw failed(new Error(`the media host answered ${answer.statusCode}`))
    }
    const sizeBytes = await writeOpened(answer.body as AsyncIterable<Buffer>, facts, path, maxBytes) // a body without encoding gives Buffers
    return { sizeBytes }
  }
}

/**
 * Where a file may be: its path on each host, then the address in the message. Both come from whoever sent the message, so
 * only WhatsApp's hosts, and those that WhatsApp named, are ever asked.
 */
export function urlsOf(facts: Pick<MediaFacts, 'directPath' | 'url'>, hosts: readonly string[]): URL[] {
  const named = URL.canParse(facts.url) ? new URL(facts.url) : null
  const path = facts.directPath || (named === null ? '' : `${named.pathname}${named.search}`)
  if (!path.startsWith('/')) return []
  const all = [...hosts, ...(named === null ? [] : [named.host]), 'mmg.whatsapp.net']
  const urls = [...new Set(all)].flatMap((host) => {
    if (!hosts.includes(host) && !/^([\w-]+\.)*whatsapp\.net$/.test(host)) return []
    const url = new URL(`https://${host}`)
    const [pathname = '', ...search] = path.split('?')
    // Set part by part: no path can become a part of the host then.
    url.pathname = pathname
    url.search = search.join('?')
    return [url]
  })
  return urls
}

function failed(cause: Error): AppError {
  return new AppError('media_download_failed', {
    message: `failed to download media: ${cause.message}`,
    cause,
  })
}
