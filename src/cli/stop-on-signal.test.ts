import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../core/clock.ts'
import { silentLogger } from '../core/logger.ts'
import { stopOnSignal } from './stop-on-signal.ts'

describe('stopping on a signal', () => {
  let signals: EventEmitter
  let clock: ManualClock
  let codes: number[]
  let stops: number

  beforeEach(() => {
    signals = new EventEmitter()
    clock = new ManualClock()
    codes = []
    stops = 0
  })

  function arrange(stop: () => Promise<void>): { exited: Promise<number> } {
    const { promise, resolve } = Promise.withResolvers<number>()
    const exit = (code: number) => {
      codes.push(code)
      resolve(code)
    }
    const counted = () => {
      stops += 1
      return stop()
    }
    stopOnSignal(counted, { signals, clock, logger: silentLogger, exit })
    return { exited: promise }
  }

  const never = () => Promise.withResolvers<void>().promise

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'])('stops once on %s and exits with 0', async (signal) => {
    const { exited } = arrange(() => Promise.resolve())
    signals.emit(signal)
    expect(await exited).toBe(0)
    expect(stops).toBe(1)
  })

  it('takes the signals of one Ctrl-C for one', () => {
    arrange(never)
    signals.emit('SIGINT')
    clock.advance(100)
    signals.emit('SIGINT')
    expect(codes).toEqual([])
    expect(stops).toBe(1)
  })

  it('exits at once on a second signal', () => {
    arrange(never)
    signals.emit('SIGINT')
    clock.advance(1_000)
    signals.emit('SIGINT')
    expect(codes).toEqual([130])
  })

  it('leaves before 10 s when stopping hangs', () => {
    arrange(never)
    signals.emit('SIGTERM')
    clock.advance(9_999)
    expect(codes).toEqual([1])
  })

  it('exits with 1 when stopping fails', async () => {
    const { exited } = arrange(() => Promise.reject(new Error('no')))
    signals.emit('SIGTERM')
    expect(await exited).toBe(1)
  })
})
