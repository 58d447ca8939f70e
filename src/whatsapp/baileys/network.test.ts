import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, connect as connectTcp } from 'node:net'
import { generate } from 'selfsigned'
import { Agent } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import { EngineWorld } from '../../../test/engine-world.ts'
import { silentLogger } from '../../core/logger.ts'
import { openDatabase } from '../../db/open-database.ts'
import { makeNetwork, toMediaHost } from './network.ts'
import { fetchWebVersion, parseWebVersion } from './web-version.ts'

const ends: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

async function listening(server: Server | ReturnType<typeof createHttpsServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  return (server.address() as AddressInfo).port // listens on TCP
}

/** An HTTP proxy that notes whom it was asked to reach. */
async function aProxy(): Promise<{ url: string; targets: string[] }> {
  const targets: string[] = []
  const server = createServer()
  server.on('connect', (request, socket, head) => {
    targets.push(request.url ?? '')
    const [host, port] = (request.url ?? '').split(':')
    const upstream = connectTcp(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.write(head)
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => socket.destroy())
    socket.on('error', () => upstream.destroy())
  })
  return { url: `http://127.0.0.1:${await listening(server)}`, targets }
}

describe('toMediaHost', () => {
  it("sends Node's own fetch for WhatsApp's media hosts to another one, and leaves other hosts alone", async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    })
    const seen: string[] = []
    const port = await listening(
      createHttpsServer({ key, cert }, (request, response) => {
        seen.push(request.url ?? '')
        response.end('media')
      }),
    )
    const dispatcher = new Agent({ connect: { ca: cert } }).compose(toMediaHost(`localhost:${port}`))
    ends.push(() => dispatcher.close())
    for (const host of ['mmg.whatsapp.net', 'media-sin6-1.cdn.whatsapp.net']) {
      // Baileys uses the global fetch, whose undici is another one than ours: both have to understand each other.
      const response = await fetch(`https://${host}/v/file?x=1`, { dispatcher } as unknown as RequestInit)
      expect(await response.text()).toBe('media')
    }
    expect(seen).toEqual(['/v/file?x=1', '/v/file?x=1'])
    const other = fetch('https://notwhatsapp.net.invalid/', { dispatcher } as unknown as RequestInit)
    await expect(other).rejects.toThrow('fetch failed')
    expect(seen).toHaveLength(2)
  })
})

describe('makeNetwork', () => {
  it('is nothing special without settings', () => {
    expect(makeNetwork({})).toMatchObject({ agent: undefined, dispatcher: undefined })
  })

  it.each(['http://127.0.0.1:1', 'https://127.0.0.1:1', 'socks5://127.0.0.1:1'])(
    'has a way for every HTTP stack through %s',
    async (proxy) => {
      const network = makeNetwork({ proxy, mediaHost: 'localhost:1' })
      expect(network.agent).toBeDefined()
      expect(network.dispatcher).toBeDefined()
      await network.close()
    },
  )

  it('brings what Baileys fetches by itself in spite of a cut connection, and not for ever from a silent host', async () => {
    let asked = 0
    const server = createServer((request, response) => {
      asked += 1
      response.setHeader('accept-ranges', 'bytes')
      response.setHeader('content-length', 7)
      if (request.url === '/silent') response.write('his')
      else if (request.url === '/short') response.write('his', () => request.socket.destroy())
      else if (asked === 1) request.socket.destroy()
      else response.end('history')
    })
    const host = `http://127.0.0.1:${await listening(server)}`
    const network = makeNetwork({ longestPauseMs: 500 })
    ends.push(() => network.close())
    // As Baileys does, with the undici that Node brings.
    const init = { dispatcher: network.downloads } as unknown as RequestInit
    expect(await (await fetch(`${host}/cut`, init)).text()).toBe('history')
    expect(asked).toBe(2)
    // Nobody listens for errors of a body, so there must be none.
    await expect(fetch(`${host}/silent`, init)).rejects.toThrow('fetch failed')
    await expect(fetch(`${host}/short`, init)).rejects.toThrow('fetch failed')
  })

  it('takes the chat connection and the version page through the proxy', async () => {
    const proxy = await aProxy()
    const database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
    ends.push(() => database.close())
    const world = await EngineWorld.start(database, { config: { proxy: proxy.url } })
    ends.push(() => world.close())
    await world.pair()
    const chatHost = new URL(world.simulator.chatUrl).host
    expect(proxy.targets).toContain(chatHost)

    world.simulator.requireWebVersion([2, 3000, 1_999_999_999])
    const { listener } = await world.open()
    expect(await listener.heard('closed')).toMatchObject({ reason: 'restart-required' })
    expect(proxy.targets).toContain(new URL(world.simulator.webVersionUrl).host)
  })
})

describe('parseWebVersion', () => {
  it('reads the number in both forms it has', () => {
    expect(parseWebVersion('x"client_revision":1043857760,y')).toEqual([2, 3000, 1_043_857_760])
    expect(parseWebVersion('x\\"client_revision\\":123,y')).toEqual([2, 3000, 123])
    expect(parseWebVersion('nothing of the kind')).toBeNull()
  })
})

describe('fetchWebVersion', () => {
  it('rejects when the page is not there or names no version', async () => {
    const port = await listening(
      createServer((request, response) => {
        response.statusCode = request.url === '/gone' ? 404 : 200
        response.end('no version')
      }),
    )
    await expect(fetchWebVersion(`http://127.0.0.1:${port}/gone`)).rejects.toThrow('answered 404')
    await expect(fetchWebVersion(`http://127.0.0.1:${port}/`)).rejects.toThrow(
      'names no WhatsApp Web version',
    )
  })
})
