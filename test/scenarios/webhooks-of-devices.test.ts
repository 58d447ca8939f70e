import { Webhook } from 'standardwebhooks'
import { expect, onTestFinished } from 'vitest'
import { runDeliveries } from '../../src/cli/deliveries.ts'
import { RecordingTerminal } from '../../src/cli/recording-terminal.ts'
import { runWebhooks } from '../../src/cli/webhooks.ts'
import { WebhookReceiver } from '../../src/features/webhooks/webhook-receiver.ts'
import { eventually } from '../harness.ts'
import { resultsOf, scenario } from '../scenario.ts'

scenario(
  'a device’s webhooks are set over the API, survive a restart, and what they missed is replayed from the command line',
  async (stage) => {
    const { gateway } = stage
    const { ada, bo } = await stage.linkedPair()
    const own = new WebhookReceiver()
    onTestFinished(() => own.close())
    const url = await own.listen()
    const { frames } = await gateway.socket('main')

    const slot = { webhook_url: `${url}/slot`, webhook_secret: 'slot key' }
    await gateway.call('PATCH', '/devices/main/webhook', { body: slot })
    await eventually('the frames', () => (frames.length >= 2 ? true : undefined))
    expect(frames.map(({ code, result }) => [code, result])).toEqual([
      ['DEVICE_WEBHOOK_UPDATED', { device_id: 'main', webhook_url: `${url}/slot` }],
      ['DEVICE_WEBHOOK_CONFIG_UPDATED', { device_id: 'main' }],
    ])
    const { id } = resultsOf<{ id: string }>(
      await gateway.call('POST', '/devices/main/webhooks', {
        body: { url: `${url}/ours`, secret: 'whsec_b3VyIG93biBrZXkgb2YgdGhlIHRlc3Rz', events: ['message'] },
      }),
    )
    await bo.sendText(ada, 'one')
    await own.until((received) => received.length >= 2)
    expect(own.received.map(({ path }) => path).sort()).toEqual(['/ours', '/slot'])
    for (const { path, text, headers } of own.received) {
      const library =
        path === '/slot'
          ? new Webhook('slot key', { format: 'raw' })
          : new Webhook('whsec_b3VyIG93biBrZXkgb2YgdGhlIHRlc3Rz')
      const signed = headers as Record<string, string> // these three are never lists
      expect(library.verify(text, signed)).toMatchObject({ event: 'message', payload: { body: 'one' } })
    }
    expect(stage.world.events('message'), 'the global endpoint').toEqual([])

    const again = await stage.restart()
    await again.loggedIn('main')
    const seen = own.received.length
    await bo.sendText(ada, 'two')
    await own.until((received) => received.length === seen + 2)

    const terminal = new RecordingTerminal()
    const flags = { gatewayUrl: again.url }
    await runDeliveries({ flags, action: 'endpoints', options: {} }, terminal)
    expect(terminal.printed.join('\n')).toContain(`${id}  main    api`)
    /** The newest delivery, once all are known to be done: what is on its way still is not replayed. */
    const writtenDown = () =>
      eventually('the deliveries being written down', async () => {
        await runDeliveries({ flags, action: 'list', options: { endpoint: id, json: true } }, terminal)
        const listed = JSON.parse(terminal.printed.at(-1) ?? '') as { event_id: string; state: string }[] // as the command prints it
        return listed.every(({ state }) => state === 'delivered') ? listed[0] : undefined
      })
    await writtenDown()
    await runDeliveries({ flags, action: 'replay', options: { endpoint: id } }, terminal)
    expect(terminal.printed.at(-1)).toBe('2 events are on the way once more')
    await own.until((received) => received.length === seen + 4)
    const bodies = own.received.slice(-2).map(({ text }) => JSON.parse(text) as { payload: { body: string } }) // what our own gateway posted
    expect(bodies.map(({ payload }) => payload.body)).toEqual(['one', 'two'])

    const newest = await writtenDown()
    const one = { endpoint: id, event: newest.event_id }
    await runDeliveries({ flags, action: 'retry', options: one }, terminal)
    await own.until((received) => received.length === seen + 5)
    await runDeliveries({ flags, action: 'show', options: one }, terminal)
    expect(terminal.printed.join('\n')).toMatch(/TRY\s+AT\s+TOOK\s+STATUS\s+ERROR/)
    await expect(runDeliveries({ flags, action: 'show', options: {} }, terminal)).rejects.toThrow(
      '--endpoint',
    )
  },
)

scenario(
  'a webhook of all devices is added, changed and removed from the command line; those of the settings are not',
  async (stage) => {
    const { ada, bo } = await stage.linkedPair()
    const own = new WebhookReceiver()
    onTestFinished(() => own.close())
    const url = await own.listen()
    const terminal = new RecordingTerminal()
    const webhooks = async (action: string, options: Record<string, unknown> = {}) => {
      await runWebhooks({ flags: { gatewayUrl: stage.gateway.url }, action, options }, terminal)
      return terminal.printed.at(-1) ?? ''
    }
    const made = await webhooks('add', {
      to: url,
      secret: 'ours',
      events: 'message, message.ack',
      ignoreJids: '*@g.us',
      header: ['Authorization: Bearer t0ken', 'X-Note: a: b'],
      format: 'cloudevents',
      whenGone: 'drop',
      json: true,
    })
    expect(JSON.parse(made)).toMatchObject({
      events: ['message', 'message.ack'],
      ignore_jids: ['*@g.us'],
      header_names: ['Authorization', 'X-Note'],
      when_gone: 'drop',
      source: 'api',
    })
    const { id } = JSON.parse(made) as { id: string } // as was seen just now
    await bo.sendText(ada, 'one')
    await own.until((received) => received.some(({ text }) => text.includes('"one"')))
    const { headers, text } = own.received.find((webhook) => webhook.text.includes('"one"')) ?? {}
    expect(headers).toMatchObject({ authorization: 'Bearer t0ken', 'x-note': 'a: b' })
    expect(headers).toMatchObject({ 'ce-type': 'gatewa.message' })
    const signed = headers as Record<string, string> // these three are never lists
    expect(new Webhook('ours', { format: 'raw' }).verify(text ?? '', signed)).toMatchObject({
      event: 'message',
    })

    expect(await webhooks('change', { endpoint: id, active: 'no' })).toMatch(/ all +api +out of use /)
    await webhooks('list', { json: true })
    const listed = JSON.parse(terminal.printed.at(-1) ?? '') as { id: string; source: string }[] // as the command prints it
    const ofSettings = listed.find(({ source }) => source === 'config')?.id
    await expect(webhooks('remove', { endpoint: ofSettings })).rejects.toThrow('WEBHOOK_OF_SETTINGS')
    await webhooks('remove', { endpoint: id })
    await webhooks('list')
    expect(terminal.printed.join('\n')).toMatch(/^ENDPOINT /m)
    expect(terminal.printed.at(-1)).not.toContain(id)

    await expect(webhooks('change', { endpoint: id })).rejects.toThrow('say what is to change')
    await expect(webhooks('add')).rejects.toThrow('--to')
    await expect(webhooks('add', { to: url, header: ['x'] })).rejects.toThrow('name: value')
    await expect(webhooks('add', { to: url, active: 'maybe' })).rejects.toThrow('yes or no')
    await expect(webhooks('enhance')).rejects.toThrow('list, add, change or remove')
  },
)
