import { z } from 'zod'
import { phoneSentence } from '../phone-input.ts'
import { sendBody } from './send-schemas.ts'

/** Body of `POST /send/message`. */
export const sendMessageBody = sendBody({
  message: z.string().min(1).describe('Text to send. `@<number>` in it mentions that person.'),
})

/** Body of `POST /send/contact`. */
export const sendContactBody = sendBody(
  {
    contact_name: z.string().min(1).describe('Name on the card.'),
    contact_phone: z.string().min(1).describe('Number on the card, with country code.'),
  },
  ({ contact_phone: phone }) => {
    const wrong = phoneSentence(phone.trim())
    return wrong === null ? null : `contact ${wrong}`
  },
)

/** Whether a text is a link as people write them: with a host, http or https, or neither of both. */
function isLink(text: string): boolean {
  if (text.length < 3 || text.length > 2082 || text.startsWith('.') || /\s/.test(text)) return false
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  return url !== null && /^https?:$/.test(url.protocol) && /[.:]|^localhost$/.test(url.hostname)
}

/** Body of `POST /send/link`. */
export const sendLinkBody = sendBody({
  link: z
    .string()
    .min(1)
    .refine((text) => text === '' || isLink(text), 'must be a valid URL')
    .describe('Link to send.'),
  caption: z.string().min(1).describe('Text before the link.'),
})

const latitude = /^[-+]?([1-8]?\d(\.\d+)?|90(\.0+)?)$/
const longitude = /^[-+]?(180(\.0+)?|((1[0-7]\d)|([1-9]?\d))(\.\d+)?)$/

/** Body of `POST /send/location`. */
export const sendLocationBody = sendBody({
  latitude: z
    .string()
    .min(1)
    .refine((text) => text === '' || latitude.test(text), 'must be a valid latitude')
    .describe('Degrees north, as text: `-7.797068`.'),
  longitude: z
    .string()
    .min(1)
    .refine((text) => text === '' || longitude.test(text), 'must be a valid longitude')
    .describe('Degrees east, as text: `110.370529`.'),
})

/** What the number of answers is compared with, once both are there. */
const pollNumbers = z.object({ options: z.array(z.unknown()).min(1), max_answer: z.int().min(1) })

/** Body of `POST /send/poll`. */
export const sendPollBody = sendBody(
  {
    question: z.string().min(1).describe('What is asked.'),
    options: z.array(z.string().min(1)).min(1).describe('What can be chosen; no option twice.'),
    max_answer: z
      .int()
      .refine((count) => count !== 0, 'cannot be blank')
      .min(1)
      .describe('How many options each may choose, 1 to the number of options.'),
  },
  ({ options }) => (new Set(options).size === options.length ? null : 'options should be unique'),
).refine(({ options, max_answer: count }) => count <= options.length, {
  path: ['max_answer'],
  // Also when other fields are wrong, so that everything is named at once.
  when: ({ value }) => pollNumbers.safeParse(value).success,
  error: ({ input }) => `must be no greater than ${pollNumbers.parse(input).options.length}`,
})
