import { type FileHandle, open } from 'node:fs/promises'
import type { Ffmpeg, RunOptions } from './ffmpeg.ts'

const samples = 64
const rate = 8_000
const opusRate = 48_000

/** The loudness of a recording over its time, in 64 steps from 0 to 100, the loudest being 100. */
export async function waveformOf(
  path: string,
  seconds: number,
  ffmpeg: Ffmpeg,
  run: RunOptions,
): Promise<Uint8Array> {
  const meter = new LoudnessMeter(Math.max(1, seconds * rate))
  const raw = ['-vn', '-ac', '1', '-ar', String(rate), '-f', 's16le', 'pipe:1']
  await ffmpeg.convert(path, raw, { ...run, onOutput: (chunk) => meter.take(chunk) })
  return meter.waveform()
}

/** Takes 16-bit samples as they come and keeps only sums. */
class LoudnessMeter {
  readonly #expected: number
  readonly #sums = new Float64Array(samples)
  readonly #counts = new Float64Array(samples)
  #seen = 0
  #rest: Buffer = Buffer.alloc(0)

  constructor(expectedSamples: number) {
    this.#expected = expectedSamples
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = bytes.length - (bytes.length % 2)
    for (let at = 0; at < whole; at += 2) {
      const step = Math.min(samples - 1, Math.floor((this.#seen * samples) / this.#expected))
      this.#sums[step] = (this.#sums[step] ?? 0) + Math.abs(bytes.readInt16LE(at))
      this.#counts[step] = (this.#counts[step] ?? 0) + 1
      this.#seen += 1
    }
    this.#rest = bytes.subarray(whole)
  }

  waveform(): Uint8Array {
    const means = Array.from(this.#sums, (sum, index) => sum / Math.max(1, this.#counts[index] ?? 0))
    const loudest = Math.max(1, ...means)
    return Uint8Array.from(means, (mean) => Math.round((100 * mean) / loudest))
  }
}

/** What an Ogg file with Opus in it says of itself. */
export interface OpusFacts {
  readonly channels: number
  /** With fractions. */
  readonly seconds: number
}

/** Reads an Ogg Opus file's first and last page, without ffmpeg; null when it is something else or has no end. */
export async function readOpus(path: string): Promise<OpusFacts | null> {
  const file = await open(path)
  try {
    const head = await readAt(file, 0, 512)
    const opus = head.indexOf('OpusHead')
    if (head.toString('latin1', 0, 4) !== 'OggS' || opus === -1 || opus + 12 > head.length) return null
    const { size } = await file.stat()
    const tail = await readAt(file, Math.max(0, size - 65_536), 65_536)
    const page = tail.lastIndexOf('OggS')
    if (page === -1 || page + 14 > tail.length) return null
    const skipped = head.readUInt16LE(opus + 10)
    const seconds = (Number(tail.readBigInt64LE(page + 6)) - skipped) / opusRate
    return seconds > 0 ? { channels: head[opus + 9] ?? 0, seconds } : null
  } finally {
    await file.close()
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}
