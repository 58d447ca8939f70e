import { randomBytes } from 'node:crypto'
import type { Tx } from '../../db/database.ts'

const settingName = 'webhook_secret'

/** The name under which a generated secret can be read in the table `settings`. */
export const webhookSecretSetting = settingName

/** Keeps the secret that the gateway makes for itself when none is set. */
export class WebhookSecretStore {
  /** The kept secret, made now if there is none yet (256 random bits in hex). */
  async ensure(tx: Tx, at: Date): Promise<{ readonly secret: string; readonly isNew: boolean }> {
    const made = randomBytes(32).toString('hex')
    await tx
      .insertInto('settings')
      .values({ name: settingName, value: made, updated_at: at.getTime() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const row = await tx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirstOrThrow()
    return { secret: row.value, isNew: row.value === made }
  }
}
