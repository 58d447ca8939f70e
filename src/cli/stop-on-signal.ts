import type { EventEmitter } from 'node:events'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'

/** What stopping needs; the process's own in production. */
export interface StopDeps {
  readonly signals: Pick<EventEmitter, 'on' | 'off'>
  readonly exit: (code: number) => void
  readonly clock: Clock
  readonly logger: Logger
}

/** A clean stop has to be over in this time; whoever waits for us kills after 10 s. */
const stopLimitMs = 9_000
/** A terminal and npm both pass Ctrl-C on: what comes this soon is the same wish. */
const sameWishMs = 500
const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

/**
 * Stops on the first SIGTERM, SIGINT or SIGHUP and exits with 0 once `stop` has resolved (1 when it fails or takes too
 * long); a second signal exits at once.
 */
export function stopOnSignal(stop: () => Promise<void>, { signals, exit, clock, logger }: StopDeps): void {
  let firstAt: number | null = null
  for (const [signal, number] of Object.entries(signalNumbers)) {
    signals.on(signal, () => {
      const now = clock.now().getTime()
      if (firstAt === null) {
        firstAt = now
        void stopWithin(signal)
      } else if (now - firstAt > sameWishMs) exit(128 + number)
    })
  }

  async function stopWithin(signal: string): Promise<void> {
    logger.info({ signal }, 'stopping')
    const giveUp = clock.after(stopLimitMs, () => {
      logger.error({ limitMs: stopLimitMs }, 'stopping took too long; leaving')
      exit(1)
    })
    try {
      await stop()
      giveUp()
      logger.info({}, 'stopped')
      exit(0)
    } catch (error) {
      giveUp()
      logger.error({ error }, 'stopping failed')
      exit(1)
    }
  }
}
