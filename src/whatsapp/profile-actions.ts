/** The account's privacy settings, in WhatsApp's words (`all`, `contacts`, `none` …); '' where there is no such setting. */
export interface PrivacySettings {
  readonly groupAdd: string
  readonly lastSeen: string
  readonly status: string
  readonly profile: string
  readonly readReceipts: string
}

/** The account itself. Rejects with `device_not_connected` or `whatsapp_timeout`. */
export interface ProfileActions {
  /** Changes the name that others see. Rejects with `app_state_not_ready` while the phone has not shared the keys yet. */
  setPushName(name: string): Promise<void>
  /** Sets the picture to the square JPEG in this file, or takes it away (null). Answers its id. Rejects with `image_invalid`. */
  setPicture(jpegPath: string | null): Promise<string | null>
  privacy(): Promise<PrivacySettings>
}
