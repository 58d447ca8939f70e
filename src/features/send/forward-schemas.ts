import { z } from 'zod'
import { phoneSentence } from '../phone-input.ts'
import { sendFields, toIssue } from './send-schemas.ts'

/** Body of `POST /message/{message_id}/forward`. */
export const forwardBody = z
  .object({
    phone: sendFields.phone,
    duration: sendFields.duration,
    force_reupload: z
      .boolean()
      .optional()
      .describe('Upload the media again, even where what WhatsApp has of it would do.'),
  })
  .superRefine((body, context) => {
    const found = phoneSentence(body.phone)
    if (found !== null) context.addIssue(toIssue(found, body))
  })
