import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AddressGuard } from '../../../fetch/address-guard.ts'
import { GuardedFetcher } from '../../../fetch/guarded-fetcher.ts'
import { TempFolder } from '../../../files/temp-folder.ts'
import type { MediaSource } from '../prepared-media.ts'
import { Ffmpeg } from './ffmpeg.ts'
import { LocalMediaWorkshop } from './local-media-workshop.ts'
import { PdfPages } from './pdf-pages.ts'
import { WorkQueue } from './work-queue.ts'

const run = promisify(execFile)
const searchPath = process.env['PATH'] ?? ''

/** A real workshop in a folder of its own, for tests, which make their files beside it. */
export class TestWorkshop {
  readonly workshop: LocalMediaWorkshop
  readonly ffmpeg: Ffmpeg
  /** Where the work on pictures and pages waits its turn. */
  readonly pictures = new WorkQueue({ atOnce: 2, mostWaiting: 8 })
  /** Where programs wait their turn. */
  readonly programs = new WorkQueue({ atOnce: 2, mostWaiting: 8 })
  readonly #dir: string
  readonly #fetcher = new GuardedFetcher({ guard: new AddressGuard(['127.0.0.1']), userAgent: 'test' })
  #count = 0

  private constructor(dir: string, ffmpegPath: string) {
    this.#dir = dir
    this.ffmpeg = new Ffmpeg({
      path: ffmpegPath,
      searchPath,
      queue: this.programs,
    })
    this.workshop = new LocalMediaWorkshop({
      folder: new TempFolder(join(dir, 'work')),
      fetcher: this.#fetcher,
      ffmpeg: this.ffmpeg,
      pdfPages: new PdfPages({ searchPath }),
      pictures: this.pictures,
      limits: { maxImageBytes: 20e6, maxFileBytes: 50e6, maxVideoBytes: 100e6, maxAudioBytes: 100e6 },
    })
  }

  static async open(options: { ffmpegPath?: string } = {}): Promise<TestWorkshop> {
    const dir = await mkdtemp(join(tmpdir(), 'gatewa-workshop-'))
    return new TestWorkshop(dir, options.ffmpegPath ?? 'ffmpeg')
  }

  /** Bytes as if they had been uploaded. */
  async upload(bytes: Uint8Array, fileName = 'file.jpg', claimedType = 'image/jpeg'): Promise<MediaSource> {
    const path = this.newPath()
    await writeFile(path, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    return { kind: 'upload', file: { path, fileName, claimedType, sizeBytes: bytes.length, sha256 } }
  }

  /** Has ffmpeg make a file: `args` without the output, whose extension decides. */
  async make(extension: string, ...args: readonly string[]): Promise<Buffer> {
    const path = `${this.newPath()}.${extension}`
    await run('ffmpeg', ['-nostdin', '-loglevel', 'error', ...args, path])
    return readFile(path)
  }

  /** What ffprobe says of a file. */
  async probe(path: string): Promise<{
    format: { format_name: string; duration: string; tags?: Record<string, string> }
    streams: {
      codec_name: string
      codec_type: string
      width?: number
      height?: number
      channels?: number
      sample_rate?: string
    }[]
  }> {
    const { stdout } = await run('ffprobe', [
      '-loglevel',
      'error',
      '-of',
      'json',
      '-show_format',
      '-show_streams',
      path,
    ])
    return JSON.parse(stdout) as never // the shape above is what ffprobe writes
  }

  newPath(): string {
    this.#count += 1
    return join(this.#dir, `made-${this.#count}`)
  }

  /** Names of what lies in the workshop's folder. */
  async leftovers(): Promise<readonly string[]> {
    return readdir(join(this.#dir, 'work')).catch(() => [])
  }

  async close(): Promise<void> {
    await this.ffmpeg.stop()
    await this.#fetcher.close()
    await rm(this.#dir, { recursive: true })
  }
}

/** Whether ffmpeg can be run here. */
export async function hasFfmpeg(): Promise<boolean> {
  return run('ffmpeg', ['-version']).then(
    () => true,
    () => false,
  )
}

/** Whether pages of a PDF can be drawn here. */
export async function hasPdftoppm(): Promise<boolean> {
  return run('pdftoppm', ['-v']).then(
    () => true,
    () => false,
  )
}
