import { z } from 'zod'
import type { Scope } from '../core/actor.ts'

/** An operation of the API, as its route declares it. */
export interface ApiOperation {
  readonly id: string
  readonly method: string
  /** Under the base path, with `:name` for its parts. */
  readonly path: string
  readonly scope: Scope | 'any'
  /** Whether it honours `Idempotency-Key`. */
  readonly takesIdempotencyKey: boolean
  readonly params: Shape
  readonly query: Shape
  readonly body: Shape
  /** Members of the body that are files of a form. */
  readonly files: readonly string[]
}

export type Shape = Readonly<Record<string, z.ZodType>>

/** The members of a route's schema; none when it has no schema, or one that is no object. */
export function shapeOf(schema: unknown): Shape {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return shapeOf(schema.unwrap())
  if (schema instanceof z.ZodPipe) return shapeOf(schema.out instanceof z.ZodObject ? schema.out : schema.in)
  return schema instanceof z.ZodObject ? schema.shape : {}
}

/** What a caller may say to the operation, in one object. */
export function inputsOf({ params, query, body, files }: ApiOperation): Shape {
  const all = { ...params, ...query, ...body }
  return Object.fromEntries(Object.entries(all).filter(([name]) => !files.includes(name)))
}

/** A request that makes a call of the operation. */
export interface ApiRequest {
  readonly method: string
  readonly path: string
  /** undefined: no body. */
  readonly payload: Readonly<Record<string, unknown>> | undefined
}

/** Puts arguments where the operation has them; null and undefined count as left out. Members it does not have are left out. */
export function toApiRequest(
  operation: ApiOperation,
  args: Readonly<Record<string, unknown>>,
): ApiRequest | { readonly missing: string } {
  const given = Object.entries(args).filter(([, value]) => value !== undefined && value !== null)
  const isGiven = new Map(given)
  const missing = Object.keys(operation.params).find((name) => !isGiven.has(name) || isGiven.get(name) === '')
  if (missing !== undefined) return { missing }
  const path = operation.path.replace(/:(\w+)/g, (_all, name: string) =>
    encodeURIComponent(textOf(isGiven.get(name))),
  )
  const query = new URLSearchParams(
    given
      .filter(([name]) => name in operation.query)
      .map(([name, value]): [string, string] => [name, textOf(value)]),
  )
  const body = given.filter(([name]) => name in operation.body && !operation.files.includes(name))
  return {
    method: operation.method,
    path: query.size === 0 ? path : `${path}?${query.toString()}`,
    payload: Object.keys(operation.body).length === 0 ? undefined : Object.fromEntries(body),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
