// The shapes of the API that the dashboard reads, as /openapi.json describes them; only members that it uses.

export interface AppInfo {
  readonly version: string
  readonly os: string
  readonly max_file_size: number
  readonly max_video_size: number
  readonly max_image_size: number
  /** Only where WhatsApp is a simulation. */
  readonly sandbox?: true
}

/** What the credential in use may do. */
export interface Actor {
  /** Empty on a gateway without credentials. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Absent: all. */
  readonly devices?: readonly string[]
  /** JIDs that it may write to; absent: anybody. */
  readonly recipients?: readonly string[]
}

export interface Device {
  readonly id: string
  /** What people call it. */
  readonly name?: string
  readonly phone_number?: string
  readonly display_name?: string
  readonly state: 'disconnected' | 'connected' | 'logged_in'
  readonly jid?: string
  readonly created_at: string
  readonly connection?: DeviceConnection
}

export interface DeviceConnection {
  readonly phase: 'idle' | 'connecting' | 'pairing' | 'open' | 'waiting' | 'parked'
  readonly reason?: string
  readonly retry_at?: string
  readonly last_sign_at?: string
  readonly last_ack_at?: string
  readonly undecryptable?: number
  readonly waiting_stanzas?: number
}

export interface QrLogin {
  readonly qr_link: string
  readonly qr_code: string
  /** Seconds. */
  readonly qr_duration: number
}

export interface SlotWebhook {
  readonly webhook_url: string
  readonly webhook_secret: string
  readonly webhook_events: string
  readonly webhook_insecure_skip_verify: boolean
}

export interface Page<Item> {
  readonly data: readonly Item[]
  readonly pagination: { readonly limit: number; readonly offset: number; readonly total: number }
}
