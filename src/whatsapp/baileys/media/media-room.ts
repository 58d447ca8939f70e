import type { Dispatcher } from 'undici'
import type { Clock } from '../../../core/clock.ts'
import type { Logger } from '../../../core/logger.ts'
import type { MediaActions } from '../../media-actions.ts'
import { BaileysMedia } from '../actions/baileys-media.ts'
import type { SocketAccess } from '../actions/socket-access.ts'
import { MediaFetcher } from './media-fetcher.ts'
import { MediaHosts } from './media-hosts.ts'
import { MediaRetry } from './media-retry.ts'
import { MediaUploader } from './media-uploader.ts'

/** What one connection does with files. */
export interface MediaRoom {
  readonly uploader: MediaUploader
  readonly actions: MediaActions
}

/** Builds both ways of files, out and in, over one knowledge of the media hosts. */
export function makeMediaRoom(deps: {
  readonly access: SocketAccess
  readonly dispatcher: Dispatcher | undefined
  readonly clock: Clock
  readonly logger: Logger
}): MediaRoom {
  const hosts = new MediaHosts(deps)
  return {
    uploader: new MediaUploader({ ...deps, hosts }),
    actions: new BaileysMedia({
      ...deps,
      hosts,
      fetcher: new MediaFetcher(deps),
      retry: new MediaRetry(deps),
    }),
  }
}
