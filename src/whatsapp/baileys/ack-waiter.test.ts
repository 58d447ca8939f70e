import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { AckWaiter } from './ack-waiter.ts'

function anAck(id: string, attrs: Record<string, string> = {}): BinaryNode {
  return { tag: 'ack', attrs: { class: 'message', id, from: '628111@s.whatsapp.net', ...attrs } }
}

describe('AckWaiter', () => {
  it("tells the server's time of an accepted message", async () => {
    const waiter = new AckWaiter({ clock: new ManualClock() })
    const wait = waiter.expect('A')
    expect(waiter.settle(anAck('A', { t: '1767225600' }))).toBe(true)
    expect(await wait.outcome).toEqual({ type: 'accepted', at: new Date('2026-01-01T00:00:00Z') })
  })

  it('tells the code of a refusal', async () => {
    const waiter = new AckWaiter({ clock: new ManualClock() })
    const wait = waiter.expect('A')
    waiter.settle(anAck('A', { error: '463' }))
    expect(await wait.outcome).toEqual({ type: 'refused', whatsappCode: 463 })
  })

  it('leaves acks of other messages alone', async () => {
    const clock = new ManualClock()
    const waiter = new AckWaiter({ clock })
    const wait = waiter.expect('A')
    expect(waiter.settle(anAck('B'))).toBe(false)
    wait.startTimer(20_000)
    clock.advance(20_000)
    expect(await wait.outcome).toEqual({ type: 'timed-out' })
  })

  it('counts the time only once it was started', async () => {
    const clock = new ManualClock()
    const waiter = new AckWaiter({ clock })
    const wait = waiter.expect('A')
    clock.advance(60_000)
    waiter.settle(anAck('A', { t: '1767225600' }))
    expect(await wait.outcome).toMatchObject({ type: 'accepted' })
  })

  it('ends every wait when the connection ends, and those begun after it', async () => {
    const waiter = new AckWaiter({ clock: new ManualClock() })
    const before = waiter.expect('A')
    waiter.close()
    expect(await before.outcome).toEqual({ type: 'closed' })
    expect(await waiter.expect('B').outcome).toEqual({ type: 'closed' })
  })

  it('forgets a wait that was given up', () => {
    const waiter = new AckWaiter({ clock: new ManualClock() })
    waiter.expect('A').cancel()
    expect(waiter.settle(anAck('A'))).toBe(false)
  })
})
