import type { BinaryNode } from 'baileys'
import { toNumber } from './incoming/content.ts'

/** A call that rang longer ago than this is over. */
const callLifetimeMs = 60_000

/**
 * Whether a stanza left by an earlier connection is to be handled again. Calls that are over would ring again; a retry
 * receipt is acknowledged only after its answer, so the server brings it again by itself if it is still open.
 */
export function isWorthReplaying(node: BinaryNode, now: Date): boolean {
  if (node.tag === 'receipt') return node.attrs.type !== 'retry'
  if (node.tag === 'call') return now.getTime() - toNumber(node.attrs.t) * 1000 <= callLifetimeMs
  return true
}
