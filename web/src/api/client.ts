// Owns: calls to the REST API. Knows the envelope and nothing of any page.
import { signal } from '@preact/signals'
import { type Connection, connection, isRemote } from './connection.ts'

/** A refusal, in the API's own words. `status` is 0 when no answer came. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly results: unknown

  constructor(status: number, code: string, message: string, results?: unknown) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.results = results
  }
}

/** Whether the gateway has asked for credentials and not got good ones. */
export const isSignInNeeded = signal(false)

/** What a call carries. */
export interface CallOptions {
  /** The device the call is for. */
  readonly device?: string | undefined
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly json?: unknown
  readonly form?: FormData
  readonly signal?: AbortSignal
  /** Told how much of an upload has gone, 0 to 1. */
  readonly onProgress?: (share: number) => void
}

/** Calls an operation and resolves to its `results`. Rejects with `ApiError`, or `AbortError` when `signal` says so. */
export async function call<Results>(
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<Results> {
  const { results } = await callInWords(method, path, options)
  return results as Results // the caller names the shape that the API's document gives
}

/** As `call`, with the API's sentence about what it did. */
export async function callInWords(
  method: string,
  path: string,
  options: CallOptions = {},
): Promise<{ readonly message: string; readonly results: unknown }> {
  const answer = await send(method, path, options)
  // Who is not let in gets no envelope; `401` inside one is about the device.
  if (answer.status === 401 && !isEnvelope(answer.body)) {
    isSignInNeeded.value = true
    throw new ApiError(401, 'UNAUTHORIZED', 'The gateway asks who you are.')
  }
  if (!isEnvelope(answer.body)) {
    const what = answer.body === undefined ? 'something that is not JSON' : 'something unexpected'
    throw new ApiError(answer.status, 'UNEXPECTED_ANSWER', `The gateway answered with ${what}.`)
  }
  if (answer.status >= 400)
    throw new ApiError(answer.status, answer.body.code, answer.body.message, answer.body.results)
  return { message: answer.body.message, results: answer.body.results }
}

/** Fetches a file of the gateway, with credentials. Rejects with `ApiError`. */
export async function fetchFile(path: string, options: CallOptions = {}): Promise<Blob> {
  const response = await fetched(urlOf(path, options), {
    headers: headersOf(options),
    ...(options.signal && { signal: options.signal }),
  })
  if (!response.ok) {
    const body = parsed(await response.text())
    const { code, message } = isEnvelope(body)
      ? body
      : { code: 'NO_FILE', message: 'The file cannot be had.' }
    throw new ApiError(response.status, code, message)
  }
  return response.blob()
}

/** The address of an operation or file at the gateway in use. */
export function urlOf(path: string, options: Pick<CallOptions, 'query'> = {}): string {
  const url = new URL(path.replace(/^\//, ''), connection.value.base)
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value))
  return url.href
}

/** The headers that let a request in. */
export function headersOf(
  { device }: Pick<CallOptions, 'device'> = {},
  { credential }: Pick<Connection, 'credential'> = connection.value,
): Record<string, string> {
  return {
    ...(credential === null ? {} : { authorization: credential }),
    // Header values are bytes; the gateway decodes what is percent-encoded.
    ...(device === undefined ? {} : { 'x-device-id': encodeURIComponent(device) }),
  }
}

interface RawAnswer {
  readonly status: number
  readonly body: unknown
}

async function send(method: string, path: string, options: CallOptions): Promise<RawAnswer> {
  const url = urlOf(path, options)
  const headers = headersOf(options)
  if (options.json !== undefined) headers['content-type'] = 'application/json'
  const body = options.json === undefined ? options.form : JSON.stringify(options.json)
  if (options.onProgress !== undefined) return upload(method, url, headers, body, options)
  const response = await fetched(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(options.signal && { signal: options.signal }),
  })
  return { status: response.status, body: parsed(await response.text()) }
}

async function fetched(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { cache: 'no-store', credentials: 'omit', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw unreachable()
  }
}

/** `fetch` tells nothing of what it has sent; only the older request does. */
function upload(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | FormData | undefined,
  { onProgress, signal: abort }: CallOptions,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(method, url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total === 0 ? 0 : loaded / total)
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) })
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    abort?.addEventListener('abort', () => request.abort(), { once: true })
    request.send(body)
  })
}

function unreachable(): ApiError {
  const { host } = new URL(connection.value.base)
  // Browsers do not tell a page which of the two it is.
  const question = isRemote.value
    ? `Is it running, and does its APP_CORS_ALLOWED_ORIGINS name ${location.origin}?`
    : 'Is it running?'
  return new ApiError(0, 'UNREACHABLE', `The gateway at ${host} does not answer. ${question}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // Not JSON: a proxy's page, most likely. The caller says so in words.
    return undefined
  }
}

interface WireEnvelope {
  readonly code: string
  readonly message: string
  readonly results?: unknown
}

function isEnvelope(body: unknown): body is WireEnvelope {
  return (
    typeof body === 'object' &&
    body !== null &&
    'code' in body &&
    typeof body.code === 'string' &&
    'message' in body &&
    typeof body.message === 'string'
  )
}
