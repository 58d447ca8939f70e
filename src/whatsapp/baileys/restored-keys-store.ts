import type { AuthenticationCreds } from 'baileys'
import type { Tx } from '../../db/database.ts'
import { encryptedColumns, placeOf } from '../../db/encryption/encrypted-columns.ts'
import type { RowCipher } from '../../db/encryption/row-cipher.ts'
import { decodeValue, encodeValue } from './key-codec.ts'
import { decodeSenderKeyRecord } from './signal/sender-key-record.ts'
import { decodeSessionRecord, encodeSessionRecord, readOnlyRecord } from './signal/session-record.ts'

/** So many one-time prekeys the original may have made since; their ids must not name others. */
const preKeysSince = 16_384
const rowsPerStep = 500

/**
 * Makes the keys of a copy fit to be used, whose original may have sent more since: what it sent with would be used twice, and
 * phones take a message under a key that they have seen for one they have. Sessions are only read in, own keys of groups
 * go, so that the next message of each kind is sent under a new key; new one-time prekeys get ids that were never used. What
 * opens messages of others stays.
 */
export async function renewRestoredKeys(tx: Tx, cipher: RowCipher, at: Date): Promise<void> {
  await tx.deleteFrom('signal_keys').where('type', '=', 'sender-key-memory').execute()
  await eachKey({ tx, cipher, type: 'sender-key' }, (body) =>
    decodeSenderKeyRecord(body).states.some((state) => state.signingPrivateKey !== null) ? null : body,
  )
  await eachKey({ tx, cipher, type: 'session' }, (body) =>
    encodeSessionRecord(readOnlyRecord(decodeSessionRecord(body), at.getTime())),
  )
  for (const row of await tx.selectFrom('credentials').select(['device_id', 'body']).execute()) {
    const place = placeOf(encryptedColumns.credentials, [row.device_id])
    const creds = decodeValue(cipher.decrypt(place, row.body)) as AuthenticationCreds // as KeyMaterial stored them
    const next = creds.nextPreKeyId + preKeysSince
    const renewed = { ...creds, nextPreKeyId: next, firstUnuploadedPreKeyId: next }
    await tx
      .updateTable('credentials')
      .set({ body: cipher.encrypt(place, encodeValue(renewed)) })
      .where('device_id', '=', row.device_id)
      .execute()
  }
}

/** Changes every key of a type, or deletes it. */
async function eachKey(
  { tx, cipher, type }: { readonly tx: Tx; readonly cipher: RowCipher; readonly type: string },
  change: (body: Buffer) => Buffer | null,
): Promise<void> {
  let after = { device_id: '', id: '' }
  for (;;) {
    const rows = await tx
      .selectFrom('signal_keys')
      .select(['device_id', 'id', 'body'])
      .where('type', '=', type)
      .where((is) => is(is.refTuple('device_id', 'id'), '>', is.tuple(after.device_id, after.id)))
      .orderBy('device_id')
      .orderBy('id')
      .limit(rowsPerStep)
      .execute()
    for (const { device_id, id, body } of rows) {
      const place = placeOf(encryptedColumns.signalKeys, [device_id, type, id])
      const before = cipher.decrypt(place, body)
      const next = change(before)
      if (next === before) continue
      const isRow = { device_id, type, id }
      if (next === null)
        await tx
          .deleteFrom('signal_keys')
          .where((is) => is.and(isRow))
          .execute()
      else
        await tx
          .updateTable('signal_keys')
          .set({ body: cipher.encrypt(place, next) })
          .where((is) => is.and(isRow))
          .execute()
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < rowsPerStep) return
    after = last
  }
}
