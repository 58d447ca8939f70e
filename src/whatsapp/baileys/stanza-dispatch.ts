import type { BinaryNode } from 'baileys'

/**
 * The names under which Baileys announces a stanza to its handlers, in its order (rc14 lib/Socket/socket.js,
 * onMessageReceived): every attribute, the first child's tag, the tag alone.
 */
export function callbackNames(node: BinaryNode): string[] {
  const firstChild = Array.isArray(node.content) ? (node.content[0]?.tag ?? 'undefined') : ''
  const names = Object.entries(node.attrs).flatMap(([name, value]) => [
    `CB:${node.tag},${name}:${value},${firstChild}`,
    `CB:${node.tag},${name}:${value}`,
    `CB:${node.tag},${name}`,
  ])
  return [...names, `CB:${node.tag},,${firstChild}`, `CB:${node.tag}`]
}
