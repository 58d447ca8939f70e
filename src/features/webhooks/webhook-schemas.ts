import { z } from 'zod'
import { kindsNamed } from '../../core/event-envelope.ts'
import type { DeviceId } from '../../core/ids.ts'
import {
  headerNameForm,
  headerValueForm,
  isOwnHeader,
  longestHeaderValue,
  mostHeaders,
} from '../../core/request-headers.ts'
import { toRfc3339 } from '../../core/rfc3339.ts'
import { goneChoices, shownUrl, type WebhookEndpoint, webhookFormats } from './webhook-endpoint.ts'
import {
  type EndpointChanges,
  ensureTarget,
  isEmptySlot,
  type SlotWish,
  type WebhookService,
} from './webhook-service.ts'

/** Stands for a secret that is there; sent back, it means no change. */
const hiddenSecret = '********'

const kindPattern = z
  .string()
  .transform((text) => text.trim().toLowerCase())
  .refine((text) => kindsNamed(text).length > 0, 'must be a kind of event, as in message, message.* or *')

const jidPattern = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^@\s,]*@[a-z*.]+$/, 'must be a JID, @server or a pattern with *')

const headers = z
  .record(
    z
      .string()
      .regex(headerNameForm, 'must be a header name')
      .refine((name) => !isOwnHeader(name), 'is set by the gateway'),
    z.string().max(longestHeaderValue).regex(headerValueForm, 'must be a header value'),
  )
  .refine((record) => Object.keys(record).length <= mostHeaders, `must be no more than ${mostHeaders}`)

const url = z
  .string()
  .max(2000)
  .describe('http:// or https://; user and password in it are sent as basic auth')
const secret = z
  .string()
  .max(500)
  .describe('Key of the signatures, never shown again; `whsec_…` is base64. Empty: the gateway’s own')

/** What is said of an endpoint when it is made or changed. */
const endpointFields = {
  secret: secret.optional(),
  events: z
    .array(kindPattern)
    .max(100)
    .optional()
    .describe('Kinds to deliver, `message.*` and `*` understood; empty for all that the reference has'),
  ignore_jids: z
    .array(jidPattern)
    .max(1000)
    .optional()
    .describe('Chats and people not to be told of: JIDs, `@g.us` for a server, `*` for any characters'),
  insecure_skip_verify: z.boolean().optional().describe('Do not check the TLS certificate'),
  headers: headers.optional().describe('Further request headers; values are never shown again'),
  format: z
    .enum(webhookFormats)
    .optional()
    .describe('`cloudevents` adds the headers of a CloudEvent in binary mode'),
  when_gone: z
    .enum(goneChoices)
    .optional()
    .describe('What an answer 410 does: try again, give that event up, or put the endpoint out of use'),
  active: z.boolean().optional(),
}

export const createEndpointBody = z.object({ url, ...endpointFields })
export const updateEndpointBody = z.object({ url: url.optional(), ...endpointFields })
export const devicePath = z.object({ device_id: z.string() })
export const deviceEndpointPath = z.object({ device_id: z.string(), webhook_id: z.string() })
export const endpointPath = z.object({ webhook_id: z.string() })

/** An endpoint as the API shows it: without secrets. */
export const wireEndpoint = z.object({
  id: z.string(),
  device_id: z.string().optional().describe('Absent for endpoints of all devices'),
  url: z.string().describe('A password in it is shown as ***'),
  has_secret: z.boolean().describe('False: signed with the gateway’s own secret'),
  events: z.array(z.string()).describe('Empty for all that the reference has'),
  ignore_jids: z.array(z.string()),
  insecure_skip_verify: z.boolean(),
  header_names: z.array(z.string()),
  format: z.enum(webhookFormats),
  when_gone: z.enum(goneChoices),
  source: z
    .enum(['config', 'slot', 'api'])
    .describe(
      '`config`: WHATSAPP_WEBHOOK, not changed over the API. `slot`: in place of those for its device. `api`: beside all others',
    ),
  active: z.boolean(),
  disabled_reason: z.string().optional(),
  created_at: z.iso.datetime(),
})

