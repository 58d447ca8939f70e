import { randomBytes } from 'node:crypto'
import { proto } from 'baileys'
import type { OutgoingLink } from '../../outgoing-message.ts'
import type { UploadedFile } from '../media/media-uploader.ts'

/**
 * A text with the preview of the link in it, in WhatsApp's form. `picture` is the large picture as it was uploaded; null when
 * there is none. Baileys would look at the page itself, from here.
 */
export function toLinkMessage(message: OutgoingLink, picture: UploadedFile | null, at: Date): proto.IMessage {
  const { preview } = message
  return {
    extendedTextMessage: {
      text: message.text,
      matchedText: message.link,
      ...(preview === undefined
        ? {}
        : {
            title: preview.title,
            description: preview.description,
            previewType: proto.Message.ExtendedTextMessage.PreviewType.NONE,
            ...(preview.thumbnail === undefined ? {} : { jpegThumbnail: preview.thumbnail }),
            ...(picture === null ? {} : { ...toPictureFields(picture, at), ...sizeOf(preview) }),
          }),
    },
    messageContextInfo: { messageSecret: randomBytes(32) },
  }
}

function toPictureFields(picture: UploadedFile, at: Date): proto.Message.IExtendedTextMessage {
  return {
    thumbnailDirectPath: picture.directPath,
    thumbnailSha256: picture.sha256,
    ...(picture.encryptedSha256 === null ? {} : { thumbnailEncSha256: picture.encryptedSha256 }),
    ...(picture.mediaKey === null
      ? {}
      : { mediaKey: picture.mediaKey, mediaKeyTimestamp: Math.floor(at.getTime() / 1000) }),
  }
}

function sizeOf({ picture }: NonNullable<OutgoingLink['preview']>): proto.Message.IExtendedTextMessage {
  return picture === undefined ? {} : { thumbnailWidth: picture.width, thumbnailHeight: picture.height }
}
