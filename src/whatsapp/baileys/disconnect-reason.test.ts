import { Boom } from '@hapi/boom'
import { describe, expect, it } from 'vitest'
import { toClosed } from './disconnect-reason.ts'

describe('toClosed', () => {
  it.each([
    [515, 'restart-required'],
    [428, 'connection-lost'],
    [408, 'connection-lost'],
    [500, 'connection-lost'],
    [503, 'connection-lost'],
    [440, 'replaced'],
    [401, 'logged-out'],
    [403, 'banned'],
    [406, 'banned'],
    [405, 'outdated'],
    [409, 'outdated'],
    [411, 'unusable'],
    [418, 'unusable'],
    [400, 'refused'],
    [414, 'refused'],
    [599, 'connection-lost'],
  ])('takes %i for %s', (statusCode, reason) => {
    expect(toClosed(new Boom('x', { statusCode }))).toMatchObject({ reason, statusCode, retryAfterMs: null })
  })

  it('tells refs that ran out from a lost connection', () => {
    expect(toClosed(new Boom('QR refs attempts ended', { statusCode: 408 })).reason).toBe('qr-expired')
  })

  it('tells an unlinked device from a session opened elsewhere, also where WhatsApp gives no number', () => {
    const conflict = (type: string) =>
      toClosed(
        new Boom('Stream Errored (conflict)', {
          statusCode: 440,
          data: { tag: 'conflict', attrs: { type } },
        }),
      )
    expect(conflict('device_removed').reason).toBe('logged-out')
    expect(conflict('replaced').reason).toBe('replaced')
  })

  it('tells how long a ban lasts', () => {
    const error = new Boom('Connection Failure', { statusCode: 402, data: { code: '101', expire: '3600' } })
    expect(toClosed(error)).toMatchObject({ reason: 'temporarily-banned', retryAfterMs: 3_600_000 })
  })

  it.each([
    'noise certificate signature invalid',
    'noise intermediate certificate signature invalid',
    'certification match failed',
    'Failed to verify account signature',
    'Invalid account signature',
  ])('trusts nobody after "%s"', (message) => {
    expect(toClosed(new Boom(message, { statusCode: 400 })).reason).toBe('untrusted-server')
  })

  it('takes plain errors and silence for network trouble', () => {
    expect(toClosed(new Error('read ECONNRESET'))).toMatchObject({
      reason: 'connection-lost',
      statusCode: null,
    })
    expect(toClosed(undefined).reason).toBe('connection-lost')
  })
})
