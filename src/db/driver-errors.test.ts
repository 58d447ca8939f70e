import pg from 'pg'
import { expect, it } from 'vitest'
import { DatabaseGone } from '../core/database-gone.ts'
import { fromDriver } from './driver-errors.ts'

it.each([
  ['08006', true],
  ['25006', true],
  ['53100', true],
  ['53300', true],
  ['57P03', true],
  ['58030', true],
  ['23505', false],
  ['40001', false],
  [undefined, false],
])('takes the code %s for a database that cannot be used: %s', (code, isGone) => {
  const error = Object.assign(new pg.DatabaseError('what the server says', 20, 'error'), { code })
  expect(fromDriver(error) instanceof DatabaseGone).toBe(isGone)
})

it('takes an error of the connection for a database that cannot be used', () => {
  expect(fromDriver(new Error('Connection terminated unexpectedly'))).toBeInstanceOf(DatabaseGone)
})
