import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../db/database.ts'
import type { InTransaction } from '../../db/transaction.ts'
import type { WebVersion } from './web-version.ts'
import type { RenewedVersion, WebVersionMemory } from './web-versions.ts'

const settingName = 'whatsapp_web_version'

/** Keeps the renewed WhatsApp Web version among the settings, as `<refused>><renewed>`. */
export class WebVersionStore implements WebVersionMemory {
  readonly #db: Db
  readonly #inTransaction: InTransaction
  readonly #clock: Clock

  constructor(deps: { db: Db; inTransaction: InTransaction; clock: Clock }) {
    this.#db = deps.db
    this.#inTransaction = deps.inTransaction
    this.#clock = deps.clock
  }

  async load(): Promise<RenewedVersion | null> {
    const row = await this.#db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', settingName)
      .executeTakeFirst()
    const [refused, renewed] = (row?.value ?? '').split('>').map(toVersion)
    return refused && renewed ? { refused, renewed } : null
  }

  async save({ refused, renewed }: RenewedVersion): Promise<void> {
    const value = `${refused.join('.')}>${renewed.join('.')}`
    const row = { value, updated_at: this.#clock.now().getTime() }
    await this.#inTransaction(async (tx) => {
      await tx
        .insertInto('settings')
        .values({ name: settingName, ...row })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
        .execute()
    })
  }
}

function toVersion(text: string): WebVersion | null {
  const numbers = text.split('.').map(Number)
  const [first, second, third] = numbers
  if (first === undefined || second === undefined || third === undefined) return null
  return numbers.length === 3 && numbers.every(Number.isInteger) ? [first, second, third] : null
}
