import type { Clock } from '../../core/clock.ts'
import type { NewEvent } from '../../core/event-envelope.ts'
import type { Tx } from '../../db/database.ts'
import type { WhatsAppMessage } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import type { DownloadStore } from './download-store.ts'

/** How long the event of a message waits for its media. What takes longer comes with an event of its own. */
const eventWaitMs = 10_000

/** Notes, inside transactions it is given, that the media of a message that arrived is to be fetched. */
export class DownloadLog {
  readonly #rows: DownloadStore
  readonly #clock: Clock
  readonly #isOn: boolean
  readonly #onWanted: () => void

  constructor(deps: {
    readonly rows: DownloadStore
    readonly clock: Clock
    /** False: nothing is fetched by itself. */
    readonly isOn: boolean
    /** Called when something is wanted; its transaction may not be committed yet. */
    readonly onWanted: () => void
  }) {
    this.#rows = deps.rows
    this.#clock = deps.clock
    this.#isOn = deps.isOn
    this.#onWanted = deps.onWanted
  }

  /** Whether the media of this message is to be fetched by itself. */
  wants(message: Pick<WhatsAppMessage, 'media'>): boolean {
    return this.#isOn && message.media !== null
  }

  /** The event of a message whose media is on its way. */
  awaiting(event: NewEvent): NewEvent {
    return { ...event, holdMs: eventWaitMs }
  }

  /** The message is written and its event appended: every file that it brings along is wanted. */
  async applyWanted(
    tx: Tx,
    scope: AccountScope,
    message: Pick<WhatsAppMessage, 'id' | 'furtherMedia'>,
    event: Pick<NewEvent, 'lane' | 'dedupeKey'>,
  ): Promise<void> {
    const wanted = { scope, messageId: message.id, lane: event.lane, eventKey: event.dedupeKey }
    const count = 1 + (message.furtherMedia?.length ?? 0)
    for (let position = 0; position < count; position += 1)
      await this.#rows.insertWanted(tx, { ...wanted, position }, this.#clock.now())
    this.#onWanted()
  }
}
