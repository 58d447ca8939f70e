import { z } from 'zod'
import type { Group } from '../../whatsapp/group.ts'
import { timeOf, toWireGroup, wireGroup } from './group-info-schemas.ts'
import type { MemberResult } from './member-outcomes.ts'

/** So long may a group's name be, in characters as people count them. */
const maxNameLength = 25
const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The group that a request is about. */
export const groupId = z.string().min(1).describe('The group: its id, with or without `@g.us`.')

const groupName = z
  .string()
  .min(1)
  .refine(isShortEnough, { message: `the length must be between 1 and ${maxNameLength}` })
  .describe(`At most ${maxNameLength} characters.`)

/** People that a change is about. */
export const participants = z
  .array(z.string().min(1))
  .min(1)
  .max(1024)
  .describe('Numbers with country code. One that is not on WhatsApp refuses the whole request.')

/** Body of `POST /group`. How long a title may be is WhatsApp's to say: the contract bounds only later names. */
export const createBody = z.object({ title: z.string().min(1), participants })

/** Results of `POST /group`. */
export const createResults = z.object({
  group_id: z.string(),
  not_added: z
    .array(z.object({ participant: z.string(), message: z.string() }))
    .optional()
    .describe('Who could not be added, and why; absent when everybody was.'),
})

/** An invite link. */
export const linkField = z.string().min(1).describe('Invite link, or the code in it.')

/** Results that name the group, where the contract has a plain text. */
export const groupIdResults = z.string().describe('The group.')

/** Body of requests that are about a group and nothing else. */
export const groupBody = z.object({ group_id: groupId })

/** Body of `POST /group/name`. */
export const nameBody = z.object({ group_id: groupId, name: groupName })

/** Body of `POST /group/locked`. */
export const lockedBody = z.object({ group_id: groupId, locked: z.boolean() })

/** Body of `POST /group/announce`. */
export const announceBody = z.object({ group_id: groupId, announce: z.boolean() })

/** Body of `POST /group/topic`. */
export const topicBody = z.object({
  group_id: groupId,
  topic: z.string().default('').describe('Empty or absent: the topic is removed.'),
})

/** Query of `GET /group/invite-link`. */
export const inviteQuery = z.object({
  group_id: groupId,
  reset: z.boolean().default(false).describe('Make a new link; the old one leads nowhere then.'),
})

/** Results of `GET /group/invite-link`. */
export const inviteResults = z.object({ invite_link: z.string(), group_id: z.string() })

/** Results of `GET /user/my/groups`. */
export const myGroupsResults = z.object({ data: z.array(wireGroup) })

/** Results of `GET /group/info-from-link`. */
export const previewResults = z.object({
  group_id: z.string(),
  name: z.string(),
  topic: z.string(),
  created_at: z.string(),
  participant_count: z.int(),
  is_locked: z.boolean(),
  is_announce: z.boolean(),
  is_ephemeral: z.boolean(),
  description: z.string().describe('The topic again.'),
})

/** Turns what an invite link leads to into what the API shows of it. */
export function toWirePreview(group: Group): z.infer<typeof previewResults> {
  const wire = toWireGroup(group)
  return {
    group_id: wire.JID,
    name: wire.Name,
    topic: wire.Topic,
    created_at: timeOf(group.createdAt),
    participant_count: wire.ParticipantCount,
    is_locked: wire.IsLocked,
    is_announce: wire.IsAnnounce,
    is_ephemeral: wire.IsEphemeral,
    description: wire.Topic,
  }
}

/** Turns a new group into what the API shows of it. */
export function toWireCreated(
  group: string,
  failures: readonly MemberResult[],
): z.infer<typeof createResults> {
  if (failures.length === 0) return { group_id: group }
  const not_added = failures.map(({ participant, failure }) => ({ participant, message: failure ?? '' }))
  return { group_id: group, not_added }
}

function isShortEnough(text: string): boolean {
  // A character has at most a few dozen code units; nobody's patience is spent on counting a megabyte.
  return text.length <= maxNameLength * 64 && [...characters.segment(text)].length <= maxNameLength
}
