import { AppError } from '../../../core/app-error.ts'
import type { DownloadedMedia, DownloadLimits, MediaActions, MediaMessage } from '../../media-actions.ts'
import { type MediaFacts, readMediaFacts, withDirectPath } from '../media/media-facts.ts'
import type { MediaFetcher } from '../media/media-fetcher.ts'
import type { MediaHosts } from '../media/media-hosts.ts'
import type { MediaRetry } from '../media/media-retry.ts'
import type { SocketAccess } from './socket-access.ts'

export interface BaileysMediaDeps {
  readonly access: SocketAccess
  readonly hosts: MediaHosts
  readonly fetcher: MediaFetcher
  readonly retry: MediaRetry
}

/** Media of messages, fetched by ourselves: rc14 checks neither signature nor hash, and asks the phone in vain. */
export class BaileysMedia implements MediaActions {
  readonly #deps: BaileysMediaDeps

  constructor(deps: BaileysMediaDeps) {
    this.#deps = deps
  }

  download(message: MediaMessage, path: string, limits: DownloadLimits): Promise<DownloadedMedia> {
    return this.#deps.access.during(async (connection) => {
      const position = message.position ?? 0
      const facts = readMediaFacts(message.raw, position)
      if (facts === null) throw new AppError('message_has_no_media')
      const signal = limits.signal === undefined ? connection : AbortSignal.any([connection, limits.signal])
      const fetched = await this.#fetch(facts, path, limits.maxBytes, signal)
      if (fetched !== 'gone') return { ...fetched, renewedRaw: null }
      // The phone is asked by the message's id alone: nothing in the question says which of its files is meant.
      if (facts.mediaKey === null || position > 0) throw new AppError('media_expired')
      const directPath = await this.#deps.retry.ask(message, facts.mediaKey)
      const again = await this.#fetch({ ...facts, directPath, url: '' }, path, limits.maxBytes, signal)
      if (again === 'gone') throw new AppError('media_expired')
      return { ...again, renewedRaw: withDirectPath(message.raw, directPath) }
    })
  }

  async #fetch(facts: MediaFacts, path: string, maxBytes: number, signal: AbortSignal) {
    const { hosts } = await this.#deps.hosts.current()
    return this.#deps.fetcher.fetch({ facts, hosts, path, maxBytes, signal })
  }
}
