import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

describe('the end of a link', () => {
  scenario('on the phone keeps slot and history, and is told to the WebSocket', async (stage) => {
    const { gateway, world } = stage
    const { ada, bo } = await stage.linkedPair()
    await bo.sendText(ada, 'remember me')
    await world.nextEvent('message')
    const { frames } = await gateway.socket('main')
    await ada.unlink()
    await eventually('a frame', () => frames.length > 0 || undefined)
    expect(frames).toEqual([
      {
        code: 'DEVICE_LOGGED_OUT',
        message: 'Device logged out (slot kept)',
        result: { device_id: 'main' },
      },
    ])
    expect((await gateway.call('GET', '/devices/main')).json.results).toMatchObject({
      id: 'main',
      state: 'disconnected',
    })
    expect(await gateway.messages('main', bo.jid)).toMatchObject([{ content: 'remember me' }])
    expect(await gateway.sendText('main', bo.phone, 'too late')).toMatchObject({
      status: 401,
      json: { code: 'AUTHENTICATION_ERROR' },
    })
    const again = await stage.restart()
    await again.inState('main', 'disconnected')
    expect(world.simulator.connections()).toEqual([])
  })

  scenario(
    'asked for here unlinks it at WhatsApp, keeps slot and history, and tells the WebSocket',
    async (stage) => {
      const { gateway, world } = stage
      const { ada, bo } = await stage.linkedPair()
      await bo.sendText(ada, 'remember me')
      await world.nextEvent('message')
      const { frames } = await gateway.socket('main')
      const answer = await gateway.call('GET', '/app/logout', { device: 'main' })
      expect(answer).toMatchObject({ status: 200, json: { results: 'main' } })
      expect(ada.linkedDevices).toEqual([])
      await eventually('a frame', () => frames.length > 0 || undefined)
      expect(frames).toMatchObject([
        {
          code: 'DEVICE_LOGGED_OUT',
          message: 'Device main logged out (slot kept)',
          result: { device_id: 'main', devices: [{ device: 'main' }] },
        },
      ])
      expect(await gateway.messages('main', bo.jid)).toMatchObject([{ content: 'remember me' }])
      expect(await gateway.call('POST', '/devices/main/logout')).toMatchObject({ status: 401 })
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')
      expect(await gateway.messages('main', bo.jid)).toHaveLength(1)
    },
  )

  scenario(
    'by deleting the connected device forgets all there was of it here, and nothing on the phone',
    async (stage) => {
      const { gateway, world } = stage
      const [ada, bo, cy] = stage.people('Ada', 'Bo', 'Cy')
      await gateway.link(ada, 'main')
      await gateway.link(cy, 'other')
      for (const person of [ada, cy]) {
        await bo.sendText(person, `hello ${person.name}`)
        await world.nextEvent('message', ({ payload }) => payload.body === `hello ${person.name}`)
      }
      const { socket } = await gateway.socket('main')
      const closed = new Promise<number>((resolve) => socket.once('close', resolve))
      expect(await gateway.call('DELETE', '/devices/main')).toMatchObject({ status: 200 })
      expect(await closed).toBe(1000)
      const devices = resultsOf<{ id: string }[]>(await gateway.call('GET', '/devices'))
      expect(devices.map(({ id }) => id)).toEqual(['other'])
      expect(await gateway.call('GET', '/devices/main')).toMatchObject({
        status: 404,
        json: { code: 'DEVICE_NOT_FOUND' },
      })
      expect(ada.linkedDevices.map(({ isOnline }) => isOnline)).toEqual([false])

      await bo.sendText(cy, 'still there?')
      await world.nextEvent('message', ({ payload }) => payload.body === 'still there?')
      await gateway.link(ada, 'main')
      expect(await gateway.chats('main')).toEqual([])
    },
  )
})
