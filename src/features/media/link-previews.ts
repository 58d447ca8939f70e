import { AppError } from '../../core/app-error.ts'
import type { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import { decodePage, readPage } from './page-facts.ts'
import type { MediaWorkshop, PreparedMedia } from './prepared-media.ts'

/** What is shown of a page that a message links to. */
export interface LinkPreview {
  /** As it was asked for. */
  readonly url: string
  readonly title: string
  /** '' when the page has none. */
  readonly description: string
  readonly siteName: string
  /** The page's picture: a JPEG of at most 600 pixels of width, and in its `thumbnail` the small one. */
  readonly image?: PreparedMedia
  /** Deletes the picture's file. Idempotent; whoever asked for the preview calls it. */
  dispose(): Promise<void>
}

/** A page says what it is in its head. */
const pageBytes = 524_288
const mostBytes = 100_000_000
const timeoutMs = 15_000
const pages = /^(text\/html|application\/xhtml\+xml)\b/

/** Looks at pages that messages link to. */
export class LinkPreviews {
  readonly #fetcher: GuardedFetcher
  readonly #workshop: MediaWorkshop

  constructor(deps: { readonly fetcher: GuardedFetcher; readonly workshop: MediaWorkshop }) {
    this.#fetcher = deps.fetcher
    this.#workshop = deps.workshop
  }

  /**
   * The preview of a page or picture; null when there is none to be had in 15 seconds, for whatever reason: the link is worth
   * sending without it. Raises only `request_aborted`, when the caller's signal fires.
   */
  async fetch(url: string, signal?: AbortSignal): Promise<LinkPreview | null> {
    const late = AbortSignal.timeout(timeoutMs)
    const limit = signal === undefined ? late : AbortSignal.any([signal, late])
    return this.#orNull(signal, () => this.#look(url, limit, signal))
  }

  async #look(url: string, limit: AbortSignal, caller: AbortSignal | undefined): Promise<LinkPreview | null> {
    const page = await this.#fetcher.get(url, {
      limitBytes: mostBytes,
      signal: limit,
      accept: 'text/html, application/xhtml+xml, image/*;q=0.5',
    })
    const isPage = pages.test(page.contentType)
    if (!isPage && !page.contentType.startsWith('image/')) return null
    const head = await firstBytes(page.body, isPage ? pageBytes : 1)
    const facts = isPage ? readPage(decodePage(head, page.contentType)) : null
    const title = facts === null ? page.fileName || new URL(page.url).hostname : facts.title
    if (title === '') return null
    const picture =
      facts === null ? page.url : (facts.image && URL.parse(facts.image, page.url)?.href) || null
    const image =
      picture === null
        ? null
        : await this.#orNull(caller, () =>
            this.#workshop.prepareImage({ kind: 'url', url: picture }, { compress: true, signal: limit }),
          )
    return {
      url,
      title,
      description: facts?.description ?? '',
      siteName: facts?.siteName ?? '',
      ...(image === null ? {} : { image }),
      dispose: async () => {
        await image?.dispose()
      },
    }
  }

  /** What can go wrong with strangers' pages is no error here; defects of ours are. */
  async #orNull<Result>(
    caller: AbortSignal | undefined,
    work: () => Promise<Result>,
  ): Promise<Result | null> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal_error') throw error
      if (caller?.aborted === true) throw error
      return null
    }
  }
}

async function firstBytes(body: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= most) break
  }
  return Buffer.concat(chunks).subarray(0, most)
}
