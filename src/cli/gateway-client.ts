import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { ClientConfig } from '../config/config.ts'
import { CommandError } from './terminal.ts'

const envelope = z.object({ code: z.string(), message: z.string(), results: z.unknown().optional() })

const device = z.object({
  id: z.string(),
  display_name: z.string().optional(),
  jid: z.string().optional(),
  state: z.string(),
  created_at: z.string().optional(),
})
const deviceList = z.array(device).nullish()
const deviceStatus = z.object({ is_connected: z.boolean(), is_logged_in: z.boolean() })
const qrLogin = z.object({ qr_link: z.string(), qr_duration: z.number() })
const codeLogin = z.object({ pair_code: z.string() })

/** A device as the gateway lists it. */
export type ListedDevice = z.output<typeof device>

/** The gateway answered with an error; `code` is the wire's. */
export class GatewayRefusal extends CommandError {
  readonly code: string

  constructor(code: string, message: string, help: string) {
    super(`the gateway says: ${message} (${code})${help}`)
    this.code = code
  }
}

/** How long a request of a command may take. */
const requestTimeoutMs = 60_000

/** Talks to a running gateway as every client does. Every call rejects with a CommandError that says what to do. */
export class GatewayClient {
  readonly #base: string
  readonly #headers: Record<string, string>

  constructor({ gatewayUrl, credential }: Pick<ClientConfig, 'gatewayUrl' | 'credential'>) {
    this.#base = gatewayUrl
    const pair = credential === null ? null : Buffer.from(`${credential.user}:${credential.password}`)
    this.#headers = pair === null ? {} : { authorization: `Basic ${pair.toString('base64')}` }
  }

  /** Whether anything listens at the gateway's address. */
  async isRunning(): Promise<boolean> {
    try {
      await this.#fetch('GET', '/app/info')
      return true
    } catch (error) {
      if (isRefusedConnection(error)) return false
      throw this.#unreachable(error)
    }
  }

  async devices(): Promise<readonly ListedDevice[]> {
    return (await this.call('GET', '/devices', deviceList)) ?? []
  }

  async addDevice(id: string): Promise<ListedDevice> {
    return this.call('POST', '/devices', device, { device_id: id })
  }

  async status(id: string): Promise<{ isConnected: boolean; isLoggedIn: boolean }> {
    const status = await this.call('GET', `${devicePath(id)}/status`, deviceStatus)
    return { isConnected: status.is_connected, isLoggedIn: status.is_logged_in }
  }

  /** Starts or continues a login by QR; answers the picture and for how long it is good. */
  async loginByQr(id: string): Promise<{ picture: Uint8Array; goodForSeconds: number }> {
    const login = await this.call('GET', `${devicePath(id)}/login`, qrLogin)
    // Only the path of the link: its host is the gateway as others see it.
    const url = new URL(new URL(login.qr_link).pathname, this.#base)
    const response = await this.#request('GET', url.href)
    if (!response.ok) throw new CommandError(`the QR picture could not be had (HTTP ${response.status})`)
    return { picture: await response.bytes(), goodForSeconds: login.qr_duration }
  }

  /** Starts a login by pairing code; answers the code to type on the phone. */
  async loginByCode(id: string, phone: string): Promise<string> {
    const path = `${devicePath(id)}/login/code?phone=${encodeURIComponent(phone)}`
    return (await this.call('POST', path, codeLogin)).pair_code
  }

  /** Calls an operation; answers its results in the shape given. */
  async call<Schema extends z.ZodType>(
    method: string,
    path: string,
    results: Schema,
    body?: unknown,
  ): Promise<z.output<Schema>> {
    const response = await this.#request(method, `${this.#base}${path}`, body)
    return results.parse(this.#resultsOf(response, await response.text()))
  }

  /** Reads an answer that is a text, line by line as it comes. */
  async *lines(path: string): AsyncGenerator<string> {
    const response = await this.#request('GET', `${this.#base}${path}`)
    if (!response.ok || response.body === null) {
      this.#resultsOf(response, await response.text())
      return
    }
    yield* createInterface({ input: Readable.fromWeb(response.body) })
  }

  /** The results of an answer that is an envelope. */
  #resultsOf(response: Response, text: string): unknown {
    if (response.status === 401 && !text.startsWith('{'))
      throw new CommandError(
        `the gateway at ${this.#base} wants credentials: set APP_BASIC_AUTH=<user>:<secret>`,
      )
    const parsed = envelope.safeParse(parseJson(text))
    if (!parsed.success)
      throw new CommandError(`what answers at ${this.#base} (HTTP ${response.status}) is no gateway of ours`)
    if (!response.ok) {
      const { code, message } = parsed.data
      const help = response.status === 503 ? '; `gatewa doctor` finds out why' : ''
      throw new GatewayRefusal(code, message, help)
    }
    return parsed.data.results
  }

  async #request(method: string, url: string, body?: unknown): Promise<Response> {
    try {
      return await this.#fetch(method, url, body)
    } catch (error) {
      throw this.#unreachable(error)
    }
  }

  #fetch(method: string, url: string, body?: unknown): Promise<Response> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) }
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    return fetch(url.startsWith('/') ? `${this.#base}${url}` : url, {
      method,
      headers: { ...this.#headers, ...type },
      signal: AbortSignal.timeout(requestTimeoutMs),
      ...json,
    })
  }

  #unreachable(error: unknown): CommandError {
    if (isRefusedConnection(error))
      return new CommandError(
        `no gateway is running at ${this.#base}: start it with \`npm start\`, or set GATEWA_URL to where it is`,
      )
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : String(error)
    return new CommandError(`the gateway at ${this.#base} cannot be reached: ${reason}`)
  }
}

function devicePath(id: string): string {
  return `/devices/${encodeURIComponent(id)}`
}

function isRefusedConnection(error: unknown): boolean {
  if (!(error instanceof Error) || !(error.cause instanceof Error)) return false
  return 'code' in error.cause && error.cause.code === 'ECONNREFUSED'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
