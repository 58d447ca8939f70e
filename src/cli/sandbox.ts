import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { startSimulator } from '@gatewa/simulator'
import { createApp } from '../app.ts'
import { createLogger } from '../config/create-logger.ts'
import type { Flags } from '../config/load-config.ts'
import { systemClock } from '../core/clock.ts'
import { commandConfig } from './command-config.ts'
import { sandboxGuide } from './sandbox-guide.ts'
import { sandboxRoutes } from './sandbox-routes.ts'
import { describeStartFailure } from './start-failure.ts'
import { stopOnSignal } from './stop-on-signal.ts'
import { CommandError, type Terminal } from './terminal.ts'

type RunningSimulator = Awaited<ReturnType<typeof startSimulator>>

/** Runs the gateway joined to a simulated WhatsApp until it is told to stop, and prints what to try. Keeps nothing. */
export async function runSandbox(flags: Flags, terminal: Terminal): Promise<void> {
  // The simulator forgets everybody at its end, so links kept beyond it would be of no use.
  const dataDir = await mkdtemp(join(tmpdir(), 'gatewa-sandbox-'))
  const simulator = await startSimulator({
    controlPort: 0,
    directory: join(dataDir, 'simulator'),
    receiptDelayMs: 300,
  })
  const cleanUp = async () => {
    await simulator.close()
    await rm(dataDir, { recursive: true, force: true })
  }
  const { config, warnings } = await cleanedUpUnless(() =>
    commandConfig({ flags: sandboxFlags(flags, simulator, dataDir) }),
  )
  // What NODE_EXTRA_CA_CERTS does for a gateway of its own.
  setDefaultCACertificates([...getCACertificates('default'), simulator.media.caPem])

  const { controlUrl = '' } = simulator
  const logger = await createLogger(config.log)
  for (const warning of warnings) logger.warn({}, warning)
  const explained = (error: unknown) => {
    throw new CommandError(describeStartFailure(error, config))
  }
  const app = await cleanedUpUnless(() =>
    createApp(config, { logger, sandbox: sandboxRoutes(controlUrl) }).catch(explained),
  )
  const stop = async () => {
    await app.stop()
    await cleanUp()
  }
  stopOnSignal(stop, { signals: process, exit: (code) => process.exit(code), clock: systemClock, logger })
  await cleanedUpUnless(() => app.start().catch(explained))
  const people = populate(simulator)
  terminal.print(
    sandboxGuide({
      gatewayUrl: `${app.address}${config.http.basePath}`,
      controlUrl,
      credentials: config.http.basicAuth.length > 0,
      ...people,
    }),
  )

  async function cleanedUpUnless<T>(step: () => T | Promise<T>): Promise<T> {
    try {
      return await step()
    } catch (error) {
      await cleanUp()
      throw error
    }
  }
}

/** What was typed, on loopback and open unless typed otherwise, and never anything but the simulator. */
function sandboxFlags(flags: Flags, simulator: RunningSimulator, dataDir: string): Flags {
  return {
    host: '127.0.0.1',
    basicAuth: '',
    logLevel: 'warn',
    ...flags,
    dataDir,
    databaseUri: '',
    proxy: '',
    webVersion: '',
    websocketUrl: simulator.chatUrl,
    noiseRootKey: simulator.noiseRootKeyHex,
    mediaHost: simulator.media.host,
    webVersionUrl: simulator.webVersionUrl,
  }
}

/** A few people and a group; the numbers are of the range kept for fiction. */
function populate(simulator: RunningSimulator) {
  const you = simulator.addPerson({ phone: '15555550100', name: 'You' })
  const alice = simulator.addPerson({
    phone: '15555550101',
    name: 'Alice',
    behaviour: { reads: true, replies: ({ text }) => `You said: ${text}` },
  })
  const bob = simulator.addPerson({
    phone: '15555550102',
    name: 'Bob',
    behaviour: { reads: true, reactsWith: '👍' },
  })
  const carol = simulator.addPerson({ phone: '15555550103', name: 'Carol', behaviour: { online: false } })
  const group = simulator.addGroup({ subject: 'Weekend', owner: alice, members: [you, bob, carol] })
  return { you: you.phone, alice: alice.phone, bob: bob.phone, carol: carol.phone, group: group.jid }
}
