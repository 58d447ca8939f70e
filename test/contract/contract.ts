import { readFileSync } from 'node:fs'
import { Ajv, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { parse } from 'yaml'

/** The parts of an OpenAPI document that the tests look at. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly nullable?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly [keyword: string]: unknown
}

export interface Parameter {
  readonly $ref?: string
  readonly name?: string
  readonly in?: string
}

export interface Operation {
  readonly operationId?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly parameters: Readonly<Record<string, Parameter>>
  }
}

/** The published contract. */
export const contract = parse(
  readFileSync(new URL('openapi-8.1.0.yaml', import.meta.url), 'utf8'),
) as Document // the file is what its name says

const ajv = new Ajv({ strict: false, allErrors: true })
formats.default(ajv)

/**
 * Checks bodies against what the contract declares for an operation and status. Every declared member must be there, except
 * those that `mayLack` names (`results.phone_number`; `results.data.x` for members of list entries).
 */
export function checkOf(
  path: string,
  method: string,
  status: number,
  mayLack: readonly string[] = [],
): ValidateFunction {
  const schema =
    contract.paths[path]?.[method]?.responses[String(status)]?.content?.['application/json']?.schema
  if (schema === undefined) throw new Error(`the contract declares no ${status} for ${method} ${path}`)
  return ajv.compile(demanding(schema, '', new Set(mayLack)))
}

/** Names of the parameters an operation takes in `place` (`query`, `path`). */
export function parameterNames(operation: Operation, place: string): string[] {
  return (operation.parameters ?? [])
    .map((parameter) => {
      const name = parameter.$ref?.split('/').at(-1)
      return name === undefined ? parameter : (contract.components.parameters[name] ?? {})
    })
    .filter((parameter) => parameter.in === place)
    .map((parameter) => parameter.name ?? '')
    .sort()
}

/** Names of the members of an operation's JSON body. */
export function bodyMembers(operation: Operation): string[] {
  const schema = operation.requestBody?.content['application/json']?.schema
  return Object.keys(schema?.properties ?? {}).sort()
}

/** The schema as JSON Schema: references resolved, `nullable` written as a type, every declared member required. */
function demanding(schema: Schema, place: string, mayLack: ReadonlySet<string>): Schema {
  const name = schema.$ref?.split('/').at(-1)
  const {
    example: _example,
    nullable,
    properties,
    items,
    ...rest
  } = name === undefined ? schema : (contract.components.schemas[name] ?? {})
  const at = (member: string) => (place === '' ? member : `${place}.${member}`)
  return {
    ...rest,
    ...(nullable === true && typeof rest.type === 'string' ? { type: [rest.type, 'null'] } : {}),
    ...(items === undefined ? {} : { items: demanding(items, place, mayLack) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([member, inner]) => [
              member,
              demanding(inner, at(member), mayLack),
            ]),
          ),
          required: Object.keys(properties).filter((member) => !mayLack.has(at(member))),
        }),
  } as Schema // `type` may have become a list, which JSON Schema allows and OpenAPI 3.0 does not
}
