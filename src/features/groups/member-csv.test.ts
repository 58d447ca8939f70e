import { expect, it } from 'vitest'
import type { GroupMember } from '../../whatsapp/group.ts'
import { parseJid } from '../../whatsapp/jid.ts'
import { toCsv } from './member-csv.ts'
import type { KnownPerson } from './people-directory.ts'

function member(overrides: Partial<KnownPerson<GroupMember>>): KnownPerson<GroupMember> {
  return {
    jid: parseJid('111@lid'),
    phone: parseJid('62811@s.whatsapp.net'),
    lid: parseJid('111@lid'),
    rank: 'member',
    displayName: '',
    errorCode: 0,
    addRequest: null,
    name: '',
    ...overrides,
  }
}

it('members are a table with one line each, by number where it is known', () => {
  const list = [
    member({ name: 'Ana "the boss", 1st', rank: 'superadmin' }),
    member({ jid: parseJid('222@lid'), phone: null, lid: parseJid('222@lid'), rank: 'admin' }),
    member({ lid: null, name: 'two\nlines' }),
  ]
  expect(toCsv(list)).toBe(
    [
      'participant_jid,phone_number,lid,display_name,role',
      '62811@s.whatsapp.net,62811@s.whatsapp.net,111@lid,"Ana ""the boss"", 1st",super_admin',
      '222@lid,,222@lid,,admin',
      '62811@s.whatsapp.net,62811@s.whatsapp.net,,"two\nlines",member',
      '',
    ].join('\n'),
  )
})

it.each(['=1+1', '+1', '-1', '@SUM(1)', '\t=1', '\r=1'])('a name %j is no formula', (name) => {
  const line = toCsv([member({ name })]).slice('participant_jid,phone_number,lid,display_name,role\n'.length)
  expect(line).toMatch(/^62811@s\.whatsapp\.net,62811@s\.whatsapp\.net,111@lid,"?'/)
  expect(line).toContain(`'${name}`)
})
