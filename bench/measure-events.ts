import { GatewaySubject, Lab } from './lab.ts'
import { percentile } from './percentile.ts'
import type { Row } from './report.ts'

/** How many events each part takes. */
export interface EventsScale {
  /** As fast as they come. */
  readonly flood: number
  /** For latencies, at 50 per second. */
  readonly paced: number
}

interface Measured {
  readonly perSecond: number
  readonly latenciesMs: readonly number[]
}

/** From an inbound message to the webhook that was received, for one and for ten endpoints, and beside one that never answers. */
export async function measureEvents(scale: EventsScale, note: (text: string) => void): Promise<Row[]> {
  const rows: Row[] = []
  const add = (what: string, unit: string, value: number, below?: number) => {
    rows.push({ what, unit, subject: 'gatewa', value, ...(below === undefined ? {} : { aim: { below } }) })
    note(`gatewa: ${what}: ${value.toFixed(2)} ${unit}`)
  }
  const addAll = (what: string, { perSecond, latenciesMs }: Measured) => {
    add(`events to ${what}`, '/s', perSecond)
    add(`inbound message to webhook, ${what}, p50`, 'ms', percentile([...latenciesMs], 0.5))
    add(`inbound message to webhook, ${what}, p99`, 'ms', percentile([...latenciesMs], 0.99))
  }
  addAll('1 endpoint', await measure({ live: 1, dead: 0 }, scale))
  const ten = await measure({ live: 10, dead: 0 }, scale)
  addAll('10 endpoints', ten)
  const besideDead = await measure({ live: 10, dead: 1 }, scale)
  addAll('10 endpoints beside a dead one', besideDead)
  add('slower for 10 endpoints beside a dead one', '%', (1 - besideDead.perSecond / ten.perSecond) * 100, 10)
  return rows
}

/** An event counts when every living endpoint has it. */
async function measure(endpoints: { live: number; dead: number }, scale: EventsScale): Promise<Measured> {
  const lab = await Lab.open()
  const subject = await GatewaySubject.open(lab, endpoints)
  try {
    const [owner, friend] = await lab.people(2)
    if (owner === undefined || friend === undefined) throw new Error('nobody to talk to')
    await subject.link([owner])
    const to = owner.phone
    await lab.write({ from: friend, to, count: 5 })
    await subject.received(5)
    await subject.reset()
    await lab.write({ from: friend, to, count: scale.paced, isTimed: true, perSecond: 50 })
    await subject.received(scale.paced)
    const latenciesMs = await subject.latenciesMs()
    // The flood waits on the server while nobody is connected, so that its making is not measured.
    await subject.disconnect()
    await lab.write({ from: friend, to, count: scale.flood })
    await subject.reset()
    await subject.reconnect()
    await subject.received(1)
    const startedAt = performance.now()
    await subject.received(scale.flood)
    return { perSecond: ((scale.flood - 1) * 1000) / (performance.now() - startedAt), latenciesMs }
  } finally {
    await subject.stop()
    await lab.close()
  }
}
