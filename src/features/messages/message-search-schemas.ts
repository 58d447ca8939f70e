import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { wireMessage } from './message-schemas.ts'

const mostWords = 10

/** Query of `GET /messages/search`. */
export const searchQuery = z.object({
  q: z
    .string()
    .max(500)
    .describe('Words, or beginnings of words, that a message has to have; in any order and case.'),
  chat_jid: z.string().optional().describe('Only in this chat.'),
  limit: z.int().min(1).max(100).default(25),
  offset: z.int().min(0).max(10_000).default(0),
})

/** A message that was found: with the name of its chat. Reactions are not told here. */
const foundMessage = wireMessage.omit({ reactions: true }).extend({ chat_name: z.string() })

/** Results of `GET /messages/search`. */
export const searchResults = z.object({ data: z.array(foundMessage), has_more: z.boolean() })

/** The words of a query, at most ten. Raises `validation_failed` when there is none. */
export function toWords(query: string): string[] {
  const words = query.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu)
  if (words === null) {
    throw new AppError('validation_failed', { message: 'q: write at least one word to look for.' })
  }
  return words.slice(0, mostWords)
}
