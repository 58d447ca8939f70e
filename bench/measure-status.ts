import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { GatewaySubject, Lab } from './lab.ts'
import type { Aim, Row } from './report.ts'

const noStall: Aim = { below: 50 }

/** A text posted as a status to everybody in an address book: the first one makes every session, the second one has them. */
export async function measureStatus(
  audience: number,
  profiles: string | null,
  note: (text: string) => void,
): Promise<Row[]> {
  const lab = await Lab.open()
  const subject = await GatewaySubject.open(lab)
  const rows: Row[] = []
  const add = (what: string, unit: string, value: number, aim?: Aim) => {
    rows.push({ what, unit, subject: subject.name, value, ...(aim ? { aim } : {}) })
    note(`${what}: ${value.toFixed(2)} ${unit}`)
  }
  try {
    const [owner] = await lab.people(audience + 1)
    if (owner === undefined) throw new Error('nobody to post')
    await lab.knowEverybody(owner)
    await subject.link([owner])
    await allKnown(subject, audience)
    for (const which of ['first', 'next']) {
      const before = await subject.stats()
      await subject.reset()
      const startedAt = performance.now()
      const profile = profiles === null ? null : join(profiles, `status-${which}.cpuprofile`)
      await subject.profiled(profile, () => subject.send('status@broadcast', 1))
      const took = performance.now() - startedAt
      const after = await subject.stats()
      const what = `${which} status to ${audience}`
      add(what, 'ms', took)
      add(`CPU of the process, ${what}`, 'ms', after.cpuMs - before.cpuMs)
      add(`longest event-loop stall, ${what}`, 'ms', after.stallMs, noStall)
      add(`the same in CPU time of the thread, ${what}`, 'ms', after.busyMs, noStall)
    }
  } finally {
    await subject.stop()
    await lab.close()
  }
  return rows
}

/** The address book comes with the history, a while after the link; until the login is through nothing is answered. */
async function allKnown(subject: GatewaySubject, count: number): Promise<void> {
  const until = performance.now() + 120_000
  for (;;) {
    const known = await subject.contactCount().catch(() => 0)
    if (known >= count) return
    if (performance.now() > until) throw new Error(`only ${known} of ${count} contacts came`)
    await pause(200)
  }
}
