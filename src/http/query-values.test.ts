import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fromQuery, lenientQuery } from './query-values.ts'

const fields = {
  limit: z.int().min(1).default(25),
  media_only: z.boolean().optional(),
  search: z.string().optional(),
  kinds: z.array(z.string()).optional(),
}
const strict = z.object(fields)
const lists = lenientQuery(z.object(fields))

describe('a query', () => {
  it.each([
    ['reads numbers and booleans', { limit: '10', media_only: 'T' }, { limit: 10, media_only: true }],
    ['keeps texts, also empty ones', { search: '' }, { search: '' }],
    [
      'takes the first of a repeated value',
      { limit: ['10', '20'], search: ['a', 'b'] },
      { limit: 10, search: 'a' },
    ],
    ['takes lists whole', { kinds: 'a' }, { kinds: ['a'] }],
    ['leaves out empty numbers and booleans', { limit: '', media_only: '' }, {}],
    [
      'keeps what cannot be read for validation to name',
      { limit: 'ten', media_only: 'maybe' },
      { limit: 'ten', media_only: 'maybe' },
    ],
    ['keeps what the schema does not know', { other: '1' }, { other: '1' }],
  ])('%s', (_title, query, value) => {
    expect(fromQuery(query, strict)).toEqual(value)
  })

  it('of a list leaves out what cannot be read, but not what is out of bounds', () => {
    expect(fromQuery({ limit: 'ten', media_only: 'maybe' }, lists)).toEqual({})
    expect(fromQuery({ limit: '0' }, lists)).toEqual({ limit: 0 })
  })
})
