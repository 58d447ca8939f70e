// Owns: the request that a filled form stands for, to be sent by the page or written as a line for a shell.
import { headersOf, urlOf } from '../api/client.ts'
import { type Connection, connection } from '../api/connection.ts'
import type { BodyForm, Operation, Schema } from './document.ts'
import { type Draft, membersOf, valueOf } from './draft.ts'

/** What was typed for an operation. */
export interface FilledForm {
  /** By `<in> <name>`. */
  readonly parameters: Readonly<Record<string, string>>
  /** Which of the operation's bodies is used; null for one without. */
  readonly bodyForm: BodyForm | null
  readonly body: Draft
  /** The body as it was typed by hand, in place of `body`. */
  readonly json: string | null
  /** Checks the request only. */
  readonly isDryRun: boolean
}

/** A part of a multipart form. */
export type FormPart = readonly [name: string, value: string | File]

/** A request, without credentials. */
export interface PlannedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | readonly FormPart[] | null
}

/** What a path, query or header parameter is found by in a form. */
export function parameterKey(parameter: { readonly in: string; readonly name: string }): string {
  return `${parameter.in} ${parameter.name}`
}

/** Makes the request. What was left empty is left out, save in the path. */
export function planRequest(operation: Operation, form: FilledForm): PlannedRequest {
  const given = operation.parameters.map(
    (parameter) => [parameter, form.parameters[parameterKey(parameter)] ?? ''] as const,
  )
  const query: Record<string, string> = {}
  const headers: Record<string, string> = {}
  let { path } = operation
  for (const [parameter, value] of given) {
    if (parameter.in === 'path') path = path.replace(`{${parameter.name}}`, encodeURIComponent(value))
    else if (value === '') continue
    else if (parameter.in === 'query') query[parameter.name] = value
    else headers[parameter.name] = headerValue(parameter.name, value)
  }
  if (form.isDryRun) headers['X-Dry-Run'] = 'true'
  const body = bodyOf(operation, form)
  if (typeof body === 'string') headers['Content-Type'] = 'application/json'
  const url = operation.isAtRoot ? new URL(path, connection.value.base).href : urlOf(path, { query })
  return { method: operation.method, url, headers, body }
}

/** Sends it with the page's credentials. Rejects when no answer comes. */
export function sendRequest({ method, url, headers, body }: PlannedRequest): Promise<Response> {
  return fetch(url, {
    method,
    headers: { ...headersOf(), ...headers },
    cache: 'no-store',
    credentials: 'omit',
    ...(body === null ? {} : { body: typeof body === 'string' ? body : formOf(body) }),
  })
}

/** The same as a line for a POSIX shell. Credentials are a place to be filled; files lie in the present folder. */
export function curlOf(
  { method, url, headers, body }: PlannedRequest,
  { credential }: Pick<Connection, 'credential'> = connection.value,
): string {
  const words = [`curl ${method === 'GET' ? '' : `-X ${method} `}${quoted(url)}`]
  if (credential?.startsWith('Bearer ') === true) words.push(`-H ${quoted('Authorization: Bearer <key>')}`)
  else if (credential !== null) words.push(`-u ${quoted('<user>:<password>')}`)
  for (const [name, value] of Object.entries(headers)) words.push(`-H ${quoted(`${name}: ${value}`)}`)
  if (typeof body === 'string') words.push(`--data-raw ${quoted(body)}`)
  else
    for (const [name, value] of body ?? []) {
      if (typeof value === 'string') words.push(`--form-string ${quoted(`${name}=${value}`)}`)
      else words.push(`-F ${quoted(`${name}=@${fileWord(value)}`)}`)
    }
  return words.join(' \\\n  ')
}

/** Header values are bytes. The gateway decodes the percent-encoded id of a device. */
function headerValue(name: string, value: string): string {
  return name === 'X-Device-Id'
    ? encodeURIComponent(value)
    : value.replace(/[^\x20-\x7e]+/gu, encodeURIComponent)
}

/** In single quotes nothing means anything to a shell, save the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}

/** curl reads `;` and `,` behind a file's name, unless the name is in double quotes. */
function fileWord({ name, type }: File): string {
  const escaped = name.replace(/["\\]/g, (each) => `\\${each}`)
  return `"${escaped}"${type === '' ? '' : `;type=${type}`}`
}

function bodyOf(operation: Operation, { bodyForm, body, json }: FilledForm): PlannedRequest['body'] {
  if (bodyForm === null) return null
  if (bodyForm.type === 'multipart/form-data') return partsOf(bodyForm.schema, body)
  if (json !== null) return json
  const value = valueOf(bodyForm.schema, body)
  return value === undefined && !operation.isBodyRequired ? null : JSON.stringify(value ?? {}, null, 2)
}

/** Lists are repeated names. */
function partsOf(schema: Schema, draft: Draft): FormPart[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, member]) => {
    const value = valueOf(member, membersOf(draft)[name] ?? '')
    const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
    return all.map((each): FormPart => [name, each instanceof File ? each : textOf(each)])
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function formOf(parts: readonly FormPart[]): FormData {
  const form = new FormData()
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, value, value.name)
  }
  return form
}
