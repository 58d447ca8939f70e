import { createApp } from './app.ts'
import { commandConfig } from './cli/command-config.ts'
import { describeStartFailure } from './cli/start-failure.ts'
import { stopOnSignal } from './cli/stop-on-signal.ts'
import { CommandError } from './cli/terminal.ts'
import { createLogger } from './config/create-logger.ts'
import type { Flags } from './config/load-config.ts'
import { systemClock } from './core/clock.ts'
import { TraceScope } from './core/trace-scope.ts'

/** Runs the gateway until it is told to stop. Rejects with a sentence when it cannot start. */
export async function serve(flags: Flags): Promise<void> {
  const { config, warnings } = commandConfig({ flags })
  const traceScope = new TraceScope()
  const logger = await createLogger(
    config.log,
    process.stdout,
    config.tracing === null ? null : () => traceScope.logFields,
  )
  for (const warning of warnings) logger.warn({}, warning)
  // Libraries leave promises behind when a connection breaks; that is a defect to log, not a reason to drop all devices.
  process.on('unhandledRejection', (error) => logger.error({ error }, 'unhandled rejection'))

  const app = await createApp(config, { logger, traceScope }).catch((error: unknown) => {
    throw new CommandError(describeStartFailure(error, config))
  })
  const exit = (code: number) => process.exit(code)
  stopOnSignal(() => app.stop(), { signals: process, exit, clock: systemClock, logger })
  try {
    await app.start()
  } catch (error) {
    await app.stop()
    throw new CommandError(describeStartFailure(error, config))
  }
  logger.info(
    { address: app.address, dataDir: config.dataDir, version: config.version },
    'gateway is listening',
  )
}
