import { EngineWorld, jidOf } from '../../../test/engine-world.ts'
import { silentLogger } from '../../core/logger.ts'
import { openDatabase } from '../../db/open-database.ts'
import { parseJid } from '../jid.ts'
import { describeSessionContract } from '../session-contract.ts'

describeSessionContract('BaileysEngine against the simulator', async () => {
  const database = await openDatabase({ uri: ':memory:', dataDir: '.', version: 'test' }, silentLogger)
  const world = await EngineWorld.start(database)
  return {
    engine: world.engine,
    contact: jidOf(world.contact),
    stranger: parseJid('6280000000000@s.whatsapp.net'),
    scan: async (_deviceId, qrText) => {
      await world.owner.scanQr(qrText)
    },
    writeToAccount: async (_deviceId, text) => {
      await world.contact.sendText(world.owner, text)
    },
    holdAcks: async () => world.simulator.faults.dropAck({ count: Number.POSITIVE_INFINITY }),
    drop: async () => world.simulator.dropConnections(),
    unlink: () => world.owner.unlink(),
    close: async () => {
      await world.close()
      await database.close()
    },
  }
})
