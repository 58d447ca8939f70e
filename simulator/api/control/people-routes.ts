import { z } from 'zod'
import type { Simulator } from '../../simulator.ts'
import type { Person } from '../person.ts'
import { type ControlApp, ControlError, type Finder } from './control-app.ts'

const byPhone = z.object({ phone: z.string() })
const behaviour = z.object({
  delivers: z.boolean().optional().describe('sends delivery receipts'),
  reads: z.boolean().optional().describe('sends a read receipt for whatever arrives'),
  online: z.boolean().optional().describe('is connected; otherwise everything waits on the server'),
  reactsWith: z.string().optional().describe('emoji to react with to every message'),
  replyText: z
    .string()
    .optional()
    .describe('text to answer every message with; {text} stands for what was written, empty for no answer'),
})

/** Routes about who there is, how they behave, and linking devices to their phones. */
export function peopleRoutes(app: ControlApp, simulator: Simulator, find: Finder): void {
  app.get('/people', { schema: { summary: 'Everybody, with linked devices' } }, () =>
    simulator.people.map(show),
  )

  app.post(
    '/people',
    {
      schema: {
        summary: 'Add somebody with a phone',
        body: z.object({
          phone: z
            .string()
            .regex(/^\d{5,15}$/)
            .optional(),
          name: z.string().min(1).optional(),
          companions: z.number().int().min(0).max(5).optional(),
        }),
      },
    },
    (request) => {
      const { phone, name, companions } = request.body
      if (phone !== undefined && simulator.world.account(`${phone}@s.whatsapp.net`))
        throw new ControlError(409, `the number ${phone} is taken`)
      return show(
        simulator.addPerson({ ...(phone && { phone }), ...(name && { name }), companions: companions ?? 0 }),
      )
    },
  )

  app.get('/people/:phone', { schema: { summary: 'One person', params: byPhone } }, (request) =>
    show(find.person(request.params.phone)),
  )

  app.patch(
    '/people/:phone/behaviour',
    { schema: { summary: 'Change what a person does by itself', params: byPhone, body: behaviour } },
    (request) => {
      const person = find.person(request.params.phone)
      const { replyText, online, delivers, reads, reactsWith } = request.body
      if (delivers !== undefined) person.behaviour.delivers = delivers
      if (reads !== undefined) person.behaviour.reads = reads
      if (reactsWith === '') delete person.behaviour.reactsWith
      else if (reactsWith !== undefined) person.behaviour.reactsWith = reactsWith
      if (replyText === '') delete person.behaviour.replies
      else if (replyText !== undefined)
        person.behaviour.replies = ({ text }) => replyText.replaceAll('{text}', text)
      if (online === true) person.goOnline()
      if (online === false) person.goOffline()
      return show(person)
    },
  )

  app.post(
    '/people/:phone/scan',
    {
      schema: {
        summary: 'Scan a QR code with this phone (its text, `qr_code` of a login answer)',
        params: byPhone,
        body: z.object({ qr: z.string().min(20) }),
      },
    },
    async (request) => {
      const device = await find.person(request.params.phone).scanQr(request.body.qr).catch(refused)
      return { device: device.number, jid: device.pn }
    },
  )

  app.post(
    '/people/:phone/pairing-code',
    {
      schema: {
        summary: 'Type a pairing code on this phone',
        params: byPhone,
        body: z.object({ code: z.string().min(8).max(9) }),
      },
    },
    async (request) => {
      const device = await find
        .person(request.params.phone)
        .enterPairingCode(request.body.code)
        .catch(refused)
      return { device: device?.number ?? null, jid: device?.pn ?? null }
    },
  )

  app.post(
    '/people/:phone/unlink',
    {
      schema: {
        summary: 'Remove linked devices on this phone, all or one',
        params: byPhone,
        body: z.object({ device: z.number().int().optional() }),
      },
    },
    async (request) => {
      const person = find.person(request.params.phone)
      await person.unlink(request.body.device)
      return show(person)
    },
  )
}

function refused(error: unknown): never {
  throw new ControlError(409, error instanceof Error ? error.message : String(error))
}

function show(person: Person): object {
  return {
    phone: person.phone,
    name: person.name,
    jid: person.jid,
    lid: person.lid,
    online: person.behaviour.online,
    linked_devices: person.linkedDevices.map((device) => ({
      number: device.number,
      jid: device.pn,
      online: device.isOnline,
    })),
  }
}
