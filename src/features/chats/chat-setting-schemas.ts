import { z } from 'zod'

export const chatParams = z.object({ chat_jid: z.string().min(1) })

export const pinBody = z.object({ pinned: z.boolean() })

export const archiveBody = z.object({ archived: z.boolean() })

/** WhatsApp's own choices. */
const timers: ReadonlySet<number> = new Set([0, 86_400, 604_800, 7_776_000])

const timerText = 'timer_seconds must be one of: 0 (off), 86400 (24h), 604800 (7d), 7776000 (90d)'

export const timerBody = z.object({
  timer_seconds: z
    .int()
    .refine((seconds) => timers.has(seconds), timerText)
    .describe('0 (off), 86400 (24h), 604800 (7d) or 7776000 (90d).'),
})

export const labelBody = z.object({
  label_id: z.string().min(1).max(100).describe('The label’s number, as text; an unknown one is made.'),
  label_name: z.string().min(1).max(100).describe('Its name, for one that is made.'),
  labeled: z.boolean().describe('Put the label on the chat, or take it off.'),
})

const outcome = { status: z.literal('success'), message: z.string(), chat_jid: z.string() }

export const pinResults = z.object({ ...outcome, pinned: z.boolean() })
export const archiveResults = z.object({ ...outcome, archived: z.boolean() })
export const timerResults = z.object({ ...outcome, timer_seconds: z.int() })
export const labelResults = z.object({ ...outcome, label_id: z.string(), labeled: z.boolean() })
