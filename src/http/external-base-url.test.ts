import { describe, expect, it } from 'vitest'
import { externalBaseUrl, type HttpRoutes } from './http-app.ts'
import { aServer, basic } from './test-server.ts'

const whereAmI: HttpRoutes = (app) => {
  app.get('/where', async (request) => ({ url: externalBaseUrl(request) }))
}

async function seenFrom(
  remoteAddress: string,
  headers: Record<string, string>,
  basePath = '',
): Promise<string> {
  const app = await aServer({
    routes: [whereAmI],
    config: { basePath, trustedProxies: ['10.0.0.0/8', '::1'], basicAuth: [{ user: 'u', password: 'p' }] },
  })
  const answer = await app.inject({
    url: `${basePath}/where`,
    remoteAddress,
    headers: { host: 'inside:3000', ...basic('u', 'p'), ...headers },
  })
  return answer.json<{ url: string }>().url
}

describe('the gateway’s own address in links', () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'gateway.example, inner.example' }

  it.each([
    ['is where the request went', '192.168.0.9', {}, 'http://inside:3000'],
    ['does not believe everybody', '192.168.0.9', forwarded, 'http://inside:3000'],
    ['believes a trusted proxy, the first of several', '10.1.2.3', forwarded, 'https://gateway.example'],
    ['believes it on an IPv6 socket too', '::ffff:10.1.2.3', forwarded, 'https://gateway.example'],
    ['believes a proxy named by its address', '::1', forwarded, 'https://gateway.example'],
    ['knows other ways to say https', '10.1.2.3', { 'x-forwarded-ssl': 'on' }, 'https://inside:3000'],
    ['knows still other ways to say https', '10.1.2.3', { 'x-url-scheme': 'https' }, 'https://inside:3000'],
    ['knows no other schemes', '10.1.2.3', { 'x-forwarded-proto': 'javascript' }, 'http://inside:3000'],
  ])('%s', async (_title, address, headers: Record<string, string>, url) => {
    expect(await seenFrom(address, headers)).toBe(url)
  })

  it('has the base path', async () => {
    expect(await seenFrom('192.168.0.9', {}, '/gate')).toBe('http://inside:3000/gate')
  })
})
