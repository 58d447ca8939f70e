import { proto } from 'baileys'

const white = 0xffffffff
const teal = 0xff128c7e

/** Gives a text that is posted as a status what it is drawn with, where nothing says so: clients show it unreadable else. */
export function putStatusLook(message: proto.IMessage): void {
  const text = message.extendedTextMessage
  if (!text) return
  text.backgroundArgb ??= teal
  text.textArgb ??= white
  text.font ??= proto.Message.ExtendedTextMessage.FontType.SYSTEM
}
