import { AsyncLocalStorage } from 'node:async_hooks'
import type { WASocket } from 'baileys'

/** Set while a message is being sent, or a message or receipt handled. */
export const messageTurn = new AsyncLocalStorage<true>()

/**
 * Gives messages a turn of their own in Baileys' key transactions. All of rc14's share one lock per account, and a question
 * about the account's state keeps it until WhatsApp has answered: nothing could be sent or received meanwhile. Both sides
 * write different types of keys.
 */
export function separateMessageTurns(socket: WASocket): void {
  const { keys } = socket.authState
  const transaction = keys.transaction.bind(keys)
  keys.transaction = (work, key) =>
    transaction(work, messageTurn.getStore() === true ? `messages of ${key}` : key)
}
