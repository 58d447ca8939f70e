import type { Db } from '../../db/database.ts'
import type { AccountScope } from '../account-scope.ts'
import type { LabelStore, LabelWithChats, StoredLabel } from './label-store.ts'

/** Answers questions about labels. */
export class LabelReader {
  readonly #db: Db
  readonly #labels: LabelStore

  constructor(deps: { readonly db: Db; readonly labels: LabelStore }) {
    this.#db = deps.db
    this.#labels = deps.labels
  }

  /** The label with this number; null when it is unknown. */
  find(scope: AccountScope, id: string): Promise<StoredLabel | null> {
    return this.#labels.find(this.#db, scope, id)
  }

  /** The account's labels in the order of their numbers, each with the chats that carry it. */
  list(scope: AccountScope): Promise<LabelWithChats[]> {
    return this.#labels.list(this.#db, scope)
  }

  /** The labels on these chats, by the chat's internal id, in the order they were put on. */
  ofChats(
    scope: AccountScope,
    chatIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly StoredLabel[]>> {
    return this.#labels.ofChats(this.#db, scope, chatIds)
  }
}
