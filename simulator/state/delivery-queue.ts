import type { BinaryNode } from 'baileys'

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

  /** The client confirmed a stanza of that class and id; the oldest match is forgotten. */
  confirm(stanzaClass: string, id: string, narrow: { type?: string; participant?: string } = {}): void {
    const at = this.#unconfirmed.findIndex(
      ({ tag, attrs }) =>
        tag === stanzaClass &&
        attrs['id'] === id &&
        (narrow.type === undefined || attrs['type'] === narrow.type) &&
        (narrow.participant === undefined || attrs['participant'] === narrow.participant),
    )
    if (at < 0) return
    this.#unconfirmed.splice(at, 1)
    this.#onConfirmed()
  }

  /** Forgets everything, as when the device is unlinked. */
  clear(): void {
    this.#unconfirmed = []
    this.#sink = undefined
  }
}
