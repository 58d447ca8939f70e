import { join } from 'node:path'
import type { MediaConfig, WhatsAppConfig } from '../../config/config.ts'
import type { Clock } from '../../core/clock.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import type { InTransaction } from '../../db/transaction.ts'
import { AddressGuard } from '../../fetch/address-guard.ts'
import { GuardedFetcher } from '../../fetch/guarded-fetcher.ts'
import { TempFolder } from '../../files/temp-folder.ts'
import type { Chore } from '../../housekeeping.ts'
import { MediaLinks } from './download-url.ts'
import { FileMediaStore } from './file-media-store.ts'
import { LinkPreviews } from './link-previews.ts'
import { LinkSecretStore } from './link-secret-store.ts'
import { MediaRetention } from './media-retention.ts'
import type { MediaStore } from './media-store.ts'
import type { MediaWorkshop } from './prepared-media.ts'
import { QuotaMediaStore } from './quota-media-store.ts'
import { S3MediaStore } from './s3-media-store.ts'
import { Ffmpeg } from './workshop/ffmpeg.ts'
import { LocalMediaWorkshop } from './workshop/local-media-workshop.ts'
import { PdfPages } from './workshop/pdf-pages.ts'
import { WorkQueue } from './workshop/work-queue.ts'

/** What deals with files, wired together. */
export interface Media {
  readonly store: MediaStore
  readonly links: MediaLinks
  readonly workshop: MediaWorkshop
  /** Fetches what WhatsApp names on its own hosts, pictures of people above all. */
  readonly pictureFetcher: GuardedFetcher
  readonly previews: LinkPreviews
  /** Where files of requests lie until they are answered. */
  readonly uploads: TempFolder
  /** Makes the folders and clears what an earlier run left in those for passing files. Call it before anything else. */
  start(): Promise<void>
  /** Work that comes again and again. */
  readonly chores: readonly Chore[]
  /** Conversions that run and wait, by what is converted. */
  load(): Readonly<Record<'pictures' | 'sound_and_video', WorkQueue['load']>>
  /** Ends conversions and fetches under way. */
  stop(): Promise<void>
}

const hourMs = 3_600_000
/** Conversions that may wait for each that runs. */
const waitingPerPlace = 16

/** Builds the part of the gateway that takes, makes and keeps files; nothing is touched before `start`. */
export function createMedia(deps: {
  readonly config: MediaConfig
  readonly whatsapp: Pick<WhatsAppConfig, 'mediaHost'>
  readonly dataDir: string
  readonly version: string
  readonly inTransaction: InTransaction
  readonly cipher: RowCipher
  readonly clock: Clock
  /** Hears which stored content was deleted because it was old. */
  readonly onDeleted: (hashes: readonly string[], at: Date) => Promise<void>
}): Media {
  const { config, clock } = deps
  const dir = join(deps.dataDir, 'media')
  const uploads = new TempFolder(join(dir, 'uploads'))
  const work = new TempFolder(join(dir, 'work'))
  const files = new FileMediaStore({ dir: join(dir, 'store'), clock })
  const parts = new TempFolder(join(dir, 'parts'))
  const kept = config.s3 === undefined ? files : new S3MediaStore({ config: config.s3, parts })
  const quota =
    config.quotaBytes === 0 ? null : new QuotaMediaStore({ store: kept, quotaBytes: config.quotaBytes })
  const store = quota ?? kept
  const retention = new MediaRetention({ ...deps, store, days: config.retentionDays })
  const secrets = new LinkSecretStore(deps.cipher)
  const links = new MediaLinks({
    clock,
    lifetimeMs: config.linkHours * hourMs,
    loadSecret: () => deps.inTransaction((tx) => secrets.ensure(tx, clock.now())),
  })
  const fetcherFrom = (allowedHosts: readonly string[]) =>
    new GuardedFetcher({
      guard: new AddressGuard(allowedHosts),
      timeoutMs: config.fetchTimeoutMs,
      userAgent: `Mozilla/5.0 (compatible; Gatewa/${deps.version})`,
    })
  const fetcher = fetcherFrom(config.fetchAllowedHosts)
  // The host that stands in for WhatsApp's may be inside; callers who name URLs gain nothing by that.
  const { mediaHost } = deps.whatsapp
  const pictureFetcher = fetcherFrom(mediaHost === undefined ? [] : [mediaHost.replace(/:\d+$/, '')])
  const queue = () =>
    new WorkQueue({ atOnce: config.conversions, mostWaiting: waitingPerPlace * config.conversions })
  const { searchPath } = config
  const queues = { pictures: queue(), sound_and_video: queue() }
  const ffmpeg = new Ffmpeg({ path: config.ffmpegPath, searchPath, queue: queues.sound_and_video })
  const workshop = new LocalMediaWorkshop({
    folder: work,
    fetcher,
    ffmpeg,
    pdfPages: new PdfPages({ searchPath }),
    pictures: queues.pictures,
    limits: config,
  })
  return {
    store,
    links,
    workshop,
    pictureFetcher,
    previews: new LinkPreviews({ fetcher, workshop }),
    uploads,
    start: async () => {
      await Promise.all([uploads.sweep(), work.sweep(), parts.sweep(), files.start(), links.start()])
    },
    chores: [
      {
        name: 'delete old media',
        everyMs: hourMs,
        run: async () => {
          await retention.sweep()
          await quota?.recount()
        },
      },
    ],
    load: () => ({ pictures: queues.pictures.load, sound_and_video: queues.sound_and_video.load }),
    stop: async () => {
      await Promise.all([ffmpeg.stop(), fetcher.close(), pictureFetcher.close()])
    },
  }
}
