import type { BinaryNode } from 'baileys'

/** The children of a node; empty when it holds none. */
export function childrenOf(node: BinaryNode): readonly BinaryNode[] {
  return Array.isArray(node.content) ? node.content : []
}

/** The first child with a tag. */
export function childOf(node: BinaryNode, tag: string): BinaryNode | undefined {
  return childrenOf(node).find((child) => child.tag === tag)
}

/** The text or bytes a node holds, as text; '' when it holds nodes. */
export function textIn(node: BinaryNode | undefined): string {
  const { content } = node ?? {}
  if (typeof content === 'string') return content
  return content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : ''
}
