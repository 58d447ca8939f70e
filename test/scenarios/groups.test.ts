import type { Group, Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

interface Participant {
  readonly jid: string
  readonly phone_number: string
  readonly lid?: string
  readonly display_name?: string
  readonly is_admin: boolean
}

/** Waits until the chat with the group is called so. */
async function chatCalled({ gateway }: Stage, group: Group, name: string): Promise<void> {
  let seen: unknown
  await eventually(
    `the chat being called ${name}`,
    async () => {
      const { json } = await gateway.call('GET', '/chats?limit=100', { device: 'main' })
      const data = (json.results as { data?: { jid: string; name: string }[] } | undefined)?.data ?? []
      seen = data
      return data.some((chat) => chat.jid === group.jid && chat.name === name) || undefined
    },
    () => seen,
  )
}

async function participantsOf({ gateway }: Stage, group: Group): Promise<readonly Participant[]> {
  const answer = await gateway.call('GET', `/group/participants?group_id=${group.jid}`, { device: 'main' })
  return resultsOf<{ participants: Participant[] }>(answer).participants
}

function post({ gateway }: Stage, path: string, body: object) {
  return gateway.call('POST', path, { device: 'main', body })
}

/** How often clients asked about this group. */
function questionsAbout(person: Person, group: Group): number {
  return person.linkedDevices
    .flatMap(({ connection }) => connection?.transcript.entries ?? [])
    .filter(({ direction, tag, attrs }) => direction === 'in' && tag === 'iq' && attrs['to'] === group.jid)
    .length
}

describe('a group', () => {
  scenario('is a chat under its name from the first message on', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const group = stage.world.simulator.addGroup({ subject: 'Morning run', owner: bo, members: [ada] })
    await bo.sendText(group, 'six o’clock?')
    await chatCalled(stage, group, 'Morning run')
    await bo.sendText(group, 'anybody?')
    await stage.gateway.message('main', group.jid, ({ content }) => content === 'anybody?')
    expect(questionsAbout(ada, group)).toBe(1)

    await stage.restart()
    await stage.gateway.loggedIn('main')
    await bo.sendText(group, 'good night')
    await stage.gateway.message('main', group.jid, ({ content }) => content === 'good night')
    await chatCalled(stage, group, 'Morning run')
    expect(questionsAbout(ada, group)).toBe(0)
  })

  scenario(
    'that another member renames is called so, also when it happens while we are away',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const { simulator } = stage.world
      const group = simulator.addGroup({ subject: 'One', owner: bo, members: [ada] })
      await bo.sendText(group, 'hello')
      await chatCalled(stage, group, 'One')
      group.setSubject('Two')
      group.setSubject('Three 🎉')
      await chatCalled(stage, group, 'Three 🎉')
      stage.clock.haste = 20
      await simulator.cutNetwork()
      group.setSubject('Four')
      group.setSubject('Five')
      await simulator.restoreNetwork()
      await chatCalled(stage, group, 'Five')
    },
  )

  scenario('that we are added to is a chat at once', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const group = stage.world.simulator.addGroup({ subject: 'Welcome', owner: bo, members: [] })
    group.add([ada])
    await chatCalled(stage, group, 'Welcome')
    expect(await participantsOf(stage, group)).toHaveLength(2)
  })

  scenario('whose members change is written to by those who are in it', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const group = stage.world.simulator.addGroup({ subject: 'Cast', owner: bo, members: [ada] })
    await stage.gateway.sendText('main', group.jid, 'before Cy')
    await bo.receives('before Cy')
    group.add([cy])
    await eventually('the change being known', async () => {
      await stage.gateway.sendText('main', group.jid, 'with Cy')
      return cy.inbox.some(({ text }) => text === 'with Cy') || undefined
    })
    const removed = { group_id: group.jid, participants: [cy.phone] }
    group.promote([ada])
    expect(await post(stage, '/group/participants/remove', removed)).toMatchObject({ status: 200 })
    await stage.gateway.sendText('main', group.jid, 'without Cy')
    await bo.receives('without Cy')
    expect(cy.inbox.map(({ text }) => text)).not.toContain('without Cy')
  })

  scenario('whose members hide their numbers names them by LID, and lets them in by it', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const [cy, dee] = stage.people('Cy', 'Dee')
    for (const shy of [cy, dee]) shy.account.showsPhone = false
    const group = stage.world.simulator.addGroup({ subject: 'Masks', owner: ada, members: [bo, cy] })
    const members = await participantsOf(stage, group)
    expect(members).toContainEqual({
      jid: cy.lid,
      phone_number: '',
      lid: cy.lid,
      is_admin: false,
      is_super_admin: false,
    })
    expect(members.find(({ lid }) => lid === bo.lid)).toMatchObject({ jid: bo.jid, phone_number: bo.jid })
    const csv = await stage.gateway.call('GET', `/group/participants/export?group_id=${group.jid}`, {
      device: 'main',
    })
    expect(csv.text.split('\n')).toContain(`${cy.lid},,${cy.lid},,member`)

    group.setApproval(true)
    group.join(dee)
    const path = `/group/participant-requests?group_id=${group.jid}`
    const asking = await stage.gateway.call('GET', path, { device: 'main' })
    expect(resultsOf<object>(asking)).toMatchObject({ data: [{ jid: dee.lid, phone_number: '' }] })
    const body = { group_id: group.jid, participants: [dee.lid] }
    expect(await post(stage, '/group/participant-requests/approve', body)).toMatchObject({ status: 200 })
    expect(group.members.has(dee.account)).toBe(true)
    expect(await post(stage, '/group/participants/promote', body)).toMatchObject({
      json: { results: [{ participant: dee.lid, status: 'success' }] },
    })
    expect(group.members.get(dee.account)).toBe('admin')
  })

  scenario('addressed by number is worked with like one addressed by LID', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const [cy] = stage.people('Cy')
    const group = stage.world.simulator.addGroup({
      subject: 'Old style',
      owner: ada,
      members: [bo],
      addressingMode: 'pn',
    })
    const body = { group_id: group.jid, participants: [cy.phone] }
    for (const [path, rank] of [
      ['/group/participants', 'member'],
      ['/group/participants/promote', 'admin'],
      ['/group/participants/demote', 'member'],
      ['/group/participants/remove', undefined],
    ] as const) {
      const answer = await post(stage, path, body)
      expect(resultsOf<object>(answer)).toEqual([
        { participant: cy.jid, status: 'success', message: 'Action success' },
      ])
      expect(group.members.get(cy.account)).toBe(rank)
    }
    const info = await stage.gateway.call('GET', `/group/info?group_id=${group.jid}`, { device: 'main' })
    expect(resultsOf<object>(info)).toMatchObject({
      AddressingMode: 'pn',
      OwnerJID: ada.jid,
      OwnerPN: ada.jid,
      Participants: [
        { JID: ada.jid, PhoneNumber: ada.jid, LID: ada.lid },
        { JID: bo.jid, PhoneNumber: bo.jid, LID: bo.lid },
      ],
    })
  })

  scenario(
    'of three thousand is listed and exported without delay',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const { simulator } = stage.world
      const crowd = Array.from({ length: 3_000 }, (_, index) => simulator.addPerson({ name: `Fan ${index}` }))
      const group = simulator.addGroup({ subject: 'Stadium', owner: bo, members: [ada, ...crowd] })
      const startedAt = performance.now()
      expect(await participantsOf(stage, group)).toHaveLength(3_002)
      const listedAt = performance.now()
      const csv = await stage.gateway.call('GET', `/group/participants/export?group_id=${group.jid}`, {
        device: 'main',
      })
      expect(csv.text.split('\n')).toHaveLength(3_004)
      expect(listedAt - startedAt).toBeLessThan(5_000)
      expect(performance.now() - listedAt).toBeLessThan(5_000)
    },
    { timeoutMs: 60_000 },
  )

  scenario(
    'in which we are no admin any more, and then no member, refuses with the right word',
    async (stage) => {
      const { ada, bo } = await stage.linkedPair()
      const [cy] = stage.people('Cy')
      const group = stage.world.simulator.addGroup({ subject: 'Court', owner: bo, members: [ada, cy] })
      group.promote([ada])
      const kick = { group_id: group.jid, participants: [cy.phone] }
      const lock = { group_id: group.jid, locked: true }
      expect(await post(stage, '/group/locked', lock)).toMatchObject({ status: 200 })
      group.demote([ada])
      for (const [path, body] of [
        ['/group/participants/remove', kick],
        ['/group/locked', lock],
      ] as const) {
        expect(await post(stage, path, body)).toMatchObject({
          status: 403,
          json: { code: 'GROUP_NOT_ADMIN' },
        })
      }
      group.remove([ada])
      expect(await post(stage, '/group/participants/remove', kick)).toMatchObject({
        status: 403,
        json: { code: 'GROUP_NOT_MEMBER' },
      })
      expect(group.members.has(cy.account)).toBe(true)
      // The owner goes too: the group is left to who is in it.
      group.leave(bo)
      expect([...group.members]).toEqual([[cy.account, 'admin']])
    },
  )
})

