// Owns: reading of /openapi.json. Its operations, as far as forms are made of them.

/** A JSON schema of the document; only members that forms look at. */
export interface Schema {
  readonly type?: string
  readonly description?: string
  readonly format?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly nullable?: boolean
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly additionalProperties?: Schema | boolean
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly minLength?: number
  readonly maxLength?: number
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly description?: string
  readonly schema: Schema
}

export const mediaTypes = ['multipart/form-data', 'application/json'] as const
export type MediaType = (typeof mediaTypes)[number]

/** One way to write an operation's body. */
export interface BodyForm {
  readonly type: MediaType
  readonly schema: Schema
}

/** An operation of the API. */
export interface Operation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly description: string
  readonly tag: string
  /** What a key needs for it; empty for what needs none. */
  readonly scope: string
  readonly isDeprecated: boolean
  /** Served at the root of the host, whatever the base path. */
  readonly isAtRoot: boolean
  readonly parameters: readonly Parameter[]
  readonly bodies: readonly BodyForm[]
  readonly isBodyRequired: boolean
}

/** Operations that belong together. */
export interface OperationGroup {
  readonly name: string
  readonly description: string
  readonly operations: readonly Operation[]
}

interface Document {
  readonly tags: readonly { readonly name: string; readonly description?: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

interface WireOperation {
  readonly operationId?: string
  readonly summary?: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly deprecated?: boolean
  readonly 'x-scope'?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>
  }
}

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** All operations of a document, by their tags, those that it describes first. */
export function operationGroups(text: string): readonly OperationGroup[] {
  const document = JSON.parse(text) as Document // the gateway's own document
  const operations = Object.entries(document.paths).flatMap(([path, item]) => {
    const servers = item['servers'] as readonly { readonly url: string }[] | undefined // as OpenAPI has it
    const isAtRoot = servers?.[0]?.url === '/'
    return methods.flatMap((method) => {
      const operation = item[method] as WireOperation | undefined // as OpenAPI has it
      return operation?.operationId === undefined ? [] : [toOperation(operation, method, path, isAtRoot)]
    })
  })
  const described = document.tags.map(({ name }) => name)
  const others = [...new Set(operations.map(({ tag }) => tag))].filter((tag) => !described.includes(tag))
  const tags = [...document.tags, ...others.map((name) => ({ name, description: '' }))]
  return tags.map(({ name, description = '' }) => ({
    name,
    description,
    operations: operations.filter(({ tag }) => tag === name),
  }))
}

/** The groups with the operations that have all the words, in whatever is said of them. */
export function searched(groups: readonly OperationGroup[], words: string): readonly OperationGroup[] {
  const sought = words.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ id, method, path, summary, description, tag }: Operation) => {
    const text = [id, method, path, summary, description, tag].join(' ').toLowerCase()
    return sought.every((word) => text.includes(word))
  }
  return groups
    .map((group) => ({ ...group, operations: group.operations.filter(fits) }))
    .filter(({ operations }) => operations.length > 0)
}

function toOperation(wire: WireOperation, method: string, path: string, isAtRoot: boolean): Operation {
  const content = wire.requestBody?.content ?? {}
  return {
    id: wire.operationId ?? '',
    method: method.toUpperCase(),
    path,
    summary: wire.summary ?? path,
    description: wire.description ?? '',
    tag: wire.tags?.[0] ?? '',
    scope: wire['x-scope'] ?? '',
    isDeprecated: wire.deprecated === true,
    isAtRoot,
    parameters: wire.parameters ?? [],
    bodies: mediaTypes.flatMap((type) => {
      const schema = content[type]?.schema
      return schema === undefined
        ? []
        : [{ type, schema: type === 'application/json' ? withoutFiles(schema) : schema }]
    }),
    isBodyRequired: wire.requestBody?.required === true,
  }
}

/** JSON carries no files. */
function withoutFiles(schema: Schema): Schema {
  const properties = Object.entries(schema.properties ?? {}).filter(([, { format }]) => format !== 'binary')
  return schema.properties === undefined ? schema : { ...schema, properties: Object.fromEntries(properties) }
}
