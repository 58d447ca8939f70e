import type { BinaryNode } from 'baileys'
import type { Logger } from 'pino'
import { child, el } from '../stanza.ts'
import { type IqContext, IqError, type IqHandler } from './iq-handler.ts'

/** Finds the handler for an IQ. Other rooms add theirs with `add`. */
export class IqRegistry {
  readonly #logger: Logger
  readonly #handlers = new Map<string, IqHandler[]>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Adds handlers; one that is added later is asked first, so a default can be replaced. */
  add(...handlers: IqHandler[]): void {
    for (const handler of handlers) {
      const known = this.#handlers.get(handler.xmlns) ?? []
      this.#handlers.set(handler.xmlns, [handler, ...known])
    }
  }

  /** The reply to an IQ. An unknown request is answered with error 501 and logged by name, never left open. */
  async answer(iq: BinaryNode, ctx: IqContext): Promise<BinaryNode> {
    const { id, to, xmlns = '' } = iq.attrs
    for (const handler of this.#handlers.get(xmlns) ?? []) {
      const answer = await handler.handle(iq, ctx)
      if (answer instanceof IqError) return refusalOf(iq, answer)
      if (answer) return el('iq', { id, type: 'result', from: to }, answer.length > 0 ? answer : undefined)
    }
    const what = { xmlns, type: iq.attrs['type'], child: child(iq)?.tag }
    this.#logger.warn(what, 'unknown iq')
    return refusalOf(iq, new IqError(501, 'feature-not-implemented'))
  }
}

/** The reply that refuses an IQ. */
export function refusalOf({ attrs }: BinaryNode, { code, text }: IqError): BinaryNode {
  return el('iq', { id: attrs['id'], type: 'error', from: attrs['to'] }, [el('error', { code, text })])
}
