import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { TempFolder } from '../../files/temp-folder.ts'
import type { Outbox } from '../../outbox/outbox.ts'
import type { DescribeMedia } from '../../whatsapp/message.ts'
import type { SessionLookup } from '../../whatsapp/whatsapp-session.ts'
import type { ChatReader } from '../chats/chat-reader.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { MediaStore } from '../media/media-store.ts'
import type { MessageLog } from '../messages/message-log.ts'
import type { MessageReader } from '../messages/message-reader.ts'
import { AutoDownload } from './auto-download.ts'
import type { LinkedMedia } from './download.ts'
import { DownloadLog } from './download-log.ts'
import type { DownloadRoutesDeps } from './download-routes.ts'
import { DownloadStore } from './download-store.ts'
import { MediaDownloads } from './media-downloads.ts'

/** What is known of downloads before there is a history to fetch for. */
export interface DownloadWishes {
  readonly log: DownloadLog
  readonly rows: DownloadStore
  /** Calls `onWanted` from now on when something is wanted. */
  listen(onWanted: () => void): void
}

/** Makes the log that the history notes wanted media in. */
export function createDownloadWishes(deps: {
  readonly clock: Clock
  readonly isOn: boolean
}): DownloadWishes {
  const rows = new DownloadStore()
  let tell: () => void = () => undefined
  return {
    rows,
    log: new DownloadLog({ ...deps, rows, onWanted: () => tell() }),
    listen(onWanted) {
      tell = onWanted
    },
  }
}

/** Fetching media, by itself and when asked. */
export interface Downloads {
  readonly routes: DownloadRoutesDeps
  /** To be called after every commit. */
  committed(): void
  start(): void
  stop(): Promise<void>
  /** Forgets what became of media before `olderThan`. */
  prune(olderThan: Date): Promise<unknown>
}

/** Builds what fetches media. */
export function createDownloads(deps: {
  readonly db: Db
  readonly inTransaction: InTransaction
  readonly clock: Clock
  readonly logger: Logger
  readonly wishes: DownloadWishes
  readonly sessions: SessionLookup
  readonly devices: Pick<DeviceReader, 'scopeOf'>
  readonly chats: Pick<ChatReader, 'get'>
  readonly messages: MessageReader
  readonly messageLog: MessageLog
  readonly outbox: Outbox
  readonly store: MediaStore
  readonly folder: TempFolder
  readonly describe: DescribeMedia
  readonly pathOf: (file: LinkedMedia) => string
  readonly limitBytes: number
}): Downloads {
  const { rows } = deps.wishes
  const downloads = new MediaDownloads({ ...deps, rows, log: deps.messageLog })
  const auto = new AutoDownload({ ...deps, rows, downloads })
  deps.wishes.listen(() => auto.noticed())
  return {
    routes: {
      ...deps,
      downloads: {
        fetch: async (scope, message) => {
          const file = await downloads.fetch(scope, message)
          // It may have been what an event waits for.
          auto.wake()
          return file
        },
      },
    },
    committed: () => auto.committed(),
    start: () => auto.start(),
    stop: () => auto.stop(),
    prune: (olderThan) => deps.inTransaction((tx) => rows.prune(tx, olderThan)),
  }
}
