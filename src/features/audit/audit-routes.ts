import { envelopeOf, errorResponses, type HttpRoutes, ok } from '../../http/http-app.ts'
import { lenientQuery } from '../../http/query-values.ts'
import type { AuditLog } from './audit-log.ts'
import { auditQuery, auditResults, auditVerdict, toWireAuditEntry, toWireVerdict } from './audit-schemas.ts'

const tags = ['audit']
const config = { device: 'every', scope: 'admin' } as const

/** `/audit`: what was done, by whom, and whether the record is as it was written. */
export function auditRoutes({ audit }: { readonly audit: AuditLog }): HttpRoutes {
  return (app) => {
    app.get(
      '/audit',
      {
        config,
        schema: {
          tags,
          operationId: 'listAudit',
          summary: 'List who did what to which device, newest first',
          querystring: lenientQuery(auditQuery),
          response: { 200: envelopeOf(auditResults), ...errorResponses },
        },
      },
      async ({ query }) => {
        const { actor, device_id: deviceId, operation, before, limit } = query
        const entries = await audit.list(
          {
            ...(actor === undefined ? {} : { actor }),
            ...(deviceId === undefined ? {} : { deviceId }),
            ...(operation === undefined ? {} : { operation }),
            ...(before === undefined ? {} : { before: Number(before) }),
          },
          limit,
        )
        const last = entries.length === limit ? entries.at(-1) : undefined
        return ok('Audit log', {
          data: entries.map(toWireAuditEntry),
          ...(last === undefined ? {} : { next: String(last.position) }),
        })
      },
    )
    app.get(
      '/audit/verify',
      {
        config,
        schema: {
          tags,
          operationId: 'verifyAudit',
          summary: 'Check the audit log’s chain of hashes: every entry as written, none missing',
          response: { 200: envelopeOf(auditVerdict), ...errorResponses },
        },
      },
      async () => {
        const verdict = await audit.verify()
        return ok(
          verdict.isIntact ? 'The audit log is intact' : 'The audit log is broken',
          toWireVerdict(verdict),
        )
      },
    )
  }
}
