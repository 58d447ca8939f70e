import { randomBytes } from 'node:crypto'
import type { Tx } from '../../db/database.ts'
import { encryptedColumns, placeOf } from '../../db/encryption/encrypted-columns.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'

const settingName = 'webhook_secret'

/** The name under which a generated secret can be read in the table `settings`. */
export const webhookSecretSetting = settingName
/** Where it is, for whoever decrypts it. */
export const webhookSecretPlace = placeOf(encryptedColumns.settings, [settingName])

/** Keeps the secret that the gateway makes for itself when none is set. */
export class WebhookSecretStore {
  readonly #cipher: RowCipher

  constructor(cipher: RowCipher) {
    this.#cipher = cipher
  }

  /** The kept secret, made now if there is none yet (256 random bits in hex). */
  async ensure(tx: Tx, at: Date): Promise<{ readonly secret: string; readonly isNew: boolean }> {
    const made = randomBytes(32).toString('hex')
    const value = this.#cipher.encryptText(webhookSecretPlace, made)
    await tx
      .insertInto('settings')
      .values({ name: settingName, value, updated_at: at.getTime() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const row = await tx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirstOrThrow()
    const secret = this.#cipher.decryptText(webhookSecretPlace, row.value)
    return { secret, isNew: secret === made }
  }
}
