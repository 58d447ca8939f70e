import { describe, expect, it } from 'vitest'
import type { WhatsAppEvent } from '../whatsapp-event.ts'
import { EventQueue } from './event-queue.ts'

function anEvent(kind: string): WhatsAppEvent {
  return { type: 'unhandled', kind }
}

function kinds(batches: readonly (readonly WhatsAppEvent[])[]): string[][] {
  return batches.map((batch) => batch.map((event) => (event.type === 'unhandled' ? event.kind : event.type)))
}

describe('EventQueue', () => {
  it('commits in order, and what gathered during a commit together', async () => {
    const batches: (readonly WhatsAppEvent[])[] = []
    let release: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      release = resolve
    })
    const queue = new EventQueue({
      commit: async (events) => {
        batches.push(events)
        if (batches.length === 1) await first
      },
      onFailure: () => undefined,
    })
    queue.push([anEvent('a')])
    queue.push([anEvent('b')])
    queue.push([anEvent('c')])
    release()
    await queue.committed()
    expect(kinds(batches)).toEqual([['a'], ['b', 'c']])
  })

  it('waits only for what was pushed before', async () => {
    const order: string[] = []
    const queue = new EventQueue({
      commit: async (events) => {
        order.push(`commit ${events.length}`)
      },
      onFailure: () => undefined,
    })
    await queue.committed()
    queue.push([anEvent('a')])
    await queue.committed()
    expect(order).toEqual(['commit 1'])
  })

  it('stops at the first failure: nothing overtakes what was not committed', async () => {
    const batches: (readonly WhatsAppEvent[])[] = []
    const failures: string[] = []
    const queue = new EventQueue({
      commit: async (events) => {
        batches.push(events)
        throw new Error('no database')
      },
      onFailure: (error) => failures.push(error.message),
    })
    queue.push([anEvent('a')])
    const committed = queue.committed()
    queue.push([anEvent('b')])
    await expect(committed).rejects.toThrow('no database')
    await expect(queue.committed()).rejects.toThrow('no database')
    expect(kinds(batches)).toEqual([['a']])
    expect(failures).toEqual(['no database'])
  })
})
