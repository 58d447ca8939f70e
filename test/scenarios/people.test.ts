import type { Person } from '@gatewa/simulator'
import { describe, expect } from 'vitest'
import type { Answer, Gateway } from '../harness.ts'
import { clip, picture, postForm, tone, type Upload } from '../sample-files.ts'
import { messageIdOf, resultsOf, type Stage, scenario } from '../scenario.ts'

function ask(gateway: Gateway, path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
  return gateway.call('GET', `${path}?${new URLSearchParams(query).toString()}`, { device: 'main' })
}

/** Files as forms bring them, by the route that sends them. */
async function uploads(): Promise<Record<string, Upload>> {
  const image = await picture(60, 40)
  const jpeg = { name: 'a.jpg', type: 'image/jpeg', bytes: image }
  return {
    '/send/image': { field: 'image', ...jpeg },
    '/send/sticker': { field: 'sticker', ...jpeg },
    '/send/file': { field: 'file', ...jpeg },
    '/send/audio': { field: 'audio', name: 'a.mp3', type: 'audio/mpeg', bytes: await tone() },
    '/send/video': { field: 'video', name: 'a.mp4', type: 'video/mp4', bytes: await clip() },
  }
}

/** Sends one of everything to a phone input; resolves with the ids, in the order they were sent. */
async function sendEverything(gateway: Gateway, phone: string): Promise<string[]> {
  const bodies: Record<string, object> = {
    '/send/message': { message: 'hello' },
    '/send/link': { link: 'http://127.0.0.1:1/', caption: 'look' },
    '/send/location': { latitude: '1.5', longitude: '2.5' },
    '/send/contact': { contact_name: 'Cy', contact_phone: '628155555555' },
    '/send/poll': { question: 'Where?', options: ['Here', 'There'], max_answer: 1 },
  }
  const ids: string[] = []
  const note = (path: string, answer: Answer) => {
    expect(answer.status, `${path} ${answer.text}`).toBe(200)
    ids.push(messageIdOf(answer))
  }
  for (const [path, body] of Object.entries(bodies)) {
    note(path, await gateway.call('POST', path, { device: 'main', body: { phone, ...body } }))
  }
  for (const [path, upload] of Object.entries(await uploads())) {
    note(path, await postForm(gateway, path, { phone }, [upload]))
  }
  const typing = { device: 'main', body: { phone, action: 'start' } }
  expect(await gateway.call('POST', '/send/chat-presence', typing)).toMatchObject({ status: 200 })
  return ids
}

/** Makes a business with a picture of a person, so that every question has an answer. */
async function becomesShop(person: Person, set: (jid: string, jpeg: Buffer) => void): Promise<void> {
  person.account.businessName = 'Shop'
  person.account.business = { email: 'shop@example.com' }
  set(person.lid, await picture(20, 20))
}

describe('a person', () => {
  scenario('known only by LID is asked about and written to by it on every route', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    await becomesShop(bo, (jid, jpeg) => world.simulator.pictures.set(jid, jpeg))
    bo.account.showsPhone = false
    bo.account.tellsLid = false
    bo.behaviour.addressing = 'lid'
    await bo.sendText(ada, 'who am I?')
    expect((await world.nextEvent('message')).payload['from']).toBe(bo.lid)

    for (const path of ['/user/info', '/user/avatar', '/user/business-profile']) {
      const answer = await ask(gateway, path, { phone: bo.lid })
      expect(answer.status, `${path} ${answer.text}`).toBe(200)
    }
    const check = await ask(gateway, '/user/check', { phone: bo.lid })
    expect(resultsOf<object>(check)).toEqual({ is_on_whatsapp: true })
    const stranger = await ask(gateway, '/user/check', { phone: '999999999999999@lid' })
    expect(resultsOf<object>(stranger)).toEqual({ is_on_whatsapp: false })

    for (const id of await sendEverything(gateway, bo.lid)) {
      const arrived = await bo.receives((message) => message.id === id)
      expect(arrived.attributes).toMatchObject({ addressing_mode: 'lid' })
    }
    expect(bo.log.chatStates.at(-1)).toMatchObject({ state: 'composing' })
    expect(await gateway.chats('main')).toEqual([bo.lid])
  })

  scenario('is one chat by number, by JID and by LID on every route', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    await becomesShop(bo, (jid, jpeg) => world.simulator.pictures.set(jid, jpeg))
    await bo.sendText(ada, 'it is me')
    await world.nextEvent('message')
    for (const phone of [bo.phone, `+${bo.phone}`, bo.jid, bo.lid]) {
      for (const path of ['/user/info', '/user/avatar', '/user/business-profile', '/user/check']) {
        const answer = await ask(gateway, path, { phone })
        expect(answer.status, `${path} ${phone} ${answer.text}`).toBe(200)
      }
      const sent = await gateway.sendText('main', phone, `to ${phone}`)
      expect(sent.status, sent.text).toBe(200)
      await bo.receives(`to ${phone}`)
    }
    for (const id of await sendEverything(gateway, bo.lid)) await bo.receives((message) => message.id === id)
    expect(await gateway.chats('main')).toEqual([bo.jid])
  })
})

