import { z } from 'zod'
import { phoneSentence } from '../phone-input.ts'

const phone = z
  .string()
  .min(1)
  .trim()
  .describe('The chat of the message: number with country code, or the JID of a person, group or channel.')

function withPhone<Shape extends z.ZodRawShape>(own: Shape) {
  return z.object({ phone, ...own }).superRefine((body, context) => {
    const sentence = phoneSentence((body as { phone: string }).phone) // put in just above
    if (sentence === null) return
    context.addIssue({ code: 'custom', message: sentence, params: { sentence: true }, input: body })
  })
}

/** Path of everything that is done to one message. */
export const messageParams = z.object({ message_id: z.string().min(1) })

/** Body that only names the chat. */
export const chatBody = withPhone({})

/** Body of a reaction. */
export const reactionBody = withPhone({
  emoji: z.string().max(64).describe('What to react with; empty takes the reaction back.'),
})

/** Body of an edit. */
export const updateBody = withPhone({ message: z.string().min(1).describe('The new text or caption.') })

/** Body of `POST /call/reject`. */
export const rejectBody = z.object({
  caller_jid: z.string().min(1).trim().describe('Who calls, as the `call.offer` event names them.'),
  call_id: z.string().min(1).trim().describe('Which call, as the `call.offer` event names it.'),
})
