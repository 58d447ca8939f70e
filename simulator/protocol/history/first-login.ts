import { proto } from 'baileys'
import type { Person } from '../../api/person.ts'
import type { AppState } from '../../state/app-state.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { LinkedDevice } from '../../state/linked-device.ts'
import type { World } from '../../state/world.ts'
import type { AppStateServer } from '../app-state/app-state-server.ts'
import type { HistoryBook } from './history-book.ts'

const { Type } = proto.Message.ProtocolMessage

/** What a phone sends to a client that it has just linked: the app state key, then the history. */
export async function shareAfterLinking(
  person: Person,
  device: LinkedDevice,
  rooms: { world: World; appState: AppStateServer; history: HistoryBook; faults: FaultPlan },
): Promise<void> {
  const state = rooms.appState.of(person.account)
  if (state.version('critical_block') === 0) {
    await state.change('critical_block', ['setting_pushName'], { pushNameSetting: { name: person.name } })
  }
  if (rooms.faults.take('withhold-app-state-keys', person.account) === undefined)
    await shareKey(person, device, state)
  const pushNames = rooms.world.accounts.map(({ pn, pushName }) => ({ id: pn, pushname: pushName }))
  for (const historySyncNotification of rooms.history.parts(person.account, pushNames)) {
    await person.sendPeer(device, {
      protocolMessage: { type: Type.HISTORY_SYNC_NOTIFICATION, historySyncNotification },
    })
  }
}

function shareKey(person: Person, device: LinkedDevice, state: AppState): Promise<unknown> {
  return person.sendPeer(device, {
    protocolMessage: {
      type: Type.APP_STATE_SYNC_KEY_SHARE,
      appStateSyncKeyShare: {
        keys: [
          {
            keyId: { keyId: state.keyId },
            keyData: {
              keyData: state.keyData,
              fingerprint: { rawId: 1, currentIndex: 0, deviceIndexes: [0, device.keyIndex] },
              timestamp: Date.now(),
            },
          },
        ],
      },
    },
  })
}
