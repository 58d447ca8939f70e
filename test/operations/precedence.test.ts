import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract, type Operation as Declared, type Schema } from '../contract/contract.ts'
import { type Gateway, TestWorld } from '../harness.ts'

/** One operation of the contract, with a request made of the contract's own examples. */
interface Example {
  readonly operationId: string
  readonly method: string
  readonly url: string
  readonly isScoped: boolean
  readonly body: object | FormData | null
}

/** Answered without a login, from what is kept here; or about the login itself. */
const needNoLogin = new Set(['appLogin', 'appLoginWithCode', 'appStatus', 'listChats', 'getChatMessages'])

/** A picture of four red dots: what is no picture is refused before the login, as the photo of a group. */
const dots = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAEElEQVQI12P4z8AARAwQCgAf7gP9QDZ6TgAAAABJRU5ErkJggg==',
  'base64',
)

function examples(): Example[] {
  return Object.entries(contract.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation.operationId === undefined ? [] : [exampleOf(path, method, operation, operation.operationId)],
    ),
  )
}

function exampleOf(path: string, method: string, operation: Declared, operationId: string): Example {
  const parameters = (operation.parameters ?? []).map((parameter) => {
    const name = parameter.$ref?.split('/').at(-1)
    return (name === undefined ? parameter : contract.components.parameters[name]) as {
      readonly name: string
      readonly in: string
      readonly schema?: Schema
      readonly example?: unknown
    } // the contract's parameters have these members
  })
  const textOf = (parameter: (typeof parameters)[number]) =>
    shown(parameter.example ?? parameter.schema?.['example'] ?? '120363024512399999@g.us')
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const parameter = parameters.find((candidate) => candidate.name === name)
    return name === 'device_id' || parameter === undefined ? 'blank' : encodeURIComponent(textOf(parameter))
  })
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && ['phone', 'group_id', 'link'].includes(parameter.name))
    .map((parameter) => `${parameter.name}=${encodeURIComponent(textOf(parameter))}`)
  return {
    operationId,
    method: method.toUpperCase(),
    url: query.length === 0 ? filled : `${filled}?${query.join('&')}`,
    isScoped: parameters.some((parameter) => parameter.name === 'X-Device-Id'),
    body: bodyOf(operation),
  }
}

/** A plain value as forms and queries write it. */
function shown(example: unknown): string {
  return typeof example === 'string' ? example : JSON.stringify(example)
}

function bodyOf(operation: Declared): object | FormData | null {
  const [[type, content] = []] = Object.entries(operation.requestBody?.content ?? {})
  if (type === undefined || content === undefined) return null
  const name = content.schema.$ref?.split('/').at(-1)
  const schema = name === undefined ? content.schema : (contract.components.schemas[name] ?? {})
  const members = Object.entries(schema.properties ?? {})
  if (type === 'application/json') {
    return Object.fromEntries(members.map(([member, { example }]) => [member, example]))
  }
  const form = new FormData()
  for (const [member, { example }] of members) {
    if (example === undefined) form.set(member, new File([dots], 'dots.png', { type: 'image/png' }))
    else if (!member.endsWith('_url')) form.set(member, shown(example))
  }
  return form
}

describe('what is checked first, on every operation', () => {
  let world: TestWorld
  let gateway: Gateway
  const credentials = { authorization: `Basic ${Buffer.from('u:p').toString('base64')}` }

  beforeAll(async () => {
    world = await TestWorld.open('sqlite', { settings: { APP_BASIC_AUTH: 'u:p', WHATSAPP_WEBHOOK: '' } })
    gateway = await world.startGateway()
    gateway.headers = credentials
    await gateway.addSlot('blank')
    const dee = world.simulator.addPerson({ name: 'Dee' })
    await gateway.link(dee, 'down')
    world.simulator.faults.failNextLogin(dee, 503, Number.POSITIVE_INFINITY)
    world.simulator.faults.streamEnd(dee)
    await gateway.inState('down', 'disconnected')
  }, 60_000)

  afterAll(async () => {
    await world.close()
  })

  async function call({ method, url, body }: Example, headers: Record<string, string>, raw?: string) {
    const isForm = body instanceof FormData
    const answer = await fetch(`${gateway.url}${url}`, {
      method,
      headers: { ...(body === null || isForm ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === null ? {} : { body: raw ?? (isForm ? body : JSON.stringify(body)) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type') === 'application/json'
    const { code, message } = isJson
      ? (JSON.parse(text) as { code: string; message: string }) // our envelope
      : { code: '', message: text }
    return { status: answer.status, code, message }
  }

  const all = examples()
  const scoped = all.filter((example) => example.isScoped)
  const named = (list: readonly Example[]) => list.map((example) => [example.operationId, example] as const)

  it.each(named(all))('%s asks for credentials before anything else', async (_id, example) => {
    const headers = { 'x-device-id': 'nobody' }
    expect(await call(example, headers)).toEqual({ status: 401, code: '', message: 'Unauthorized' })
  })

  it.each(named(scoped))('%s then looks for the device', async (_id, example) => {
    expect(await call(example, { ...credentials, 'x-device-id': 'nobody' }, '{')).toMatchObject({
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    })
    expect(await call(example, credentials, '{')).toMatchObject({ status: 400, code: 'DEVICE_ID_REQUIRED' })
  })

  const withJson = all.filter(({ body }) => body !== null && !(body instanceof FormData))
  it.each(named(withJson))('%s then reads the body', async (_id, example) => {
    const headers = { ...credentials, 'x-device-id': 'blank' }
    const wrong = { status: 400, code: 'BAD_REQUEST', message: 'Invalid request body' }
    expect(await call(example, headers, '{')).toEqual(wrong)
    expect(await call(example, { ...headers, 'content-type': 'application/octet-stream' }, '\u0001')).toEqual(
      wrong,
    )
  })

  const withFields = withJson.filter(({ operationId }) => operationId !== 'addDevice')
  it.each(named(withFields))('%s then checks the fields, before the login', async (_id, example) => {
    const answer = await call(example, { ...credentials, 'x-device-id': 'blank' }, '{}')
    // What is not there is false, which is a value: locking and pinning have nothing that could be missing.
    const mayBeAbsent = ['pinChat', 'archiveChat', 'setDisappearingTimer'].includes(example.operationId)
    expect(answer, example.operationId).toMatchObject(
      mayBeAbsent && answer.status === 401 ? {} : { status: 400, code: 'VALIDATION_ERROR' },
    )
  })

  const needLogin = scoped.filter(({ operationId }) => !needNoLogin.has(operationId))
  it.each(named(needLogin))('%s then wants a login', async (_id, example) => {
    expect(await call(example, { ...credentials, 'x-device-id': 'blank' })).toEqual({
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    })
  })

  // What was fetched before is downloaded without a connection.
  const needConnection = needLogin.filter(
    ({ operationId }) => !['appLogout', 'appReconnect', 'downloadMessageMedia'].includes(operationId),
  )
  it.each(named(needConnection))('%s then wants a connection', async (_id, example) => {
    expect(await call(example, { ...credentials, 'x-device-id': 'down' })).toEqual({
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not connect to services server, please reconnect',
    })
  })
})
