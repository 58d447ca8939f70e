import type { Jid } from './jid.ts'

/** One device of a person's account; number 0 is the phone. */
export interface PersonDevice {
  readonly number: number
}

/** What WhatsApp tells of a person; texts are '' where there is none or where it is not shown to us. */
export interface PersonInfo {
  /** The name WhatsApp has verified for a business. */
  readonly verifiedName: string
  readonly about: string
  readonly pictureId: string
  readonly devices: readonly PersonDevice[]
}

/** Where a picture can be had; the URL is good for some days. */
export interface Picture {
  readonly id: string
  readonly type: string
  readonly url: string
}

/** Opening hours of one day, as minutes since midnight; null where the mode needs none. */
export interface BusinessDay {
  readonly dayOfWeek: string
  readonly mode: string
  readonly openMinute: number | null
  readonly closeMinute: number | null
}

/** A business as it describes itself. */
export interface BusinessProfile {
  readonly jid: Jid
  readonly email: string
  readonly address: string
  readonly categories: readonly { readonly id: string; readonly name: string }[]
  readonly options: Readonly<Record<string, string>>
  readonly timezone: string
  readonly days: readonly BusinessDay[]
}

/** Questions about others. Rejects with `device_not_connected` or `whatsapp_timeout`. */
export interface PeopleActions {
  /** What is known of a person, or null when there is no such account. */
  info(person: Jid): Promise<PersonInfo | null>
  /**
   * The picture of a person, a group or (with `isCommunity`) a community. Rejects with `picture_not_found` without one
   * and `picture_hidden` when it is not shown to us.
   */
  picture(of: Jid, options: { isPreview: boolean; isCommunity: boolean }): Promise<Picture>
  /** What a business tells of itself, or null when the account is none. */
  business(person: Jid): Promise<BusinessProfile | null>
}
