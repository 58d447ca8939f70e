import { hmac } from './primitives.ts'
import { SignalError } from './signal-error.ts'

/**
 * A chain of message keys, as sessions and sender keys have it. A value: steps give a new one, so a step that turns out
 * to be wrong leaves nothing behind. @sensitive
 */
export interface Chain {
  readonly key: Buffer
  /** Index of the next message. */
  readonly index: number
  /** Keys of messages that were passed over, ascending: per key its index (4 bytes) and its seed (32 bytes). */
  readonly skipped: Buffer
}

/** A message key's seed, with the chain as it is once that message is done. */
export interface ChainStep {
  readonly seed: Buffer
  readonly chain: Chain
}

/** How far ahead a message may be, and how many passed-over keys are kept. */
const skipLimit = 2000

const entryLength = 36
const noKeys = Buffer.alloc(0)
const messageLabel = Buffer.from([1])
const chainLabel = Buffer.from([2])

export function newChain(key: Uint8Array, index = 0): Chain {
  return { key: Buffer.from(key), index, skipped: noKeys }
}

/** The key of the chain's next message. */
export function nextMessageKey(chain: Chain): ChainStep {
  return { seed: hmac(chain.key, messageLabel), chain: advanced(chain) }
}

/**
 * The key of message `index`; keys on the way to it are kept. Throws `used-key` for one that was used or dropped and
 * `too-far-ahead` beyond 2000.
 */
export function messageKeyAt(chain: Chain, index: number): ChainStep {
  if (index < chain.index) return skippedKey(chain, index)
  if (index - chain.index > skipLimit) {
    throw new SignalError('too-far-ahead', 'Over 2000 messages into the future!')
  }
  if (index === chain.index) return nextMessageKey(chain)
  const passed: Buffer[] = [chain.skipped]
  let at: Chain = chain
  while (at.index < index) {
    const number = Buffer.alloc(4)
    number.writeUInt32BE(at.index)
    passed.push(number, hmac(at.key, messageLabel))
    at = advanced(at)
  }
  const skipped = Buffer.concat(passed)
  const { seed, chain: end } = nextMessageKey(at)
  return { seed, chain: { ...end, skipped: skipped.subarray(-skipLimit * entryLength) } }
}

function advanced(chain: Chain): Chain {
  return { key: hmac(chain.key, chainLabel), index: chain.index + 1, skipped: chain.skipped }
}

function skippedKey(chain: Chain, index: number): ChainStep {
  const { skipped } = chain
  for (let at = 0; at < skipped.length; at += entryLength) {
    if (skipped.readUInt32BE(at) !== index) continue
    const seed = Buffer.from(skipped.subarray(at + 4, at + entryLength))
    const rest = Buffer.concat([skipped.subarray(0, at), skipped.subarray(at + entryLength)])
    return { seed, chain: { ...chain, skipped: rest } }
  }
  throw new SignalError('used-key', 'Key used already or never filled')
}
