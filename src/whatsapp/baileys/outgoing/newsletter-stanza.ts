import type { BinaryNode, proto } from 'baileys'
import type { MessageId } from '../../../core/ids.ts'
import type { Jid } from '../../jid.ts'
import { unwrap } from '../incoming/content.ts'
import type { WaMessage } from './wa-message.ts'

/**
 * A message to a channel: in the clear, without devices. Baileys sends one too, but leaves out the kind of media and every
 * further node (rc14 lib/Socket/messages-send.js, relayMessage).
 */
export function newsletterStanza(to: Jid, id: MessageId, made: WaMessage): BinaryNode {
  const { content } = unwrap(made.message)
  const mediaType = mediaTypeOf(content)
  if (content.reactionMessage) {
    const code = content.reactionMessage.text
    return {
      tag: 'message',
      attrs: { to, id, type: 'reaction', ...made.attributes },
      content: [{ tag: 'reaction', attrs: code ? { code } : {} }],
    }
  }
  return {
    tag: 'message',
    attrs: { to, id, type: stanzaTypeOf(content, mediaType), ...made.attributes },
    content: [
      { tag: 'plaintext', attrs: mediaType === null ? {} : { mediatype: mediaType }, content: made.raw },
      ...made.nodes,
    ],
  }
}

function stanzaTypeOf(content: proto.IMessage, mediaType: string | null): string {
  if (content.pollCreationMessage || content.pollCreationMessageV2 || content.pollCreationMessageV3)
    return 'poll'
  return mediaType === null ? 'text' : 'media'
}

function mediaTypeOf(content: proto.IMessage): string | null {
  if (content.imageMessage) return 'image'
  if (content.videoMessage) return content.videoMessage.gifPlayback ? 'gif' : 'video'
  if (content.ptvMessage) return 'ptv'
  if (content.audioMessage) return content.audioMessage.ptt ? 'ptt' : 'audio'
  if (content.documentMessage) return 'document'
  if (content.stickerMessage) return 'sticker'
  if (content.contactMessage) return 'vcard'
  if (content.locationMessage) return 'location'
  return null
}
