import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

describe('linking by QR code', () => {
  scenario('links the slot to the account whose phone scanned the code', async (stage) => {
    const { gateway } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    const login = resultsOf<{ qr_code: string; qr_link: string; qr_duration: number }>(
      await gateway.call('GET', '/app/login', { device: 'main' }),
    )
    expect(login.qr_duration).toBeGreaterThan(20)
    const picture = await fetch(login.qr_link)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    const { frames } = await gateway.socket('main')

    await ada.scanQr(login.qr_code)
    await gateway.loggedIn('main')
    await eventually('LOGIN_SUCCESS', () => frames.find(({ code }) => code === 'LOGIN_SUCCESS'))
    const { json } = await gateway.call('GET', '/devices/main')
    expect(json.results).toMatchObject({ phone_number: ada.phone, jid: ada.jid, state: 'logged_in' })
  })

  scenario('gives two logins at once the same code, which links once', async (stage) => {
    const { gateway, world } = stage
    const [ada] = stage.people('Ada')
    await gateway.addSlot('main')
    const codes = await Promise.all([gateway.qrCode('main'), gateway.qrCode('main')])
    expect(codes[0]).toBe(codes[1])
    expect(world.simulator.desk.connections).toHaveLength(1)
    await ada.scanQr(codes[0])
    await gateway.loggedIn('main')
    expect(ada.linkedDevices).toHaveLength(1)
  })

  scenario('is refused while the device is logged in, which stays as it is', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    for (const path of ['/app/login', '/devices/main/login', `/app/login-with-code?phone=${ada.phone}`]) {
      const answer = await stage.gateway.call('GET', path, { device: 'main' })
      expect(answer).toMatchObject({ status: 400, json: { code: 'ALREADY_LOGGED_IN' } })
    }
    expect(await stage.gateway.sendText('main', bo.phone, 'still here')).toMatchObject({ status: 200 })
  })

  scenario(
    'ends when nobody scanned any of the codes, does not ask again by itself, and begins anew when told to',
    async (stage) => {
      const { gateway, world } = stage
      const [ada] = stage.people('Ada')
      const { desk } = world.simulator
      desk.refCount = 3
      await gateway.addSlot('main')
      const first = await gateway.qrCode('main')
      const second = await eventually('the next code', async () => {
        const code = await gateway.qrCode('main')
        return code === first ? undefined : code
      })
      await gateway.inState('main', 'disconnected')
      await expect(ada.scanQr(second)).rejects.toThrow('no client waits')
      expect(world.simulator.connections()).toHaveLength(0)

      desk.refCount = 0
      const login = await gateway.call('GET', '/devices/main/login')
      expect(login).toMatchObject({ status: 503, json: { code: 'QR_CHANNEL_ERROR' } })

      desk.refCount = 6
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')
    },
    { engine: { qrLifetimeMs: 300 } },
  )

  scenario(
    'shows a code with the new secret when WhatsApp asks for one, and that one links',
    async (stage) => {
      const { gateway } = stage
      const [ada] = stage.people('Ada')
      await gateway.addSlot('main')
      const old = await gateway.qrCode('main')
      ada.refreshPairing()
      const renewed = await eventually('a renewed code', async () => {
        const code = await gateway.qrCode('main')
        return code === old ? undefined : code
      })
      await ada.scanQr(renewed)
      await gateway.loggedIn('main')
    },
  )

  scenario(
    'is not done with a code of the secret before; the slot can be linked after that',
    async (stage) => {
      const { gateway } = stage
      const [ada] = stage.people('Ada')
      await gateway.addSlot('main')
      const old = await gateway.qrCode('main')
      ada.refreshPairing()
      await eventually('a renewed code', async () => (await gateway.qrCode('main')) !== old || undefined)
      await expect(ada.scanQr(old)).rejects.toThrow()
      expect(ada.linkedDevices).toEqual([])
      await gateway.inState('main', 'disconnected')
      await ada.scanQr(await gateway.qrCode('main'))
      await gateway.loggedIn('main')
    },
  )
})
