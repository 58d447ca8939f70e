import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { asDeviceId } from '../../src/core/ids.ts'
import { silentLogger } from '../../src/core/logger.ts'
import { type OpenDatabase, openDatabase } from '../../src/db/open-database.ts'
import { type Answer, TestGateway } from '../../src/http/test-gateway.ts'
import { aTextMessage } from '../../src/whatsapp/fake-session.ts'
import { bodyMembers, checkOf, contract, type Document, parameterNames } from './contract.ts'

/** What this release serves of the contract. */
const served = [
  ['/app/login', 'get'],
  ['/app/login-with-code', 'get'],
  ['/app/logout', 'get'],
  ['/app/reconnect', 'get'],
  ['/app/devices', 'get'],
  ['/app/status', 'get'],
  ['/devices', 'get'],
  ['/devices', 'post'],
  ['/devices/{device_id}', 'get'],
  ['/devices/{device_id}', 'delete'],
  ['/devices/{device_id}/login', 'get'],
  ['/devices/{device_id}/login/code', 'post'],
  ['/devices/{device_id}/logout', 'post'],
  ['/devices/{device_id}/reconnect', 'post'],
  ['/devices/{device_id}/status', 'get'],
  ['/send/message', 'post'],
  ['/chats', 'get'],
  ['/chat/{chat_jid}/messages', 'get'],
] as const

const chat = '6281299999999@s.whatsapp.net'

