import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { TurnGate } from './turn-gate.ts'

function spin(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until) Math.sqrt(2)
}

describe('the gate that gives turns to the event loop', () => {
  it('lets others run between works that together would hold them up', async () => {
    const gate = new TurnGate()
    let turns = 0
    let isDone = false
    const counting = (async () => {
      while (!isDone) {
        await nextTurn()
        turns += 1
      }
    })()
    await Promise.all(Array.from({ length: 60 }, () => gate.run(() => spin(1))))
    isDone = true
    await counting
    expect(turns).toBeGreaterThanOrEqual(5)
  })

  it('lets others run in a row of steps that wait for each other alone', async () => {
    const gate = new TurnGate()
    let turns = 0
    let isDone = false
    const counting = (async () => {
      while (!isDone) {
        await nextTurn()
        turns += 1
      }
    })()
    for (let step = 0; step < 60; step += 1) {
      await gate.breathe()
      spin(1)
    }
    isDone = true
    await counting
    expect(turns).toBeGreaterThanOrEqual(5)
  })

  it('keeps the order of works, and gives each its own outcome', async () => {
    const gate = new TurnGate()
    const order: number[] = []
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) =>
        gate.run(() => {
          spin(0.5)
          order.push(index)
          if (index === 20) throw new Error('the twentieth')
          return index
        }),
      ),
    )
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(outcomes[20]).toMatchObject({ status: 'rejected' })
    expect(outcomes[39]).toEqual({ status: 'fulfilled', value: 39 })
  })
})
