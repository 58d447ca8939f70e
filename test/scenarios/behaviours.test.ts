import { expect } from 'vitest'
import { eventually } from '../harness.ts'
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
