import { z } from 'zod'
import { phoneSentence } from '../phone-input.ts'

export const messageParams = z.object({ message_id: z.string().min(1) })

const phone = z
  .string()
  .min(1)
  .trim()
  .describe('Whose chat the message is in: a number with country code, or a JID.')

/** A body with a phone and what else an operation needs. */
function withPhone<Own extends z.ZodRawShape>(own: Own) {
  return z.object({ phone, ...own }).superRefine((body, context) => {
    const named = body as { readonly phone: string } // spread in just above
    const message = phoneSentence(named.phone)
    if (message === null) return
    context.addIssue({ code: 'custom', message, params: { sentence: true }, input: named.phone })
  })
}

export const phoneBody = withPhone({})

export const reactionBody = withPhone({
  emoji: z.string().describe('The emoji; empty takes the reaction back.'),
})

export const updateBody = withPhone({
  message: z.string().min(1).describe('The new text or caption. `@<number>` in it mentions that person.'),
})

/** Results of what is done to a message; `status` repeats the envelope's `message`. */
export const changeResults = z.object({ message_id: z.string(), status: z.string() })
