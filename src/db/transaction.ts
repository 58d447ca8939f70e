import type { Tx } from './database.ts'

/**
 * The one way to write: runs `work` in a transaction and resolves once it is durably committed.
 * On SQLite works that wait at the same moment share one commit (each in its own savepoint, so one that fails undoes only
 * itself); on PostgreSQL each is a transaction of its own. `work` awaits nothing but its queries on `tx`.
 */
export type InTransaction = <T>(work: (tx: Tx) => Promise<T>) => Promise<T>
