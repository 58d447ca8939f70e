// Owns: the files of sdk/generated, made from the OpenAPI 3.1 document that a gateway serves and from the error catalogue.
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { errorCodes } from '../src/core/error-codes.ts'

interface Parameter {
  readonly name: string
  readonly in: string
}

interface OperationObject {
  readonly operationId: string
  readonly 'x-scope'?: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: object
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { schema?: Schema }>> }>
  >
}

interface Schema {
  readonly properties?: object
}

/** As far as it is looked at here. */
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly components?: object
  readonly webhooks?: object
}

const note = '// Made by scripts/generate-docs.ts; change the routes, or src/core/error-codes.ts.\n'
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

/** The text of each generated file, by its path. */
export async function sdkPages(document: ApiDocument): Promise<Record<string, string>> {
  return {
    'sdk/generated/api-types.ts': await apiTypes(document),
    'sdk/generated/operations.ts': operationsPage(document),
    'sdk/generated/error-codes.ts': errorCodesPage(),
  }
}

function operationsOf({ paths }: ApiDocument) {
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method] as OperationObject | undefined // an OpenAPI path item
      return operation?.operationId === undefined ? [] : [{ path, method, operation }]
    }),
  )
}

/** The SDK throws errors, so that only what succeeds needs types. */
function withoutErrors({ paths, webhooks, ...rest }: ApiDocument & { [name: string]: unknown }) {
  const kept = Object.entries(paths).map(([path, item]) => [
    path,
    Object.fromEntries(
      Object.entries(item).map(([method, value]) => {
        const { responses, ...operation } = value as Partial<OperationObject>
        const good = Object.entries(responses ?? {}).filter(([status]) => status === '200')
        return [
          method,
          responses === undefined ? value : { ...operation, responses: Object.fromEntries(good) },
        ]
      }),
    ),
  ])
  return { ...rest, components: {}, webhooks, paths: Object.fromEntries(kept) as object }
}

async function apiTypes(document: ApiDocument): Promise<string> {
  const nodes = await openapiTS(JSON.stringify(withoutErrors({ ...document })), {
    transform: (schema) =>
      schema.format === 'binary'
        ? ts.factory.createTypeReferenceNode(ts.factory.createIdentifier('Blob'))
        : undefined,
  })
  return note + astToString(nodes)
}

function operationsPage(document: ApiDocument): string {
  const lines = operationsOf(document).map(({ path, method, operation }) => {
    const { operationId, parameters = [], requestBody, responses } = operation
    const content = responses['200']?.content ?? {}
    const json = content['application/json']
    const facts = {
      method: method.toUpperCase(),
      path,
      query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
      hasBody: requestBody !== undefined && (requestBody as { required?: boolean }).required !== false,
      answer: answerOf(json, content),
      // What needs another scope than `read` changes something, whatever its method.
      isSafe: method === 'get' && ['read', 'any', 'admin', undefined].includes(operation['x-scope']),
      takesKey: parameters.some(({ name }) => name === 'Idempotency-Key'),
      isForDevice: parameters.some(({ name }) => name === 'X-Device-Id'),
    }
    return `  ${operationId}: ${JSON.stringify(facts)},`
  })
  return `${note}
/** What a call of an operation needs to know. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** Names of the members that go into the query. */
  readonly query: readonly string[]
  /** Whether there has to be a body. */
  readonly hasBody: boolean
  readonly answer: 'results' | 'json' | 'text' | 'file'
  /** Whether it changes nothing. */
  readonly isSafe: boolean
  /** Whether an idempotency key makes repeating it safe. */
  readonly takesKey: boolean
  readonly isForDevice: boolean
}

export const operationTable = {
${lines.join('\n')}
} as const satisfies Readonly<Record<string, Operation>>
`
}

function answerOf(
  json: { schema?: Schema } | undefined,
  content: object,
): 'results' | 'json' | 'text' | 'file' {
  if (json !== undefined) return 'code' in (json.schema?.properties ?? {}) ? 'results' : 'json'
  return Object.keys(content).some((type) => type.startsWith('text/')) ? 'text' : 'file'
}

function errorCodesPage(): string {
  const entries = Object.values(errorCodes)
  const wires = [...new Set(entries.map(({ wire }) => wire))].sort()
  // A status and code that stand for several errors count as passing only when all of them are.
  const passing = [...Map.groupBy(entries, ({ status, wire }) => `${status} ${wire}`)]
    .filter(([, same]) => same.every(({ retry }) => retry === 'later'))
    .map(([name]) => name)
    .sort()
  return `${note}
/** Every code that the gateway answers with; NO_ANSWER and HTTP_<status> are of the client and of proxies. */
export type ErrorCode =
${wires.map((wire) => `  | '${wire}'`).join('\n')}
  | 'NO_ANSWER'
  | \`HTTP_\${number}\`
  | (string & {})

/** Status and code of errors that the same request may not meet a little later. */
export const passingErrors: ReadonlySet<string> = new Set([
${passing.map((name) => `  '${name}',`).join('\n')}
])
`
}
