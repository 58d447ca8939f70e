import { z } from 'zod'
import type { MediaKind } from '../../whatsapp/message.ts'
import type { DownloadedFile } from './download.ts'

/** Query of `GET /message/{message_id}/download`. */
export const downloadQuery = z.object({
  phone: z
    .string()
    .trim()
    .min(1)
    .describe('Number with country code, or the JID of the chat that the message is in.'),
  raw: z
    .enum(['0', '1', 'true', 'false'])
    .optional()
    .describe(
      '1: answer the bytes of the file, with ranges, and not JSON. So does an Accept header that takes no JSON.',
    ),
})

export const downloadParams = z.object({ message_id: z.string().min(1) })

/** Results as the contract and the reference gateway declare them. */
export const downloadResults = z.object({
  message_id: z.string(),
  status: z.string(),
  media_type: z.string(),
  mime_type: z.string(),
  file_size: z.int(),
  file_name: z.string(),
  filename: z.string(),
  file_path: z
    .string()
    .describe('Where the file is served; works without credentials until the link expires.'),
  file_url: z.string(),
  data: z.base64().describe('The file.'),
})

/** Content types for media whose sender named none. */
const usualTypes: Readonly<Record<MediaKind, string>> = {
  image: 'image/jpeg',
  video: 'video/mp4',
  video_note: 'video/mp4',
  audio: 'audio/ogg',
  document: 'application/octet-stream',
  sticker: 'image/webp',
}

/** The content type to name: the sender's when it is one, else the usual one of the kind. */
export function contentTypeOf({ mimeType, kind }: Pick<DownloadedFile, 'mimeType' | 'kind'>): string {
  return /^[\w.+-]+\/[\w.+-]+(?:\s*;\s*[\w.+-]+=(?:[\w.+-]+|"[\w .+,-]*"))*$/.test(mimeType)
    ? mimeType
    : usualTypes[kind]
}

/** What a download answers, but for the data; `path` leads to the file from `baseUrl`. */
export function toWireDownload(messageId: string, file: DownloadedFile, path: string, baseUrl: string) {
  return {
    message_id: messageId,
    status: `Media downloaded successfully to ${path}`,
    media_type: file.kind,
    mime_type: contentTypeOf(file),
    file_size: file.sizeBytes,
    file_name: file.fileName,
    filename: file.fileName,
    file_path: path,
    file_url: `${baseUrl}/${path}`,
  }
}
