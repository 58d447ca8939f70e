import { expect } from 'vitest'
import { eventually } from '../harness.ts'
import { picture } from '../sample-files.ts'
import { scenario } from '../scenario.ts'

scenario(
  'messages are answered and marked as read, calls rejected and presence shown, as the settings say',
  async (stage) => {
    const { gateway, world } = stage
    const [ada, bo] = stage.people('Ada', 'Bo')
    const dee = world.simulator.addPerson({ name: 'Dee', behaviour: { addressing: 'lid' } })
    stage.clock.haste = 20
    await gateway.link(ada, 'main')
    await eventually('the presence', () =>
      ada.linkedDevices.some(({ presence }) => presence === 'available') ? true : undefined,
    )
    stage.clock.haste = 1

    for (const person of [bo, dee]) {
      const sent = await person.sendText(ada, `hello from ${person.name}`)
      await person.receives('We are closed')
      await person.getsReceipt(sent, 'read')
    }
    await eventually('who types being asked', () => {
      const asked = ada.linkedDevices[0]?.subscriptions
      return asked?.has(bo.jid) === true && asked.has(dee.lid) ? true : undefined
    })
    const rows = await gateway.messages('main', bo.jid)
    expect(rows.map(({ content, is_from_me: isFromMe }) => [content, isFromMe])).toEqual([
      ['We are closed', true],
      ['hello from Bo', false],
    ])

    const call = await bo.call(ada)
    await eventually('the rejection', () => (call.state === 'rejected' ? true : undefined))
    expect((await world.nextEvent('call.offer')).payload).toMatchObject({
      call_id: call.id,
      auto_rejected: true,
    })

    await stage.restart()
    await stage.gateway.loggedIn('main')
    await bo.sendText(ada, 'are you there?')
    await eventually('the second answer', () =>
      bo.inbox.filter(({ text }) => text === 'We are closed').length === 2 ? true : undefined,
    )
  },
  {
    settings: {
      WHATSAPP_AUTO_REPLY: 'We are closed',
      WHATSAPP_AUTO_MARK_READ: 'true',
      WHATSAPP_AUTO_REJECT_CALL: 'true',
      WHATSAPP_PRESENCE_ON_CONNECT: 'available',
      WHATSAPP_TYPING_SUBSCRIPTION: 'true',
    },
  },
)

scenario(
  'a call whose rejection did not come through is told as not rejected',
  async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const first = await bo.call(ada)
    stage.world.simulator.faults.deafen(ada)
    const { payload } = await stage.world.nextEvent('call.offer')
    expect([payload['call_id'], payload['auto_rejected'], first.state]).toEqual([first.id, false, 'ringing'])
  },
  { settings: { WHATSAPP_AUTO_REJECT_CALL: 'true' } },
)

scenario(
  'messages of groups and status updates are marked as read too, but answered are people alone',
  async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const group = stage.world.simulator.addGroup({ subject: 'Choir', owner: bo, members: [ada] })
    await bo.getsReceipt(await bo.sendText(group, 'practice at eight'), 'read')
    await bo.getsReceipt(await bo.postStatus([ada], 'my day'), 'read')
    const image = { type: 'image', bytes: await picture(30, 30), mimeType: 'image/jpeg' } as const
    const seen = async (caption: string) =>
      bo.getsReceipt(await bo.sendMedia(ada, { ...image, caption }), 'read')
    await seen('not typed as a text')
    await bo.sendText(ada, 'hello')
    // One thing is done after another: what was to be said before this one has been said.
    await seen('nor is this')
    const said = async (chat: string) => (await gateway.messages('main', chat)).map(({ content }) => content)
    const expected = ['We are closed', 'hello', 'nor is this', 'not typed as a text']
    expect((await said(bo.jid)).toSorted()).toEqual(expected)
    expect(await said(group.jid)).toEqual(['practice at eight'])
    expect(await said('status@broadcast')).toEqual(['my day'])
  },
  { settings: { WHATSAPP_AUTO_REPLY: 'We are closed', WHATSAPP_AUTO_MARK_READ: 'true' } },
)

scenario(
  'two gateways that answer by themselves do not go round in circles',
  async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    const bot = stage.world.simulator.addPerson({
      name: 'Bot',
      behaviour: { replies: ({ text }) => (text === 'We are closed' ? 'I am a bot' : undefined) },
    })
    await gateway.link(ada, 'main')
    await bot.sendText(ada, 'hello')
    await bot.receives('We are closed')
    await eventually('its answers', async () =>
      (await gateway.messages('main', bot.jid)).filter(({ content }) => content === 'I am a bot').length >= 2
        ? true
        : undefined,
    )
    await bot.sendText(ada, 'the end')
    await gateway.message('main', bot.jid, ({ content }) => content === 'the end')
    expect((await gateway.messages('main', bot.jid)).length).toBeLessThanOrEqual(9)
  },
  { settings: { WHATSAPP_AUTO_REPLY: 'We are closed' } },
)

scenario('presence after connecting is what the setting says, also after a restart', async (stage) => {
  const { ada, bo } = await stage.linkedPair()
  const announced = () => ada.linkedDevices[0]?.announced.entries ?? []
  stage.clock.haste = 20
  await eventually('being away', () => (announced().at(-1) === 'unavailable' ? true : undefined))
  expect(announced()).not.toContain('available')

  const restarted = async (presence: string) => {
    await stage.restart({ WHATSAPP_PRESENCE_ON_CONNECT: presence })
    await stage.gateway.loggedIn('main')
  }
  await restarted('available')
  await eventually('being there', () => (announced().at(-1) === 'available' ? true : undefined))

  await restarted('none')
  const before = announced().length
  await stage.gateway.sendText('main', bo.phone, 'hello')
  await bo.receives('hello')
  expect(announced().length).toBe(before)
})

scenario(
  'a pulse shows the account as there for a while, again and again',
  async (stage) => {
    stage.clock.haste = 20
    const { ada } = await stage.linkedPair()
    const announced = () => ada.linkedDevices[0]?.announced.entries ?? []
    await eventually('two pulses', () => (announced().length >= 4 ? true : undefined))
    expect(announced().slice(0, 4)).toEqual(['available', 'unavailable', 'available', 'unavailable'])
  },
  {
    settings: {
      WHATSAPP_PRESENCE_ON_CONNECT: 'none',
      WHATSAPP_PRESENCE_PULSE_INTERVAL: '20s',
      WHATSAPP_PRESENCE_PULSE_DURATION: '20s',
    },
  },
)
