import type { BaileysEventMap, GroupMetadata } from 'baileys'
import { expect, it, vi } from 'vitest'
import { silentLogger } from '../../core/logger.ts'
import { parseJid } from '../jid.ts'
import type { Identity, WhatsAppEvent } from '../whatsapp-event.ts'
import { hearMembers, MemberLearning } from './member-learning.ts'

function crowd(count: number): Identity[] {
  return Array.from({ length: count }, (_, index) => ({
    lid: parseJid(`${1_000 + index}@lid`),
    phone: parseJid(`62${1_000 + index}@s.whatsapp.net`),
  }))
}

function aWorld() {
  const commits: Identity[][] = []
  let failure: Error | null = null
  let tries = 0
  let held: Promise<void> | null = null
  const learning = new MemberLearning({
    commit: async (events: readonly WhatsAppEvent[]) => {
      tries++
      await held
      if (failure !== null) throw failure
      for (const event of events) if (event.type === 'identities.learned') commits.push([...event.pairs])
    },
    logger: silentLogger,
  })
  return {
    commits,
    learning,
    tries: () => tries,
    /** Lets no commit end until the answer is called. */
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      return resolve
    },
    fail: (error: Error | null) => {
      failure = error
    },
  }
}

it('members are learnt some hundred at a time, each once', async () => {
  const { commits, learning } = aWorld()
  learning.learn(crowd(3_000))
  await vi.waitFor(() => expect(commits.flat()).toEqual(crowd(3_000)))
  expect(commits).toHaveLength(12)
  learning.learn(crowd(3_001))
  await vi.waitFor(() => expect(commits.flat()).toHaveLength(3_001))
  expect(commits.at(-1)).toEqual(crowd(3_001).slice(-1))
})

it('what could not be committed is learnt from the next list', async () => {
  const { commits, learning, tries, fail } = aWorld()
  fail(new Error('no room'))
  learning.learn(crowd(300))
  await vi.waitFor(() => expect(tries()).toBe(1))
  fail(null)
  learning.learn(crowd(300))
  await vi.waitFor(() => expect(commits.flat()).toEqual(crowd(300)))
  expect(tries()).toBe(3)
})

it('a connection that has ended learns nothing more, and is over when the last commit is', async () => {
  const { commits, learning, tries, hold } = aWorld()
  const release = hold()
  learning.learn(crowd(1_000))
  await vi.waitFor(() => expect(tries()).toBe(1))
  const closed = learning.close()
  learning.learn(crowd(2_000))
  release()
  await closed
  expect(commits).toEqual([crowd(250)])
})

it('hears the members of every group that Baileys is told of, in either form, where both addresses came', async () => {
  const learnt: Identity[] = []
  const listeners = new Map<string, (groups: Partial<GroupMetadata>[]) => void>()
  const metadata: GroupMetadata = {
    id: '1-1@g.us',
    subject: 'Club',
    owner: undefined,
    participants: [
      { id: '1000@lid', phoneNumber: '621000@s.whatsapp.net', admin: null },
      { id: '1001@lid', admin: null },
    ],
  }
  const socket = {
    groupMetadata: async () => metadata,
    ev: {
      on: (name: keyof BaileysEventMap, listener: (groups: Partial<GroupMetadata>[]) => void) => {
        listeners.set(name, listener)
      },
    },
  }
  hearMembers(socket as unknown as Parameters<typeof hearMembers>[0], (pairs) => learnt.push(...pairs)) // all it uses
  expect(await socket.groupMetadata()).toBe(metadata)
  expect(learnt).toEqual(crowd(1))
  const byPhone = { participants: [{ id: '621001@s.whatsapp.net', lid: '1001@lid', admin: null }] }
  for (const name of ['groups.update', 'groups.upsert']) listeners.get(name)?.([byPhone, { subject: 'Club' }])
  expect(learnt.slice(1)).toEqual([...crowd(2).slice(1), ...crowd(2).slice(1)])
})
