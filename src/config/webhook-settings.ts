// The rows of the settings table about webhooks that every device has.
import { setting } from './setting.ts'
import { booleanText, integerText, isUrl, listOf, optionalText } from './setting-forms.ts'

const anyEntry = () => true

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
    description: 'Chats and people whose events are not delivered: whole JIDs, or @g.us for all groups.',
    schema: listOf(
      (entry) => /^[^@\s]*@[a-z.]+$/.test(entry),
      'write JIDs such as 628123456789@s.whatsapp.net, or @g.us',
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
