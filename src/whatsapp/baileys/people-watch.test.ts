import type { BinaryNode } from 'baileys'
import { expect, it } from 'vitest'
import { ManualClock } from '../../core/clock.ts'
import { asDeviceId } from '../../core/ids.ts'
import { silentLogger } from '../../core/logger.ts'
import { PeopleWatch } from './people-watch.ts'
import { SharedCaches } from './shared-caches.ts'

const pn = '15550000001@s.whatsapp.net'
const lid = '100000000000001@lid'

const devicesChanged: BinaryNode = { tag: 'notification', attrs: { type: 'devices', from: pn } }

it("has forgotten somebody's devices under both addresses when the news of a change may be acknowledged", async () => {
  const caches = new SharedCaches({ clock: new ManualClock() }).of(asDeviceId('main'))
  await caches.userDevices.set('15550000001', [{ device: 1 }])
  await caches.userDevices.set('100000000000001', [{ device: 1 }])
  const mapping = Promise.withResolvers<string>()
  const watch = new PeopleWatch({
    caches,
    lidMapping: { getLIDForPN: () => mapping.promise, getPNForLID: () => Promise.resolve(pn) },
    logger: silentLogger,
  })
  const forgotten = watch.takeStanza(devicesChanged)
  mapping.resolve(lid)
  await forgotten
  expect(await caches.userDevices.get('15550000001')).toBeUndefined()
  expect(await caches.userDevices.get('100000000000001')).toBeUndefined()
})

it('keeps no other stanza waiting', () => {
  const watch = new PeopleWatch({
    caches: new SharedCaches({ clock: new ManualClock() }).of(asDeviceId('main')),
    lidMapping: { getLIDForPN: () => Promise.resolve(lid), getPNForLID: () => Promise.resolve(pn) },
    logger: silentLogger,
  })
  expect(watch.takeStanza({ tag: 'message', attrs: { from: pn } })).toBeUndefined()
  expect(watch.takeStanza({ tag: 'notification', attrs: { type: 'w:gp2', from: '1@g.us' } })).toBeUndefined()
})
