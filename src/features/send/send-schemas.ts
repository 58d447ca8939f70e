import { z } from 'zod'
import { AppError } from '../../core/app-error.ts'
import type { MessageContext } from '../../whatsapp/outgoing-message.ts'
import { toMentioned, toMentions } from '../mentions.ts'
import { phoneSentence } from '../phone-input.ts'

const maxDurationSeconds = 7_776_000

/** What every message can say of itself; a schema of one kind spreads this and adds its own members. */
export const sendFields = {
  phone: z
    .string()
    .min(1)
    .trim()
    .describe('Number with country code, or the JID of a person, group or channel.'),
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
}

/** The members of a body that every kind has. */
export type SendFields = z.infer<z.ZodObject<typeof sendFields>>

/** What is wrong with several members together: a sentence of its own, or the problem of one field. */
export type BodyProblem = string | { readonly field: string; readonly problem: string }

/**
 * Makes the body schema of one kind: its own members beside the common ones, and what has to be right about them together
 * (`problemOf`, null when all is well). Its sentences come after what is wrong with the phone. The duration is looked at
 * when the files are (`ensureDuration`), which come before it.
 */
export function sendBody<Own extends z.ZodRawShape>(
  own: Own,
  problemOf: (body: z.infer<z.ZodObject<Own>>) => BodyProblem | null = () => null,
) {
  return z.object({ ...sendFields, ...own }).superRefine((body, context) => {
    const common = body as SendFields // spread in just above
    const problems = [
      phoneSentence(common.phone),
      ...(common.mentions ?? []).map((mention) => mentionSentence(mention)),
      problemOf(body as z.infer<z.ZodObject<Own>>), // spread in just above
    ]
    for (const found of problems) if (found !== null) context.addIssue(toIssue(found, body))
  })
}

/** A problem as zod carries it. The http layer shows a `sentence` as it is, without field name and final dot, and only when every field is fine. */
export function toIssue(found: BodyProblem, input: unknown) {
  const code = 'custom' as const
  if (typeof found === 'string') return { code, message: found, params: { sentence: true }, input }
  return { code, message: found.problem, path: [found.field], input }
}

function mentionSentence(mention: string): string | null {
  const entry = mention.trim()
  if (entry === '@everyone' || (phoneSentence(entry) === null && toMentioned(entry) !== null)) return null
  return `mention ${mention}: phone number must be in international format`
}

/** Raises `validation_failed` for a disappearing timer that WhatsApp does not have. */
export function ensureDuration(duration: number | undefined): void {
  if (duration === undefined || (duration >= 0 && duration <= maxDurationSeconds)) return
  throw new AppError('validation_failed', {
    message: `duration must be between 0 (no expiry) and ${maxDurationSeconds} (90d) seconds`,
  })
}

/** What the common members put on a message whose typed text is `text`. */
export function toContext(body: SendFields, text = ''): MessageContext {
  const mentions = toMentions(text, body.mentions ?? [])
  return {
    ...(mentions === null ? {} : { mentions }),
    ...(body.is_forwarded === true ? { isForwarded: true } : {}),
    ...(body.duration ? { expirationSeconds: body.duration } : {}),
  }
}

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
