import type { FastifySchemaCompiler } from 'fastify'
import { z } from 'zod'
import { AppError } from '../core/app-error.ts'
import { validationText } from './validation-text.ts'

/**
 * Checks a part of the request against its zod schema. Raises `validation_failed` with every problem named, or
 * `bad_request` when the body is no object at all. A `null` member of a JSON body counts as absent.
 */
export const zodValidator: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const isBody = httpPart === 'body'
  return (data: unknown) => {
    const result = z.safeParse(schema, isBody ? withoutNulls(data) : data, { reportInput: true })
    if (result.success) return { value: result.data }
    const isUnreadable = isBody && result.error.issues.some((issue) => isWholeBody(issue))
    return {
      error: isUnreadable
        ? new AppError('bad_request')
        : new AppError('validation_failed', { message: validationText(result.error.issues) }),
    }
  }
}

function isWholeBody(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0
}

function withoutNulls(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null))
}
