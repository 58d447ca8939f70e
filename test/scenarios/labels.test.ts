import { describe, expect } from 'vitest'
import { eventually } from '../harness.ts'
import { resultsOf, type Stage, scenario } from '../scenario.ts'

interface Label {
  readonly id: string
  readonly name: string
  readonly color: number
  readonly chat_jids: readonly string[]
}

async function labelsOf({ gateway }: Stage): Promise<readonly Label[]> {
  const answer = await gateway.call('GET', '/labels', { device: 'main' })
  return resultsOf<{ data: readonly Label[] }>(answer).data
}

describe('labels', () => {
  scenario('made here and on the phone are listed with the chats that carry them', async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    await bo.sendText(ada, 'I have paid')
    await stage.gateway.message('main', bo.jid, () => true)
    const label = (labeled: boolean) =>
      stage.gateway.call('POST', `/chat/${bo.jid}/label`, {
        device: 'main',
        body: { label_id: '10', label_name: 'Paid', labeled },
      })
    expect(await label(true)).toMatchObject({ status: 200 })
    await ada.settings.saveLabel({ id: '9', name: 'Leads', color: 2 })
    await ada.settings.label(bo, '9')
    await eventually(
      'both labels',
      async () =>
        (await labelsOf(stage)).filter(({ chat_jids: on }) => on.length === 1).length === 2 || undefined,
    )
    expect(await labelsOf(stage)).toMatchObject([
      { id: '9', name: 'Leads', color: 2, chat_jids: [bo.jid] },
      { id: '10', name: 'Paid', chat_jids: [bo.jid] },
    ])
    expect(await label(false)).toMatchObject({ status: 200 })
    expect(await labelsOf(stage)).toMatchObject([{ id: '9' }, { id: '10', chat_jids: [] }])
  })
})
