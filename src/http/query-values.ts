import { z } from 'zod'
import { innermost, parseBoolean, parseNumber } from './form-body.ts'

const lenient = Symbol('lenient query')

/** Marks a query schema: a number or boolean that cannot be read counts as absent, as the reference has it for lists. */
export function lenientQuery<Schema extends z.ZodObject>(schema: Schema): Schema {
  return Object.assign(schema, { [lenient]: true })
}

/**
 * Turns the texts of a query into what its schema expects: numbers and booleans are read, lists are repeated names, and of a
 * repeated single value the first counts. An empty number or boolean is absent. What cannot be read stays a text, so that
 * validation names it, unless the schema is lenient.
 */
export function fromQuery(query: unknown, schema: unknown): unknown {
  if (!(schema instanceof z.ZodObject) || typeof query !== 'object' || query === null) return query
  const keepsUnreadable = !(lenient in schema)
  const shape: Readonly<Record<string, unknown>> = schema.shape
  const values = Object.entries(query).flatMap(([name, given]): [string, unknown][] => {
    const type = innermost(shape[name])
    const texts: unknown[] = Array.isArray(given) ? given : [given]
    if (type instanceof z.ZodArray) return [[name, texts]]
    const [text] = texts
    if (typeof text !== 'string') return [[name, text]]
    if (!(type instanceof z.ZodNumber || type instanceof z.ZodBoolean)) return [[name, text]]
    const value = type instanceof z.ZodNumber ? parseNumber(text) : parseBoolean(text)
    if (value !== null) return [[name, value]]
    return text !== '' && keepsUnreadable ? [[name, text]] : []
  })
  return Object.fromEntries(values)
}
