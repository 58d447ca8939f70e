import { z } from 'zod'
import type { Simulator } from '../../simulator.ts'
import { type ControlApp, ControlError, type Finder } from './control-app.ts'

const kinds = [
  'delay',
  'drop-ack',
  'refuse',
  'close-before-ack',
  'receipt-before-ack',
  'duplicate',
  'reorder',
  'undecryptable',
  'drop-during-offline',
  'fail-login',
] as const

/** Routes for faults on demand: what the network and the server do wrong. */
export function faultRoutes(app: ControlApp, simulator: Simulator, find: Finder): void {
  const { faults } = simulator

  app.post(
    '/faults',
    {
      schema: {
        summary: 'Plan a fault for the next occasions',
        body: z.object({
          kind: z.enum(kinds),
          value: z
            .number()
            .int()
            .min(0)
            .optional()
            .describe('milliseconds, code or count, as the kind needs'),
          count: z.number().int().min(1).default(1),
          person: z.string().optional().describe('only for the clients of this person'),
        }),
      },
    },
    (request) => {
      const { kind, value, count, person } = request.body
      const scope = person === undefined ? { count } : { count, person: find.person(person) }
      const needed = () => {
        if (value === undefined) throw new ControlError(400, `a fault of kind ${kind} needs a value`)
        return value
      }
      switch (kind) {
        case 'delay':
          faults.delay(needed(), scope)
          break
        case 'drop-ack':
          faults.dropAck(scope)
          break
        case 'refuse':
          faults.refuseWith(needed(), scope)
          break
        case 'close-before-ack':
          faults.closeBeforeAck(scope)
          break
        case 'receipt-before-ack':
          faults.receiptBeforeAck(scope)
          break
        case 'duplicate':
          faults.duplicateStanza(scope)
          break
        case 'reorder':
          faults.reorder(scope)
          break
        case 'undecryptable':
          faults.undecryptable(scope)
          break
        case 'drop-during-offline':
          faults.dropDuringOffline(needed(), scope)
          break
        case 'fail-login':
          faults.failNextLogin(scope.person, needed(), count)
          break
      }
      return { planned: kind, count }
    },
  )

  app.delete('/faults', { schema: { summary: 'Forget all planned faults' } }, () => {
    faults.clear()
    return { ok: true }
  })

  app.post(
    '/people/:phone/stream-error',
    {
      schema: {
        summary: 'End the connections of a person’s clients with a stream error',
        params: z.object({ phone: z.string() }),
        body: z.object({ code: z.number().int().min(400).max(599) }),
      },
    },
    (request) => {
      faults.streamError(find.person(request.params.phone), request.body.code)
      return { ok: true }
    },
  )

  app.post('/network/drop', { schema: { summary: 'Cut every client’s socket without a goodbye' } }, () => {
    simulator.dropConnections()
    return { ok: true }
  })

  app.post('/network/restart', { schema: { summary: 'Cut the network and bring it back' } }, async () => {
    await simulator.restartChatServer()
    return { ok: true }
  })

  app.post(
    '/web-version',
    {
      schema: {
        summary: 'Refuse clients older than this WhatsApp Web version (null admits all)',
        body: z.object({
          version: z.tuple([z.number().int(), z.number().int(), z.number().int()]).nullable(),
        }),
      },
    },
    (request) => {
      simulator.requireWebVersion(request.body.version ?? undefined)
      return { ok: true }
    },
  )
}
