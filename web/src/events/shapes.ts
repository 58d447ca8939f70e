// The shapes of deliveries, as /openapi.json describes them; only members that the dashboard uses.

export interface Delivery {
  readonly webhook_id: string
  readonly event_id: string
  readonly device_id: string
  readonly event: string
  /** `dead`: given up. */
  readonly state: 'pending' | 'delivered' | 'dead'
  readonly attempts: number
  readonly queued_at: string
  readonly next_attempt_at?: string
  readonly last_status?: number
  readonly last_error?: string
  readonly delivered_at?: string
}

export interface Attempt {
  readonly attempt: number
  readonly at: string
  readonly duration_ms: number
  readonly status?: number
  readonly error?: string
}

export interface Endpoint {
  readonly id: string
  readonly device_id?: string
  readonly url: string
  readonly active: boolean
  readonly disabled_reason?: string
}
