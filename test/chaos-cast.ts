// Owns: who takes part in chaos — receivers with moods, and devices that talk whatever happens — and their accounts.
import type { ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Group, Person } from '@gatewa/simulator'
import { WebhookReceiver } from '../src/features/webhooks/webhook-receiver.ts'

/** How a receiver behaves: as it should, not at all, late, or taking events without saying so. */
export const moods = ['good', 'down', 'slow', 'lying'] as const

/** A receiver with moods, that keeps account of what it has confirmed. */
export class Endpoint {
  readonly receiver = new WebhookReceiver()
  readonly name: string
  mood: (typeof moods)[number] = 'good'
  /** Event ids by text of the message. */
  readonly #ids = new Map<string, Set<string>>()
  /** Texts by device. */
  readonly #counts = new Map<string, number>()
  readonly #lastSeq = new Map<string, number>()
  readonly #known = new Set<string>()
  #outOfOrder = 0

  constructor(name: string, random: () => number) {
    this.name = name
    this.receiver.respond = ({ headers, text }, response) => {
      const id = String(headers['x-gatewa-event-id'])
      // Confirmed, but the confirmation may get lost on the way: the event comes again under its id.
      const take = (end: (reply: ServerResponse) => void) => {
        this.#take(id, Number(headers['x-gatewa-event-seq']), text)
        end(response)
      }
      if (this.mood === 'down') response.writeHead(503).end()
      else if (this.mood === 'slow') void pause(random() * 1500).then(() => take((late) => late.end()))
      else if (this.mood === 'lying' && random() < 0.5) take((gone) => gone.destroy())
      else take((good) => good.end())
      // Everything is in the account; the bodies of a long run would fill the memory.
      this.receiver.received.length = 0
    }
  }

  /** Whether an event that tells of a message with this text has come. */
  has(text: string): boolean {
    return this.#ids.has(text)
  }

  /** How many texts have come; of one device when it is named. */
  count(device?: string): number {
    return device === undefined ? this.#ids.size : (this.#counts.get(device) ?? 0)
  }

