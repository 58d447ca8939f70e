import type { Clock } from '../core/clock.ts'
import { jidKind } from '../whatsapp/jid.ts'
import type { WhatsAppMessage } from '../whatsapp/message.ts'

/** What decides about an answer. */
export interface AutoReplyRule {
  readonly text: string
  /** 0: every message is answered. Otherwise a chat is answered once in so many milliseconds. */
  readonly intervalMs: number
}

interface ChatMemory {
  lastReplyAt: number
  lastText: string
  /** Replies within the hour that began at `hourFrom`. */
  hourFrom: number
  replies: number
}

/** Somebody who says the same again within this time after our answer is taken for a machine. */
const echoMs = 60_000
const hourMs = 3_600_000
/** Two machines that answer each other with ever new words are stopped by this. */
const mostPerHour = 30
const mostChats = 10_000
const typedContents: ReadonlySet<string> = new Set(['conversation', 'extendedTextMessage'])

/** Decides which messages are answered by themselves: typed texts of people in chats with them, never those of another machine. */
export class AutoReply {
  readonly #rule: AutoReplyRule
  readonly #clock: Clock
  readonly #chats = new Map<string, ChatMemory>()

  constructor(rule: AutoReplyRule, clock: Clock) {
    this.#rule = rule
    this.#clock = clock
  }

  /** The text to answer with, or null for no answer. An answer counts as given. */
  answerTo(device: string, message: WhatsAppMessage): string | null {
    const kind = jidKind(message.chat)
    const isPerson = kind === 'phone' || kind === 'lid'
    if (!isPerson || message.isFromMe || message.text === '' || !typedContents.has(message.contentType))
      return null
    const key = `${device}\n${message.chat}`
    const now = this.#clock.now().getTime()
    const memory = this.#chats.get(key) ?? { lastReplyAt: -Infinity, lastText: '', hourFrom: now, replies: 0 }
    if (!this.#mayAnswer(memory, message.text, now)) return null
    if (now - memory.hourFrom >= hourMs) Object.assign(memory, { hourFrom: now, replies: 0 })
    Object.assign(memory, { lastReplyAt: now, lastText: message.text, replies: memory.replies + 1 })
    this.#chats.delete(key)
    this.#chats.set(key, memory)
    const oldest = this.#chats.keys().next()
    if (this.#chats.size > mostChats && oldest.done !== true) this.#chats.delete(oldest.value)
    return this.#rule.text
  }

  #mayAnswer(memory: ChatMemory, text: string, now: number): boolean {
    const sinceReply = now - memory.lastReplyAt
    if (sinceReply < this.#rule.intervalMs) return false
    if (text === this.#rule.text || (text === memory.lastText && sinceReply < echoMs)) return false
    return memory.replies < mostPerHour || now - memory.hourFrom >= hourMs
  }
}
