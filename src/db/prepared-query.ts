import { type Compilable, type CompiledQuery, SqliteAdapter } from 'kysely'
import type { Db } from './database.ts'

/**
 * A statement whose text is made once per database instead of at every use: for those that run with every message, making
 * the text costs more than running it. It has the same shape every time; only the values differ.
 */
export class PreparedQuery<Values extends object, Row = unknown> {
  readonly #build: (db: Db, values: Values) => Compilable<Row>
  /** By the adapter, which all transactions of a database share. */
  readonly #compiled = new WeakMap<object, CompiledQuery<Row>>()

  /** `build` gets a stand-in for each value, and may do nothing with it but hand it to the query. */
  constructor(build: (db: Db, values: Values) => Compilable<Row>) {
    this.#build = build
  }

  /** Runs it; resolves with its rows. */
  async all(db: Db, values: Values): Promise<Row[]> {
    const { rows } = await db.executeQuery(this.#bound(db, values))
    return rows
  }

  /** Runs it; resolves with its first row, if any. */
  async first(db: Db, values: Values): Promise<Row | undefined> {
    return (await this.all(db, values))[0]
  }

  /** Runs it; resolves with the number of rows it changed. */
  async run(db: Db, values: Values): Promise<number> {
    const { numAffectedRows } = await db.executeQuery(this.#bound(db, values))
    return Number(numAffectedRows ?? 0)
  }

  #bound(db: Db, values: Values): CompiledQuery<Row> {
    const { adapter } = db.getExecutor()
    let compiled = this.#compiled.get(adapter)
    if (compiled === undefined) {
      compiled = this.#build(db, standIns<Values>()).compile()
      this.#compiled.set(adapter, compiled)
    }
    const parameters = compiled.parameters.map((value) =>
      // The name is one that `build` asked the values for.
      value instanceof StandIn ? values[value.name as keyof Values] : value,
    )
    return { ...compiled, parameters }
  }
}

/**
 * Whether many rows are best written one by one: where no network lies between, a prepared statement again and again
 * beats a text for every number of rows.
 */
export function prefersSingleRows(db: Db): boolean {
  return db.getExecutor().adapter instanceof SqliteAdapter
}

/** A row of these columns, for an insert: the stand-ins of a whole row cannot say which columns it has. */
export function rowOf<Row extends object, Column extends keyof Row>(
  values: Row,
  columns: readonly Column[],
): Pick<Row, Column> {
  // Every column is put in.
  return Object.fromEntries(columns.map((column) => [column, values[column]])) as Pick<Row, Column>
}

class StandIn {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

function standIns<Values extends object>(): Values {
  // Each property is a StandIn where a value will be: the query only passes it through.
  return new Proxy({}, { get: (_target, name) => new StandIn(String(name)) }) as Values
}
