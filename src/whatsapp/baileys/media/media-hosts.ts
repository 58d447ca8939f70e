import type { BinaryNode } from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import type { Clock } from '../../../core/clock.ts'
import type { SocketAccess } from '../actions/socket-access.ts'
import { toNumber } from '../incoming/content.ts'

/** Where media goes and comes from for the moment, and the token that uploads carry. */
export interface MediaHostList {
  readonly auth: string
  /** Names, with port where they have one; the best first. */
  readonly hosts: readonly string[]
  readonly ttlSeconds: number
}

const mediaConnQuery: BinaryNode = {
  tag: 'iq',
  attrs: { type: 'set', xmlns: 'w:m', to: '@s.whatsapp.net' },
  content: [{ tag: 'media_conn', attrs: {} }],
}

/**
 * Knows WhatsApp's media hosts, asking again when the answer is out of date. Baileys asks too, but keeps a question that
 * failed and answers with that failure until the connection ends (rc14 lib/Socket/messages-send.js, refreshMediaConn).
 */
export class MediaHosts {
  readonly #access: SocketAccess
  readonly #clock: Clock
  #known: Promise<MediaHostList> | null = null
  #isGoodUntil = 0

  constructor(deps: { readonly access: SocketAccess; readonly clock: Clock }) {
    this.#access = deps.access
    this.#clock = deps.clock
  }

  /** The hosts; `isOutdated` when those of the last answer refuse its token or are not there. Rejects as `SocketAccess.ask`. */
  current({ isOutdated = false } = {}): Promise<MediaHostList> {
    const now = this.#clock.now().getTime()
    if (this.#known !== null && !isOutdated && now < this.#isGoodUntil) return this.#known
    const asked = this.#access.ask((socket) => socket.query(mediaConnQuery)).then(parseMediaConn)
    this.#known = asked
    // Until the answer is there everybody waits for the same question.
    this.#isGoodUntil = Number.POSITIVE_INFINITY
    const settled = (ttlSeconds: number) => {
      if (this.#known === asked) this.#isGoodUntil = now + ttlSeconds * 1000
    }
    asked.then(
      ({ ttlSeconds }) => settled(ttlSeconds),
      () => settled(0),
    )
    return asked
  }
}

/** Reads WhatsApp's answer to `media_conn`. Raises `whatsapp_refused` when it names no host. */
export function parseMediaConn(answer: BinaryNode): MediaHostList {
  const found = childrenOf(answer).find(({ tag }) => tag === 'media_conn')
  const hosts = childrenOf(found).flatMap(({ tag, attrs }) =>
    tag === 'host' && attrs['hostname'] ? [attrs['hostname']] : [],
  )
  const auth = found?.attrs['auth']
  if (auth === undefined || hosts.length === 0) {
    throw new AppError('whatsapp_refused', { message: 'WhatsApp named no media host' })
  }
  return { auth, hosts, ttlSeconds: toNumber(found?.attrs['ttl']) }
}

function childrenOf(node: BinaryNode | undefined): readonly BinaryNode[] {
  return Array.isArray(node?.content) ? node.content : []
}
