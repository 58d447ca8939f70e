import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { type Stage, scenario } from '../scenario.ts'

/** The server of these stories is dishonest: it hands what is written to the group to who has left as well. */
describe('who has left a group', () => {
  scenario('cannot read on, and those who stay can', async (stage) => {
    const { ada, bo, cy, group } = await aGroup(stage)
    await send(stage, group.jid, 'while all are in it')
    await Promise.all([bo.receives('while all are in it'), cy.receives('while all are in it')])
    group.remove([bo])
    await caughtUp(ada)
    await send(stage, group.jid, 'after')
    await cy.receives('after')
    await overhearsInVain(bo)
    expect(textsOf(bo)).toEqual(['while all are in it'])
    expect(cy.retriesAsked).toBe(0)
  })

  scenario('reads nothing of what follows when it happens in the middle of a burst', async (stage) => {
    const { ada, bo, cy, group } = await aGroup(stage)
    await send(stage, group.jid, 'first')
    const texts = Array.from({ length: 40 }, (_, number) => `burst ${number}`)
    const burst = texts.map(async (text, number) => {
      if (number === 20) group.remove([bo])
      await send(stage, group.jid, text)
    })
    await Promise.all(burst)
    await caughtUp(ada)
    const heardBefore = bo.inbox.length
    await send(stage, group.jid, 'last')
    await cy.receives('last')
    await overhearsInVain(bo)
    expect(bo.inbox.length).toBe(heardBefore)
    expect(textsOf(cy).toSorted()).toEqual(['first', 'last', ...texts].toSorted())
    expect(cy.retriesAsked).toBe(0)
  })

  scenario('cannot read on when the gateway was down meanwhile', async (stage) => {
    const { bo, cy, group } = await aGroup(stage)
    await send(stage, group.jid, 'before')
    await stage.gateway.stop()
    group.remove([bo])
    await stage.start()
    await stage.gateway.loggedIn('main')
    await send(stage, group.jid, 'after')
    await cy.receives('after')
    await overhearsInVain(bo)
    expect(textsOf(bo)).toEqual(['before'])
    expect(cy.retriesAsked).toBe(0)
  })

  scenario('is also a device that its owner has unlinked', async (stage) => {
    const { ada, bo, cy, group } = await aGroup(stage)
    await send(stage, group.jid, 'before')
    const [, companion] = bo.account.devices.keys()
    if (companion === undefined) throw new Error('no companion')
    await bo.receives((message) => message.device === companion)
    const lost = bo.losesCompanion(companion)
    await caughtUp(ada)
    await send(stage, group.jid, 'after')
    await Promise.all([cy.receives('after'), bo.receives('after')])
    await overhearsInVain(lost)
    expect(bo.inbox.filter(({ device }) => device === companion).map(({ text }) => text)).toEqual(['before'])
  })
})

async function aGroup(stage: Stage) {
  const { simulator } = stage.world
  const [ada, cy] = stage.people('Ada', 'Cy')
  const bo = simulator.addPerson({ name: 'Bo', companions: 1 })
  const group = simulator.addGroup({ subject: 'All of us', owner: cy, members: [ada, bo, cy] })
  group.isOverheardBy(bo)
  await stage.gateway.link(ada, 'main')
  return { ada, bo, cy, group }
}

async function send(stage: Stage, group: string, text: string): Promise<void> {
  const answer = await stage.gateway.sendText('main', group, text)
  expect(answer.status, answer.text).toBe(200)
}

/** Waits until the device has confirmed everything that the server told it. */
async function caughtUp(person: Person): Promise<void> {
  const waiting = () => person.linkedDevices.flatMap(({ queue }) => queue.unconfirmed)
  await eventually(
    'the device having confirmed everything',
    () => waiting().length === 0 || undefined,
    () => waiting().map(({ tag, attrs }) => [tag, attrs]),
  )
}

/** Waits until somebody has tried, and failed, to read. */
async function overhearsInVain(listener: { readonly retriesAsked: number }): Promise<void> {
  await eventually('a failure to read what was overheard', () => listener.retriesAsked > 0 || undefined)
}

function textsOf(person: Person): string[] {
  return person.inbox.filter(({ device }) => device === 0).map(({ text }) => text)
}
