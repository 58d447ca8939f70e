import { z } from 'zod'
import { toRfc3339 } from '../../core/rfc3339.ts'
import type { AddRequest, Group, GroupMember, GroupPerson } from '../../whatsapp/group.ts'
import type { Jid } from '../../whatsapp/jid.ts'

/** The reference's word for a time that is not known. */
const noTime = '0001-01-01T00:00:00Z'

/** Somebody in a group, in the spelling of the reference. */
const wireParticipant = z.object({
  JID: z.string().describe('The address the group uses.'),
  PhoneNumber: z.string().describe('Phone-number JID; empty when it is not known.'),
  LID: z.string(),
  IsAdmin: z.boolean(),
  IsSuperAdmin: z.boolean(),
  DisplayName: z.string(),
  Error: z.int(),
  AddRequest: z.object({ Code: z.string(), Expiration: z.string() }).optional(),
})

/** A group in full, in the spelling of the reference. Unknown texts and JIDs are empty, unknown times year 1. */
export const wireGroup = z.object({
  JID: z.string(),
  OwnerJID: z.string(),
  OwnerPN: z.string(),
  Name: z.string(),
  NameSetAt: z.string(),
  NameSetBy: z.string(),
  NameSetByPN: z.string(),
  Topic: z.string(),
  TopicID: z.string(),
  TopicSetAt: z.string(),
  TopicSetBy: z.string(),
  TopicSetByPN: z.string(),
  TopicDeleted: z.boolean(),
  IsLocked: z.boolean().describe('Only admins change the group.'),
  IsAnnounce: z.boolean().describe('Only admins write.'),
  AnnounceVersionID: z.string(),
  IsEphemeral: z.boolean(),
  DisappearingTimer: z.int().describe('Seconds, 0 when off.'),
  IsIncognito: z.boolean(),
  IsParent: z.boolean().describe('A community.'),
  DefaultMembershipApprovalMode: z.string(),
  LinkedParentJID: z.string(),
  IsDefaultSubGroup: z.boolean(),
  IsJoinApprovalRequired: z.boolean(),
  AddressingMode: z.string().describe('`lid` or `pn`.'),
  GroupCreated: z.string(),
  CreatorCountryCode: z.string(),
  ParticipantVersionID: z.string(),
  Participants: z.array(wireParticipant),
  ParticipantCount: z.int(),
  MemberAddMode: z.string().describe('`admin_add`, `all_member_add`, or empty.'),
  Suspended: z.boolean(),
})

/** Turns a group into what the API shows of it. */
export function toWireGroup(group: Group): z.infer<typeof wireGroup> {
  const { owner, subject, topic } = group
  return {
    JID: group.jid,
    OwnerJID: jidOf(owner),
    OwnerPN: owner?.phone ?? '',
    Name: subject.text,
    NameSetAt: timeOf(subject.setAt),
    NameSetBy: jidOf(subject.setBy),
    NameSetByPN: subject.setBy?.phone ?? '',
    Topic: topic?.text ?? '',
    TopicID: topic?.id ?? '',
    TopicSetAt: timeOf(topic?.setAt ?? null),
    TopicSetBy: jidOf(topic?.setBy ?? null),
    TopicSetByPN: topic?.setBy?.phone ?? '',
    TopicDeleted: topic?.text === '',
    IsLocked: group.isLocked,
    IsAnnounce: group.isAnnounce,
    AnnounceVersionID: group.announceVersion,
    IsEphemeral: group.expirationSeconds > 0,
    DisappearingTimer: group.expirationSeconds,
    IsIncognito: group.isIncognito,
    IsParent: group.isParent,
    DefaultMembershipApprovalMode: group.defaultApprovalMode,
    LinkedParentJID: group.parent ?? '',
    IsDefaultSubGroup: group.isDefaultSubGroup,
    IsJoinApprovalRequired: group.needsApproval,
    AddressingMode: group.addressingMode,
    GroupCreated: timeOf(group.createdAt),
    CreatorCountryCode: group.ownerCountryCode,
    ParticipantVersionID: group.participantVersion,
    Participants: group.members.map(toWireMember),
    ParticipantCount: group.memberCount,
    MemberAddMode: group.memberAddMode,
    Suspended: group.isSuspended,
  }
}

function toWireMember(member: GroupMember): z.infer<typeof wireParticipant> {
  return {
    JID: member.jid,
    PhoneNumber: member.phone ?? '',
    LID: member.lid ?? '',
    IsAdmin: member.rank !== 'member',
    IsSuperAdmin: member.rank === 'superadmin',
    DisplayName: member.displayName,
    Error: member.errorCode,
    ...(member.addRequest === null ? {} : { AddRequest: toWireAddRequest(member.addRequest) }),
  }
}

function toWireAddRequest({ code, expiresAt }: AddRequest): { Code: string; Expiration: string } {
  return { Code: code, Expiration: timeOf(expiresAt) }
}

function jidOf(person: GroupPerson | null): Jid | '' {
  return person?.jid ?? ''
}

/** A time as the wire shows it, year 1 for none. */
export function timeOf(time: Date | null): string {
  return time === null ? noTime : toRfc3339(time)
}
