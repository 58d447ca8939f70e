import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { AppError } from '../core/app-error.ts'
import { fromQuery } from './query-values.ts'
import { validationText } from './validation-text.ts'

const first = Symbol('field that is checked first')

/** Marks a schema: while there is something wrong with this field as a whole, nothing else is named. */
export function checkedFirst<Schema extends z.ZodObject>(
  field: keyof Schema['shape'] & string,
  schema: Schema,
): Schema {
  return Object.assign(schema, { [first]: field })
}

const typed = Symbol('body whose types are read with it')

/**
 * Marks a body's schema: a member of a wrong type makes the whole body unreadable (`bad_request`), as the reference has it on
 * some operations; elsewhere the member is named. What is missing or out of range is named here too.
 */
export function unreadableIfMistyped<Schema extends z.ZodType>(schema: Schema): Schema {
  return Object.assign(schema, { [typed]: true })
}

/**
 * Checks a part of the request against its zod schema. Raises `validation_failed` with every problem named, or
 * `bad_request` when the body is no object at all. A `null` member of a JSON body counts as absent.
 */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body'
  return (data: unknown) => {
    const result = z.safeParse(schema, prepared(data, schema, httpPart), { reportInput: true })
    if (result.success) return { value: result.data }
    const isUnreadable =
      isBody &&
      result.error.issues.some((issue) => isWholeBody(issue) || (typed in schema && isMistyped(issue)))
    return {
      error: isUnreadable
        ? new AppError('bad_request')
        : new AppError('validation_failed', { message: validationText(named(result.error.issues, schema)) }),
    }
  }
}

function prepared(data: unknown, schema: z.ZodType, httpPart: string | undefined): unknown {
  if (httpPart === 'body') return withoutNulls(data)
  return httpPart === 'querystring' ? fromQuery(data, schema) : data
}

function named(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): readonly z.core.$ZodIssue[] {
  const field = (schema as { [first]?: string })[first] // put there by `checkedFirst`
  const alone = issues.filter(({ path }) => path.length === 1 && path[0] === field)
  return alone.length > 0 ? alone : issues
}

function isWholeBody(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0
}

function isMistyped({ code, input }: z.core.$ZodIssue): boolean {
  return code === 'invalid_type' && input !== undefined
}

function withoutNulls(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null))
}
