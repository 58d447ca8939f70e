import type { BaileysEventMap } from 'baileys'
import type { Logger } from '../../core/logger.ts'

/** What Baileys wants of a logger. */
export interface BaileysLogger {
  level: string
  child(bindings: Record<string, unknown>): BaileysLogger
  trace(fields: unknown, message?: string): void
  debug(fields: unknown, message?: string): void
  info(fields: unknown, message?: string): void
  warn(fields: unknown, message?: string): void
  error(fields: unknown, message?: string): void
}

/** Who hears what Baileys tells in its log lines alone. */
export interface BaileysLogListener {
  readonly onError: (error: unknown) => void
  readonly onSyncAction: (fields: unknown) => void
}

/** Names under which Baileys puts the error into a log line. */
const errorFields = ['err', 'error', 'ackErr', 'uploadError', 'e', 'trace'] as const

/**
 * Baileys' logger on ours: its sentence and the error's message, with long numbers masked. Its fields hold stanzas,
 * phone numbers and session keys, so none of them is taken over. `onError` sees every error it logs, since some
 * handlers only log what kept them from answering. `onSyncAction` sees every change of the account's state before Baileys
 * looks at it (rc14 lib/Utils/chat-utils.js, `processSyncAction`), since it tells only some of them.
 */
export function makeBaileysLogger(
  logger: Logger,
  { onError, onSyncAction }: BaileysLogListener,
): BaileysLogger {
  const shim: BaileysLogger = {
    level: 'warn',
    child: () => shim,
    trace: (fields, message) => {
      if (message === 'processing sync action') onSyncAction(fields)
    },
    debug: () => undefined,
    info: () => undefined,
    warn: (fields, message) => {
      logger.debug({ reason: reasonOf(fields) }, `baileys: ${masked(sentenceOf(fields, message))}`)
    },
    error: (fields, message) => {
      const error = errorOf(fields)
      if (error !== undefined) onError(error)
      // The end of a connection is told once, with its reason, by whoever decides what follows; after linking it is normal.
      if (message === 'stream errored out') return
      logger.warn({ reason: reasonOf(fields) }, `baileys: ${masked(sentenceOf(fields, message))}`)
    },
  }
  return shim
}

/** The names of Baileys' events, for log lines. */
export type BaileysEventName = keyof BaileysEventMap

function sentenceOf(fields: unknown, message: string | undefined): string {
  return message ?? (typeof fields === 'string' ? fields : 'no sentence')
}

function errorOf(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null) return undefined
  const name = errorFields.find((candidate) => candidate in fields)
  return name === undefined ? undefined : (fields as Record<string, unknown>)[name] // just found in it
}

function reasonOf(fields: unknown): string {
  const error = errorOf(fields)
  if (error instanceof Error) return masked(error.message)
  return typeof error === 'string' ? masked(error.split('\n')[0] ?? '') : ''
}

function masked(text: string): string {
  return text.replace(/\d{6,}/g, (digits) => `${digits.slice(0, 4)}…`)
}
