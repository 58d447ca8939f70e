import type { DeviceId } from '../../core/ids.ts'

/** How the events go over the wire: as the reference sends them, or with CloudEvents' headers beside that. */
export const webhookFormats = ['plain', 'cloudevents'] as const
export type WebhookFormat = (typeof webhookFormats)[number]

/** What an answer 410 (Gone) does: nothing special, the event is given up, or the endpoint is put out of use. */
export const goneChoices = ['retry', 'drop', 'disable'] as const
export type GoneChoice = (typeof goneChoices)[number]

/**
 * Where an endpoint comes from. `config`: named by the operator's settings, trusted. `slot`: the one that a device can have in
 * place of those (the reference's). `api`: set up by a caller for a device or for all, beside all others.
 */
export type WebhookSource = 'config' | 'slot' | 'api'

/** Somebody who wants events. `deviceId` null: of every device; with `config` of those that have no `slot` endpoint. @sensitive */
export interface WebhookEndpoint {
  readonly id: string
  readonly deviceId: DeviceId | null
  readonly url: string
  /** '' for the gateway's own secret. */
  readonly secret: string
  /** Kinds by name, lower case; empty for all that the reference has. */
  readonly kinds: readonly string[]
  /** Whole JIDs, or `@server` for all of a server, in addition to those of the settings. */
  readonly ignoredJids: readonly string[]
  readonly skipTlsVerify: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly format: WebhookFormat
  readonly whenGone: GoneChoice
  readonly source: WebhookSource
  readonly isActive: boolean
  /** Why it is out of use, '' when a caller said so. */
  readonly disabledReason: string
  readonly createdAt: Date
}

/** What an endpoint is when nothing else is said. */
export const plainEndpoint = {
  secret: '',
  kinds: [],
  ignoredJids: [],
  skipTlsVerify: false,
  headers: {},
  format: 'plain',
  whenGone: 'retry',
  isActive: true,
  disabledReason: '',
} as const satisfies Partial<WebhookEndpoint>

/** A URL without the password in it, as it may be shown. */
export function shownUrl(url: string): string {
  const parsed = new URL(url)
  if (parsed.password === '') return url
  parsed.password = '***'
  return parsed.href
}
