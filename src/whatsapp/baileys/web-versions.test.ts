import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../core/logger.ts'
import type { WebVersion } from './web-version.ts'
import { type RenewedVersion, WebVersions } from './web-versions.ts'

const old: WebVersion = [2, 3000, 1]
const fresh: WebVersion = [2, 3000, 2]

function versions(options: { kept?: RenewedVersion; page?: WebVersion | Error } = {}) {
  const saved: RenewedVersion[] = []
  let fetches = 0
  const made = new WebVersions({
    base: old,
    memory: {
      load: async () => options.kept ?? null,
      save: async (renewal) => {
        saved.push(renewal)
      },
    },
    fetchCurrent: async () => {
      fetches++
      if (options.page instanceof Error) throw options.page
      return options.page ?? fresh
    },
    logger: silentLogger,
  })
  return { made, saved, fetches: () => fetches }
}

describe('WebVersions', () => {
  it('announces the base until it is refused, then what the page names', async () => {
    const { made, saved } = versions()
    expect(await made.current()).toEqual(old)
    expect(await made.renew(old)).toBe(true)
    expect(await made.current()).toEqual(fresh)
    expect(saved).toEqual([{ refused: old, renewed: fresh }])
  })

  it('asks the page once for all devices that are refused at the same time', async () => {
    const { made, fetches } = versions()
    await made.current()
    expect(await Promise.all([made.renew(old), made.renew(old), made.renew(old)])).toEqual([true, true, true])
    expect(await made.renew(old)).toBe(true)
    expect(fetches()).toBe(1)
  })

  it('has nothing newer when the page names what was refused, or cannot be had', async () => {
    expect(await versions({ page: old }).made.renew(old)).toBe(false)
    expect(await versions({ page: new Error('no network') }).made.renew(old)).toBe(false)
  })

  it('goes on with a kept renewal, unless the base is another one now', async () => {
    expect(await versions({ kept: { refused: old, renewed: fresh } }).made.current()).toEqual(fresh)
    expect(await versions({ kept: { refused: [2, 3000, 0], renewed: [2, 3000, 0] } }).made.current()).toEqual(
      old,
    )
  })
})
