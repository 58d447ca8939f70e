import { z } from 'zod'
import { phoneSentence } from '../phone-input.ts'

/** Body of `POST /send/presence`. */
export const sendPresenceBody = z.object({
  type: z.enum(['available', 'unavailable']).describe('What others see of the account.'),
  is_forwarded: z.boolean().optional().describe('Without meaning here.'),
})

/** Body of `POST /send/chat-presence`. */
export const sendChatPresenceBody = z
  .object({
    phone: z.string().min(1).trim().describe('Number with country code, or the JID of a person or group.'),
    action: z.enum(['start', 'stop']).describe('Show that something is being typed, or no longer.'),
  })
  .superRefine((body, context) => {
    const message = phoneSentence(body.phone)
    if (message === null) return
    context.addIssue({ code: 'custom', message, params: { sentence: true }, input: body.phone })
  })