describe('a picture', () => {
  const file = ({ gateway }: Stage, query: Readonly<Record<string, string>>) =>
    fetch(`${gateway.url}/user/avatar/file?${new URLSearchParams(query).toString()}`, {
      headers: { 'x-device-id': 'main' },
    })

  scenario('is brought from WhatsApp’s host', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = stage.world
    expect((await file(stage, { phone: bo.phone })).status).toBe(404)
    const [jpeg, grouped] = [await picture(30, 30), await picture(20, 20)]
    simulator.pictures.set(bo.lid, jpeg)
    const answer = await file(stage, { phone: bo.phone })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect(Buffer.from(await answer.arrayBuffer()).equals(jpeg)).toBe(true)
    const group = simulator.addGroup({ subject: 'Choir', owner: bo, members: [ada] })
    simulator.pictures.set(group.jid, grouped)
    const ofGroup = await file(stage, { phone: group.jid, is_preview: 'true' })
    expect(Buffer.from(await ofGroup.arrayBuffer()).equals(grouped)).toBe(true)

    simulator.pictures.set(bo.lid, Buffer.from('<html>no picture</html>'))
    const wrong = await file(stage, { phone: bo.phone })
    expect([wrong.status, await wrong.json()]).toMatchObject([502, { code: 'DOWNLOAD_MEDIA_ERROR' }])
  })

  scenario(
    'at a host inside that is not WhatsApp’s is not brought',
    async (stage) => {
      const { bo } = await stage.linkedPair()
      stage.world.simulator.pictures.set(bo.lid, await picture(30, 30))
      const answer = await file(stage, { phone: bo.phone })
      expect([answer.status, await answer.json()]).toMatchObject([502, { code: 'DOWNLOAD_MEDIA_ERROR' }])
    },
    // The simulator's pictures are on `localhost`.
    { settings: { WHATSAPP_MEDIA_HOST: 'media.example' } },
  )
})

describe('the account', () => {
  scenario('has its picture taken away, and once more without harm', async (stage) => {
    const { world, gateway } = stage
    const { ada } = await stage.linkedPair()
    const { pictures } = world.simulator
    const bytes = await picture(60, 40)
    const set = await postForm(gateway, '/user/avatar', {}, [
      { field: 'avatar', name: 'me.jpg', type: 'image/jpeg', bytes },
    ])
    expect(resultsOf<string>(set)).toBe(pictures.idOf(ada.lid))
    for (const _ of ['there', 'gone']) {
      const answer = await gateway.call('DELETE', '/user/avatar', { device: 'main' })
      expect(answer).toMatchObject({ status: 200, json: { message: 'Success remove avatar' } })
      expect(pictures.idOf(ada.lid)).toBeUndefined()
    }
    expect(await gateway.call('DELETE', '/user/avatar', { device: 'nobody' })).toMatchObject({ status: 404 })
  })
})

describe('a community', () => {
  scenario('has its picture asked for as one, large or small', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = world
    const club = simulator.addGroup({ subject: 'Village', owner: bo, members: [ada] })
    const avatar = (more: object) => ask(gateway, '/user/avatar', { phone: club.jid, ...more })
    expect(await avatar({ is_community: 'true' })).toMatchObject({ status: 404 })

    const id = simulator.pictures.set(club.jid, await picture(30, 30))
    // Communities are asked about at the groups' service: the one for pictures answers nobody now.
    simulator.faults.refuseIq('w:profile:picture', 500, { count: Number.POSITIVE_INFINITY })
    for (const [isPreview, type] of [
      ['true', 'preview'],
      ['false', 'image'],
    ] as const) {
      const answer = await avatar({ is_community: 'true', is_preview: isPreview })
      expect(answer.status, answer.text).toBe(200)
      expect(resultsOf<object>(answer)).toMatchObject({ id, type })
      expect((await avatar({ is_community: 'false', is_preview: isPreview })).status).not.toBe(200)
    }
    simulator.faults.clear()
    expect(resultsOf<object>(await avatar({ is_community: 'false' }))).toMatchObject({ id })
  })

  scenario('that is a plain group has its picture told all the same', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const { simulator } = world
    const group = simulator.addGroup({ subject: 'Choir', owner: bo, members: [ada] })
    const id = simulator.pictures.set(group.jid, await picture(30, 30))
    for (const refusal of [400, 403, 404]) {
      simulator.faults.refuseIq('w:g2', refusal, { count: Number.POSITIVE_INFINITY })
      const answer = await ask(gateway, '/user/avatar', { phone: group.jid, is_community: 'true' })
      simulator.faults.clear()
      expect(answer.status, answer.text).toBe(200)
      expect(resultsOf<object>(answer)).toMatchObject({ id })
    }
  })
})
