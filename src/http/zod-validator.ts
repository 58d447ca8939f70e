import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { AppError } from '../core/app-error.ts'
import { fromQuery } from './query-values.ts'
import { validationText } from './validation-text.ts'

/**
 * Checks a part of the request against its zod schema. Raises `validation_failed` with every problem named, or
 * `bad_request` when the body is no object at all. A `null` member of a JSON body counts as absent.
 */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body'
  return (data: unknown) => {
    const result = z.safeParse(schema, prepared(data, schema, httpPart), { reportInput: true })
    if (result.success) return { value: result.data }
    const isUnreadable = isBody && result.error.issues.some((issue) => isWholeBody(issue))
    return {
      error: isUnreadable
        ? new AppError('bad_request')
        : new AppError('validation_failed', { message: validationText(result.error.issues) }),
    }
  }
}

function prepared(data: unknown, schema: z.ZodType, httpPart: string | undefined): unknown {
  if (httpPart === 'body') return withoutNulls(data)
  return httpPart === 'querystring' ? fromQuery(data, schema) : data
}

function isWholeBody(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0
}

function withoutNulls(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null))
}
