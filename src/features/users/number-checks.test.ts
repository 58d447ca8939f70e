import { describe, expect, it } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId } from '../../core/ids.ts'
import { makeJid } from '../../whatsapp/jid.ts'
import { NumberChecks } from './number-checks.ts'

const main = asDeviceId('main')
const other = asDeviceId('other')
const person = (number: number) => makeJid(String(628_000 + number), 's.whatsapp.net')

/** Counts how often WhatsApp is asked, and answers as it is told. */
function asking(answer: () => Promise<boolean> = () => Promise.resolve(true)) {
  const asked = { times: 0 }
  const ask = () => {
    asked.times++
    return answer()
  }
  return { asked, ask }
}

describe('whether a number has an account', () => {
  it('is asked once in five minutes, also when the answer is no', async () => {
    const clock = new ManualClock()
    const checks = new NumberChecks({ clock })
    const { asked, ask } = asking(() => Promise.resolve(false))
    expect(await checks.check(main, person(1), ask)).toBe(false)
    clock.advance(5 * 60_000 - 1)
    expect(await checks.check(main, person(1), ask)).toBe(false)
    expect(asked.times).toBe(1)
    clock.advance(2)
    await checks.check(main, person(1), ask)
    expect(asked.times).toBe(2)
  })

  it('is asked once for all who want to know at the same time, and per device', async () => {
    const checks = new NumberChecks({ clock: new ManualClock() })
    const { asked, ask } = asking()
    await Promise.all([checks.check(main, person(1), ask), checks.check(main, person(1), ask)])
    expect(asked.times).toBe(1)
    await checks.check(other, person(1), ask)
    expect(asked.times).toBe(2)
  })

  it('is asked one after another, and refused when twenty wait', async () => {
    const checks = new NumberChecks({ clock: new ManualClock() })
    let underWay = 0
    let most = 0
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const ask = async () => {
      underWay++
      most = Math.max(most, underWay)
      await opened
      underWay--
      return true
    }
    const waiting = Array.from({ length: 20 }, (_, number) => checks.check(main, person(number), ask))
    await expect(checks.check(main, person(20), ask)).rejects.toMatchObject({ code: 'whatsapp_rate_limited' })
    expect(await checks.check(other, person(20), () => Promise.resolve(true))).toBe(true)
    open()
    await Promise.all(waiting)
    expect(most).toBe(1)
    expect(await checks.check(main, person(20), ask)).toBe(true)
  })

  it('is asked again after a failure, which only those hear of who asked', async () => {
    const checks = new NumberChecks({ clock: new ManualClock() })
    const failing = () => Promise.reject(new AppError('whatsapp_timeout'))
    const failed = checks.check(main, person(1), failing)
    const next = checks.check(main, person(2), () => Promise.resolve(true))
    await expect(failed).rejects.toMatchObject({ code: 'whatsapp_timeout' })
    expect(await next).toBe(true)
    expect(await checks.check(main, person(1), () => Promise.resolve(true))).toBe(true)
  })
})
