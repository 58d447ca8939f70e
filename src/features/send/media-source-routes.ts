import type { FastifyRequest } from 'fastify'
import { AppError } from '../../core/app-error.ts'
import { uploadedFile } from '../../http/uploads.ts'
import type { MediaSource } from '../media/prepared-media.ts'

/** Where one kind of media comes from in a request, and what the reference gateway calls it in its sentences. */
export interface SourceFields {
  /** Field of the form that has the file. */
  readonly file: string
  /** Member that has the URL. */
  readonly url: string
  /** As in `either Image or ImageURL must be provided`. */
  readonly name: string
  /** Whether a file and a URL together are refused; else the URL wins. */
  readonly isExclusive?: boolean
}

/** Finds the file or URL of a request. Raises `validation_failed` with the reference gateway's sentence when there is none. */
export function mediaSource(request: FastifyRequest, fields: SourceFields): MediaSource {
  const body = request.body as Readonly<Record<string, unknown>> // an object is all that the schema lets through
  const given = body[fields.url]
  // Of the reference's kinds only those that do not refuse both together mind an empty URL beside a file.
  const url = typeof given === 'string' && !(given === '' && fields.isExclusive) ? given : undefined
  const file = uploadedFile(request, fields.file)
  const { name } = fields
  if (file === null && !url) throw wrong(`either ${name} or ${name}URL must be provided`)
  if (url === '') throw wrong(`${name}URL cannot be empty`)
  if (file !== null && url !== undefined && fields.isExclusive) {
    throw wrong(`cannot provide both ${name} file and ${name}URL`)
  }
  if (url !== undefined) return { kind: 'url', url: toUrl(url) ?? refuse(`${name}URL must be a valid URL`) }
  return file === null ? refuse(`either ${name} or ${name}URL must be provided`) : { kind: 'upload', file }
}

/** What tells one request with files from another: the hash and name of each. */
export function fileFacts(request: FastifyRequest): readonly (readonly [string, string, string])[] {
  return [...(request.uploadedFiles ?? [])].map(([field, { sha256, fileName }]) => [field, sha256, fileName])
}

/** A URL as callers write it; without a scheme it is one of http. */
function toUrl(text: string): string | null {
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `http://${text}`
  if (!URL.canParse(whole)) return null
  const { protocol, hostname } = new URL(whole)
  // A relative path makes a host that begins with a dot.
  const hasHost = hostname !== '' && !hostname.startsWith('.')
  return (protocol === 'http:' || protocol === 'https:') && hasHost ? whole : null
}

function refuse(text: string): never {
  throw wrong(text)
}

function wrong(text: string): AppError {
  return new AppError('validation_failed', { message: text })
}
