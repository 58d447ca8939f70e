import type { BinaryNode } from 'baileys'
import { child, el } from '../stanza.ts'
import type { IqHandler } from './iq-handler.ts'

/** Namespaces whose requests need no state: what each first child is answered with. */
const PLAIN: Record<string, Record<string, BinaryNode[]>> = {
  'w:p': { ping: [], '': [] },
  passive: { active: [], passive: [] },
  abt: { props: [el('props', { hash: 'simulated', refresh: 86_400, ab_key: '', protocol: 1 })] },
  'urn:xmpp:whatsapp:dirty': { clean: [] },
  'w:stats': { add: [], '': [] },
  bot: { bot: [el('bot', { v: 2 }, [el('section', { type: 'all' })])] },
  'urn:xmpp:whatsapp:push': { config: [] },
}

/** Handlers for requests that are answered the same whoever asks. */
export function plainIqs(): IqHandler[] {
  return Object.entries(PLAIN).map(([xmlns, answers]) => ({
    xmlns,
    handle: (iq) => Promise.resolve(answers[child(iq)?.tag ?? '']),
  }))
}
