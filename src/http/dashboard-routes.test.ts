import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { DashboardFile } from './dashboard-files.ts'
import { dashboardRoutes } from './dashboard-routes.ts'
import { aServer } from './test-server.ts'

const file = (type: string, text: string): DashboardFile => ({
  type,
  plain: Buffer.from(text),
  gzipped: Buffer.from('zipped'),
  tag: `"${text.length}"`,
})

const built = {
  page: file('text/html; charset=utf-8', '<title>Gatewa</title>'),
  assets: new Map([['app-1.js', file('text/javascript; charset=utf-8', 'run()')]]),
}

/** The routes alone, in the place where the server has its own. */
function under(
  prefix: string,
  more: { isEnabled?: boolean; read?: () => Promise<typeof built | null> } = {},
) {
  return aServer({
    config: { basicAuth: [{ user: 'ana', password: 'secret' }] },
    routes: [
      (app) =>
        void app.register(
          async (scoped) =>
            dashboardRoutes({ version: '1.2.3', isEnabled: true, read: async () => built, ...more })(
              scoped.withTypeProvider(),
            ),
          { prefix },
        ),
    ],
  })
}

describe('the dashboard’s files', () => {
  it('are served without credentials, under any host, to be asked for anew only when they changed', async () => {
    const app = await under('/x')
    const page = await app.inject({ url: '/x/', headers: { host: 'gateway.example' } })
    expect(page.statusCode).toBe(200)
    expect(page.body).toBe('<title>Gatewa</title>')
    expect(page.headers).toMatchObject({ 'cache-control': 'no-cache', 'x-frame-options': 'DENY' })
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self';.*frame-ancestors 'none'/)
    const again = { 'if-none-match': `W/${String(page.headers.etag)}` }
    expect((await app.inject({ url: '/x/', headers: again })).statusCode).toBe(304)

    const script = await app.inject('/x/assets/app-1.js')
    expect(script.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    })
    expect((await app.inject('/x/assets/..%2Fmain.js')).statusCode).toBe(404)
  })

  it('come compressed to those who can take it', async () => {
    const app = await under('/x')
    const encoding = async (accepted: string) =>
      (await app.inject({ url: '/x/', headers: { 'accept-encoding': accepted } })).headers['content-encoding']
    expect(await encoding('br, gzip;q=0.8')).toBe('gzip')
    expect(await encoding('gzip;q=0')).toBeUndefined()
    expect(await encoding('identity')).toBeUndefined()
  })

  it('have an address that ends with a slash, told relatively for proxies that call it otherwise', async () => {
    const app = await under('/wa/gate')
    const answer = await app.inject('/wa/gate?x=1')
    expect([answer.statusCode, answer.headers.location]).toEqual([302, './gate/?x=1'])
  })

  it('give way to a sentence where the dashboard is off or not built', async () => {
    const off = await under('/x', { isEnabled: false })
    expect((await off.inject('/x/')).body).toContain('dashboard is off')
    expect((await off.inject('/x/assets/app-1.js')).statusCode).toBe(404)
    const unbuilt = await under('/x', { read: async () => null })
    expect((await unbuilt.inject('/x/')).body).toContain('npm run build')
  })

  it('are in every build: one page, one script and one stylesheet, small when compressed', async () => {
    const app = await aServer()
    const page = await app.inject('/')
    const names = [...page.body.matchAll(/assets\/[\w-]+\.\w+/g)].map(([name]) => name)
    expect(names.map((name) => name.replace(/-[A-Z0-9]+\./, '.')).sort()).toEqual([
      'assets/app.css',
      'assets/app.js',
      'assets/icon.svg',
    ])
    let bytes = 0
    for (const name of names) {
      const answer = await app.inject({ url: `/${name}`, headers: { 'accept-encoding': 'gzip' } })
      bytes += answer.rawPayload.length
      expect(gunzipSync(answer.rawPayload).length).toBeGreaterThan(answer.rawPayload.length)
    }
    expect(bytes).toBeLessThan(120_000)
  })
})