describe('the published contract', () => {
  let folder: string
  let database: OpenDatabase
  let gateway: TestGateway

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatewa-contract-'))
    database = await openDatabase({ uri: ':memory:', dataDir: folder, version: 'test' }, silentLogger)
    gateway = new TestGateway(database, { qrCodeDir: folder })
  })

  afterEach(async () => {
    await (await gateway.app()).close()
    await gateway.devices.sessions.stop()
    await database.close()
    await rm(folder, { recursive: true })
  })

  async function linked(): Promise<void> {
    const session = await gateway.devices.addLinked('main')
    await session.receive({ type: 'message.received', message: aTextMessage(), isOffline: false })
  }

  async function removed(id: string): Promise<Answer> {
    const response = await (await gateway.app()).inject({ method: 'DELETE', url: `/devices/${id}` })
    return { status: response.statusCode, body: response.json() }
  }

  async function document(): Promise<Document> {
    return (await gateway.get('/openapi.json')).body as unknown as Document // the document's own shape
  }

  const notYetLinked = ['results.phone_number', 'results.display_name', 'results.jid']
  const operations: Record<string, () => Promise<Answer>> = {
    'get /app/login': async () => {
      await gateway.devices.add('main')
      return gateway.get('/app/login')
    },
    'get /app/login-with-code': async () => {
      await gateway.devices.add('main')
      return gateway.get('/app/login-with-code?phone=628111111111')
    },
    'get /app/logout': async () => linked().then(() => gateway.get('/app/logout')),
    'get /app/reconnect': async () => linked().then(() => gateway.get('/app/reconnect')),
    'get /app/devices': async () => linked().then(() => gateway.get('/app/devices')),
    'get /app/status': async () => linked().then(() => gateway.get('/app/status')),
    'get /devices': async () => linked().then(() => gateway.get('/devices')),
    'post /devices': () => gateway.post('/devices', { device_id: 'shop' }),
    'get /devices/{device_id}': async () => linked().then(() => gateway.get('/devices/main')),
    'delete /devices/{device_id}': async () => linked().then(() => removed('main')),
    'get /devices/{device_id}/login': async () => {
      await gateway.devices.add('main')
      return gateway.get('/devices/main/login')
    },
    'post /devices/{device_id}/login/code': async () => {
      await gateway.devices.add('main')
      return gateway.post('/devices/main/login/code?phone=628111111111')
    },
    'post /devices/{device_id}/logout': async () => linked().then(() => gateway.post('/devices/main/logout')),
    'post /devices/{device_id}/reconnect': async () =>
      linked().then(() => gateway.post('/devices/main/reconnect')),
    'get /devices/{device_id}/status': async () => linked().then(() => gateway.get('/devices/main/status')),
    'post /send/message': async () =>
      linked().then(() => gateway.post('/send/message', { phone: chat, message: 'hi' })),
    'get /chats': async () => linked().then(() => gateway.get('/chats')),
    'get /chat/{chat_jid}/messages': async () => linked().then(() => gateway.get(`/chat/${chat}/messages`)),
  }
  const mayLack: Record<string, readonly string[]> = {
    'post /devices': notYetLinked,
    'delete /devices/{device_id}': ['results'],
    'post /devices/{device_id}/logout': ['results'],
    'post /devices/{device_id}/reconnect': ['results'],
  }

  it.each(served)('%s %s answers as declared', async (path, method) => {
    const name = `${method} ${path}`
    const answer = await operations[name]?.()
    expect(answer?.status, JSON.stringify(answer?.body)).toBe(200)
    const check = checkOf(path, method, 200, mayLack[name])
    expect({ isValid: check(answer?.body), errors: check.errors }).toEqual({ isValid: true, errors: null })
    expect(answer?.body['code']).toBe('SUCCESS')
  })

  it.each(served)('%s %s is declared with the contract’s id and inputs', async (path, method) => {
    const theirs = contract.paths[path]?.[method]
    const ours = (await document()).paths[path]?.[method]
    if (theirs === undefined || ours === undefined) throw new Error(`${method} ${path} is not declared`)
    expect(ours.operationId).toBe(theirs.operationId)
    expect(parameterNames(ours, 'path')).toEqual(parameterNames(theirs, 'path'))
    expect(parameterNames(ours, 'query')).toEqual(expect.arrayContaining(parameterNames(theirs, 'query')))
    expect(bodyMembers(ours)).toEqual(expect.arrayContaining(bodyMembers(theirs)))
    const hasDeviceHeader = parameterNames(theirs, 'header').includes('X-Device-Id')
    // Listing all devices needs none to be named, and the contract has its own list for that.
    if (path !== '/app/devices')
      expect(parameterNames(ours, 'header').includes('X-Device-Id')).toBe(hasDeviceHeader)
  })

  it.each([
    ['/devices/{device_id}', 'get', 404, () => gateway.get('/devices/nobody')],
    ['/devices/{device_id}', 'delete', 404, () => removed('nobody')],
    ['/devices/{device_id}/status', 'get', 404, () => gateway.get('/devices/nobody/status')],
    ['/send/message', 'post', 400, () => gateway.post('/send/message', {}, { 'x-device-id': 'main' })],
    ['/chats', 'get', 400, () => gateway.get('/chats?limit=0')],
    ['/chat/{chat_jid}/messages', 'get', 404, () => gateway.get('/chat/62800/messages')],
  ] as const)('%s %s answers %i as declared', async (path, method, status, call) => {
    await linked()
    const answer = await call()
    expect(answer.status).toBe(status)
    const check = checkOf(path, method, status, ['results'])
    expect({ isValid: check(answer.body), errors: check.errors }).toEqual({ isValid: true, errors: null })
  })

  it('is followed by a document in which every route appears once, each with an id of its own', async () => {
    const { paths } = await document()
    const ids = Object.values(paths).flatMap((methods) =>
      Object.entries(methods).flatMap(([name, { operationId }]) => (name === 'servers' ? [] : [operationId])),
    )
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(ids.length)
    const routes = (await gateway.app())
      .printRoutes({ commonPrefix: false, includeMeta: false })
      .matchAll(/\(([A-Z, ]+)\)/g)
    const served = [...routes]
      .flatMap((match) => (match[1] ?? '').split(', '))
      .filter((name) => name !== 'HEAD')
    // Not in the document: itself in two versions and that of events, the page over it with its two kinds of files, the
    // dashboard with its files, and the metrics.
    expect(served.length - 8).toBe(ids.length)
  })

  it('is served for a device that is named by the account’s JID', async () => {
    await linked()
    const { jid } = (await gateway.devices.reader.find(asDeviceId('main'))) ?? {}
    expect((await gateway.get('/app/status', { 'x-device-id': jid ?? '' })).status).toBe(200)
  })
})
