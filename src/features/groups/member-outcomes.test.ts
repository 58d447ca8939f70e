import { describe, expect, it } from 'vitest'
import type { MemberOutcome } from '../../whatsapp/group.ts'
import { type Jid, parseJid } from '../../whatsapp/jid.ts'
import { failureOf, toResults } from './member-outcomes.ts'

const ana = parseJid('62811@s.whatsapp.net')
const ben = parseJid('62822@s.whatsapp.net')
const bensLid = parseJid('222@lid')

function outcome(jid: Jid, errorCode: number, phone: Jid | null = null): MemberOutcome {
  return { jid, phone, lid: null, errorCode, addRequest: null }
}

describe('what became of people', () => {
  it('is told in the order of asking, whatever address WhatsApp answers with', () => {
    const outcomes = [outcome(bensLid, 404, ben), outcome(ana, 0)]
    expect(toResults('remove', [ana, ben], outcomes)).toEqual([
      { participant: ana, failure: null, errorCode: 0 },
      {
        participant: ben,
        failure: 'Failed to remove participant: they are not in the group (code 404)',
        errorCode: 404,
      },
    ])
  })

  it('is told by position when WhatsApp answers with a LID alone', () => {
    const results = toResults('add', [ana, ben], [outcome(ana, 0), outcome(bensLid, 409)])
    expect(results.map(({ errorCode }) => errorCode)).toEqual([0, 409])
  })

  it('is no success for somebody WhatsApp says nothing about', () => {
    expect(toResults('promote', [ana], [])).toEqual([
      {
        participant: ana,
        failure: 'Failed to promote participant: WhatsApp did not say what became of it',
        errorCode: 0,
      },
    ])
  })

  it('has a reason for every number, also for ones nobody has seen', () => {
    expect(failureOf('add', 0)).toBeNull()
    expect(failureOf('add', 200)).toBeNull()
    expect(failureOf('add', 403)).toContain('send them an invite link (code 403)')
    expect(failureOf('promote', 403)).toContain('WhatsApp does not allow it (code 403)')
    expect(failureOf('approve', 404)).toContain('they do not ask to join')
    expect(failureOf('add', 418)).toBe('Failed to add participant: WhatsApp refused it (code 418)')
  })
})
