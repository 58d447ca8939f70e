import {
  type BinaryNode,
  encodeSyncdPatch,
  ensureLTHashStateVersion,
  newLTHashState,
  proto,
  type WAPatchCreate,
  type WASocket,
} from 'baileys'
import { AppError } from '../../../core/app-error.ts'
import { refusal } from '../baileys-errors.ts'

/** So often a change is made anew on top of what another device changed meanwhile. */
const maxConflicts = 4

/** One change of the account's settings; `operation` and time are the same for all of ours. */
export type AppStateChange = Omit<WAPatchCreate, 'operation'>

/**
 * Changes a setting that all devices of the account share. Baileys' own way takes every answer for a yes: a conflict comes as
 * an error inside a good answer (rc14 lib/Socket/chats.js, appPatch), and its copy of the collection is then wrong for ever.
 * Here a change that another device got ahead of is made again on the new version. Raises `app_state_not_ready` before the
 * phone has shared the keys, `whatsapp_conflict` when others are always faster.
 */
export async function changeAppState(socket: WASocket, change: AppStateChange): Promise<void> {
  const { creds, keys } = socket.authState
  const keyId = creds.myAppStateKeyId
  if (!keyId) throw new AppError('app_state_not_ready')
  const keyOf = async (id: string) => (await keys.get('app-state-sync-key', [id]))[id]
  const syncAction = { ...change.syncAction, timestamp: Date.now() }
  const patchCreate = { ...change, syncAction, operation: proto.SyncdMutation.SyncdOperation.SET }
  // The same lock that Baileys takes for it, so that its own resyncs wait.
  await keys.transaction(async () => {
    for (let attempt = 0; attempt <= maxConflicts; attempt++) {
      await socket.resyncAppState([change.type], false)
      const known = (await keys.get('app-state-sync-version', [change.type]))[change.type]
      const base = known ? ensureLTHashStateVersion(known) : newLTHashState()
      if (!(await keyOf(keyId))) throw new AppError('app_state_not_ready')
      const { patch, state } = await encodeSyncdPatch(patchCreate, keyId, base, keyOf)
      const answer = (await socket.query(toQuery(change.type, base.version, patch))) as BinaryNode | undefined // Baileys leaves it untyped
      const code = refusalIn(answer)
      if (code === null) {
        await keys.set({ 'app-state-sync-version': { [change.type]: state } })
        return
      }
      if (code !== 409) throw refusal(code)
    }
    throw new AppError('whatsapp_conflict')
  }, creds.me?.id ?? 'app-patch')
}

function toQuery(name: string, version: number, patch: proto.ISyncdPatch): BinaryNode {
  const content = [{ tag: 'patch', attrs: {}, content: proto.SyncdPatch.encode(patch).finish() }]
  const attrs = { name, version: String(version), return_snapshot: 'false' }
  return {
    tag: 'iq',
    attrs: { to: 's.whatsapp.net', type: 'set', xmlns: 'w:sync:app:state' },
    content: [{ tag: 'sync', attrs: {}, content: [{ tag: 'collection', attrs, content }] }],
  }
}

/** WhatsApp's number for why a patch was not taken, or null when it was. */
export function refusalIn(answer: BinaryNode | undefined): number | null {
  if (answer === undefined) throw new AppError('whatsapp_timeout')
  const collection = childOf(childOf(answer, 'sync'), 'collection')
  if (collection === undefined) throw new AppError('whatsapp_timeout')
  if (collection.attrs['type'] !== 'error') return null
  return Number(childOf(collection, 'error')?.attrs['code'] ?? 400)
}

function childOf(node: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return Array.isArray(node?.content) ? node.content.find((child) => child.tag === tag) : undefined
}
