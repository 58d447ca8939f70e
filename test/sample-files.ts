// Owns: files that tests send, made as they are needed, and what can be seen in files that arrive.
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import type { Answer, Gateway } from './harness.ts'

const run = promisify(execFile)

/** A file for a field of a form. */
export interface Upload {
  readonly field: string
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** Posts a form as browsers do. */
export async function postForm(
  gateway: Gateway,
  path: string,
  fields: Readonly<Record<string, string | readonly string[]>>,
  uploads: readonly Upload[] = [],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    for (const text of typeof value === 'string' ? [value] : value) form.append(name, text)
  }
  for (const { field, name, type, bytes } of uploads)
    form.append(field, new Blob([new Uint8Array(bytes)], { type }), name)
  const answer = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: { ...gateway.headers, 'x-device-id': 'main', ...headers },
    body: form,
  })
  const text = await answer.text()
  return { status: answer.status, text, json: JSON.parse(text) as Answer['json'] } // our own gateway's
}

/** A picture that is not of one colour. */
export function picture(
  width: number,
  height: number,
  format: 'jpeg' | 'png' | 'webp' = 'jpeg',
): Promise<Buffer> {
  const noise = { type: 'gaussian' as const, mean: 128, sigma: 30 }
  return sharp({ create: { width, height, channels: 3, background: '#3070b0', noise } })
    .toFormat(format)
    .toBuffer()
}

