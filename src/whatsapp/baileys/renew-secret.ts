import { randomBytes } from 'node:crypto'
import type { AuthenticationCreds } from 'baileys'

/** Gives credentials a new secret for linking, as WhatsApp asks for with `companion_reg_refresh`. */
export function renewSecret(creds: AuthenticationCreds): void {
  creds.advSecretKey = randomBytes(32).toString('base64')
}
