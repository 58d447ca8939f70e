import { randomBytes } from 'node:crypto'
import type { Tx } from '../../db/database.ts'
import { encryptedColumns, placeOf } from '../../db/encryption/encrypted-columns.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'

const settingName = 'media_link_secret'
const place = placeOf(encryptedColumns.settings, [settingName])

/** Keeps the key that links to media are signed with; made once, so that links outlive a restart. */
export class LinkSecretStore {
  readonly #cipher: RowCipher

  constructor(cipher: RowCipher) {
    this.#cipher = cipher
  }

  /** The kept key, made now if there is none yet (256 random bits). */
  async ensure(tx: Tx, at: Date): Promise<Buffer> {
    const made = this.#cipher.encryptText(place, randomBytes(32).toString('hex'))
    await tx
      .insertInto('settings')
      .values({ name: settingName, value: made, updated_at: at.getTime() })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .execute()
    const { value } = await tx
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirstOrThrow()
    return Buffer.from(this.#cipher.decryptText(place, value), 'hex')
  }
}
