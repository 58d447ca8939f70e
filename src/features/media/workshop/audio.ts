import { AppError } from '../../../core/app-error.ts'
import type { AudioOptions, PreparedMedia } from '../prepared-media.ts'
import type { Ffmpeg, RunOptions, StreamFacts } from './ffmpeg.ts'
import { described } from './media-type.ts'
import { readOpus, waveformOf } from './voice.ts'
import type { WorkFile, WorkFiles } from './work-files.ts'

const opusType = 'audio/ogg; codecs=opus'
/** What phones play as it is, by what the bytes show, and what WhatsApp calls it. */
const playable: ReadonlyMap<string, string> = new Map([
  ['audio/mpeg', 'audio/mpeg'],
  ['audio/aac', 'audio/aac'],
  ['audio/amr', 'audio/amr'],
  ['audio/mp4', 'audio/mp4'],
  ['audio/x-m4a', 'audio/mp4'],
])
/** Containers whose type does not say that there is only sound in them. */
const mixed: ReadonlySet<string> = new Set([
  'application/ogg',
  'video/mp4',
  'video/webm',
  'video/ogg',
  'video/x-ms-asf',
  'application/vnd.ms-asf',
  'video/3gpp',
  'video/quicktime',
  'video/matroska',
  'video/x-matroska',
])
const allowed =
  'your audio type is not allowed. please use (audio/aac,audio/amr,audio/flac,audio/m4a,audio/m4r,audio/mp3,audio/mpeg,audio/ogg,audio/vnd.wav,audio/vnd.wave,audio/wav,audio/wave,audio/wma,audio/x-ms-wma,audio/x-pn-wav,audio/x-wav,)'

/** Makes sound what WhatsApp plays: a voice note, or a file in a coding that every phone knows. */
export async function toAudio(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  options: AudioOptions,
): Promise<PreparedMedia> {
  const { mimeType } = file
  if (!mimeType.startsWith('audio/') && !mixed.has(mimeType))
    throw new AppError('media_type_refused', { message: allowed, details: { found: described(mimeType) } })
  const run: RunOptions = { signal: options.signal }
  const facts = await probeIfThere(file, ffmpeg, run)
  if (facts === null) return withoutFfmpeg(file, files, options)
  if (facts.audio === null) throw new AppError('media_type_refused', { message: allowed })
  const isOpus = facts.audio.codec === 'opus' && facts.formatName === 'ogg'
  if (options.ptt === true) {
    const isVoice = isOpus && facts.audio.channels === 1
    const voice = [
      '-c:a',
      'libopus',
      '-b:a',
      '64k',
      '-ac',
      '1',
      '-ar',
      '48000',
      '-application',
      'voip',
      '-f',
      'ogg',
    ]
    const path = isVoice ? await files.adopt(file) : await convert(file, files, ffmpeg, voice, '.ogg', run)
    const { duration } = isVoice ? facts : await ffmpeg.probe(path, run)
    const waveform = await waveformOf(path, duration, ffmpeg, run)
    return files.keep(path, { mimeType: opusType, seconds: whole(duration), waveform })
  }
  const known = isOpus ? opusType : playable.get(mimeType)
  if (known !== undefined)
    return files.keep(await files.adopt(file), { mimeType: known, seconds: whole(facts.duration) })
  const aac = ['-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-movflags', '+faststart', '-f', 'ipod']
  const path = await convert(file, files, ffmpeg, aac, '.m4a', run)
  const { duration } = await ffmpeg.probe(path, run)
  return files.keep(path, { mimeType: 'audio/mp4', seconds: whole(duration) })
}

async function convert(
  file: WorkFile,
  files: WorkFiles,
  ffmpeg: Ffmpeg,
  coding: readonly string[],
  extension: string,
  run: RunOptions,
): Promise<string> {
  const path = await files.newPath(extension)
  await ffmpeg.convert(file.path, ['-map', '0:a:0', '-vn', '-map_metadata', '-1', ...coding, path], run)
  return path
}

async function probeIfThere(file: WorkFile, ffmpeg: Ffmpeg, run: RunOptions): Promise<StreamFacts | null> {
  try {
    return await ffmpeg.probe(file.path, run)
  } catch (error) {
    if (error instanceof AppError && error.code === 'ffmpeg_missing') return null
    throw error
  }
}

/** What needs no conversion goes out all the same, a voice note without its waveform. */
async function withoutFfmpeg(
  file: WorkFile,
  files: WorkFiles,
  options: AudioOptions,
): Promise<PreparedMedia> {
  const opus = await readOpus(file.path)
  if (opus !== null && (opus.channels === 1 || options.ptt !== true))
    return files.keep(await files.adopt(file), { mimeType: opusType, seconds: whole(opus.seconds) })
  const known = playable.get(file.mimeType)
  if (options.ptt === true || known === undefined) throw new AppError('ffmpeg_missing')
  return files.keep(await files.adopt(file), { mimeType: known })
}

function whole(seconds: number): number {
  return Math.max(1, Math.round(seconds))
}
