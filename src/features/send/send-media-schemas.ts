import { z } from 'zod'
import { sendBody } from './send-schemas.ts'

/** A field of a form that has to be a file: a text in its place is refused. */
const file = z
  .string()
  .refine((text) => text === '', { message: 'must be a file' })
  .optional()
  .describe('The file itself, in a multipart form.')

const url = z
  .string()
  .trim()
  .optional()
  .describe('Where to fetch the file from, in place of a file in the form.')
const caption = z.string().optional().describe('Text below. `@<number>` in it mentions that person.')
const viewOnce = z.boolean().optional().describe('Can be looked at once only.')
const hd = z.boolean().optional().describe('In high quality; wins over `compress`.')

const packText = z.string().trim().max(128).optional()

/** Body of `POST /send/image`. */
export const sendImageBody = sendBody({
  image: file,
  image_url: url,
  caption,
  view_once: viewOnce,
  compress: z.boolean().optional().describe('At most 600 pixels wide. Default true.'),
  hd,
})

/** Body of `POST /send/video`. */
export const sendVideoBody = sendBody({
  video: file,
  video_url: url,
  caption,
  view_once: viewOnce,
  compress: z.boolean().optional().describe('At most 720 pixels wide. Default false.'),
  hd,
  gif_playback: z.boolean().optional().describe('Plays by itself, silently and over and over.'),
})

/** Body of `POST /send/audio`. */
export const sendAudioBody = sendBody({
  audio: file,
  audio_url: url,
  ptt: z.boolean().optional().describe('As a voice message: converted to Opus, with a waveform.'),
})

/** Body of `POST /send/file`. */
export const sendFileBody = sendBody({ file, file_url: url, caption })

/** Body of `POST /send/sticker`. */
export const sendStickerBody = sendBody({
  sticker: file,
  sticker_url: url,
  pack_name: packText.describe('Name of the pack that the sticker says it is of.'),
  pack_publisher: packText.describe('Who made the pack.'),
  emojis: z
    .array(z.string().min(1).max(20))
    .max(3)
    .optional()
    .describe('What the sticker stands for, up to three emoji.'),
})
