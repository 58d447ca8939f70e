import type { MediaHost } from '../../media/media-host.ts'
import { child, el } from '../stanza.ts'
import type { IqHandler } from './iq-handler.ts'

/** Tells clients where to upload media and with which token (`w:m`). */
export function mediaConn(media: MediaHost): IqHandler {
  return {
    xmlns: 'w:m',
    async handle(iq) {
      if (child(iq)?.tag !== 'media_conn') return undefined
      return [
        el('media_conn', { auth: media.auth, ttl: 300, auth_ttl: 21_600, max_buckets: 12 }, [
          ...media.hostNames.map((hostname, index) =>
            el('host', { hostname, type: index === 0 ? 'primary' : 'fallback' }),
          ),
        ]),
      ]
    },
  }
}
