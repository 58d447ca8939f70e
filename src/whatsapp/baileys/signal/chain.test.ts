import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Chain, messageKeyAt, newChain, nextMessageKey } from './chain.ts'

const key = Buffer.alloc(32, 7)

function seeds(count: number): string[] {
  const found: string[] = []
  let chain = newChain(key)
  for (let index = 0; index < count; index += 1) {
    const step = nextMessageKey(chain)
    found.push(step.seed.toString('hex'))
    chain = step.chain
  }
  return found
}

describe('a chain of message keys', () => {
  it('gives every message the key of its index, in whatever order they come, and each once', () => {
    const expected = seeds(30)
    const orders = fc.shuffledSubarray([...expected.keys()], { minLength: 1 })
    fc.assert(
      fc.property(orders, (order) => {
        let chain = newChain(key)
        for (const index of order) {
          const step = messageKeyAt(chain, index)
          expect(step.seed.toString('hex')).toBe(expected[index])
          chain = step.chain
        }
        for (const index of order) expect(() => messageKeyAt(chain, index)).toThrow('used already')
      }),
    )
  })

  it('goes 2000 ahead and no further, and leaves the chain as it was when it refuses', () => {
    const chain = newChain(key)
    expect(messageKeyAt(chain, 2000).chain.index).toBe(2001)
    expect(() => messageKeyAt(chain, 2001)).toThrow('Over 2000 messages into the future!')
    expect(chain).toEqual(newChain(key))
  })

  it('keeps the last 2000 keys that were passed over', () => {
    let chain: Chain = newChain(key)
    for (let index = 1; index < 6001; index += 2) chain = messageKeyAt(chain, index).chain
    expect(chain.skipped.length).toBe(2000 * 36)
    expect(messageKeyAt(chain, 5998).seed).toBeDefined()
    expect(() => messageKeyAt(chain, 100)).toThrow('used already')
  })
})
