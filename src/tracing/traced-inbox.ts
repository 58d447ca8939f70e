import { deviceFact } from '../core/device-fact.ts'
import type { DeviceId } from '../core/ids.ts'
import { errorClass, type Span, spanTime, type Tracing } from '../core/tracing.ts'
import type { EventApplier } from '../sessions/device-registry.ts'
import type { Jid } from '../whatsapp/jid.ts'
import { jidKind } from '../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../whatsapp/message.ts'
import type { WhatsAppEvent } from '../whatsapp/whatsapp-event.ts'
import { whatsAppFacts } from './traced.ts'

/** Every message that arrives begins a trace: when it came, how long decrypting and committing took. */
export class TracedInbox {
  readonly #tracing: Tracing
  readonly #spans = new WeakMap<WhatsAppEvent, Span>()

  constructor(tracing: Tracing) {
    this.#tracing = tracing
  }

  /** An inbox in front of `inbox`, which has to hand each fact to `around`. */
  before(inbox: EventApplier): EventApplier {
    // A connection that a request began goes on after it: what comes on it is of no request.
    return {
      apply: (deviceId, account, events) =>
        this.#tracing.outside(() => this.#apply(inbox, deviceId, account, events)),
    }
  }

  /** Applies a fact within the trace of its message. */
  around(event: WhatsAppEvent, apply: () => Promise<void>): Promise<void> {
    const span = this.#spans.get(event)
    return span === undefined ? apply() : this.#tracing.within(span, apply)
  }

  async #apply(
    inbox: EventApplier,
    deviceId: DeviceId,
    account: Jid,
    events: readonly WhatsAppEvent[],
  ): Promise<void> {
    const spans = events.flatMap((event) => this.#begin(deviceId, event))
    const startedAt = spanTime()
    const end = (error?: string) => {
      for (const span of spans) {
        this.#tracing.begin({ name: 'commit', parent: span.traceparent, startedAt }).end({ error })
        span.end({ error })
      }
    }
    try {
      await inbox.apply(deviceId, account, events)
      end()
    } catch (thrown) {
      end(errorClass(thrown))
      throw thrown
    }
  }

  #begin(deviceId: DeviceId, event: WhatsAppEvent): Span[] {
    if (!('message' in event)) return []
    const { message } = event
    const { journey } = message
    const span = this.#tracing.begin({
      name: 'receive',
      kind: 'consumer',
      parent: null,
      ...(journey === undefined ? {} : { startedAt: journey.arrivedAt }),
      facts: {
        ...whatsAppFacts('receive', 'process'),
        ...deviceFact(deviceId),
        ...factsOf(event.type, message),
      },
    })
    this.#spans.set(event, span)
    const decryption = journey?.decryption
    if (decryption !== undefined) {
      const { from: startedAt, to: at } = decryption
      this.#tracing.begin({ name: 'decrypt', parent: span.traceparent, startedAt }).end({ at })
    }
    return [span]
  }
}

function factsOf(type: WhatsAppEvent['type'], { chat, contentType, isFromMe }: WhatsAppMessage) {
  return {
    'gatewa.fact': type,
    'gatewa.message.kind': contentType,
    'gatewa.chat.kind': jidKind(chat),
    'gatewa.message.from_me': isFromMe,
  }
}
