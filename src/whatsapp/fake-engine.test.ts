import { FakeEngine } from './fake-engine.ts'
import { aTextMessage } from './fake-session.ts'
import { makeJid } from './jid.ts'
import { describeSessionContract } from './session-contract.ts'

describeSessionContract('FakeEngine', async () => {
  const engine = new FakeEngine()
  const stranger = makeJid('6280000000000', 's.whatsapp.net')
  engine.hide(stranger)
  return {
    engine,
    contact: makeJid('6281299999999', 's.whatsapp.net'),
    stranger,
    scan: async (deviceId) => engine.session(deviceId).scan(),
    writeToAccount: (deviceId, text) =>
      engine.session(deviceId).receive({
        type: 'message.received',
        message: aTextMessage({ text }),
        isOffline: false,
      }),
    holdAcks: async () => engine.holdAcks(),
    drop: async (deviceId) => engine.session(deviceId).drop(),
    unlink: async (deviceId) => engine.session(deviceId).unlink(),
    close: async () => undefined,
  }
})