describe('questions about groups', () => {
  scenario('that come too fast are answered with 429, and nothing is changed', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = stage.world
    const group = simulator.addGroup({ subject: 'Calm', owner: ada, members: [bo] })
    for (const call of [
      () => post(stage, '/group/name', { group_id: group.jid, name: 'Hasty' }),
      () => stage.gateway.call('GET', `/group/info?group_id=${group.jid}`, { device: 'main' }),
      () => stage.gateway.call('GET', '/user/my/groups', { device: 'main' }),
    ]) {
      simulator.faults.refuseIq('w:g2', 429)
      expect(await call()).toMatchObject({ status: 429, json: { code: 'WHATSAPP_RATE_LIMITED' } })
    }
    expect(group.subject).toBe('Calm')
  })

  scenario('without an answer end with 504, and a change says that it may have happened', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = stage.world
    const group = simulator.addGroup({ subject: 'Silent', owner: ada, members: [bo] })
    stage.clock.haste = 100
    simulator.faults.ignoreIq('w:g2', { count: 2 })
    const read = await stage.gateway.call('GET', `/group/info?group_id=${group.jid}`, { device: 'main' })
    expect(read).toMatchObject({ status: 504, json: { code: 'GATEWAY_TIMEOUT' } })
    const change = await post(stage, '/group/name', { group_id: group.jid, name: 'Louder' })
    expect(change).toMatchObject({
      status: 504,
      json: {
        code: 'GATEWAY_TIMEOUT',
        message: 'WhatsApp did not answer in time; the change may have been made all the same',
      },
    })
  })

  scenario('are refused while the device has no connection', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = stage.world
    const group = simulator.addGroup({ subject: 'Away', owner: ada, members: [bo] })
    await simulator.cutNetwork()
    await eventually('the loss being noticed', async () => {
      const { status } = await post(stage, '/group/locked', { group_id: group.jid, locked: true })
      return status === 401 || undefined
    })
    expect(group.state.isLocked).toBe(false)
    await simulator.restoreNetwork()
  })
})
