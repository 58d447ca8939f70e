import type { BinaryNode } from 'baileys'

/** The server's own address as clients compare it: a JID pair with an empty user, never the bare string. */
export const SERVER = '@s.whatsapp.net'

/** Address of the group service, used by IQs that concern no single group. */
export const GROUP_SERVER = '@g.us'

/** Builds a stanza; attributes that are undefined are left out, as on the wire. */
export function el(
  tag: string,
  attrs: Record<string, string | number | undefined> = {},
  content?: BinaryNode[] | string | Uint8Array,
): BinaryNode {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined) kept[name] = String(value)
  }
  return content === undefined ? { tag, attrs: kept } : { tag, attrs: kept, content }
}

/** Every child element of a stanza; none when it carries bytes or text. */
export function children(node: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : []
}

/** The first child, or the first child with that tag. */
export function child(node: BinaryNode | undefined, tag?: string): BinaryNode | undefined {
  return children(node).find((each) => tag === undefined || each.tag === tag)
}

/** A stanza's content as bytes; text content is taken as UTF-8, elements as no bytes. */
export function bytes(node: BinaryNode | undefined): Buffer {
  const content = node?.content
  if (content === undefined || Array.isArray(content)) return Buffer.alloc(0)
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : Buffer.from(content)
}

/** A stanza's content as text. */
export function text(node: BinaryNode | undefined): string {
  return bytes(node).toString('utf8')
}

/** A big-endian unsigned integer in a stanza's content, as key ids are written. */
export function uint(node: BinaryNode | undefined): number {
  return bytes(node).reduce((sum, byte) => sum * 256 + byte, 0)
}

/** Big-endian bytes of an unsigned integer; key ids take 3 bytes, registration ids 4. */
export function bigEndian(value: number, length: number): Buffer {
  const out = Buffer.alloc(length)
  out.writeUIntBE(value, 0, length)
  return out
}

/** Seconds since 1970, the wire's unit of time. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}
