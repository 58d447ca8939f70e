import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import { eventually, type Gateway } from '../harness.ts'
import { messageIdOf, type Stage, scenario } from '../scenario.ts'

const feed = 'status@broadcast'

/** Ada's phone has Bo and Cy in its address book, and only has heard of Dee. */
async function linkedWithAddressBook(stage: Stage): Promise<Record<'ada' | 'bo' | 'cy' | 'dee', Person>> {
  const [ada, bo, cy, dee] = stage.people('Ada', 'Bo', 'Cy', 'Dee')
  const saved = (person: Person) => ({
    jid: person.jid,
    lidJid: person.lid,
    name: `My ${person.name}`,
    messages: [],
  })
  stage.world.simulator.history.remember(ada.account, [saved(bo), saved(cy)])
  await stage.gateway.link(ada, 'main')
  return { ada, bo, cy, dee }
}

/** Posts until it reaches somebody: the address book comes a moment after the link. */
async function post(gateway: Gateway, text: string): Promise<string> {
  const sent = await gateway.sendText('main', feed, text)
  expect(sent.status, sent.text).toBe(200)
  return messageIdOf(sent)
}

/** Who of these got a message, once all of them have got a later one. */
async function whoGot(stage: Stage, people: Record<string, Person>, id: string): Promise<string[]> {
  for (const person of Object.values(people)) {
    await stage.gateway.sendText('main', person.phone, `after ${id}`)
    await person.receives(`after ${id}`)
  }
  return Object.entries(people)
    .filter(([, person]) => person.inbox.some((message) => message.id === id))
    .map(([name]) => name)
}

describe('a status that is posted', () => {
  scenario('goes to the address book and to our own phone, readable, and no further', async (stage) => {
    const { gateway } = stage
    const people = await linkedWithAddressBook(stage)
    await eventually('the address book', async () => {
      const id = await post(gateway, 'warming up')
      return people.cy.inbox.some((message) => message.id === id) || undefined
    })
    const id = await post(gateway, 'a fine day')
    expect(await whoGot(stage, people, id)).toEqual(['ada', 'bo', 'cy'])
    const [arrived] = people.bo.inbox.filter((message) => message.id === id)
    expect(arrived).toMatchObject({ chat: feed, text: 'a fine day', encryption: 'skmsg' })
    const { backgroundArgb, textArgb, font } = arrived?.message.extendedTextMessage ?? {}
    expect([backgroundArgb, textArgb, font]).toEqual([0xff128c7e, 0xffffffff, 0])
    expect(await gateway.messages('main', feed)).toContainEqual(
      expect.objectContaining({ id, content: 'a fine day', is_from_me: true }),
    )
  })

  scenario('follows the status privacy of the account', async (stage) => {
    const { gateway } = stage
    const people = await linkedWithAddressBook(stage)
    const { ada, bo, cy, dee } = people
    await eventually('the address book', async () => {
      const id = await post(gateway, 'warming up')
      return cy.inbox.some((message) => message.id === id) || undefined
    })
    ada.showsStatusTo('blacklist', [bo])
    expect(await whoGot(stage, people, await post(gateway, 'without Bo'))).toEqual(['ada', 'cy'])
    ada.showsStatusTo('whitelist', [dee])
    expect(await whoGot(stage, people, await post(gateway, 'for Dee'))).toEqual(['ada', 'dee'])
  })

  scenario(
    'is a text or something to look at or hear; other broadcast lists are not written to',
    async (stage) => {
      const { gateway } = stage
      await stage.linkedPair()
      const refused = await gateway.call('POST', '/send/location', {
        device: 'main',
        body: { phone: feed, latitude: '1', longitude: '1' },
      })
      expect([refused.status, refused.json.code]).toEqual([400, 'VALIDATION_ERROR'])
      const list = await gateway.sendText('main', '1234@broadcast', 'x')
      expect([list.status, list.json.code]).toEqual([400, 'INVALID_JID'])
      expect(await gateway.chats('main')).toEqual([])
    },
  )
})
