import { z } from 'zod'

/** The fields of a form in their order; a name may come several times. */
export type FormFields = readonly (readonly [name: string, value: string])[]

const trueTexts = new Set(['1', 't', 'T', 'TRUE', 'true', 'True', 'on'])
const falseTexts = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False'])

/**
 * Turns form fields into what the same request would be as JSON, led by the types of the body's schema: numbers and
 * booleans are read from their text, lists are repeated names (`options=a&options=b`, also `options[]`), and of a repeated
 * single value the last counts. Line ends, which browsers write as CR LF in forms, are what they would be in JSON. A text that
 * is none of its type stays a text, so that validation names the field.
 */
export function fromForm(fields: FormFields, schema: unknown): Record<string, unknown> {
  const object = innermost(schema)
  const shape: Readonly<Record<string, unknown>> = object instanceof z.ZodObject ? object.shape : {}
  const body: Record<string, unknown> = Object.create(null) as Record<string, unknown> // no prototype: names come from outside
  for (const [rawName, written] of fields) {
    const text = written.replaceAll('\r\n', '\n')
    const name = rawName.endsWith('[]') ? rawName.slice(0, -2) : rawName
    const type = innermost(shape[name])
    if (type instanceof z.ZodArray) {
      const before = body[name]
      body[name] = [...(Array.isArray(before) ? (before as unknown[]) : []), text] // lists here are made by this loop
    } else {
      body[name] = readAs(type, text)
    }
  }
  return body
}

function readAs(type: unknown, text: string): unknown {
  if (type instanceof z.ZodBoolean) return text === '' ? false : (parseBoolean(text) ?? text)
  if (type instanceof z.ZodNumber) return text === '' ? 0 : (parseNumber(text) ?? text)
  return text
}

/** Reads a boolean as forms and queries write it, null when it is none. */
export function parseBoolean(text: string): boolean | null {
  if (trueTexts.has(text)) return true
  return falseTexts.has(text) ? false : null
}

/** Reads a plain decimal number, null when it is none. */
export function parseNumber(text: string): number | null {
  return /^[-+]?\d+(\.\d+)?$/.test(text) ? Number(text) : null
}

/** The type of a value that is there: without `optional`, `default` and the like. */
export function innermost(schema: unknown): unknown {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  ) {
    return innermost(schema.unwrap())
  }
  return schema instanceof z.ZodPipe ? innermost(schema.in) : schema
}
