import { systemClock } from '../core/clock.ts'
import type { NewEvent } from '../core/event-envelope.ts'
import { asDeviceId, type DeviceId } from '../core/ids.ts'
import type { OpenDatabase } from '../db/open-database.ts'
import { SqlOutbox } from './outbox-store.ts'

// Builders for tests of what reads the outbox.

/** Adds a device to the table, linked to nobody. */
export async function addDevice({ inTransaction }: OpenDatabase, id = 'main'): Promise<DeviceId> {
  await inTransaction(async (tx) => {
    await tx
      .insertInto('devices')
      .values({
        id,
        display_name: '',
        jid: '',
        lid: '',
        is_linked: 0,
        last_close_reason: '',
        event_seq: 0,
        epoch: 0,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
  })
  return asDeviceId(id)
}

let made = 0

/** An event that differs from every other, unless told otherwise. */
export function anEvent(overrides: Partial<NewEvent> = {}): NewEvent {
  made += 1
  return {
    kind: 'message',
    lane: 'chat-1',
    dedupeKey: `event-${made}`,
    body: { event: 'message', payload: { id: `M${made}` } },
    ...overrides,
  }
}

/** An outbox whose every event goes to all of `endpoints`. */
export function outboxTo(endpoints: readonly string[], onWake: () => void = () => undefined): SqlOutbox {
  return new SqlOutbox({ endpoints: { wanting: () => endpoints }, clock: systemClock, onWake })
}

/** Rows of `deliveries` by state. */
export async function countDeliveries({ db }: OpenDatabase): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select((select) => ['state', select.fn.countAll<number>().as('count')])
    .groupBy('state')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]))
}
