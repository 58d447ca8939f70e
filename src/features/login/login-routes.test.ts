import { mkdtemp, readdir, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { asDeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { aServer } from '../../http/test-server.ts'
import { TestDevices } from '../devices/test-devices.ts'
import { loginRoutes } from './login-routes.ts'
import { LoginService } from './login-service.ts'
import { QrPictures } from './qr-pictures.ts'

const one = asDeviceId('one')

describeEachDialect('login routes', (open) => {
  async function aGateway() {
    const devices = new TestDevices(await open())
    const dir = await mkdtemp(join(tmpdir(), 'qrcode-'))
    const pictures = new QrPictures({ dir, clock: devices.clock, logger: silentLogger })
    await pictures.start()
    const login = new LoginService({
      sessions: devices.sessions,
      devices: devices.reader,
      pictures,
      clock: devices.clock,
    })
    const app = await aServer({
      devices: devices.reader,
      qrCodeDir: dir,
      routes: [loginRoutes({ login })],
      config: { basePath: '/gate', allowNoAuth: true, trustedProxies: ['127.0.0.1'] },
    })
    const call = async (method: 'GET' | 'POST', url: string, headers: Record<string, string> = {}) => {
      const response = await app.inject({ method, url: `/gate${url}`, headers })
      return { status: response.statusCode, body: response.json<Record<string, unknown>>() }
    }
    const qr = async (url = '/app/login') => {
      const { status, body } = await call('GET', url)
      expect(status).toBe(200)
      return (body as { results: { qr_link: string; qr_duration: number } }).results
    }
    return { devices, dir, pictures, app, call, qr }
  }

  it('answers with a picture of the code, private until named, and gone with the code', async () => {
    const { devices, dir, app, call } = await aGateway()
    await devices.add('one')
    const { status, body } = await call('GET', '/app/login')
    const link = (body as { results: { qr_link: string } }).results.qr_link
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { code: 'SUCCESS', message: 'Login success', results: { device_id: 'one', qr_duration: 30 } },
    })
    expect(link).toMatch(/^http:\/\/localhost:80\/gate\/statics\/qrcode\/scan-qr-[0-9a-f-]{36}\.png$/)

    const picture = await app.inject(new URL(link).pathname)
    expect(picture.headers['content-type']).toBe('image/png')
    expect([picture.rawPayload.readUInt32BE(16), picture.rawPayload.readUInt32BE(20)]).toEqual([512, 512])
    const [file] = await readdir(dir)
    expect((await stat(join(dir, file ?? ''))).mode & 0o777).toBe(0o600)

    devices.clock.advance(60_000)
    await devices.until(async () => expect(await readdir(dir)).toEqual([]))
    expect((await app.inject(new URL(link).pathname)).statusCode).toBe(404)
  })

  it('gives the same picture again while its code lives, and the next code’s afterwards', async () => {
    const { devices, qr } = await aGateway()
    await devices.add('one')
    const first = await qr()
    devices.clock.advance(45_000)
    expect(await qr()).toEqual({ ...first, qr_duration: 15 })
    devices.clock.advance(15_000)
    devices.engine.session(one).showCode()
    const second = await qr('/devices/one/login')
    expect(second).toMatchObject({ device_id: 'one', qr_duration: 10 })
    expect(second.qr_link).not.toBe(first.qr_link)
    expect(devices.engine.opened(one)).toBe(1)
  })

  it('names itself as a trusted proxy’s caller sees it', async () => {
    const { devices, call } = await aGateway()
    await devices.add('one')
    const { body } = await call('GET', '/app/login', {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'wa.example:8443, inner',
    })
    expect(body).toMatchObject({
      results: { qr_link: expect.stringMatching(/^https:\/\/wa\.example:8443\/gate\/statics\//) as unknown },
    })
  })

  it('refuses a device that is logged in, or unknown', async () => {
    const { devices, call } = await aGateway()
    await devices.addLinked('one')
    for (const url of ['/app/login', '/app/login-with-code?phone=628111', '/devices/one/login']) {
      expect(await call('GET', url)).toEqual(
        url.includes('code')
          ? { status: 400, body: expect.objectContaining({ code: 'VALIDATION_ERROR' }) as unknown }
          : { status: 400, body: { code: 'ALREADY_LOGGED_IN', message: 'you are already logged in.' } },
      )
    }
    expect(await call('GET', '/app/login-with-code?phone=6281112')).toMatchObject({
      body: { code: 'ALREADY_LOGGED_IN' },
    })
    expect(await call('GET', '/devices/none/login')).toMatchObject({
      status: 404,
      body: { code: 'DEVICE_NOT_FOUND', message: 'device none not found' },
    })
    expect(await call('POST', '/devices/none/login/code?phone=6281112')).toMatchObject({ status: 404 })
  })

  it('gives a pairing code by both paths', async () => {
    const { devices, call } = await aGateway()
    await devices.add('one')
    expect(await call('GET', '/app/login-with-code?phone=%2B6281234567')).toEqual({
      status: 200,
      body: {
        code: 'SUCCESS',
        message: 'Login with code success',
        results: { device_id: 'one', pair_code: 'ABCD-1234' },
      },
    })
    expect(await call('POST', '/devices/one/login/code?phone=6281234567')).toEqual({
      status: 200,
      body: {
        code: 'SUCCESS',
        message: 'Login with code started',
        results: { device_id: 'one', pair_code: 'ABCD-1234' },
      },
    })
    expect(devices.engine.session(one).pairingRequests).toEqual(['6281234567', '6281234567'])
  })

  it.each([
    ['', 'phone_number(): cannot be blank'],
    ['62-81', 'phone_number(62-81): must be in a valid format'],
    ['12345', 'phone number too short'],
    ['08123456789', 'international phone number required (must not start with 0)'],
  ])('refuses the phone number %j', async (phone, message) => {
    const { devices, call } = await aGateway()
    await devices.add('one')
    expect(await call('GET', `/app/login-with-code?phone=${phone}`)).toEqual({
      status: 400,
      body: { code: 'VALIDATION_ERROR', message },
    })
  })

  it('answers 503 when WhatsApp cannot be reached, gives no code, or no pairing code', async () => {
    const { devices, call } = await aGateway()
    await devices.add('one')
    devices.engine.answersByItself = false
    const unreachable = call('GET', '/app/login')
    await devices.until(() => devices.engine.session(one))
    devices.engine.session(one).drop()
    expect(await unreachable).toEqual({
      status: 503,
      body: { code: 'AUTHENTICATION_ERROR', message: 'reconnect error' },
    })
    const refused = call('GET', '/app/login')
    await devices.until(() => expect(devices.engine.opened(one)).toBe(2))
    devices.engine.session(one).expireCodes()
    expect(await refused).toEqual({
      status: 503,
      body: { code: 'QR_CHANNEL_ERROR', message: 'QR channel error' },
    })
    devices.engine.answersByItself = true
    devices.engine.refusePairingCodes(new AppError('pairing_code_failed'))
    expect(await call('GET', '/app/login-with-code?phone=6281234567')).toMatchObject({
      status: 503,
      body: { code: 'PAIRING_CODE_FAILED' },
    })
  })

  it('does not keep a closing server waiting for a code', async () => {
    const { devices, app, call } = await aGateway()
    await devices.add('one')
    devices.engine.answersByItself = false
    const login = call('GET', '/app/login')
    await devices.until(() => devices.engine.session(one))
    await app.close()
    expect(await login).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } })
  })

  it('clears what an earlier run left, and its own at the end, and nothing else', async () => {
    const { devices, dir, pictures, qr } = await aGateway()
    await devices.add('one')
    await writeFile(join(dir, 'scan-qr-old.png'), 'x')
    await writeFile(join(dir, 'keep.txt'), 'x')
    await pictures.start()
    expect(await readdir(dir)).toEqual(['keep.txt'])
    await qr()
    await pictures.stop()
    expect(await readdir(dir)).toEqual(['keep.txt'])
  })
})
