import { createHash, type Hash } from 'node:crypto'
import type { BinaryNode } from 'baileys'

/**
 * Identifies a stanza over its redeliveries: what the server changes when it delivers again (`offline`, `t`) is left out.
 * The content is part of it, because an answer to a retry receipt has the id of the message that could not be decrypted.
 */
export function stanzaKey(node: BinaryNode): string {
  const { id = '', from = '', participant = '', type = '' } = node.attrs
  const hash = createHash('sha256')
  addContent(hash, node.content)
  return [node.tag, id, from, participant, type, hash.digest('base64url').slice(0, 16)].join('|')
}

function addNode(hash: Hash, node: BinaryNode): void {
  hash.update(`<${node.tag}`)
  for (const name of Object.keys(node.attrs).sort()) hash.update(` ${name}=${node.attrs[name]}`)
  hash.update('>')
  addContent(hash, node.content)
}

function addContent(hash: Hash, content: BinaryNode['content']): void {
  if (content === undefined) return
  if (Array.isArray(content)) for (const child of content) addNode(hash, child)
  else hash.update(content)
}
