import type { BinaryNode } from 'baileys'

/** What an ack repeats of the stanza it confirms. */
export interface Confirmation {
  from: string | undefined
  type: string | undefined
  participant: string | undefined
}

/** Takes stanzas while a client is connected. */
export interface StanzaSink {
  send(stanza: BinaryNode): void
}

/**
 * What a linked device has not confirmed yet, in order. A stanza is sent at once when a client is there and stays
 * here until the client's receipt (messages) or ack (everything else) has come back; a new connection gets
 * everything that is left once more, marked with `offline`.
 */
export class DeliveryQueue {
  #unconfirmed: BinaryNode[] = []
  #sink: StanzaSink | undefined
  #onConfirmed: () => void

  constructor(onConfirmed: () => void) {
    this.#onConfirmed = onConfirmed
  }

  /** Stanzas that are not confirmed, oldest first. */
  get unconfirmed(): readonly BinaryNode[] {
    return this.#unconfirmed
  }

  /** Appends a stanza, and sends it when a client is attached. */
  push(stanza: BinaryNode): void {
    this.#unconfirmed.push(stanza)
    this.#sink?.send(stanza)
  }

  /** From now on stanzas go to `sink` as they come; what waits already is not sent by this call. */
  attach(sink: StanzaSink): void {
    this.#sink = sink
  }

  /** The client has gone; stanzas wait from now on. A sink that was replaced before detaches nothing. */
  detach(sink: StanzaSink): void {
    if (this.#sink === sink) this.#sink = undefined
  }

  /**
   * The client confirmed a stanza of that class and id; it is forgotten. Where several have them, the one that came
   * from `exact.from` with that type and participant is meant, or else the oldest.
   */
  confirm(stanzaClass: string, id: string, exact?: Confirmation): void {
    const first = this.#unconfirmed.findIndex(
      (stanza) => stanza.tag === stanzaClass && stanza.attrs['id'] === id,
    )
    if (first < 0) return
    const meant = exact
      ? this.#unconfirmed.findIndex(
          ({ tag, attrs }) =>
            tag === stanzaClass &&
            attrs['id'] === id &&
            attrs['from'] === exact.from &&
            attrs['type'] === exact.type &&
            attrs['participant'] === exact.participant,
        )
      : first
    const at = meant < 0 ? first : meant
    this.#unconfirmed.splice(at, 1)
    this.#onConfirmed()
  }

  /** Forgets everything, as when the device is unlinked. */
  clear(): void {
    this.#unconfirmed = []
    this.#sink = undefined
  }
}
