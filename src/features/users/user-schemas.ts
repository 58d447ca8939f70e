import { z } from 'zod'
import { jidKind, jidUser, splitJid } from '../../whatsapp/jid.ts'
import type { BusinessDay, BusinessProfile } from '../../whatsapp/people-actions.ts'
import { phoneSentence, toRecipient } from '../phone-input.ts'
import type { KnownPerson } from './people-service.ts'

const phone = z.string().min(1).trim().describe('Number with country code, or the JID (or LID) of a person.')

/** Query of questions about a person. */
export const personQuery = z.object({ phone }).superRefine(checkPhone)

/** Query of `GET /user/check`: a number that cannot be one is nobody's. */
export const checkQuery = z.object({ phone })

/** Query of `GET /user/avatar`. */
export const avatarQuery = z
  .object({
    phone: phone.describe('Number with country code, or the JID of a person or group.'),
    is_preview: z.boolean().default(false).describe('The small picture.'),
    is_community: z.boolean().default(false).describe('Of a community; for people it does not matter.'),
  })
  .superRefine(checkPhone)

function checkPhone(query: { phone: string }, context: z.RefinementCtx): void {
  const message = phoneSentence(query.phone)
  if (message === null) return
  context.addIssue({ code: 'custom', message, params: { sentence: true }, input: query.phone })
}

/** Names of devices by their number, as WhatsApp's own list has them. */
const deviceNames = [
  'UNKNOWN',
  'CHROME',
  'FIREFOX',
  'IE',
  'OPERA',
  'SAFARI',
  'EDGE',
  'DESKTOP',
  'IPAD',
  'ANDROID_TABLET',
  'OHANA',
  'ALOHA',
  'CATALINA',
  'TCL_TV',
] as const

const personInfo = z.object({
  name: z.string().describe('Saved, push or business name; empty when none is known.'),
  verified_name: z.string().describe('The verified name of a business, else empty.'),
  status: z.string().describe('About text; empty when it is not shown.'),
  picture_id: z.string(),
  devices: z.array(
    z.object({
      User: z.string(),
      Agent: z.int(),
      Device: z.string(),
      Server: z.string(),
      AD: z.boolean().describe('Whether it is a linked device, not the phone.'),
    }),
  ),
})

/** Results of `GET /user/info`: what the contract has, and beside it the list that the reference answers. */
export const infoResults = personInfo.extend({
  data: z.array(personInfo).describe('The same person, as a list of one.'),
  resolved_phone: z
    .string()
    .optional()
    .describe('The number of who was asked for by LID, where it is known.'),
  resolved_lid: z.string().optional().describe('The LID of who has a number, where it is known.'),
})

/** `asked` is the phone input that the person was asked for by. */
export function toWireInfo(person: KnownPerson, asked: string): z.infer<typeof infoResults> {
  const info = toPersonInfo(person)
  const hasNumber = jidKind(person.jid) === 'phone'
  const isAskedByLid = jidKind(toRecipient(asked) ?? person.jid) === 'lid'
  return {
    ...info,
    data: [info],
    ...(hasNumber && isAskedByLid && { resolved_phone: jidUser(person.jid) }),
    ...(hasNumber && person.lid !== null && { resolved_lid: person.lid }),
  }
}

function toPersonInfo(person: KnownPerson): z.infer<typeof personInfo> {
  return {
    name: person.name,
    verified_name: person.verifiedName,
    status: person.about,
    picture_id: person.pictureId,
    devices: person.devices.map(({ number }) => ({
      User: jidUser(person.jid),
      Agent: 0,
      Device: deviceNames[number] ?? 'UNKNOWN',
      Server: splitJid(person.jid)?.server ?? '',
      AD: number !== 0,
    })),
  }
}

/** Results of `GET /user/avatar`. */
export const avatarResults = z.object({ url: z.string(), id: z.string(), type: z.string() })

/** Results of `GET /user/check`. */
export const checkResults = z.object({ is_on_whatsapp: z.boolean() })

/** Results of `GET /user/business-profile`. */
export const businessResults = z.object({
  jid: z.string(),
  email: z.string(),
  address: z.string(),
  categories: z.array(z.object({ id: z.string(), name: z.string() })),
  profile_options: z.record(z.string(), z.string()),
  business_hours_timezone: z.string(),
  business_hours: z.array(
    z.object({ day_of_week: z.string(), mode: z.string(), open_time: z.string(), close_time: z.string() }),
  ),
})

export function toWireBusiness(profile: BusinessProfile): z.infer<typeof businessResults> {
  return {
    jid: profile.jid,
    email: profile.email,
    address: profile.address,
    categories: profile.categories.map(({ id, name }) => ({ id, name })),
    profile_options: { ...profile.options },
    business_hours_timezone: profile.timezone,
    business_hours: profile.days.map((day) => toWireDay(day)),
  }
}

function toWireDay({ dayOfWeek, mode, openMinute, closeMinute }: BusinessDay) {
  return {
    day_of_week: dayOfWeek,
    mode,
    open_time: clockTime(openMinute),
    close_time: clockTime(closeMinute),
  }
}

/** `HH:MM` of minutes since midnight; '' without any. */
export function clockTime(minute: number | null): string {
  if (minute === null) return ''
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
}

/** Body of `POST /user/pushname`. */
export const pushNameBody = z.object({ push_name: z.string().trim().min(1).max(25) })

/** Results of `GET /user/my/privacy`. */
export const privacyResults = z.object({
  group_add: z.string(),
  last_seen: z.string(),
  status: z.string(),
  profile: z.string(),
  read_receipts: z.string(),
})

/** Results of `GET /user/my/contacts`. */
export const contactsResults = z.object({ data: z.array(z.object({ jid: z.string(), name: z.string() })) })
