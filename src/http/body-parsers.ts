import type { FastifyRequest } from 'fastify'
import { AppError } from '../core/app-error.ts'
import { type FormFields, fromForm } from './form-body.ts'
import type { HttpApp } from './http-app.ts'

/**
 * Teaches the app to read bodies: JSON of any `…json` type and url-encoded forms (multipart forms: see `addUploads`). A type
 * that nobody reads is refused with `bad_request` on routes that take a body, and ignored on the others. Where there is no
 * route the body does not matter.
 */
export function addBodyParsers(app: HttpApp): void {
  app.removeAllContentTypeParsers()
  const parseJson = app.getDefaultJsonParser('remove', 'remove')
  for (const type of ['application/json', 'text/json', /^application\/[\w.-]+\+json(?:$|;)/]) {
    app.addContentTypeParser(type, { parseAs: 'string' }, (request, body, done) => {
      if (request.is404) return done(null, undefined)
      // `done` and `body` are typed for every parser kind; parseAs gives a string.
      if (String(body).trim() === '') return done(null, undefined)
      return parseJson(request, String(body), done)
    })
  }
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    async (request: FastifyRequest, body: string | Buffer) =>
      formBody(request, [...new URLSearchParams(String(body))]),
  )
  app.addContentTypeParser(
    '*',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: string | Buffer) => {
      if (body.length > 0 && request.routeOptions.schema?.body !== undefined)
        throw new AppError('bad_request')
      return undefined
    },
  )
}

function formBody(request: FastifyRequest, fields: FormFields): Record<string, unknown> {
  return fromForm(fields, request.routeOptions.schema?.body)
}
