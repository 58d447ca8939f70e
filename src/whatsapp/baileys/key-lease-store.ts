import { sql } from 'kysely'
import { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { DeviceId } from '../../core/ids.ts'
import type { Db, Tx } from '../../db/database.ts'
import { sharingRow } from '../../db/lock-device.ts'
import { PreparedQuery } from '../../db/prepared-query.ts'

/** The number held by those who never took a lease: good for as long as nobody has taken one. */
export const noEpoch = 0

/**
 * Takes a device's lease from whoever holds it; resolves with its number. On PostgreSQL it waits for writes that are under
 * way under the old number, so what is read afterwards is all that the former holder will ever have written.
 */
export async function takeLease(tx: Tx, device: DeviceId, clock: Clock): Promise<number> {
  // Never a number that was held before, also where the device was deleted and made again.
  const epoch = clock.now().getTime()
  const row = await tx
    .insertInto('device_leases')
    .values({ device_id: device, epoch })
    .onConflict((conflict) =>
      conflict.column('device_id').doUpdateSet({
        epoch: sql<number>`case when device_leases.epoch < ${epoch} then ${epoch} else device_leases.epoch + 1 end`,
      }),
    )
    .returning('epoch')
    .executeTakeFirstOrThrow()
  return row.epoch
}

/** Whether a number is still the one that counts. */
export async function holdsLease(db: Db, device: DeviceId, epoch: number): Promise<boolean> {
  const row = await selectEpoch.first(db, { device })
  return (row?.epoch ?? noEpoch) === epoch
}

/**
 * Keeps the lease from being taken until the end of the transaction. Raises `device_taken_over` when another process has
 * taken it: then nothing may be written.
 */
export async function holdLease(tx: Tx, device: DeviceId, epoch: number): Promise<void> {
  const row = await holdEpoch.first(tx, { device })
  if ((row?.epoch ?? noEpoch) !== epoch) throw new AppError('device_taken_over')
}

interface Asked {
  readonly device: DeviceId
}

const selectEpoch = new PreparedQuery((db, { device }: Asked) =>
  db.selectFrom('device_leases').select('epoch').where('device_id', '=', device),
)

const holdEpoch = new PreparedQuery((db, { device }: Asked) =>
  sharingRow(db, db.selectFrom('device_leases').select('epoch').where('device_id', '=', device)),
)
