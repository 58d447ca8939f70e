import { stringify } from 'csv-stringify/sync'
import type { GroupMember, GroupRank } from '../../whatsapp/group.ts'
import { type KnownPerson, shownJid } from './people-directory.ts'

const header = ['participant_jid', 'phone_number', 'lid', 'display_name', 'role']
const roles: Readonly<Record<GroupRank, string>> = {
  member: 'member',
  admin: 'admin',
  superadmin: 'super_admin',
}

/**
 * Members as a table for spreadsheets: lines end with LF. A cell that a spreadsheet would take for a formula has an
 * apostrophe before it, since names come from strangers.
 */
export function toCsv(members: readonly KnownPerson<GroupMember>[]): string {
  const rows = members.map((member) => [
    shownJid(member),
    member.phone ?? '',
    member.lid ?? '',
    member.name,
    roles[member.rank],
  ])
  return stringify([header, ...rows], { escape_formulas: true, record_delimiter: '\n' })
}
