import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodes } from './error-codes.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| `(\w+)` \| ([\w-]+) \| (.*?) \|/gm)]

describe('docs/errors.md', () => {
  it('lists every error of the catalogue as it is, and no other', () => {
    const listed = rows.map(([, code, status, wire, retry]) => [code, Number(status), wire, retry])
    const known = Object.entries(errorCodes).map(([code, entry]) => [
      code,
      entry.status,
      entry.wire,
      entry.retry,
    ])
    expect(listed).toEqual(known)
  })

  it('says of every error when it is raised', () => {
    const silent = rows.filter(([, , , , , when]) => !/^Raised /.test(when ?? '')).map(([, code]) => code)
    expect(silent).toEqual([])
  })
})
