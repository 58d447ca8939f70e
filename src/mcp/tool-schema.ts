import { z } from 'zod'
import { type ApiOperation, inputsOf, type Shape } from './api-operation.ts'
import type { ToolCase, ToolDefinition } from './tool-definitions.ts'

/** A tool as a client is told of it. */
export interface ListedTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly inputSchema: { readonly type: 'object'; readonly [keyword: string]: unknown }
}

/** Finds an operation by its id; a tool that names one which is not served is a defect. */
export type FindOperation = (id: string) => ApiOperation

interface Property {
  readonly schema: object
  readonly usedBy: string[]
  readonly neededBy: string[]
}

const common: Shape = {
  device_id: z.string().describe('The device to act as; else the X-Device-Id header, else the only device.'),
  dry_run: z.boolean().describe('Check the arguments and the permission, and do nothing.'),
}
const forSends: Shape = {
  idempotency_key: z
    .string()
    .min(1)
    .max(255)
    .describe(
      'Any text of your own for this one message. The same key with the same arguments never sends again for 24 hours: it answers with what became of the first call.',
    ),
}

/** Whether the tool's calls can be repeated under a key without being done twice. */
export function takesIdempotencyKey(tool: ToolDefinition, find: FindOperation): boolean {
  const operations = Object.values(tool.cases).flatMap((toolCase) => toolCase.operations)
  return operations.every((id) => find(id).takesIdempotencyKey)
}

/**
 * What a client is told of a tool, with the cases that `isAllowed` lets through; null when there is none. The members come from
 * the schemas of the operations. One flat object: many clients and models do not take alternatives, so each member says which
 * values of the discriminator it is for, and what is missing is told by the operation itself.
 */
export function listedTool(
  tool: ToolDefinition,
  find: FindOperation,
  isAllowed: (operation: ApiOperation) => boolean,
): ListedTool | null {
  const cases = Object.entries(tool.cases).filter(([, { operations }]) =>
    operations.every((id) => isAllowed(find(id))),
  )
  if (cases.length === 0) return null
  const properties = new Map<string, Property>()
  for (const [value, toolCase] of cases) collect(properties, value, toolCase, find)
  const all = cases.map(([value]) => value)
  const about = cases.map(([value, toolCase]) => `${value} (${toolCase.about})`).join(', ')
  const shared = takesIdempotencyKey(tool, find) ? { ...common, ...forSends } : common
  const isEverywhere = ({ neededBy }: Property) => neededBy.length === all.length
  return {
    name: tool.name,
    title: tool.title,
    description: `${tool.description} ${tool.discriminator}: ${about}.`,
    inputSchema: {
      type: 'object',
      properties: {
        [tool.discriminator]: { type: 'string', enum: all },
        ...Object.fromEntries(
          [...properties].map(([name, property]) => [name, described(property, all, tool.discriminator)]),
        ),
        ...Object.fromEntries(Object.entries(shared).map(([name, type]) => [name, jsonOf(type)])),
      },
      required: [
        tool.discriminator,
        ...[...properties].filter(([, property]) => isEverywhere(property)).map(([name]) => name),
      ],
    },
  }
}

function collect(
  properties: Map<string, Property>,
  value: string,
  { operations, own = {}, defaults = {} }: ToolCase,
  find: FindOperation,
): void {
  const shapes = operations.map((id) => inputsOf(find(id)))
  const inputs: Shape = { ...Object.assign({}, ...shapes), ...own } as Shape // of shapes
  for (const [name, type] of Object.entries(inputs)) {
    // An argument of another name stands for it.
    if (name in defaults && defaults[name] === undefined && Object.keys(own).length > 0) continue
    const property = properties.get(name) ?? { schema: jsonOf(type), usedBy: [], neededBy: [] }
    property.usedBy.push(value)
    if (!type.safeParse(undefined).success && !(name in defaults)) property.neededBy.push(value)
    properties.set(name, property)
  }
}

function described(property: Property, all: readonly string[], discriminator: string): object {
  const { description, ...schema } = property.schema as { description?: string } // JSON schema
  const notes = [
    description ?? '',
    property.usedBy.length === all.length ? '' : `For ${discriminator} ${property.usedBy.join(', ')}.`,
    property.neededBy.length === 0 || property.neededBy.length === all.length
      ? ''
      : `Needed for ${property.neededBy.join(', ')}.`,
  ]
  return { ...schema, description: notes.filter((note) => note !== '').join(' ') }
}

function jsonOf(type: z.ZodType): object {
  const {
    $schema: _schema,
    default: _default,
    minimum: _minimum,
    maximum: _maximum,
    ...schema
  } = z.toJSONSchema(type, { io: 'input', target: 'draft-7', unrepresentable: 'any' })
  return schema
}
