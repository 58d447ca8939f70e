/** The account itself, and what can be known of people. Rejects with `device_not_connected` or `whatsapp_timeout`. */
export interface ProfileActions {
  /** Changes the name that others see. Rejects with `app_state_not_ready` while the phone has not shared the keys yet. */
  setPushName(name: string): Promise<void>
}
