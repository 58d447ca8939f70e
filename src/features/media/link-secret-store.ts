import { randomBytes } from 'node:crypto'
import type { Tx } from '../../db/database.ts'

const settingName = 'media_link_secret'

/** Keeps the key that links to media are signed with; made once, so that links outlive a restart. */
export class LinkSecretStore {
  /** The kept key, made now if there is none yet (256 random bits). */
  async ensure(tx: Tx, at: Date): Promise<Buffer> {
    await tx
      .insertInto('settings')
      .values({ name: settingName, value: randomBytes(32).toString('hex'), updated_at: at.getTime() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const { value } = await tx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirstOrThrow()
    return Buffer.from(value, 'hex')
  }
}
