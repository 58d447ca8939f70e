import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import { phoneSentence } from '../phone-input.ts'

const maxDurationSeconds = 7_776_000

/** A problem shown as a sentence of its own; the http layer leaves out field name and final dot for `sentence`. */
function problem(text: string, input: unknown) {
  return { code: 'custom' as const, message: text, params: { sentence: true }, input }
}

/** Body of `POST /send/message`. */
export const sendMessageBody = z
  .object({
    phone: z
      .string()
      .min(1)
      .trim()
      .describe('Number with country code, or the JID of a person, group or channel.'),
    message: z.string().min(1).describe('Text to send. `@<number>` in it mentions that person.'),
    reply_message_id: z
      .string()
      .optional()
      .describe('Id of the message to reply to; sent without quote when unknown.'),
    is_forwarded: z.boolean().optional().describe('Show the message as forwarded.'),
    duration: z
      .int()
      .optional()
      .describe('Seconds until the message disappears, 0 to 7776000; 0 or absent: as the chat is set.'),
    mentions: z
      .array(z.string().min(1))
      .optional()
      .describe(
        'Numbers or JIDs to mention without naming them in the text; `@everyone` is all members of the group.',
      ),
  })
  .superRefine((body, context) => {
    const wrongPhone = phoneSentence(body.phone)
    if (wrongPhone !== null) context.addIssue(problem(wrongPhone, body.phone))
    for (const mention of body.mentions ?? []) {
      if (mention !== '@everyone' && phoneSentence(mention.trim()) !== null) {
        const text = `mention ${mention}: phone number must be in international format`
        context.addIssue(problem(text, mention))
      }
    }
    if (body.duration !== undefined && (body.duration < 0 || body.duration > maxDurationSeconds)) {
      const text = `duration must be between 0 (no expiry) and ${maxDurationSeconds} (90d) seconds`
      context.addIssue(problem(text, body.duration))
    }
  })

export type SendMessageBody = z.infer<typeof sendMessageBody>

/** Results of every send; `status` repeats the envelope's `message`. */
export const sendResults = z.object({ message_id: z.string(), status: z.string() })

/** Reads the Idempotency-Key header; null when there is none. Raises `validation_failed` when it is no key. */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && /^[\x20-\x7e]{1,255}$/.test(header)) return header
  throw new AppError('validation_failed', {
    message: 'Idempotency-Key: must be one value of 1 to 255 printable ASCII characters.',
  })
}
