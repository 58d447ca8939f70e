import { errorOf, NoAnswerError } from './errors.ts'
import { type FollowOptions, followEvents } from './follow-events.ts'
import { type Operation, operationTable } from './generated/operations.ts'
import type { CallOptions, LoggedEvent, Operations } from './operation-types.ts'
import { buildRequest } from './request.ts'
import { defaultRetry, type RetryPolicy, withRetries } from './retry.ts'

/** Where the gateway is, and who calls. @sensitive */
export interface GatewaOptions {
  /** With the base path, if there is one: `https://wa.example` or `https://example/gateway`. */
  readonly url: string
  readonly apiKey?: string
  readonly basic?: { readonly user: string; readonly password: string }
  /** The device that calls are for when they name none. */
  readonly device?: string
  readonly retry?: Partial<RetryPolicy>
  /** In place of the global one: for tests, proxies, and frameworks that have their own. */
  readonly fetch?: typeof globalThis.fetch
}

/** The API as functions. Every operation of the gateway's OpenAPI document is one, under its `operationId`. */
export interface Gatewa extends Operations {
  /** The same gateway, for another device. */
  withDevice(device: string): Gatewa
  /** Events as they happen, each once and in order, over broken connections; from now on or behind `after`. */
  followEvents(options?: FollowOptions): AsyncGenerator<LoggedEvent, void, undefined>
  /** The file of a message, as it is (`downloadMessageMedia` gives it in JSON). */
  downloadFile(message: { message_id: string; phone: string }, options?: CallOptions): Promise<Blob>
}

/**
 * Makes a client. Nothing is sent before the first call. Calls reject with a `GatewaError` that has the gateway's `code`.
 * Reads are tried again when that may help; sends too, under an idempotency key, so that nothing is sent twice.
 */
export function createGatewa(options: GatewaOptions): Gatewa {
  const send = sender(options)
  const calls = Object.entries(operationTable).map(([id, operation]) => [
    id,
    (input: Readonly<Record<string, unknown>> = {}, callOptions: CallOptions = {}) =>
      callOperation(send, operation, input, withDefaults(options, callOptions)),
  ])
  const operations = Object.fromEntries(calls) as Operations // the table is made of the same document as the types
  return {
    ...operations,
    withDevice: (device) => createGatewa({ ...options, device }),
    followEvents: (follow = {}) => {
      const { signal } = follow
      const device = follow.device ?? options.device
      return followEvents(
        (path, headers) => send('GET', path, { headers, ...(signal === undefined ? {} : { signal }) }),
        { ...follow, ...(device === undefined ? {} : { device }) },
      )
    },
    downloadFile: async (message, callOptions = {}) => {
      const download: Operation = { ...operationTable.downloadMessageMedia, answer: 'file' }
      const file = await callOperation(
        send,
        download,
        { ...message, raw: '1' },
        withDefaults(options, callOptions),
      )
      return file as Blob // what `answer: 'file'` resolves to
    },
  }
}

interface Settings extends CallOptions {
  readonly retry: RetryPolicy
}

function withDefaults({ device, retry }: GatewaOptions, callOptions: CallOptions): Settings {
  return {
    ...(device === undefined ? {} : { device }),
    ...callOptions,
    retry: { ...defaultRetry, ...retry },
  }
}

type Send = (method: string, path: string, init: Omit<RequestInit, 'method'>) => Promise<Response>

function sender({ url, apiKey, basic, fetch = globalThis.fetch }: GatewaOptions): Send {
  const base = url.replace(/\/+$/, '')
  const credentials: Record<string, string> =
    apiKey !== undefined
      ? { authorization: `Bearer ${apiKey}` }
      : basic !== undefined
        ? { authorization: `Basic ${base64(`${basic.user}:${basic.password}`)}` }
        : {}
  return async (method, path, init) => {
    try {
      const headers = { ...credentials, ...(init.headers as Record<string, string> | undefined) } // ours, below
      // Called without a receiver: browsers' fetch refuses to be a method of something else.
      return await fetch(`${base}${path}`, { ...init, method, headers })
    } catch (cause) {
      if (init.signal?.aborted === true) throw cause
      throw new NoAnswerError('NO_ANSWER', `the gateway at ${base} did not answer`, { status: 0, cause })
    }
  }
}

async function callOperation(
  send: Send,
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { device, idempotencyKey, signal, retry }: Settings,
): Promise<unknown> {
  const request = buildRequest(operation, input)
  const key = operation.takesKey ? (idempotencyKey ?? newKey()) : undefined
  const headers = {
    ...request.headers,
    accept: operation.answer === 'results' || operation.answer === 'json' ? 'application/json' : '*/*',
    ...(operation.isForDevice && device !== undefined ? { 'x-device-id': encodeURIComponent(device) } : {}),
    ...(key === undefined ? {} : { 'idempotency-key': key }),
  }
  const attempt = async () => {
    const init = { headers, body: request.body, ...(signal === undefined ? {} : { signal }) }
    const response = await send(operation.method, request.path, init)
    if (!response.ok) throw await errorOf(response)
    return readAnswer(response, operation)
  }
  return withRetries(
    attempt,
    operation.isSafe || operation.takesKey ? 'always' : 'before-work',
    retry,
    signal,
  )
}

async function readAnswer(response: Response, { answer }: Operation): Promise<unknown> {
  try {
    switch (answer) {
      case 'results':
        return ((await response.json()) as { readonly results?: unknown }).results // every envelope is an object
      case 'json':
        return await response.json()
      case 'text':
        return await response.text()
      case 'file':
        return await response.blob()
    }
  } catch (cause) {
    throw new NoAnswerError('NO_ANSWER', 'the connection broke within the answer', {
      status: response.status,
      cause,
    })
  }
}

/** `randomUUID` is missing on pages that did not come over TLS. */
function newKey(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16))
  return `sdk-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)))
}
