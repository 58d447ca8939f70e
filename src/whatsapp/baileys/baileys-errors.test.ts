import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { DatabaseGone } from '../../core/database-gone.ts'
import { toAppError } from './baileys-errors.ts'

/** A Boom as Baileys throws it. */
function boom(message: string, parts: { statusCode?: number; data?: unknown } = {}): Error {
  const { statusCode = 500, data } = parts
  return Object.assign(new Error(message), { output: { statusCode }, data })
}

describe('an error of Baileys as ours', () => {
  it.each([
    ['a refused query', boom('not-allowed', { statusCode: 500, data: 403 }), 'whatsapp_refused'],
    ['a lost connection', boom('Connection Closed', { statusCode: 428 }), 'device_not_connected'],
    ['a query without an answer', boom('Timed Out', { statusCode: 408 }), 'whatsapp_timeout'],
    ['a recipient without keys', boom('All encryptions failed'), 'whatsapp_not_found'],
    [
      'a question about a group without an answer',
      boom('Invalid group metadata response: missing <group> node'),
      'whatsapp_timeout',
    ],
    [
      'an answer that is no group',
      boom('Invalid group metadata response: missing <group> node', { data: { tag: 'iq', attrs: {} } }),
      'whatsapp_refused',
    ],
    [
      'a refusal within an answer',
      boom('item-not-found', { statusCode: 404, data: { tag: 'error', attrs: { code: '404' } } }),
      'whatsapp_not_found',
    ],
    [
      'a write to a socket that is gone',
      Object.assign(new Error('write EPIPE'), { code: 'EPIPE', syscall: 'write' }),
      'device_not_connected',
    ],
    [
      'a write to a socket that is closing',
      new Error('WebSocket is not open: readyState 2 (CLOSING)'),
      'device_not_connected',
    ],
    [
      'a frame that is none',
      Object.assign(new RangeError('Invalid WebSocket frame: invalid opcode 3'), {
        code: 'WS_ERR_INVALID_OPCODE',
      }),
      'device_not_connected',
    ],
    [
      'a file that is not there',
      Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', syscall: 'open' }),
      'internal_error',
    ],
    [
      'the database being gone below it',
      new Error('no keys', { cause: new DatabaseGone(new Error('connect ECONNREFUSED')) }),
      'database_unavailable',
    ],
    [
      'keys that could not be stored because it was gone',
      new AppError('internal_error', {
        message: 'key material could not be stored',
        cause: new DatabaseGone(new Error('connect ECONNREFUSED')),
      }),
      'database_unavailable',
    ],
    ['anything else', new TypeError('x is not a function'), 'internal_error'],
  ])('tells %s by name', (_, error, code) => {
    expect(toAppError(error)).toMatchObject({ code, certain: true })
  })

  it('knows the library’s words as the library writes them', async () => {
    const socket = new URL('Socket/', import.meta.resolve('baileys'))
    const read = (name: string) => readFile(fileURLToPath(new URL(name, socket)), 'utf8')
    expect(await read('messages-send.js')).toContain("new Boom('All encryptions failed'")
    expect(await read('groups.js')).toContain(
      "new Boom('Invalid group metadata response: missing <group> node', { data: result })",
    )
  })
})

it('a socket that closes under a question, told as the bare close code, is a lost connection', () => {
  expect(toAppError(1006)).toMatchObject({ code: 'device_not_connected', certain: true })
})
