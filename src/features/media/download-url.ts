import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import { typeOfName } from './file-extension.ts'
import type { MediaRef } from './media-store.ts'

/** How a file is to be served. */
export interface LinkedFile {
  readonly mimeType: string
  /** What a browser saves it as; '' leaves it to the browser. */
  readonly fileName: string
}

/** The signed part of a link as it comes back in a query. */
export interface LinkQuery {
  readonly expires?: string | undefined
  readonly signature?: string | undefined
  readonly type?: string | undefined
  readonly name?: string | undefined
}

/** Folder of links below the base URL. */
export const linkFolder = 'statics/media'

/**
 * Makes and checks links to stored media. Whoever has one may fetch that one file, without credentials, until it expires; a
 * link that was changed in any part is worth nothing.
 */
export class MediaLinks {
  readonly #clock: Clock
  readonly #lifetimeMs: number
  readonly #loadSecret: () => Promise<Buffer>
  #secret: Buffer | null = null

  constructor(deps: {
    readonly clock: Clock
    readonly lifetimeMs: number
    /** Gives the key, the same at every start. */
    readonly loadSecret: () => Promise<Buffer>
  }) {
    this.#clock = deps.clock
    this.#lifetimeMs = deps.lifetimeMs
    this.#loadSecret = deps.loadSecret
  }

  /** Loads the key; nothing else works before. */
  async start(): Promise<void> {
    this.#secret = await this.#loadSecret()
  }

  /** `statics/media/…`, to be put behind the base URL and a slash. */
  pathTo(ref: MediaRef, file: LinkedFile): string {
    const expires = String(Math.floor((this.#clock.now().getTime() + this.#lifetimeMs) / 1_000))
    const isPlainType = file.mimeType === typeOfName(ref)
    const signed = {
      expires,
      ...(isPlainType ? {} : { type: file.mimeType }),
      ...(file.fileName === '' ? {} : { name: file.fileName }),
    }
    const query = new URLSearchParams({ ...signed, signature: this.#sign(ref, signed).toString('base64url') })
    return `${linkFolder}/${ref}?${query.toString()}`
  }

  /**
   * What a link says of its file, and for how many seconds more it works. Raises `media_link_invalid` when it was not made
   * here, `media_link_expired` when it is past its time.
   */
  check(ref: MediaRef, query: LinkQuery): LinkedFile & { readonly secondsLeft: number } {
    const given = Buffer.from(query.signature ?? '', 'base64url')
    const right = this.#sign(ref, query)
    if (given.length !== right.length || !timingSafeEqual(given, right))
      throw new AppError('media_link_invalid')
    const secondsLeft = Number(query.expires) - Math.floor(this.#clock.now().getTime() / 1_000)
    if (!(secondsLeft > 0)) throw new AppError('media_link_expired')
    return {
      mimeType: query.type ?? typeOfName(ref) ?? 'application/octet-stream',
      fileName: query.name ?? '',
      secondsLeft,
    }
  }

  #sign(ref: MediaRef, { expires, type, name }: LinkQuery): Buffer {
    if (this.#secret === null) throw new Error('links are signed after start() only')
    // As JSON, so that no part can run over into the next.
    const text = JSON.stringify([ref, expires ?? null, type ?? null, name ?? null])
    return createHmac('sha256', this.#secret).update(text).digest()
  }
}