  /** Texts that came under more than one event id. */
  get doubled(): number {
    return [...this.#ids.values()].filter((ids) => ids.size > 1).length
  }

  /** Events that came behind a later one of their chat. */
  get outOfOrder(): number {
    return this.#outOfOrder
  }

  #take(id: string, seq: number, text: string): void {
    if (this.#known.has(id)) return
    this.#known.add(id)
    const { event, session_id: device, payload } = JSON.parse(text) as Told // our own gateway's
    const lane = `${device} ${payload.chat_id ?? 'device'}`
    if (seq < (this.#lastSeq.get(lane) ?? 0)) this.#outOfOrder += 1
    this.#lastSeq.set(lane, Math.max(seq, this.#lastSeq.get(lane) ?? 0))
    if (event !== 'message' || payload.body === undefined) return
    if (!this.#ids.has(payload.body)) this.#counts.set(device, this.count(device) + 1)
    this.#ids.set(payload.body, (this.#ids.get(payload.body) ?? new Set()).add(id))
  }
}

interface Told {
  readonly event: string
  readonly session_id: string
  readonly payload: { readonly body?: string; readonly chat_id?: string }
}

/** What a crew is made of. */
export interface CrewParts {
  readonly url: string
  readonly device: string
  readonly owner: Person
  readonly contact: Person
  readonly group: Group
  /** The pause between two messages of the contact. */
  readonly writeEveryMs: number
  /** How many of the contact's texts were delivered somewhere: it waits when it is far ahead. */
  readonly delivered: () => number
  /** What the gateway said last. */
  readonly log: () => string
}

/** How far a contact may be ahead of the deliveries; more would measure the machine. */
const mostAhead = 400

/** One device's two-way traffic, which goes on over the gateway's deaths, and its account. */
export class Crew {
  readonly parts: CrewParts
  /** Texts that the contact wrote. */
  readonly written: string[] = []
  /** Texts of sends that were answered as acknowledged by WhatsApp. */
  readonly acknowledged = new Set<string>()
  /** Answers to sends by their status; 0 for none, as from a gateway that is dead. */
  readonly answers = new Map<number, number>()
  /** Message ids by text, of what arrived at the contact's phone. */
  readonly #arrived = new Map<string, Set<string>>()
  readonly #running: Promise<unknown>
  #retryReceipts = 0
  #lastReceipt: unknown = null
  #isStopped = false
  #failure: Error | null = null

  constructor(parts: CrewParts) {
    this.parts = parts
    // The simulator's own record of what was delivered, noted as it comes since its logs are bounded.
    parts.contact.behaviour.replies = ({ id, text }) => {
      this.#arrived.set(text, (this.#arrived.get(text) ?? new Set()).add(id))
      return undefined
    }
    this.#running = Promise.all([this.#write(), this.#send()])
    this.#running.catch((error: unknown) => {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    })
  }

  /** Why it does not go on, if so; `stop` rejects with it. */
  get failure(): Error | null {
    return this.#failure
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#running
    this.#look()
  }

  /** Sends that WhatsApp had acknowledged and the phone never got. */
  lostSends(): string[] {
    return [...this.acknowledged].filter((text) => !this.#arrived.has(text))
  }

  /** Sends that the phone got as two messages. */
  doubledSends(): string[] {
    return [...this.#arrived].filter(([, ids]) => ids.size > 1).map(([text]) => text)
  }

  /** A session that broke shows as a request to send again, by the phone or by us. */
  retries(): number {
    return this.parts.contact.retriesAsked + this.#retryReceipts
  }

  async #write(): Promise<void> {
    const { device, owner, contact, group, writeEveryMs } = this.parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `${device} in ${number}`
      await contact.sendText(number % 3 === 0 ? group : owner, text)
      this.written.push(text)
      this.#look()
      do await pause(writeEveryMs)
      while (!this.#isStopped && this.written.length - this.parts.delivered() > mostAhead)
    }
  }

  async #send(): Promise<void> {
    const { device, contact, group } = this.parts
    for (let number = 0; !this.#isStopped; number += 1) {
      const text = `${device} out ${number}`
      const status = await this.#untilAnswered(number % 3 === 0 ? group.jid : contact.jid, text)
      if (status === 200) this.acknowledged.add(text)
      await pause(50)
    }
  }

  /** As a careful client does it: the same key until there is an answer that says what became of the message. */
  async #untilAnswered(phone: string, message: string): Promise<number> {
    const { url, device } = this.parts
    for (;;) {
      const answer = await fetch(`${url}/send/message`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-device-id': device, 'idempotency-key': message },
        body: JSON.stringify({ phone, message }),
      }).catch(() => null)
      const status = answer?.status ?? 0
      const text = (await answer?.text().catch(() => '')) ?? ''
      this.answers.set(status, (this.answers.get(status) ?? 0) + 1)
      if (status === 200 || status === 504) return status
      if (![0, 401, 409, 503].includes(status))
        throw new Error(`answered ${status}: ${text}\n${this.parts.log()}`)
      if (this.#isStopped) return status
      await pause(50)
    }
  }

  /** Counts the retry receipts that came since the last look. */
  #look(): void {
    const { receipts } = this.parts.contact.log
    const from = receipts.lastIndexOf(this.#lastReceipt as never) + 1 // one of them, or none
    for (let at = from; at < receipts.length; at += 1) {
      if (receipts[at]?.type === 'retry') this.#retryReceipts += 1
    }
    this.#lastReceipt = receipts.at(-1) ?? null
  }
}

/** Links a device to a person's account. */
export async function link(url: string, device: string, person: Person): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  await fetch(`${url}/devices`, { method: 'POST', headers, body: JSON.stringify({ device_id: device }) })
  const login = await fetch(`${url}/devices/${device}/login`)
  const { results } = (await login.json()) as { results: { qr_code: string } } // our own gateway's answer
  await person.scanQr(results.qr_code)
  await person.hasClientOnline({ timeoutMs: 60_000 })
}
