import type { BinaryNode } from 'baileys'
import type { SeenChatState } from '../protocol/push/presence.ts'
import type { DeviceOwner } from '../protocol/signal/simulated-device.ts'
import { BoundedLog } from '../state/bounded-log.ts'
import { Changes } from '../state/changes.ts'
import type { Behaviour } from './behaviour.ts'
import type { ReceivedMessage } from './received-message.ts'
import type { Receipt, SentMessage } from './sent-message.ts'
import { waitFor } from './wait-for.ts'

/** Options of a wait. */
export interface WaitOptions {
  /** Default 5000. */
  timeoutMs?: number
  /** Only what arrived at the simulated device with that number. By default all of them count. */
  device?: number
}

/** Which message is waited for: its exact text, or a test. */
export type MessageTest = string | ((message: ReceivedMessage) => boolean)

/** A message as it stands on a phone. */
export type PhoneEntry =
  | { readonly kind: 'received'; readonly message: ReceivedMessage }
  | { readonly kind: 'sent'; readonly message: SentMessage }

/** Everything that reached a person's simulated devices, kept in bounded logs. */
export class PersonInbox implements DeviceOwner {
  behaviour: Behaviour
  /** Changes whenever something arrives. */
  readonly changes = new Changes()
  readonly #react: (message: ReceivedMessage) => void
  readonly #messages = new BoundedLog<ReceivedMessage>(5_000)
  readonly #phone = new BoundedLog<PhoneEntry>(500)
  readonly #receipts = new BoundedLog<Receipt>(20_000)
  readonly #stanzas = new BoundedLog<BinaryNode>(500)
  readonly #chatStates = new BoundedLog<SeenChatState>(500)

  /** `react` is called with every message others wrote, once, at the phone. */
  constructor(behaviour: Behaviour, react: (message: ReceivedMessage) => void) {
    this.behaviour = behaviour
    this.#react = react
  }

  get messages(): readonly ReceivedMessage[] {
    return this.#messages.entries
  }

  /** What the phone has received and sent, in that order; the newest 500 and more. */
  get phone(): readonly PhoneEntry[] {
    return this.#phone.entries
  }

  get receipts(): readonly Receipt[] {
    return this.#receipts.entries
  }

  /** Notifications and calls, as they came. */
  get stanzas(): readonly BinaryNode[] {
    return this.#stanzas.entries
  }

  get chatStates(): readonly SeenChatState[] {
    return this.#chatStates.entries
  }

  received(message: ReceivedMessage): void {
    this.#messages.add(message)
    if (message.device === 0) this.#phone.add({ kind: 'received', message })
    this.changes.notify()
    this.#react(message)
  }

  /** The phone has sent something. */
  sent(message: SentMessage): void {
    this.#phone.add({ kind: 'sent', message })
    this.changes.notify()
  }

  receipt(receipt: Receipt): void {
    this.#receipts.add(receipt)
    this.changes.notify()
  }

  other(stanza: BinaryNode): void {
    this.#stanzas.add(stanza)
    this.changes.notify()
  }

  chatState(seen: SeenChatState): void {
    this.#chatStates.add(seen)
    this.changes.notify()
  }

  /** Resolves with the first message that fits, also one that has arrived already. */
  waitForMessage(name: string, test: MessageTest, options: WaitOptions = {}): Promise<ReceivedMessage> {
    const what = typeof test === 'string' ? `a message "${test}"` : 'such a message'
    const fits = typeof test === 'string' ? (message: ReceivedMessage) => message.text === test : test
    return waitFor(
      `${name} receiving ${what}`,
      this.changes,
      () =>
        this.messages.find(
          (message) => (options.device === undefined || message.device === options.device) && fits(message),
        ),
      { timeoutMs: options.timeoutMs, describe: () => this.#describeMessages() },
    )
  }

  /** Resolves with the first receipt of that type for a message. */
  waitForReceipt(
    name: string,
    messageId: string,
    type: Receipt['type'],
    options: WaitOptions = {},
  ): Promise<Receipt> {
    return waitFor(
      `${name} getting the receipt "${type}" for ${messageId}`,
      this.changes,
      () => this.receipts.find((each) => each.messageId === messageId && each.type === type),
      {
        timeoutMs: options.timeoutMs,
        describe: () =>
          JSON.stringify(this.receipts.slice(-20).map(({ messageId: id, type: seen }) => `${seen} ${id}`)),
      },
    )
  }

  #describeMessages(): string {
    const newest = this.messages.slice(-20)
    return JSON.stringify(
      newest.map(({ text, from, device, message }) => ({
        from: from.phone,
        device,
        text: text || Object.keys(message).join(),
      })),
    )
  }
}
