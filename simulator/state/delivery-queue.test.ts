import type { BinaryNode } from 'baileys'
import { describe, expect, it } from 'vitest'
import { el } from '../protocol/stanza.ts'
import { DeliveryQueue } from './delivery-queue.ts'

function queueOf(...stanzas: BinaryNode[]): DeliveryQueue {
  const queue = new DeliveryQueue(() => undefined)
  for (const stanza of stanzas) queue.push(stanza)
  return queue
}

const ids = (queue: DeliveryQueue) => queue.unconfirmed.map(({ attrs }) => attrs['id'])

describe('the delivery queue', () => {
  it('sends at once while a client is attached, and keeps the stanza until it is confirmed', () => {
    const sent: BinaryNode[] = []
    const sink = { send: (stanza: BinaryNode) => sent.push(stanza) }
    const queue = queueOf(el('message', { id: 'a' }))
    queue.attach(sink)
    queue.push(el('message', { id: 'b' }))
    queue.detach(sink)
    queue.push(el('message', { id: 'c' }))
    expect(sent.map(({ attrs }) => attrs['id'])).toEqual(['b'])
    expect(ids(queue)).toEqual(['a', 'b', 'c'])
    queue.confirm('message', 'b')
    expect(ids(queue)).toEqual(['a', 'c'])
  })

  it('goes on sending to the newer of two sinks', () => {
    const sent: BinaryNode[] = []
    const older = { send: () => undefined }
    const queue = queueOf()
    queue.attach(older)
    queue.attach({ send: (stanza: BinaryNode) => sent.push(stanza) })
    queue.detach(older)
    queue.push(el('message', { id: 'a' }))
    expect(sent).toHaveLength(1)
  })

  it('forgets one copy per confirmation', () => {
    const queue = queueOf(el('message', { id: 'a' }), el('message', { id: 'a' }))
    queue.confirm('message', 'a')
    expect(ids(queue)).toEqual(['a'])
    queue.confirm('receipt', 'a')
    queue.confirm('message', 'unknown')
    expect(ids(queue)).toEqual(['a'])
  })

  it('tells receipts for one message apart by sender and type', () => {
    const read = el('receipt', { id: 'a', from: 'x@lid', type: 'read' })
    const delivered = el('receipt', { id: 'a', from: 'x@lid' })
    const other = el('receipt', { id: 'a', from: 'y@lid' })
    const queue = queueOf(read, delivered, other)
    queue.confirm('receipt', 'a', { from: 'y@lid', type: undefined, participant: undefined })
    expect(queue.unconfirmed).toEqual([read, delivered])
    queue.confirm('receipt', 'a', { from: 'x@lid', type: undefined, participant: undefined })
    expect(queue.unconfirmed).toEqual([read])
  })
})
