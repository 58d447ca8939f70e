import { join } from 'node:path'
import type { MediaConfig } from '../../config/config.ts'
import type { Clock } from '../../core/clock.ts'
import { AddressGuard } from '../../fetch/address-guard.ts'
import { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import { TempFolder } from '../../files/temp-folder.ts'
import { FileMediaStore } from './file-media-store.ts'
import { LinkPreviews } from './link-previews.ts'
import type { MediaStore } from './media-store.ts'
import type { MediaWorkshop } from './prepared-media.ts'
import { Ffmpeg } from './workshop/ffmpeg.ts'
import { LocalMediaWorkshop } from './workshop/local-media-workshop.ts'
import { PdfPages } from './workshop/pdf-pages.ts'
import { WorkQueue } from './workshop/work-queue.ts'

/** What deals with files, wired together. */
export interface Media {
  readonly store: MediaStore
  readonly workshop: MediaWorkshop
  readonly fetcher: GuardedFetcher
  readonly previews: LinkPreviews
  /** Where files of requests lie until they are answered. */
  readonly uploads: TempFolder
  /** Makes the folders and clears what an earlier run left in those for passing files. Call it before anything else. */
  start(): Promise<void>
  /** Ends conversions and fetches under way. */
  stop(): Promise<void>
}

/** Conversions that may wait for each that runs. */
const waitingPerPlace = 16

/** Builds the part of the gateway that takes, makes and keeps files; nothing is touched before `start`. */
export function createMedia(deps: {
  readonly config: MediaConfig
  readonly dataDir: string
  readonly version: string
  readonly clock: Clock
}): Media {
  const { config, clock } = deps
  const dir = join(deps.dataDir, 'media')
  const uploads = new TempFolder(join(dir, 'uploads'))
  const work = new TempFolder(join(dir, 'work'))
  const store = new FileMediaStore({ dir: join(dir, 'store'), clock })
  const fetcher = new GuardedFetcher({
    guard: new AddressGuard(config.fetchAllowedHosts),
    userAgent: `Mozilla/5.0 (compatible; Gatewa/${deps.version})`,
  })
  const queue = () =>
    new WorkQueue({ atOnce: config.conversions, mostWaiting: waitingPerPlace * config.conversions })
  const { searchPath } = config
  const ffmpeg = new Ffmpeg({ path: config.ffmpegPath, searchPath, queue: queue() })
  const workshop = new LocalMediaWorkshop({
    folder: work,
    fetcher,
    ffmpeg,
    pdfPages: new PdfPages({ searchPath }),
    pictures: queue(),
    limits: config,
  })
  return {
    store,
    workshop,
    fetcher,
    previews: new LinkPreviews({ fetcher, workshop }),
    uploads,
    start: async () => {
      await Promise.all([uploads.sweep(), work.sweep(), store.start()])
    },
    stop: async () => {
      await Promise.all([ffmpeg.stop(), fetcher.close()])
    },
  }
}
