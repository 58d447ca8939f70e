import { AsyncLocalStorage } from 'node:async_hooks'
import type { WASocket } from 'baileys'
import { unreadable } from './baileys-errors.ts'

/** Questions about a collection that may bring it no further; Baileys tries what it could not read twice. */
const mostIdleRounds = 3

/** How far a collection was when it was last looked at, and how many looks found it there. */
interface Look {
  readonly version: number
  readonly count: number
}

/**
 * Ends a question about the account's state that leads nowhere, with `whatsapp_refused`. Baileys asks until each collection was
 * in an answer (rc14 lib/Socket/chats.js, resyncAppState): of one that WhatsApp leaves out, thousands of times a second and
 * without end, and all that waits for the answer waits for ever.
 */
export function boundAppStateRounds({ authState }: Pick<WASocket, 'authState'>): void {
  const { keys } = authState
  const looks = new AsyncLocalStorage<Map<string, Look>>()
  const transaction = keys.transaction.bind(keys)
  const get = keys.get.bind(keys)
  // All rounds of a question are one transaction, and each begins with a look at how far the collection is.
  keys.transaction = (work, key) => transaction(() => looks.run(new Map(), work), key)
  keys.get = async (type, ids) => {
    const found = await get(type, ids)
    const seen = type === 'app-state-sync-version' ? looks.getStore() : undefined
    if (seen !== undefined) for (const id of ids) countLook(seen, id, versionOf(found[id]))
    return found
  }
}

function countLook(seen: Map<string, Look>, collection: string, version: number): void {
  const last = seen.get(collection)
  const count = last?.version === version ? last.count + 1 : 1
  if (count > mostIdleRounds) throw unreadable()
  seen.set(collection, { version, count })
}

function versionOf(state: unknown): number {
  const hasVersion = typeof state === 'object' && state !== null && 'version' in state
  return hasVersion ? Number(state.version) : 0
}
