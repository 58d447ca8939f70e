import type { ApiOperation } from './api-operation.ts'
import { type ApiRequest, toApiRequest } from './api-operation.ts'
import type { ApiCall, ToolArguments, ToolDefinition } from './tool-definitions.ts'
import { type FindOperation, takesIdempotencyKey } from './tool-schema.ts'

/** What the gateway answered to a request that was made within it. */
export interface ApiAnswer {
  readonly status: number
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Buffer
}

/** Makes a request as the caller of the tool; `more` are further headers. */
export type AskApi = (request: ApiRequest, more?: Readonly<Record<string, string>>) => Promise<ApiAnswer>

export type ToolContent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image' | 'audio'; readonly data: string; readonly mimeType: string }
  | {
      readonly type: 'resource'
      readonly resource: { readonly uri: string; readonly mimeType: string; readonly blob: string }
    }

/** What a tool gives back. A failure is a result too, so that the model reads why. */
export interface ToolResult {
  readonly content: ToolContent[]
  readonly structuredContent?: Record<string, unknown>
  readonly isError?: true
}

interface Envelope {
  readonly code: string
  readonly message: string
  readonly results?: unknown
}

/** A file up to this size is put into the answer. */
const maxFileBytes = 5 * 1_048_576
const noDevice = 'device identification required: set the X-Device-Id header or pass device_id'

/** Runs a tool: every call is the request of the API that does it, so that it is checked, allowed and recorded like that. */
export async function callTool(
  tool: ToolDefinition,
  args: ToolArguments,
  find: FindOperation,
  ask: AskApi,
): Promise<ToolResult> {
  const {
    [tool.discriminator]: value,
    device_id: device,
    dry_run: isDry,
    idempotency_key: key,
    ...own
  } = args
  const toolCase =
    typeof value === 'string' && Object.hasOwn(tool.cases, value) ? tool.cases[value] : undefined
  if (toolCase === undefined) {
    return failure(`${tool.discriminator}: must be one of ${Object.keys(tool.cases).join(', ')}.`)
  }
  const all = { ...toolCase.defaults, ...own }
  const calls = toolCase.calls?.(all) ?? toolCase.operations.map((operation) => ({ operation, args: all }))
  if (calls.length === 0)
    return failure(`give at least one of ${Object.keys(toolCase.defaults ?? {}).join(', ')}.`)
  if (key !== undefined && !takesIdempotencyKey(tool, find))
    return failure(`idempotency_key: ${tool.name} takes none.`)
  if (key !== undefined && typeof key !== 'string') return failure('idempotency_key: must be a text.')
  const headers = {
    ...(typeof device === 'string' && device !== '' ? { 'x-device-id': encodeURIComponent(device) } : {}),
    ...(isDry === true ? { 'x-dry-run': 'true' } : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }
  const answers: Envelope[] = []
  for (const call of calls) {
    const request = toRequest(call, find)
    if ('missing' in request) return failure(`${request.missing}: cannot be blank.`)
    if (toolCase.shows === 'file') return showFile(request, headers, ask)
    const answer = await ask(request, headers)
    const envelope = envelopeOf(answer)
    if (answer.status >= 400) return refusal(envelope)
    answers.push(envelope)
  }
  const pictures = toolCase.shows === 'qr-code' ? await qrCode(answers, ask) : []
  return success(answers, pictures)
}

function toRequest({ operation, args }: ApiCall, find: FindOperation) {
  const found: ApiOperation = find(operation)
  return toApiRequest(found, args)
}

function success(answers: readonly Envelope[], more: readonly ToolContent[]): ToolResult {
  const text = answers.map(({ message, results }) =>
    results === undefined || results === null ? message : `${message}\n${JSON.stringify(results)}`,
  )
  const results = answers.at(-1)?.results
  return {
    content: [{ type: 'text', text: text.join('\n') }, ...more],
    ...(answers.length === 1 && typeof results === 'object' && results !== null && !Array.isArray(results)
      ? { structuredContent: results as Record<string, unknown> } // an object, as was asked just above
      : {}),
  }
}

function failure(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true }
}

function refusal({ code, message, results }: Envelope): ToolResult {
  if (code === 'DEVICE_ID_REQUIRED') return failure(noDevice)
  const facts = results === undefined ? '' : `\n${JSON.stringify(results)}`
  return failure(`${code}: ${message}${facts}`)
}

/** The first part of the file tells its size and type; when it is all of the file that is the answer. */
async function showFile(
  request: ApiRequest,
  headers: Readonly<Record<string, string>>,
  ask: AskApi,
): Promise<ToolResult> {
  const path = `${request.path}${request.path.includes('?') ? '&' : '?'}raw=1`
  const answer = await ask({ ...request, path }, { ...headers, range: `bytes=0-${maxFileBytes - 1}` })
  if (answer.status >= 400) return refusal(envelopeOf(answer))
  const size = Number(/\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1] ?? answer.bytes.length)
  const name = /filename\*=UTF-8''(\S+)/.exec(answer.headers['content-disposition'] ?? '')?.[1] ?? ''
  const facts = { mime_type: answer.type, file_size: size, file_name: decodeURIComponent(name) }
  const text = JSON.stringify(facts)
  if (size > answer.bytes.length) {
    const note = `too large to be shown here; GET ${request.path.split('?', 1).join('')} gives it`
    return { content: [{ type: 'text', text: `${text}\n${note}` }], structuredContent: facts }
  }
  return { content: [{ type: 'text', text }, contentOf(answer, request.path)], structuredContent: facts }
}

function contentOf({ type, bytes }: ApiAnswer, path: string): ToolContent {
  const data = bytes.toString('base64')
  const mimeType = type.split(';', 1).join('').trim()
  if (/^image\/(jpeg|png|gif|webp)$/.test(mimeType)) return { type: 'image', data, mimeType }
  if (mimeType.startsWith('audio/')) return { type: 'audio', data, mimeType }
  return { type: 'resource', resource: { uri: `gatewa:${path}`, mimeType, blob: data } }
}

async function qrCode(answers: readonly Envelope[], ask: AskApi): Promise<ToolContent[]> {
  const { qr_link: link } = (answers[0]?.results ?? {}) as { qr_link?: unknown } // of our own login
  if (typeof link !== 'string' || !URL.canParse(link)) return []
  const picture = await ask({ method: 'GET', path: new URL(link).pathname, payload: undefined })
  return picture.status === 200 ? [contentOf(picture, '/app/login')] : []
}

/** Refused credentials are answered in plain text. */
function envelopeOf({ bytes, type, status }: ApiAnswer): Envelope {
  const text = bytes.toString('utf8')
  if (!type.startsWith('application/json')) return { code: `HTTP_${status}`, message: text }
  return JSON.parse(text) as Envelope // every JSON answer of the gateway is one
}
