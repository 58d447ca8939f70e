import type { Operation } from './generated/operations.ts'

/** A request that is ready to be sent. */
export interface BuiltRequest {
  /** Behind the gateway's address. */
  readonly path: string
  readonly body: string | FormData | null
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Puts the members of an input where the operation has them: path, query, and what is left in the body. A body with a file
 * becomes a form. Throws a TypeError when a part of the path is missing.
 */
export function buildRequest(operation: Operation, input: Readonly<Record<string, unknown>>): BuiltRequest {
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => {
    const value = input[name]
    if (value === undefined || value === null || value === '') throw new TypeError(`${name} is missing`)
    return encodeURIComponent(textOf(value))
  })
  const isInPath = (name: string) => operation.path.includes(`{${name}}`)
  const query = new URLSearchParams()
  const members: [string, unknown][] = []
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || isInPath(name)) continue
    if (operation.query.includes(name)) query.append(name, textOf(value))
    else members.push([name, value])
  }
  const where = query.size === 0 ? path : `${path}?${query.toString()}`
  if (members.length === 0 && !operation.hasBody) return { path: where, body: null, headers: {} }
  if (members.some(([, value]) => value instanceof Blob))
    return { path: where, body: formOf(members), headers: {} }
  return {
    path: where,
    body: JSON.stringify(Object.fromEntries(members)),
    headers: { 'content-type': 'application/json' },
  }
}

function formOf(members: readonly (readonly [string, unknown])[]): FormData {
  const form = new FormData()
  for (const [name, value] of members) {
    if (value instanceof Blob) form.append(name, value)
    else if (Array.isArray(value)) for (const item of value) form.append(name, textOf(item))
    else form.append(name, textOf(value))
  }
  return form
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
