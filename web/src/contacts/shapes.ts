// The shapes of people, as /openapi.json describes them; only members that the dashboard uses.

export interface PersonInfo {
  /** Saved, push or business name; empty when none is known. */
  readonly name: string
  /** Of a business, else empty. */
  readonly verified_name: string
  /** About text; empty when it is not shown. */
  readonly status: string
  readonly picture_id: string
  readonly devices: readonly { readonly Device: string; readonly AD: boolean }[]
}

export interface BusinessProfile {
  readonly email: string
  readonly address: string
  readonly categories: readonly { readonly id: string; readonly name: string }[]
  readonly business_hours_timezone: string
  readonly business_hours: readonly BusinessDay[]
}

export interface BusinessDay {
  /** `mon` … `sun`. */
  readonly day_of_week: string
  /** `specific_hours`, `open_24h` or `appointment_only`. */
  readonly mode: string
  /** `HH:MM`, empty without any. */
  readonly open_time: string
  readonly close_time: string
}
