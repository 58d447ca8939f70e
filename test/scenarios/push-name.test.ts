import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

/** Waits until the device is shown under this name. */
async function isShownAs({ gateway }: Stage, name: string): Promise<void> {
  let shown: unknown
  await eventually(
    `the name ${name}`,
    async () => {
      const answer = await gateway.call('GET', '/devices/main')
      shown = resultsOf<{ display_name?: string }>(answer).display_name
      return shown === name || undefined
    },
    () => shown,
  )
}

describe('the name of the account', () => {
  scenario('that was just set is not put back by an own message under way', async (stage) => {
    const { world, gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    // What the phone sends after linking still has the name of before.
    const device = await ada.hasClientOnline()
    await eventually('the end of what the phone sends after linking', () => {
      const { mutations } = world.simulator.appState.of(ada.account)
      return (mutations.length > 0 && device.queue.unconfirmed.length === 0) || undefined
    })
    await isShownAs(stage, 'Ada')
    world.simulator.faults.reorder({ person: ada })
    await ada.typesOnPhone(bo, 'under way')
    await eventually('the keys for settings', async () => {
      const body = { push_name: 'Ada Lovelace' }
      const answer = await gateway.call('POST', '/user/pushname', { device: 'main', body })
      return answer.status === 200 || undefined
    })
    await isShownAs(stage, 'Ada Lovelace')
    await bo.sendText(ada, 'hello')
    const { payload } = await world.nextEvent('message', (event) => event.payload.body === 'under way')
    expect(payload['from_name']).toBe('Ada Lovelace')

    await stage.restart()
    await stage.gateway.loggedIn('main')
    await isShownAs(stage, 'Ada Lovelace')
    await ada.setPushName('Countess')
    await isShownAs(stage, 'Countess')
  })
})