/** Turns an endpoint into what the API shows of it. */
export function toWireEndpoint(endpoint: WebhookEndpoint): z.input<typeof wireEndpoint> {
  return {
    id: endpoint.id,
    ...(endpoint.deviceId === null ? {} : { device_id: endpoint.deviceId }),
    url: shownUrl(endpoint.url),
    has_secret: endpoint.secret !== '',
    events: [...endpoint.kinds],
    ignore_jids: [...endpoint.ignoredJids],
    insecure_skip_verify: endpoint.skipTlsVerify,
    header_names: Object.keys(endpoint.headers),
    format: endpoint.format,
    when_gone: endpoint.whenGone,
    source: endpoint.source,
    active: endpoint.isActive,
    ...(endpoint.disabledReason === '' ? {} : { disabled_reason: endpoint.disabledReason }),
    created_at: toRfc3339(endpoint.createdAt),
  }
}

/** Turns what was said of an endpoint into changes; what was not said is absent. */
export function toEndpointChanges(body: z.output<typeof updateEndpointBody>): EndpointChanges {
  const { secret: newSecret, events, headers: newHeaders, format } = body
  return {
    ...(body.url === undefined ? {} : { url: body.url.trim() }),
    ...(newSecret === undefined ? {} : { secret: newSecret }),
    ...(events === undefined ? {} : { kinds: events }),
    ...(body.ignore_jids === undefined ? {} : { ignoredJids: body.ignore_jids }),
    ...(body.insecure_skip_verify === undefined ? {} : { skipTlsVerify: body.insecure_skip_verify }),
    ...(newHeaders === undefined ? {} : { headers: newHeaders }),
    ...(format === undefined ? {} : { format }),
    ...(body.when_gone === undefined ? {} : { whenGone: body.when_gone }),
    ...(body.active === undefined ? {} : { isActive: body.active }),
  }
}

/** The reference's endpoint of a device: `webhook_events` is a comma list. */
const slotFields = {
  webhook_secret: z.string().max(500).optional(),
  webhook_events: z
    .string()
    .max(2000)
    .optional()
    .describe('Kinds, with commas; empty for those of the settings'),
  webhook_insecure_skip_verify: z.boolean().optional(),
}

export const slotBody = z
  .object({ webhook_url: z.string().max(2000).optional(), ...slotFields })
  .nullish()
  .describe(
    '`webhook_url` is required; empty leaves the device to the global ones. What is not named is emptied',
  )

export const wireSlot = z.object({
  device_id: z.string(),
  webhook_url: z.string(),
  webhook_secret: z.string().describe(`${hiddenSecret} where there is one, else empty`),
  webhook_events: z.string(),
  webhook_insecure_skip_verify: z.boolean(),
})

/** Turns a device's slot endpoint into what the API shows of it. */
export function toWireSlot(deviceId: string, endpoint: WebhookEndpoint | null): z.input<typeof wireSlot> {
  return {
    device_id: deviceId,
    webhook_url: endpoint === null || endpoint.url === '' ? '' : shownUrl(endpoint.url),
    webhook_secret: endpoint === null || endpoint.secret === '' ? '' : hiddenSecret,
    webhook_events: endpoint?.kinds.join(',') ?? '',
    webhook_insecure_skip_verify: endpoint?.skipTlsVerify ?? false,
  }
}

/** The reference's fields of a device's webhook, as they come. @sensitive */
export interface SlotFields {
  readonly webhook_url?: string | undefined
  readonly webhook_secret?: string | undefined
  readonly webhook_events?: string | undefined
  readonly webhook_insecure_skip_verify?: boolean | undefined
}

/** Turns the reference's fields into what a slot endpoint is to be: what was not said is empty, a hidden secret stays. */
export function toSlotWish(body: SlotFields): SlotWish {
  const { webhook_url = '', webhook_secret = '', webhook_events = '' } = body
  return {
    url: webhook_url.trim(),
    secret: webhook_secret === hiddenSecret ? null : webhook_secret,
    kinds: kindsOf(webhook_events),
    skipTlsVerify: body.webhook_insecure_skip_verify ?? false,
  }
}

/** The webhook fields of `POST /devices`, over the service. */
export function deviceWebhooks(webhooks: Pick<WebhookService, 'setSlot'>) {
  return {
    check(body: SlotFields) {
      const { url: target } = toSlotWish(body)
      if (target !== '') ensureTarget('webhook_url', target)
    },
    async set(deviceId: DeviceId, body: SlotFields) {
      const wish = toSlotWish(body)
      if (isEmptySlot(wish)) return {}
      const { device_id: _, ...shown } = toWireSlot(deviceId, await webhooks.setSlot(deviceId, wish))
      return shown
    },
  }
}

function kindsOf(list: string): string[] {
  return list
    .split(',')
    .map((kind) => kind.trim().toLowerCase())
    .filter((kind) => kind !== '')
}
