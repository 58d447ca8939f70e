import { join } from 'node:path'
import { Lab, type Somebody, type Stats, type Subject } from './lab.ts'
import { percentile } from './percentile.ts'
import type { Aim, Row } from './report.ts'

/** How many messages each part takes. */
export interface TrafficScale {
  readonly sends: number
  readonly groupSends: number
  readonly inbound: number
  readonly groupInbound: number
  /** For latencies, at 50 per second. */
  readonly paced: number
  /** Folder for CPU profiles of our gateway; null for none. */
  readonly profiles: string | null
}

type Note = (text: string) => void

interface Room {
  readonly lab: Lab
  readonly subject: Subject
  readonly profiles: string | null
  readonly add: (what: string, unit: string, value: number, aim?: Aim) => void
}

const membersOfGroup = 50
const noStall: Aim = { below: 50 }
const fiveTimes: Aim = { timesPlain: 5 }

/** Messages out and in, to one contact and to a group of 50, by one device. */
export async function measureTraffic(
  open: (lab: Lab) => Promise<Subject>,
  scale: TrafficScale,
  note: Note,
): Promise<Row[]> {
  const lab = await Lab.open()
  const subject = await open(lab)
  const rows: Row[] = []
  const add: Room['add'] = (what, unit, value, aim) => {
    const isOurs = subject.name === 'gatewa'
    rows.push({ what, unit, subject: subject.name, value, ...(aim && isOurs ? { aim } : {}) })
    note(`${subject.name}: ${what}: ${value.toFixed(2)} ${unit}`)
  }
  try {
    const [owner, friend, ...crowd] = await lab.people(membersOfGroup)
    if (owner === undefined || friend === undefined) throw new Error('nobody to talk to')
    await subject.link([owner])
    const group = await lab.group(owner, [friend, ...crowd])
    await subject.knowGroup(group)
    const room = { lab, subject, profiles: scale.profiles, add }
    await measureSends(room, '1:1', friend.jid, scale.sends)
    await measureSends(room, 'group-of-50', group, scale.groupSends, fiveTimes)
    await measureFlood(room, '1:1', friend, owner.phone, scale.inbound)
    await measureLatency(room, '1:1', friend, owner.phone, scale.paced)
    await measureFlood(room, 'group', friend, group, scale.groupInbound, fiveTimes)
    await measureLatency(room, 'group', friend, group, scale.paced)
  } finally {
    await subject.stop()
    await lab.close()
  }
  return rows
}

async function measureSends(room: Room, kind: string, to: string, count: number, aim?: Aim): Promise<void> {
  const { subject, add } = room
  // Some before the clock starts: sessions, sender keys and caches are made then.
  await subject.send(to, 40)
  const before = await subject.stats()
  await subject.reset()
  const took = await seconds(() => profiled(room, `send-${kind}`, () => subject.send(to, count)))
  add(`${kind} sends`, '/s', count / took, aim)
  addCosts(room, `${kind} send`, count, before, await subject.stats())
}

/** The flood waits on the server while nobody is connected, so that its making is not measured. */
async function measureFlood(
  room: Room,
  kind: string,
  from: Somebody,
  to: string,
  count: number,
  aim?: Aim,
): Promise<void> {
  const { lab, subject, add } = room
  await subject.reset()
  await lab.write({ from, to, count: 5 })
  await subject.received(5)
  await subject.disconnect()
  await lab.write({ from, to, count })
  const before = await subject.stats()
  await subject.reset()
  await subject.reconnect()
  await subject.received(1)
  const rest = await seconds(() => profiled(room, `inbound-${kind}`, () => subject.received(count)))
  add(`inbound ${kind}`, '/s', (count - 1) / rest, aim)
  addCosts(room, `inbound ${kind} message`, count, before, await subject.stats())
}

async function measureLatency(
  room: Room,
  kind: string,
  from: Somebody,
  to: string,
  count: number,
): Promise<void> {
  const { lab, subject, add } = room
  await subject.reset()
  await lab.write({ from, to, count, isTimed: true, perSecond: 50 })
  await subject.received(count)
  const latencies = await subject.latenciesMs()
  add(`inbound ${kind} at 50/s, under way p50`, 'ms', percentile(latencies, 0.5))
  add(`inbound ${kind} at 50/s, under way p99`, 'ms', percentile(latencies, 0.99))
}

function addCosts({ add }: Room, what: string, count: number, before: Stats, after: Stats): void {
  add(`CPU of the process per ${what}`, 'ms', (after.cpuMs - before.cpuMs) / count)
  add(`longest event-loop stall, ${what}s`, 'ms', after.stallMs, noStall)
  add(`the same in CPU time of the thread, ${what}s`, 'ms', after.busyMs, noStall)
}

function profiled({ subject, profiles }: Room, name: string, work: () => Promise<void>): Promise<void> {
  return subject.profiled(
    profiles === null ? null : join(profiles, `${name.replace(':', '-')}.cpuprofile`),
    work,
  )
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
