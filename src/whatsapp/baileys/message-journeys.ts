import type { BinaryNode, SignalRepositoryWithLIDStore } from 'baileys'
import { BoundedMap } from '../../core/bounded-map.ts'
import { spanTime } from '../../core/tracing.ts'
import type { MessageJourney } from '../message.ts'
import type { WhatsAppEvent } from '../whatsapp-event.ts'

type Decrypter = Pick<SignalRepositoryWithLIDStore, 'decryptMessage' | 'decryptGroupMessage'>

interface Journey {
  readonly arrivedAt: number
  decryption?: { readonly from: number; readonly to: number }
}

/** Messages that came and have not become facts; those beyond go untimed. */
const mostUnderWay = 5_000

/** Notes when messages arrive and are decrypted, and tells it with the facts they become. */
export class MessageJourneys {
  /** By message id. */
  readonly #underWay = new BoundedMap<string, Journey>(mostUnderWay)
  readonly #ofCiphertext = new WeakMap<Uint8Array, Journey>()

  /** Takes a message stanza; others are left alone. */
  arrived(node: BinaryNode): void {
    const { id } = node.attrs
    if (node.tag !== 'message' || id === undefined) return
    const journey: Journey = { arrivedAt: spanTime() }
    this.#underWay.put(id, journey)
    for (const part of Array.isArray(node.content) ? node.content : []) {
      if (part.tag === 'enc' && part.content instanceof Uint8Array)
        this.#ofCiphertext.set(part.content, journey)
    }
  }

  /** Puts itself in front of a repository's decryption. */
  watch(repository: Decrypter): void {
    const decryptMessage = repository.decryptMessage.bind(repository)
    const decryptGroupMessage = repository.decryptGroupMessage.bind(repository)
    repository.decryptMessage = (options) => this.#timed(options.ciphertext, () => decryptMessage(options))
    repository.decryptGroupMessage = (options) => this.#timed(options.msg, () => decryptGroupMessage(options))
  }

  /** The facts with the journeys of their messages. */
  tell(events: readonly WhatsAppEvent[]): WhatsAppEvent[] {
    return events.map((event) => {
      if (!('message' in event)) return event
      const journey = this.#take(event.message.id)
      return journey === undefined ? event : { ...event, message: { ...event.message, journey } }
    })
  }

  #take(id: string): MessageJourney | undefined {
    const journey = this.#underWay.get(id)
    this.#underWay.delete(id)
    return journey
  }

  /** The last try counts: one that was made too early failed. */
  async #timed<T>(ciphertext: Uint8Array, decrypt: () => Promise<T>): Promise<T> {
    const journey = this.#ofCiphertext.get(ciphertext)
    if (journey === undefined) return decrypt()
    const from = spanTime()
    try {
      return await decrypt()
    } finally {
      journey.decryption = { from, to: spanTime() }
    }
  }
}
