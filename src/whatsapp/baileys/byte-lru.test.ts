import { describe, expect, it } from 'vitest'
import { ByteLru } from './byte-lru.ts'

describe('the cache of key rows', () => {
  it('keeps the rows used last within its bytes', () => {
    const cache = new ByteLru(3000)
    for (const key of ['a', 'b', 'c', 'd']) {
      cache.set(key, Buffer.alloc(600))
      cache.get('a')
    }
    expect(cache.get('a')).toBeDefined()
    expect(cache.get('b')).toBeUndefined()
    expect(cache.get('d')).toBeDefined()
    expect(cache.bytes).toBeLessThanOrEqual(3000)
  })

  it('takes the place of a row again when it is replaced or dropped', () => {
    const cache = new ByteLru(10_000)
    cache.set('x', Buffer.alloc(5000))
    const before = cache.bytes
    cache.set('x', Buffer.alloc(5000, 1))
    expect(cache.bytes).toBe(before)
    cache.set('device 1\0a', Buffer.alloc(10))
    cache.deleteWithPrefix('device 1\0')
    cache.delete('x')
    expect(cache.bytes).toBe(0)
  })
})
