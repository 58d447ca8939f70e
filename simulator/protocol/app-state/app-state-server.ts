import type { BinaryNode, proto } from 'baileys'
import type { Account } from '../../state/account.ts'
import { AppState, COLLECTIONS, type CollectionName } from '../../state/app-state.ts'
import type { Device } from '../../state/device.ts'
import type { FaultPlan } from '../../state/fault-plan.ts'
import type { IqContext, IqHandler } from '../iq/iq-handler.ts'
import type { Router } from '../push/router.ts'
import { bytes, child, children, el, nowSeconds, SERVER } from '../stanza.ts'

/** Keeps every account's app state, takes clients' patches and tells the account's other devices (`server_sync`). */
export class AppStateServer implements IqHandler {
  readonly xmlns = 'w:sync:app:state'
  readonly #router: Router
  readonly #faults: FaultPlan
  readonly #states = new WeakMap<Account, AppState>()
  #notifications = 0

  constructor(router: Router, faults: FaultPlan) {
    this.#router = router
    this.#faults = faults
  }

  /** The app state of an account. */
  of(account: Account): AppState {
    const known = this.#states.get(account)
    if (known !== undefined) return known
    const state = new AppState()
    this.#states.set(account, state)
    return state
  }

  /** Changes a setting on the phone of an account; its linked devices are told to fetch it. */
  async change(
    account: Account,
    name: CollectionName,
    index: readonly string[],
    value: proto.ISyncActionValue,
  ): Promise<void> {
    await this.of(account).change(name, index, value)
    this.#tell(account, [name], undefined)
  }

  async handle(iq: BinaryNode, ctx: IqContext): Promise<BinaryNode[] | undefined> {
    const sync = child(iq, 'sync')
    if (sync === undefined) return undefined
    const state = this.of(ctx.account)
    const changed: CollectionName[] = []
    const answers: BinaryNode[] = []
    for (const asked of children(sync)) {
      const name = COLLECTIONS.find((known) => known === asked.attrs['name'])
      if (name === undefined) continue
      const base = Number(asked.attrs['version'] ?? 0)
      const patch = child(asked, 'patch')
      if (patch === undefined) {
        answers.push(this.#collection(state, name, base))
        continue
      }
      if (this.#faults.take('app-state-race', ctx.account)) await this.#changeElsewhere(ctx.account, name)
      const outcome = await state
        .accept(name, base, bytes(patch), ctx.device.number)
        .catch(() => 'invalid' as const)
      if (outcome === 'invalid') answers.push(refusal(name, 400, 'bad-request'))
      else if (!outcome) answers.push(this.#conflict(state, name, base))
      else {
        changed.push(name)
        takeName(ctx.account, state)
        answers.push(el('collection', { name, version: state.version(name) }))
      }
    }
    if (changed.length > 0) this.#tell(ctx.account, changed, ctx.device)
    return [el('sync', {}, answers)]
  }

  /** Something in the collection that nobody here asks about. */
  #changeElsewhere(account: Account, name: CollectionName): Promise<void> {
    const value = { timeFormatAction: { isTwentyFourHourFormatEnabled: true } }
    return this.change(account, name, ['time_format'], value)
  }

  #collection(state: AppState, name: CollectionName, since: number): BinaryNode {
    const patches = state.patchesSince(name, since).map((patch) => el('patch', {}, patch.bytes))
    const attrs = { name, version: state.version(name), has_more_patches: 'false' }
    return patches.length === 0
      ? el('collection', attrs)
      : el('collection', attrs, [el('patches', {}, patches)])
  }

  #conflict(state: AppState, name: CollectionName, since: number): BinaryNode {
    const missing = children(this.#collection(state, name, since))
    const refused = refusal(name, 409, 'conflict')
    return { ...refused, content: [...children(refused), ...missing] }
  }

  #tell(account: Account, names: readonly CollectionName[], except: Device | undefined): void {
    const collections = names.map((name) =>
      el('collection', { name, version: this.of(account).version(name) }),
    )
    for (const device of account.linkedDevices) {
      if (device === except) continue
      this.#notifications += 1
      const id = `server-sync-${this.#notifications}`
      const attrs = { from: SERVER, type: 'server_sync', id, t: nowSeconds() }
      this.#router.deliver(device, el('notification', attrs, collections))
    }
  }
}

/** A phone reads what its clients have written: the account's name is the one that was set last. */
function takeName(account: Account, state: AppState): void {
  const last = state.mutations.findLast(({ index }) => index[0] === 'setting_pushName')
  const name = last?.value.pushNameSetting?.name
  // What the phone itself had set is not newer than what it shows.
  if (name && last.device !== 0) account.pushName = name
}

/** A collection's answer to a patch that was not taken. */
function refusal(name: CollectionName, code: number, text: string): BinaryNode {
  return el('collection', { name, type: 'error' }, [el('error', { code, text })])
}
