// Owns: what is typed into a form, and the values that it stands for. Pure.
import type { Schema } from './document.ts'

/**
 * What is typed for a schema: a text for everything that is written or chosen, a file, the items of a list (of a map: objects
 * of `key` and `value`), or the members of an object.
 */
export type Draft = string | File | readonly Draft[] | { readonly [name: string]: Draft }

/** The kinds of inputs that there are. */
export type InputKind = 'text' | 'number' | 'boolean' | 'choice' | 'file' | 'list' | 'object' | 'map' | 'raw'

/** The input that a schema asks for; `raw` is JSON as a text, for what has no other. */
export function inputOf(schema: Schema): InputKind {
  if (schema.format === 'binary') return 'file'
  if (schema.enum !== undefined) return 'choice'
  switch (schema.type) {
    case 'string':
      return 'text'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'array':
      return schema.items === undefined ? 'raw' : 'list'
    case 'object':
      if (schema.properties !== undefined) return 'object'
      return typeof schema.additionalProperties === 'object' ? 'map' : 'raw'
    case undefined:
    default:
      return 'raw'
  }
}

/** What stands in an input before anything is typed. */
export function emptyDraft(schema: Schema): Draft {
  switch (inputOf(schema)) {
    case 'list':
      return Array.from({ length: schema.minItems ?? 0 }, () => emptyDraft(schema.items ?? {}))
    case 'map':
      return []
    case 'object':
      return {}
    case 'text':
    case 'number':
    case 'boolean':
    case 'choice':
    case 'file':
    case 'raw':
      return ''
  }
}

/** The value that a draft stands for; undefined for what is left out. What is no number or no JSON stays the text it is. */
export function valueOf(schema: Schema, draft: Draft): unknown {
  const kind = inputOf(schema)
  if (kind === 'list') {
    const items = listOf(draft).map((item) => valueOf(schema.items ?? {}, item))
    const given = items.filter((item) => item !== undefined)
    return given.length === 0 ? undefined : given
  }
  if (kind === 'map') {
    const values = schema.additionalProperties
    const entries = listOf(draft).flatMap((entry) => {
      const key = membersOf(entry)['key'] ?? ''
      const value = valueOf(typeof values === 'object' ? values : {}, membersOf(entry)['value'] ?? '')
      return typeof key === 'string' && key !== '' && value !== undefined ? [[key, value] as const] : []
    })
    return entries.length === 0 ? undefined : Object.fromEntries(entries)
  }
  if (kind === 'object') {
    const members = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
      const value = valueOf(member, membersOf(draft)[name] ?? emptyDraft(member))
      return value === undefined ? [] : [[name, value] as const]
    })
    return members.length === 0 ? undefined : Object.fromEntries(members)
  }
  if (draft instanceof File) return draft
  if (typeof draft !== 'string' || draft === '') return undefined
  if (kind === 'boolean') return draft === 'true'
  if (kind === 'number') return Number.isFinite(Number(draft)) ? Number(draft) : draft
  if (kind === 'choice') return schema.enum?.find((each) => String(each) === draft)
  return kind === 'raw' ? parsedOr(draft) : draft
}

/** The items of a draft of a list. */
export function listOf(draft: Draft): readonly Draft[] {
  return Array.isArray(draft) ? (draft as readonly Draft[]) : [] // narrowing loses `readonly`
}

/** The members of a draft of an object. */
export function membersOf(draft: Draft): Readonly<Record<string, Draft>> {
  const isObject = typeof draft === 'object' && !Array.isArray(draft) && !(draft instanceof File)
  return isObject ? (draft as Readonly<Record<string, Draft>>) : {} // what is left of the union
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The API says best what is wrong with it.
    return text
  }
}
