/**
 * A stored message of somebody else, without whoever has one of these users (digits): not mentioned, not quoted, and with
 * zeros in the place of their digits wherever else they stand. Stays a message that can be read and forwarded.
 */
export async function withoutPerson(raw: Uint8Array, users: readonly string[]): Promise<Uint8Array> {
  // The library is heavy: it is loaded when somebody is erased.
  const { proto } = await import('baileys')
  const message = proto.Message.decode(raw)
  leaveOut(message, users)
  return blanked(Buffer.from(proto.Message.encode(message).finish()), users)
}

function leaveOut(part: object, users: readonly string[]): void {
  for (const [name, value] of Object.entries(part) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) continue
    if (name === 'contextInfo') cleanContext(value, users)
    leaveOut(value, users)
  }
}

function cleanContext(
  context: { mentionedJid?: unknown; participant?: unknown; quotedMessage?: unknown },
  users: readonly string[],
): void {
  if (Array.isArray(context.mentionedJid)) {
    context.mentionedJid = context.mentionedJid.filter((jid) => !namesAny(jid, users))
  }
  if (namesAny(context.participant, users)) {
    delete context.participant
    delete context.quotedMessage
  }
}

function namesAny(text: unknown, users: readonly string[]): boolean {
  return typeof text === 'string' && users.some((user) => text.includes(user))
}

function blanked(bytes: Buffer, users: readonly string[]): Buffer {
  for (const user of users) {
    for (let at = bytes.indexOf(user); at !== -1; at = bytes.indexOf(user, at + user.length)) {
      const isPartOfLonger = isDigit(bytes[at - 1]) || isDigit(bytes[at + user.length])
      // As long as before, so that the lengths around it stay right.
      if (!isPartOfLonger) bytes.fill('0', at, at + user.length)
    }
  }
  return bytes
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}
