import { describe, expect, it } from 'vitest'
import { Changes } from '../state/changes.ts'
import { WaitTimeout, waitFor } from './wait-for.ts'

describe('waiting for a fact', () => {
  it('ends at once when the fact is true already', async () => {
    await expect(waitFor('it', new Changes(), () => 'here')).resolves.toBe('here')
  })

  it('ends when a change makes it true', async () => {
    const changes = new Changes()
    const found: number[] = []
    const waiting = waitFor('it', changes, () => found[0])
    changes.notify()
    found.push(7)
    changes.notify()
    await expect(waiting).resolves.toBe(7)
  })

  it('tells what did arrive when the deadline passes', async () => {
    const waiting = waitFor('a letter', new Changes(), () => undefined, {
      timeoutMs: 5,
      describe: () => 'a bill',
    })
    await expect(waiting).rejects.toThrow(WaitTimeout)
    await expect(waiting).rejects.toThrow('a letter did not happen within 5 ms; what did arrive: a bill')
  })
})
