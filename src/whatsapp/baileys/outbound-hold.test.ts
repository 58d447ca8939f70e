import { describe, expect, it } from 'vitest'
import { OutboundHold } from './outbound-hold.ts'

function aHold() {
  const left: string[] = []
  const accepted: string[] = []
  const failures: string[] = []
  const state: { durable: Promise<void> | null } = { durable: null }
  const sink = {
    send(data: Uint8Array | string, done?: (error?: Error) => void) {
      left.push(String(data))
      done?.()
    },
  }
  const hold = new OutboundHold(sink, {
    durable: () => state.durable,
    onFailure: (error) => failures.push(error.message),
  })
  const send = (text: string) =>
    new Promise<void>((resolve) =>
      sink.send(text, (error) => {
        accepted.push(error === undefined ? text : `${text}: ${error.message}`)
        resolve()
      }),
    )
  return { hold, send, state, left, accepted, failures }
}

describe('outgoing frames', () => {
  it('leave at once when nothing they stand for is outstanding', async () => {
    const { send, left } = aHold()
    await send('a')
    expect(left).toEqual(['a'])
  })

  it('wait for what was outstanding when they were written, keep their order, and do not hold up their sender', async () => {
    const { send, state, left, accepted } = aHold()
    const first = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    state.durable = first.promise
    await send('a')
    state.durable = second.promise
    await send('b')
    state.durable = null
    await send('c')
    expect(accepted).toEqual(['a', 'b', 'c'])
    expect(left).toEqual([])
    second.resolve()
    await settled()
    expect(left).toEqual([])
    first.resolve()
    await settled()
    expect(left).toEqual(['a', 'b', 'c'])
    await send('d')
    expect(left).toEqual(['a', 'b', 'c', 'd'])
  })

  it('never leave once something they stand for could not be stored, nor does any frame after them', async () => {
    const { send, state, left, accepted, failures } = aHold()
    const storing = Promise.withResolvers<void>()
    state.durable = storing.promise
    await send('a')
    storing.reject(new Error('disk full'))
    state.durable = null
    await settled()
    await send('b')
    expect(left).toEqual([])
    expect(failures).toEqual(['disk full'])
    expect(accepted).toEqual(['a', 'b: what the frame stands for could not be stored'])
  })

  it('wait for a work that was given, and are gone when it fails', async () => {
    const { hold, send, left } = aHold()
    const good = Promise.withResolvers<void>()
    const during = hold.during(() => good.promise)
    await send('a')
    good.resolve()
    await during
    await settled()
    expect(left).toEqual(['a'])
    const bad = Promise.withResolvers<void>()
    const failing = hold.during(() => bad.promise)
    await send('b')
    bad.reject(new Error('no database'))
    await expect(failing).rejects.toThrow('no database')
    await settled()
    expect(left).toEqual(['a'])
  })
})

/** Lets everything run that is only waiting for promises. */
async function settled(): Promise<void> {
  for (let step = 0; step < 20; step += 1) await Promise.resolve()
}
