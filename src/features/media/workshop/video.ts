import { AppError } from '../../../core/app-error.ts'
import type { PreparedMedia, VideoOptions } from '../prepared-media.ts'
import type { Ffmpeg, RunOptions, StreamFacts } from './ffmpeg.ts'
import { described } from './media-type.ts'
import { isCutOff } from './mp4-boxes.ts'
import { thumbnailOf } from './pictures.ts'
import type { WorkFile, WorkFiles } from './work-files.ts'

const compressedWidth = 720
const hdEdge = 1_280
const mp4Family: ReadonlySet<string> = new Set([
  'video/mp4',
  'video/quicktime',
  'video/x-m4v',
  'video/3gpp',
  'video/3gpp2',
])
const others: ReadonlySet<string> = new Set([
  'video/matroska',
  'video/x-matroska',
  'video/webm',
  'video/vnd.avi',
  'video/x-msvideo',
  'video/avi',
  'video/mpeg',
  'video/mp2t',
])

/** Makes a video an MP4 that WhatsApp plays: H.264 and AAC, its index in front. */
export async function toVideo(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  options: VideoOptions,
): Promise<PreparedMedia> {
  const isGif = file.mimeType === 'image/gif' && options.gifPlayback === true
  if (!mp4Family.has(file.mimeType) && !others.has(file.mimeType) && !isGif)
    throw new AppError('media_type_refused', {
      message: 'your video type is not allowed. please use mp4/mkv/avi/x-msvideo',
      details: { found: described(file.mimeType) },
    })
  if (mp4Family.has(file.mimeType) && (await isCutOff(file.path))) throw new AppError('media_unreadable')
  const run: RunOptions = { signal: options.signal }
  const facts = await ffmpeg.probe(file.path, run)
  if (facts.video === null)
    throw new AppError('media_unreadable', { message: 'there is no picture in the video' })
  const path = await files.newPath('.mp4')
  await ffmpeg.convert(file.path, [...codingFor(facts, options), '-f', 'mp4', path], run)
  const made = await ffmpeg.probe(path, run)
  if (made.video === null) throw new AppError('media_unreadable')
  const { width, height } = made.video
  const thumbnail = await firstLitFrame(path, files, ffmpeg, run)
  return files.keep(path, {
    mimeType: 'video/mp4',
    width,
    height,
    seconds: Math.max(1, Math.round(made.duration)),
    thumbnail,
  })
}

function codingFor(facts: StreamFacts, options: VideoOptions): readonly string[] {
  const sound = options.gifPlayback === true ? ['-an'] : ['-map', '0:a:0?']
  const common = ['-map', '0:v:0', ...sound, '-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1']
  const end = ['-movflags', '+faststart']
  const { video, audio } = facts
  const isPlayable =
    video?.codec === 'h264' &&
    (video.pixelFormat === 'yuv420p' || video.pixelFormat === 'yuvj420p') &&
    (audio === null || audio.codec === 'aac' || options.gifPlayback === true)
  if (isPlayable && options.compress !== true && options.hd !== true) return [...common, '-c', 'copy', ...end]
  const quality = options.hd === true ? '23' : options.compress === true ? '28' : '23'
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', quality, '-pix_fmt', 'yuv420p']
  return [...common, '-vf', scaleFor(options), ...coding, '-c:a', 'aac', '-b:a', '128k', '-ac', '2', ...end]
}

/** Never larger than it was, and even at both edges, as the coding needs it. */
function scaleFor(options: VideoOptions): string {
  const even = 'scale=trunc(iw/2)*2:trunc(ih/2)*2'
  if (options.hd === true)
    return `scale='min(${hdEdge},iw)':'min(${hdEdge},ih)':force_original_aspect_ratio=decrease,${even},setsar=1`
  if (options.compress === true) return `scale='trunc(min(${compressedWidth},iw)/2)*2':-2,setsar=1`
  return `${even},setsar=1`
}

/** Videos often begin in black: the first frame with light in it is shown, or the very first when there is none. */
async function firstLitFrame(
  path: string,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  run: RunOptions,
): Promise<Uint8Array> {
  const lit = 'signalstats,metadata=mode=select:key=lavfi.signalstats.YAVG:value=32:function=greater'
  for (const filter of [`${lit},`, '']) {
    const frame = await files.newPath('.jpg')
    const still = ['-frames:v', '1', '-q:v', '3', '-f', 'mjpeg', frame]
    await ffmpeg.convert(
      path,
      ['-an', '-t', '30', '-vf', `${filter}scale='min(640,iw)':-2,format=yuvj420p`, ...still],
      run,
    )
    const thumbnail = await thumbnailOf(frame).catch((error: unknown) => {
      // Nothing lit in it: ffmpeg writes an empty file, or none.
      if (error instanceof AppError && error.code === 'media_unreadable' && filter !== '') return null
      throw error
    })
    if (thumbnail !== null) return thumbnail
  }
  throw new AppError('media_unreadable')
}
