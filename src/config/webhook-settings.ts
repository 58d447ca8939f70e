// The rows of the settings table about webhooks that every device has.
import { z } from 'zod'
import {
  headerNameForm,
  headerValueForm,
  isOwnHeader,
  longestHeaderValue,
  mostHeaders,
} from '../core/request-headers.ts'
import { setting } from './setting.ts'
import { booleanText, integerText, isUrl, listOf, optionalText, pairsText } from './setting-forms.ts'

const anyEntry = () => true
const formats = ['plain', 'cloudevents'] as const
const goneChoices = ['retry', 'drop', 'disable'] as const

export const webhookSettings = {
  webhookUrls: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK',
    flag: 'webhook',
    short: 'w',
    type: 'list',
    default: '',
    secret: true,
    description: 'Where events are posted to, several with commas. Each gets every event, on its own.',
    schema: listOf(
      (entry) => isUrl(entry, ['http', 'https']),
      'write URLs that start with http:// or https://',
    ),
  }),
  webhookSecret: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_SECRET',
    flag: 'webhook-secret',
    type: 'text',
    default: '',
    defaultNote: 'made once and kept in the database',
    secret: true,
    description: 'Key of the HMAC-SHA256 in X-Hub-Signature-256.',
    schema: optionalText,
  }),
  webhookInsecureSkipVerify: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_INSECURE_SKIP_VERIFY',
    flag: 'webhook-insecure-skip-verify',
    type: 'boolean',
    default: 'false',
    description: 'Do not check the TLS certificates of webhooks. For development only.',
    schema: booleanText,
  }),
  webhookEvents: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_EVENTS',
    flag: 'webhook-events',
    type: 'list',
    default: '',
    defaultNote: 'all that the reference gateway has',
    description:
      'Kinds of events to deliver, as in message,message.ack. Kinds of our own must be named here to be delivered.',
    schema: listOf(anyEntry, '').transform((entries) => entries.map((entry) => entry.toLowerCase())),
  }),
  webhookIgnoreJids: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_IGNORE_JIDS',
    flag: 'webhook-ignore-jids',
    type: 'list',
    default: '',
    description:
      'Chats and people whose events are not delivered: whole JIDs, or @g.us for all groups; * is any characters.',
    schema: listOf(
      (entry) => /^[^@\s]*@[a-z*.]+$/.test(entry),
      'write JIDs such as 628123456789@s.whatsapp.net, @g.us or 62812*@s.whatsapp.net',
    ),
  }),
  webhookIncludeOutgoing: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_INCLUDE_OUTGOING',
    flag: 'webhook-include-outgoing',
    type: 'boolean',
    default: 'true',
    description: 'Deliver messages that the owner types on the phone (is_from_me: true).',
    schema: booleanText,
  }),
  webhookHeaders: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_HEADERS',
    flag: 'webhook-headers',
    type: 'list',
    default: '',
    secret: true,
    description:
      'Further request headers for the endpoints of WHATSAPP_WEBHOOK, as name=value with commas; values percent-encoded.',
    schema: pairsText
      .refine(
        (headers) => Object.keys(headers).every((name) => headerNameForm.test(name) && !isOwnHeader(name)),
        'name headers that the gateway does not set itself',
      )
      .refine(
        (headers) =>
          Object.values(headers).every(
            (value) => value.length <= longestHeaderValue && headerValueForm.test(value),
          ),
        `write values of at most ${longestHeaderValue} characters that can be in a header`,
      )
      .refine(
        (headers) => Object.keys(headers).length <= mostHeaders,
        `name no more than ${mostHeaders} headers`,
      ),
  }),
  webhookFormat: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_FORMAT',
    flag: 'webhook-format',
    type: 'choice',
    default: 'plain',
    choices: formats,
    description:
      'Form of what the endpoints of WHATSAPP_WEBHOOK get: `cloudevents` adds the headers of a CloudEvent.',
    schema: z.enum(formats, `write ${formats.join(' or ')}`),
  }),
  webhookWhenGone: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_WHEN_GONE',
    flag: 'webhook-when-gone',
    type: 'choice',
    default: 'retry',
    choices: goneChoices,
    description:
      'What an answer 410 of the endpoints of WHATSAPP_WEBHOOK does: try again, give that event up, or no more until the next start.',
    schema: z.enum(goneChoices, `write ${goneChoices.join(', ')}`),
  }),
  webhookRetryHours: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_RETRY_HOURS',
    flag: 'webhook-retry-hours',
    type: 'integer',
    default: '24',
    unit: 'hours',
    description: 'How long an event that an endpoint does not take is tried again before it is given up.',
    schema: integerText(1, 24 * 30),
  }),
  webhookRetryLongestSeconds: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_RETRY_LONGEST',
    flag: 'webhook-retry-longest',
    type: 'integer',
    default: '600',
    unit: 'seconds',
    description: 'Longest wait between two tries; the waits begin with one second and double.',
    schema: integerText(1, 86_400),
  }),
  webhookTimeoutSeconds: setting({
    group: 'Webhooks',
    env: 'WHATSAPP_WEBHOOK_TIMEOUT',
    flag: 'webhook-timeout',
    type: 'integer',
    default: '10',
    unit: 'seconds',
    description: 'How long an endpoint may take to answer.',
    schema: integerText(1, 120),
  }),
} as const
