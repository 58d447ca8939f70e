import { AppError, toError } from '../../../core/app-error.ts'
import type { GuardedFetcher } from '../../../fetch/guarded-fetcher.ts'
import type { TempFolder } from '../../../files/temp-folder.ts'
import type {
  AudioOptions,
  DocumentOptions,
  ImageOptions,
  MediaSource,
  MediaWorkshop,
  PreparedMedia,
  PrepareOptions,
  StickerOptions,
  VideoOptions,
} from '../prepared-media.ts'
import { toAudio } from './audio.ts'
import { toDocument } from './document.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { toAvatar, toImage } from './image.ts'
import type { PdfPages } from './pdf-pages.ts'
import { toSticker } from './sticker.ts'
import { toVideo } from './video.ts'
import { type WorkFile, WorkFiles } from './work-files.ts'
import type { WorkQueue } from './work-queue.ts'

/** Largest files, by what becomes of them. */
export interface WorkshopLimits {
  readonly maxImageBytes: number
  readonly maxFileBytes: number
  readonly maxVideoBytes: number
  readonly maxAudioBytes: number
}

/** What the workshop works with. */
export interface WorkshopDeps {
  /** Where everything lies that is made on the way. */
  readonly folder: TempFolder
  readonly fetcher: GuardedFetcher
  readonly ffmpeg: Ffmpeg
  readonly pdfPages: PdfPages
  /** Bounds the work on pictures, which happens in this process, and on pages; ffmpeg has a queue of its own. */
  readonly pictures: WorkQueue
  readonly limits: WorkshopLimits
}

/** Prepares media on this machine: pictures in the process, video and audio with ffmpeg. */
export class LocalMediaWorkshop implements MediaWorkshop {
  readonly #deps: WorkshopDeps

  constructor(deps: WorkshopDeps) {
    this.#deps = deps
  }

  prepareImage(source: MediaSource, options: ImageOptions = {}): Promise<PreparedMedia> {
    const { maxImageBytes } = this.#deps.limits
    return this.#prepare(source, maxImageBytes, 'image/*', options, (file, files) =>
      this.#drawing(() => toImage(file, files, options), options),
    )
  }

  prepareSticker(source: MediaSource, options: StickerOptions = {}): Promise<PreparedMedia> {
    const { limits, ffmpeg } = this.#deps
    return this.#prepare(source, limits.maxImageBytes, 'image/*, video/*', options, (file, files) =>
      this.#drawing(() => toSticker(file, files, ffmpeg, options), options),
    )
  }

  prepareAvatar(source: MediaSource, options: PrepareOptions = {}): Promise<PreparedMedia> {
    const { maxImageBytes } = this.#deps.limits
    return this.#prepare(source, maxImageBytes, 'image/*', options, (file, files) =>
      this.#drawing(() => toAvatar(file, files), options),
    )
  }

  prepareVideo(source: MediaSource, options: VideoOptions = {}): Promise<PreparedMedia> {
    const { limits, ffmpeg } = this.#deps
    return this.#prepare(source, limits.maxVideoBytes, 'video/*', options, (file, files) =>
      toVideo(file, files, ffmpeg, options),
    )
  }

  prepareAudio(source: MediaSource, options: AudioOptions = {}): Promise<PreparedMedia> {
    const { limits, ffmpeg } = this.#deps
    return this.#prepare(source, limits.maxAudioBytes, 'audio/*, */*;q=0.5', options, (file, files) =>
      toAudio(file, files, ffmpeg, options),
    )
  }

  prepareDocument(source: MediaSource, options: DocumentOptions = {}): Promise<PreparedMedia> {
    return this.#prepare(source, this.#deps.limits.maxFileBytes, '*/*', options, (file, files) =>
      toDocument(file, files, this.#deps, options),
    )
  }

  #drawing(work: () => Promise<PreparedMedia>, { signal }: PrepareOptions): Promise<PreparedMedia> {
    return this.#deps.pictures.run(work, signal)
  }

  async #prepare(
    source: MediaSource,
    limitBytes: number,
    accept: string,
    { signal }: PrepareOptions,
    work: (file: WorkFile, files: WorkFiles) => Promise<PreparedMedia>,
  ): Promise<PreparedMedia> {
    const files = new WorkFiles(this.#deps.folder, this.#deps.fetcher)
    try {
      const file = await files.take(source, { limitBytes, signal, accept })
      const prepared = await work(file, files)
      if (signal?.aborted === true) {
        await prepared.dispose()
        throw new AppError('request_aborted')
      }
      return prepared
    } catch (thrown) {
      // The upload of a caller who hung up is gone, and everything that reads it fails in its own way.
      throw signal?.aborted === true ? new AppError('request_aborted', { cause: thrown }) : toError(thrown)
    } finally {
      await files.clear()
    }
  }
}
