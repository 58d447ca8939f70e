import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../core/app-error.ts'
import { spawnTethered, wasMissing } from './tethered-process.ts'
import type { WorkQueue } from './work-queue.ts'

/** Bounds of one run. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined
  /** Default 300,000. */
  readonly timeoutMs?: number
  /** Gets what the program writes to its output; without it that is limited to a megabyte and returned. */
  readonly onOutput?: (chunk: Buffer) => void
}

const mostOutputBytes = 1_048_576
const mostErrorText = 2_000
/**
 * Containers that may be opened. Playlists are not among them: a file that names other files would have them read, with
 * `file` allowed as it must be.
 */
const formats =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,ogg,mp3,wav,w64,flac,aac,amr,amrnb,amrwb,asf,aiff,caf,mpegts,mpeg,flv,gif,apng,au,ac3,eac3,ape,tta,wv'
const careful = ['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '2']
const reading = ['-protocol_whitelist', 'file,pipe', '-format_whitelist', formats]

const probed = z.object({
  format: z.object({ format_name: z.string().default(''), duration: z.coerce.number().optional() }),
  streams: z
    .array(
      z.object({
        codec_type: z.string().default(''),
        codec_name: z.string().default(''),
        pix_fmt: z.string().default(''),
        width: z.number().default(0),
        height: z.number().default(0),
        channels: z.number().default(0),
        duration: z.coerce.number().optional(),
        disposition: z.object({ attached_pic: z.number().default(0) }).optional(),
        side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
      }),
    )
    .default([]),
})

/** What a file holds. */
export interface StreamFacts {
  readonly formatName: string
  /** Seconds, with fractions; 0 when nobody knows. */
  readonly duration: number
  /** Width and height as shown, the turn applied. */
  readonly video: {
    readonly codec: string
    readonly pixelFormat: string
    readonly width: number
    readonly height: number
  } | null
  readonly audio: { readonly codec: string; readonly channels: number } | null
}

/**
 * Runs ffmpeg and ffprobe as child processes, a few at once, on files that strangers made: no network, no playlists, few
 * threads, killed on timeout, abort, stop and the end of this process. Raises `ffmpeg_missing`, `conversion_timeout`, `conversions_busy`,
 * `media_unreadable`, `request_aborted`.
 */
export class Ffmpeg {
  readonly #path: string
  readonly #searchPath: string
  readonly #queue: WorkQueue
  readonly #stopped = new AbortController()
  readonly #running = new Set<Promise<unknown>>()

  /** `searchPath`: folders with colons, where a program without a path is looked for. */
  constructor(deps: { readonly path: string; readonly searchPath: string; readonly queue: WorkQueue }) {
    this.#path = deps.path
    this.#searchPath = deps.searchPath
    this.#queue = deps.queue
  }

  /** Converts: `input` is opened with care, `args` say what is made of it. Resolves to what was written to the output. */
  convert(input: string, args: readonly string[], options: RunOptions = {}): Promise<Buffer> {
    const whole = ['-y', ...careful, ...reading, '-i', `file:${input}`, ...args]
    return this.#queue.run(() => this.#run(this.#path, whole, options), options.signal)
  }

  /** Looks into a file. */
  async probe(input: string, options: RunOptions = {}): Promise<StreamFacts> {
    const args = [
      '-hide_banner',
      '-loglevel',
      'error',
      ...reading,
      '-of',
      'json',
      '-show_format',
      '-show_streams',
    ]
    const probing = () =>
      this.#run(this.#probePath(), [...args, `file:${input}`], { timeoutMs: 30_000, ...options })
    const output = await this.#queue.run(probing, options.signal)
    return toFacts(probed.parse(JSON.parse(output.toString('utf8'))))
  }

  /** Kills what runs; what is asked for later fails. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    await Promise.allSettled(this.#running)
  }

  #probePath(): string {
    const name = basename(this.#path).replace('ffmpeg', 'ffprobe')
    return this.#path.includes('/') ? join(dirname(this.#path), name) : name
  }

  #run(program: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
    const run = this.#spawn(program, args, options)
    this.#running.add(run)
    return run.finally(() => this.#running.delete(run))
  }

  #spawn(program: string, args: readonly string[], options: RunOptions): Promise<Buffer> {
    const late = AbortSignal.timeout(options.timeoutMs ?? 300_000)
    const { signal: caller } = options
    const signal = AbortSignal.any([late, this.#stopped.signal, ...(caller === undefined ? [] : [caller])])
    return new Promise((resolve, reject) => {
      const child = spawnTethered(program, args, { signal, searchPath: this.#searchPath })
      const output: Buffer[] = []
      let outputBytes = 0
      let complaint = ''
      child.stdout.on('data', (chunk: Buffer) => {
        outputBytes += chunk.length
        if (options.onOutput !== undefined) options.onOutput(chunk)
        else if (outputBytes <= mostOutputBytes) output.push(chunk)
      })
      child.stderr.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString()).slice(0, mostErrorText)
      })
      // The shell could not be started: then nothing closes.
      child.once('error', reject)
      child.once('close', (code) => {
        if (signal.aborted) reject(this.#whyEnded(caller))
        else if (code === 0) resolve(Buffer.concat(output))
        else reject(toFailure(code, complaint.trim()))
      })
    })
  }

  #whyEnded(caller: AbortSignal | undefined): AppError {
    if (caller?.aborted === true) return new AppError('request_aborted')
    if (this.#stopped.signal.aborted) return new AppError('shutting_down')
    return new AppError('conversion_timeout')
  }
}

function toFailure(code: number | null, complaint: string): AppError {
  return new AppError(wasMissing(code) ? 'ffmpeg_missing' : 'media_unreadable', {
    cause: new Error(complaint),
  })
}

function toFacts({ format, streams }: z.infer<typeof probed>): StreamFacts {
  const video = streams.find(
    (stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1,
  )
  const audio = streams.find((stream) => stream.codec_type === 'audio')
  const rotation = video?.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0
  const isTurned = Math.abs(rotation) % 180 === 90
  const duration = format.duration ?? Math.max(0, ...streams.map((stream) => stream.duration ?? 0))
  return {
    formatName: format.format_name,
    duration: Number.isFinite(duration) ? duration : 0,
    video:
      video === undefined
        ? null
        : {
            codec: video.codec_name,
            pixelFormat: video.pix_fmt,
            width: isTurned ? video.height : video.width,
            height: isTurned ? video.width : video.height,
          },
    audio: audio === undefined ? null : { codec: audio.codec_name, channels: audio.channels },
  }
}