/** A moving picture: red, green and blue, shown for 100, 200 and 300 milliseconds. */
export async function movingPicture(format: 'gif' | 'webp', width: number, height: number): Promise<Buffer> {
  const frames = await Promise.all(
    ['#ff0000', '#00ff00', '#0000ff'].map((background) =>
      sharp({ create: { width, height, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  )
  const delay = [100, 200, 300]
  const joined = sharp(frames, { join: { animated: true } })
  return (format === 'gif' ? joined.gif({ delay, loop: 0 }) : joined.webp({ delay, loop: 0 })).toBuffer()
}

/** A PDF of two pages of A4, the first one red and the second one blue. */
export const redPdf = Buffer.from(
  [
    '%PDF-1.4',
    '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj',
    '2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]/MediaBox[0 0 595 842]>>endobj',
    '3 0 obj<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 5 0 R>>endobj',
    '4 0 obj<</Type/Page/Parent 2 0 R/Resources<<>>/Contents 6 0 R>>endobj',
    '5 0 obj<</Length 25>>stream\n1 0 0 rg 0 0 595 842 re f\nendstream endobj',
    '6 0 obj<</Length 25>>stream\n0 0 1 rg 0 0 595 842 re f\nendstream endobj',
    'trailer<</Root 1 0 R/Size 7>>',
    '%%EOF',
    '',
  ].join('\n'),
)

/** A file that ffmpeg makes; the arguments come before its name. */
export async function made(extension: string, ...args: string[]): Promise<Buffer> {
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-made-'))
  try {
    const path = join(dir, `file.${extension}`)
    await run('ffmpeg', ['-v', 'error', ...args, path])
    return await readFile(path)
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** A whole picture of 30,000 x 30,000 black pixels in 110 kB. */
export function hugePng(): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc32(body))
    return Buffer.concat([head, body, sum])
  }
  const header = Buffer.from('00007530000075300100000000', 'hex')
  const rows = deflateSync(Buffer.alloc(30_000 * (1 + 30_000 / 8)))
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A video of two seconds with sound. */
export function clip(extension = 'mp4', size = '320x240', ...coding: string[]): Promise<Buffer> {
  return made(
    extension,
    ...['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=10:duration=2`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=440:duration=2'],
    ...(coding.length > 0 ? coding : ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac']),
    '-shortest',
  )
}

/** A tone of three seconds. */
export function tone(extension = 'mp3'): Promise<Buffer> {
  return made(extension, '-f', 'lavfi', '-i', 'sine=frequency=440:duration=3')
}

/** What ffprobe says of a file. */
export interface Probe {
  readonly streams: readonly {
    readonly codec_name: string
    readonly codec_type: string
    readonly pix_fmt?: string
    readonly width?: number
    readonly height?: number
    readonly channels?: number
    readonly sample_rate?: string
  }[]
  readonly format: {
    readonly format_name: string
    readonly duration: string
    readonly tags?: Readonly<Record<string, string>>
  }
}

/** Has ffprobe look at a file. */
export async function probe(bytes: Uint8Array): Promise<Probe> {
  const dir = await mkdtemp(join(tmpdir(), 'gatewa-probe-'))
  try {
    const path = join(dir, 'file')
    await writeFile(path, bytes)
    const args = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path]
    return JSON.parse((await run('ffprobe', args)).stdout) as Probe // as ffprobe writes it
  } finally {
    await rm(dir, { recursive: true })
  }
}

/** Colour of one pixel, its parts from 0 to 255. */
export async function pixel(
  bytes: Uint8Array,
  left: number,
  top: number,
): Promise<{ r: number; g: number; b: number; alpha: number }> {
  const raw = await sharp(bytes).ensureAlpha().extract({ left, top, width: 1, height: 1 }).raw().toBuffer()
  const [r = 0, g = 0, b = 0, alpha = 0] = raw
  return { r, g, b, alpha }
}

/** Whether a program can be run here. */
export function hasProgram(name: string): Promise<boolean> {
  return run(name, ['-version']).then(
    () => true,
    () => false,
  )
}

/** A HEIC picture as phones take them: one frame of HEVC, in the boxes of HEIF. Needs ffmpeg with libx265. */
export async function heicPicture(width: number, height: number): Promise<Buffer> {
  const source = ['-f', 'lavfi', '-i', `testsrc=size=${width}x${height}:rate=1:duration=1`, '-frames:v', '1']
  const coding = [
    '-c:v',
    'libx265',
    '-x265-params',
    'log-level=none',
    '-pix_fmt',
    'yuv420p',
    '-tag:v',
    'hvc1',
  ]
  const mp4 = await made('mp4', ...source, ...coding)
  const inside = (name: string) => {
    const at = mp4.indexOf(name)
    return mp4.subarray(at + 4, at - 4 + mp4.readUInt32BE(at - 4))
  }
  const numbers = (bytes: number, ...values: number[]) => {
    const made = Buffer.alloc(bytes * values.length)
    values.forEach((value, index) => {
      made.writeUIntBE(value, index * bytes, bytes)
    })
    return made
  }
  const box = (name: string, ...parts: (Buffer | string)[]): Buffer => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
    return Buffer.concat([numbers(4, body.length + 8), Buffer.from(name), body])
  }
  const frame = inside('mdat')
  const head = box('ftyp', 'heic', numbers(4, 0), 'mif1heic')
  const meta = (offset: number) =>
    box(
      'meta',
      numbers(4, 0),
      box('hdlr', numbers(4, 0, 0), 'pict', Buffer.alloc(13)),
      box('pitm', numbers(4, 0), numbers(2, 1)),
      box('iloc', numbers(4, 0), numbers(2, 0x4400, 1, 1, 0, 1), numbers(4, offset, frame.length)),
      box(
        'iinf',
        numbers(4, 0),
        numbers(2, 1),
        box('infe', numbers(4, 0x02000000), numbers(2, 1, 0), 'hvc1\0'),
      ),
      box(
        'iprp',
        box('ipco', box('hvcC', inside('hvcC')), box('ispe', numbers(4, 0, width, height))),
        box('ipma', numbers(4, 0, 1), numbers(2, 1), numbers(1, 2, 0x81, 0x02)),
      ),
    )
  const offset = head.length + meta(0).length + 8
  return Buffer.concat([head, meta(offset), box('mdat', frame)])
}
