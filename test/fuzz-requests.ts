import fc from 'fast-check'
import type { InjectOptions } from 'fastify'

/** What the generators read of an OpenAPI schema. */
interface Schema {
  readonly type?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
}

/** What the generators read of an OpenAPI document. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** A request for `inject`. */
export type Call = InjectOptions & { readonly method: string; readonly url: string }

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const

const uglyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '../../etc/passwd',
    '%00',
    '%',
    '__proto__',
    'constructor',
    "' OR 1=1 --",
  ),
  fc.constantFrom('-1', '0', '1e309', '99999999999999999999', 'NaN', 'true', 'null', '[]', '{}'),
  fc.constantFrom(
    '🙂'.repeat(50),
    '\ud83d',
    '\u202e',
    'a'.repeat(600),
    '1'.repeat(70),
    '@everyone',
    '@s.whatsapp.net',
  ),
)

function unlinks(method: string, path: string): boolean {
  return path.endsWith('/logout') || (method === 'DELETE' && path === '/devices/{device_id}')
}

/** Requests for the operations of a document: right, nearly right and absurd. `known` are values that exist, by field. */
export function arbitraryCall(
  document: ApiDocument,
  known: Readonly<Record<string, readonly string[]>>,
): fc.Arbitrary<Call> {
  const operations = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({
      path,
      method: method.toUpperCase(),
      operation,
    })),
  )
  // A device that was logged out is linked anew, which takes as long as a hundred other requests.
  const often = operations.filter(({ path, method }) => !unlinks(method, path))
  const textOf = (name: string) => {
    const good = known[name]
    return good === undefined
      ? uglyText
      : fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...good) }, uglyText)
  }
  return fc.constantFrom(...operations, ...often, ...often, ...often).chain(({ path, method, operation }) => {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query')
    const query = [...declared, { name: 'device_id' }]
    return fc
      .record({
        method: fc.oneof({ weight: 9, arbitrary: fc.constant(method) }, fc.constantFrom(...methods)),
        params: fc.tuple(...names.map(textOf)),
        query: fc.tuple(...query.map(({ name }) => fc.option(fc.tuple(fc.constant(name), textOf(name))))),
        deviceId: fc.option(textOf('device_id')),
        idempotencyKey: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, textOf('idempotency_key')),
        body: arbitraryBody(operation, textOf),
      })
      .map(({ method: chosen, params, query: pairs, deviceId, idempotencyKey, body }) => {
        const filled = names.reduce(
          (url, name, at) => url.replace(`{${name}}`, encoded(params[at] ?? '')),
          path,
        )
        const search = pairs
          .flatMap((pair) => (pair === null ? [] : [`${pair[0]}=${encoded(pair[1])}`]))
          .join('&')
        return {
          method: chosen as 'GET', // inject types the methods it knows
          url: search === '' ? filled : `${filled}?${search}`,
          headers: {
            host: 'localhost',
            ...(deviceId === null ? {} : { 'x-device-id': headerText(deviceId) }),
            ...(idempotencyKey === null ? {} : { 'idempotency-key': headerText(idempotencyKey) }),
            ...(body === null ? {} : { 'content-type': body.type }),
          },
          ...(body === null ? {} : { payload: body.payload }),
        }
      })
  })
}

type TextOf = (name: string) => fc.Arbitrary<string>

function arbitraryBody(
  operation: Operation,
  textOf: TextOf,
): fc.Arbitrary<{ type: string; payload: string } | null> {
  const schema = operation.requestBody?.content['application/json']?.schema ?? {}
  const asJson = valueOf(schema, 'body', textOf).map((value) => JSON.stringify(value) ?? '')
  const fields = Object.keys(schema.properties ?? {})
  const asForm = fc
    .tuple(...fields.map((name) => fc.option(fc.tuple(fc.constant(name), textOf(name)))))
    .map((pairs) =>
      pairs.flatMap((pair) => (pair === null ? [] : [`${pair[0]}=${encoded(pair[1])}`])).join('&'),
    )
  const typed = (type: string, payload: fc.Arbitrary<string>) =>
    payload.map((text) => ({ type, payload: text }))
  const types = [
    'application/json',
    'multipart/form-data; boundary=x',
    'text/xml',
    'application/octet-stream',
    ';',
    '',
  ]
  return fc.oneof(
    { weight: 6, arbitrary: typed('application/json', asJson) },
    { weight: 2, arbitrary: typed('application/x-www-form-urlencoded', asForm) },
    { weight: 2, arbitrary: fc.constantFrom(...types).chain((type) => typed(type, uglyText)) },
    { weight: 1, arbitrary: fc.constant(null) },
  )
}

/** Mostly what the schema asks for, sometimes anything at all. */
function valueOf(schema: Schema, name: string, textOf: TextOf): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(fc.jsonValue(), uglyText, fc.double(), fc.constant(null))
  return fc.oneof(
    { weight: 5, arbitrary: rightValueOf(schema, name, textOf) },
    { weight: 1, arbitrary: wrong },
  )
}

function rightValueOf(schema: Schema, name: string, textOf: TextOf): fc.Arbitrary<unknown> {
  const [first] = schema.anyOf ?? []
  if (first !== undefined) return rightValueOf(first, name, textOf)
  switch (schema.type) {
    case 'string':
      return textOf(name)
    case 'integer':
    case 'number':
      return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0, 86_400, 7_776_000) }, fc.integer())
    case 'boolean':
      return fc.boolean()
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, name, textOf), { maxLength: 4 })
    case 'object': {
      const members = Object.entries(schema.properties ?? {}).map(([key, inner]) => [
        key,
        valueOf(inner, key, textOf),
      ])
      const model = Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>> // pairs made just here
      const requiredKeys = Object.keys(model).filter((key) => schema.required?.includes(key))
      return fc.oneof(
        { weight: 4, arbitrary: fc.record(model, { requiredKeys }) },
        fc.record(model, { requiredKeys: [] }),
      )
    }
    default:
      return fc.jsonValue()
  }
}

/** HTTP as bytes: requests with something broken in them, and noise. */
export function arbitraryBytes(): fc.Arbitrary<Uint8Array> {
  const line = fc.constantFrom(
    'GET /devices HTTP/1.1',
    'POST /send/message HTTP/1.1',
    'GET /ws HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET //evil HTTP/1.1',
    'GET /%zz HTTP/1.1',
    'GET http://evil.example/ HTTP/1.1',
    'CONNECT evil.example:443 HTTP/1.1',
    'PRI * HTTP/2.0',
    'get /devices http/1.1',
  )
  const header = fc.constantFrom(
    'Host: localhost',
    'Host:',
    'Host: [::1',
    'Content-Length: 5',
    'Content-Length: -1',
    'Transfer-Encoding: chunked',
    'Transfer-Encoding: xchunked',
    'Content-Type: application/json',
    'Content-Type: multipart/form-data; boundary=x',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    'Expect: 100-continue',
    'Authorization: Basic !!!',
    'Origin: null',
    'X: \u0001',
    ': nameless',
  )
  const request = fc
    .tuple(line, fc.array(header, { maxLength: 7 }), fc.string({ unit: 'binary', maxLength: 60 }))
    .map(([first, headers, body]) => Buffer.from(`${[first, ...headers].join('\r\n')}\r\n\r\n${body}`))
  return fc.oneof({ weight: 5, arbitrary: request }, fc.uint8Array({ maxLength: 200 }))
}

/** Percent-encodes, except now and then: a text without `/` may also come as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

/** What Node accepts as the value of a header. */
function headerText(text: string): string {
  return Buffer.from(text.toWellFormed(), 'utf8')
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
}
