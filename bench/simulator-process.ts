// The simulator in a process of its own, so that what it costs is nobody else's. Driven over IPC by bench/run.ts.

import type { Group, Person } from '@gatewa/simulator'
import { startSimulator } from '@gatewa/simulator'
import { serveCommands } from './ipc.ts'

const simulator = await startSimulator({ controlPort: 0 })
const groups = new Map<string, Group>()
const quiet = { decrypts: false, delivers: false }

function personBy(phone: string): Person {
  const person = simulator.people.find((each) => each.phone === phone)
  if (person === undefined) throw new Error(`nobody has ${phone}`)
  return person
}

function now(): number {
  return performance.timeOrigin + performance.now()
}

serveCommands({
  async where() {
    return {
      chatUrl: simulator.chatUrl,
      noiseRoot: simulator.noiseRootKeyHex,
      mediaHost: simulator.media.host,
      caFile: simulator.media.caFile,
      webVersionUrl: simulator.webVersionUrl,
    }
  },
  /** People who take messages without looking at them: what they cost is not to be measured. */
  async addPeople({ count }: { count: number }) {
    return Array.from({ length: count }, () => {
      const person = simulator.addPerson({ behaviour: quiet })
      return { phone: person.phone, jid: person.jid }
    })
  },
  /** Puts everybody else into the address book of somebody's phone, which hands it over when a client is linked. */
  async knowEverybody({ phone }: { phone: string }) {
    const owner = personBy(phone)
    const others = simulator.people.filter((person) => person !== owner)
    simulator.history.remember(
      owner.account,
      others.map(({ jid, lid, name }) => ({ jid, lidJid: lid, name: `My ${name}`, messages: [] })),
    )
  },
  async addGroup({ owner, members }: { owner: string; members: string[] }) {
    const group = simulator.addGroup({
      subject: 'bench',
      owner: personBy(owner),
      members: members.map(personBy),
    })
    groups.set(group.jid, group)
    return group.jid
  },
  async scan({ phone, qr }: { phone: string; qr: string }) {
    await personBy(phone).scanQr(qr)
  },
  async online({ phone }: { phone: string }) {
    await personBy(phone).hasClientOnline({ timeoutMs: 60_000 })
  },
  async cutNetwork() {
    await simulator.cutNetwork()
  },
  async restoreNetwork() {
    await simulator.restoreNetwork()
  },
  /** Writes `count` messages as fast as it can; `isTimed` puts the time of sending into each. */
  async write({ from, to, count, first, isTimed, perSecond }: WriteOrder) {
    const sender = personBy(from)
    const target = groups.get(to) ?? personBy(to)
    const startedAt = now()
    for (let index = 0; index < count; index += 1) {
      if (perSecond > 0) {
        const due = startedAt + (index * 1000) / perSecond
        const wait = due - now()
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      }
      await sender.sendText(target, `bench|${first + index}|${isTimed ? now() : 0}`)
    }
  },
})

interface WriteOrder {
  readonly from: string
  readonly to: string
  readonly count: number
  readonly first: number
  readonly isTimed: boolean
  /** 0 for as fast as possible. */
  readonly perSecond: number
}
