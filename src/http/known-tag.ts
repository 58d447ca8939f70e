import type { FastifyRequest } from 'fastify'

/** Whether the caller has the content of this quoted ETag already, by its If-None-Match header: then 304 is the answer. */
export function isKnownTo({ headers }: FastifyRequest, tag: string): boolean {
  const known = (headers['if-none-match'] ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''))
  return known.includes(tag) || known.includes('*')
}
