import { describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { HandshakeLimiter } from './handshake-limiter.ts'

const never = new AbortController().signal

describe('handshake limiter', () => {
  it('never lets more in than its limit, and lets all in at last', async () => {
    const limiter = new HandshakeLimiter(new ManualClock(), 3)
    let inside = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const release = await limiter.acquire(never, { isUrgent: false })
        inside += 1
        most = Math.max(most, inside)
        await Promise.resolve()
        inside -= 1
        release?.()
        release?.()
      }),
    )
    expect({ most, inside }).toEqual({ most: 3, inside: 0 })
  })

  it('lets those with somebody waiting at a screen go first', async () => {
    const limiter = new HandshakeLimiter(new ManualClock(), 1)
    const first = await limiter.acquire(never, { isUrgent: false })
    const order: string[] = []
    const enter = async (name: string, isUrgent: boolean) => {
      const release = await limiter.acquire(never, { isUrgent })
      order.push(name)
      release?.()
    }
    const all = [
      enter('boot 1', false),
      enter('boot 2', false),
      enter('login 1', true),
      enter('login 2', true),
    ]
    first?.()
    await Promise.all(all)
    expect(order).toEqual(['login 1', 'login 2', 'boot 1', 'boot 2'])
  })

  it('lets go of one who gives up waiting', async () => {
    const limiter = new HandshakeLimiter(new ManualClock(), 1)
    const first = await limiter.acquire(never, { isUrgent: false })
    const impatient = new AbortController()
    const givenUp = limiter.acquire(impatient.signal, { isUrgent: false })
    const next = limiter.acquire(never, { isUrgent: false })
    impatient.abort()
    expect(await givenUp).toBeNull()
    first?.()
    expect(await next).toBeTypeOf('function')
    expect(await limiter.acquire(impatient.signal, { isUrgent: true })).toBeNull()
  })

  it('takes a slot back from a handshake that does not end', async () => {
    const clock = new ManualClock()
    const limiter = new HandshakeLimiter(clock, 1)
    const stuck = await limiter.acquire(never, { isUrgent: false })
    const next = limiter.acquire(never, { isUrgent: false })
    clock.advance(30_000)
    const release = await next
    stuck?.()
    const third = limiter.acquire(never, { isUrgent: false })
    release?.()
    expect(await third).toBeTypeOf('function')
  })
})
