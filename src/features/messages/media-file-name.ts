import type { MediaInfo, MediaKind } from '../../whatsapp/message.ts'

const extensions: Record<MediaKind, string> = {
  image: 'jpg',
  video: 'mp4',
  video_note: 'mp4',
  audio: 'ogg',
  document: 'bin',
  sticker: 'webp',
}
const captionLength = 30

/**
 * The file name kept for media: a document's own, else `<kind>_<YYYYMMDD_HHMMSS>[_<caption>].<extension>` with the time
 * in UTC and at most 30 characters of the caption.
 */
export function mediaFileName(media: MediaInfo, sentAt: Date): string {
  if (media.fileName !== '') return media.fileName
  const time = sentAt.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15)
  const caption = media.caption.slice(0, captionLength).replace(/[^A-Za-z0-9_-]/g, '_')
  return `${media.kind}_${time}${caption === '' ? '' : `_${caption}`}.${extensions[media.kind]}`
}
