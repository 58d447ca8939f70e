import { useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import { useDevices } from '../devices/use-devices.ts'
import { CopyButton } from '../ui/copy-button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { Field, Problem } from '../ui/parts.tsx'
import { type NewKey, type Scope, scopes, scopeWords } from './shapes.ts'

const lifetimes: readonly (readonly [string, number])[] = [
  ['never', 0],
  ['in a day', 1],
  ['in 30 days', 30],
  ['in 90 days', 90],
  ['in a year', 365],
]
const dayMs = 86_400_000

/** What is wished of a key, as it is typed. */
interface Draft {
  readonly name: string
  readonly scopes: ReadonlySet<Scope>
  /** Null: all. */
  readonly devices: ReadonlySet<string> | null
  /** One on each line; empty for anybody. */
  readonly recipients: string
  /** 0: never ends. */
  readonly days: number
  readonly perMinute: string
}

const blank: Draft = {
  name: '',
  scopes: new Set<Scope>(['read']),
  devices: null,
  recipients: '',
  days: 0,
  perMinute: '',
}

/** Makes a key and shows it, once. */
export function NewKeyDialog({
  onMade,
  onClose,
}: {
  readonly onMade: () => void
  readonly onClose: () => void
}) {
  const [made, setMade] = useState<NewKey | null>(null)
  return (
    <Dialog title={made === null ? 'New key' : `The key ${made.name}`} onClose={onClose}>
      {made === null ? (
        <KeyForm
          onClose={onClose}
          onMade={(key) => {
            setMade(key)
            onMade()
          }}
        />
      ) : (
        <ShownKey made={made} onClose={onClose} />
      )}
    </Dialog>
  )
}

function ShownKey({ made, onClose }: { readonly made: NewKey; readonly onClose: () => void }) {
  return (
    <>
      <div class="note warn" role="status">
        <Icon name="warn" />
        <div>Copy it now: it is not shown again.</div>
      </div>
      <Field label="Key" hint="Goes with requests as Authorization: Bearer … or X-Api-Key: …">
        {(ids) => (
          <input
            {...ids}
            class="input mono"
            readOnly
            value={made.key}
            onFocus={(event) => event.currentTarget.select()}
          />
        )}
      </Field>
      <footer>
        <CopyButton text={made.key} label="Copy the key" />
        <button type="button" class="button main" onClick={onClose}>
          Done
        </button>
      </footer>
    </>
  )
}

function KeyForm({
  onMade,
  onClose,
}: {
  readonly onMade: (key: NewKey) => void
  readonly onClose: () => void
}) {
  const { data: devices } = useDevices()
  const [draft, setDraft] = useState(blank)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const mayMore = draft.scopes.has('manage') || draft.scopes.has('admin')
  const submit = (event: Event) => {
    event.preventDefault()
    if (draft.scopes.size === 0) return setError(new Error('Choose what it may do'))
    if (draft.devices?.size === 0) return setError(new Error('Choose a device, or all'))
    setBusy(true)
    setError(null)
    call<NewKey>('POST', 'keys', { json: toBody(draft, mayMore) }).then(onMade, (thrown: unknown) => {
      setBusy(false)
      setError(thrown)
    })
  }
  return (
    <form class="stack" onSubmit={submit}>
      <Field label="Name" hint="What it is for, as in: shop, monitoring">
        {(ids) => (
          <input
            {...ids}
            class="input"
            autocomplete="off"
            required
            maxLength={100}
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <fieldset class="choices">
        <legend>What it may do</legend>
        {scopes.map((scope) => (
          <label key={scope} class="check">
            <input
              type="checkbox"
              checked={draft.scopes.has(scope)}
              onChange={() => change({ scopes: toggled(draft.scopes, scope) })}
            />
            <span>
              <b>{scope}</b> <span class="soft">{scopeWords[scope]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <fieldset class="choices">
        <legend>For which devices</legend>
        <label class="check">
          <input
            type="radio"
            name="devices"
            checked={draft.devices === null}
            onChange={() => change({ devices: null })}
          />
          All, also later ones
        </label>
        <label class="check">
          <input
            type="radio"
            name="devices"
            checked={draft.devices !== null}
            disabled={devices?.length === 0}
            onChange={() => change({ devices: new Set() })}
          />
          Only these
        </label>
        {draft.devices !== null &&
          devices?.map(({ id }) => (
            <label key={id} class="check inner">
              <input
                type="checkbox"
                checked={draft.devices?.has(id) === true}
                onChange={() => change({ devices: toggled(draft.devices ?? new Set(), id) })}
              />
              {id}
            </label>
          ))}
      </fieldset>
      <Field
        label="Writes only to"
        hint={
          mayMore
            ? 'Cannot be limited for a key that may manage or administer.'
            : 'Numbers or JIDs, one on each line. Empty: to anybody.'
        }
      >
        {(ids) => (
          <textarea
            {...ids}
            class="input"
            rows={2}
            disabled={mayMore}
            value={mayMore ? '' : draft.recipients}
            onInput={(event) => change({ recipients: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="Ends">
        {(ids) => (
          <select
            {...ids}
            class="input"
            value={draft.days}
            onChange={(event) => change({ days: Number(event.currentTarget.value) })}
          >
            {lifetimes.map(([words, days]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Most requests a minute" hint="Empty: no limit.">
        {(ids) => (
          <input
            {...ids}
            class="input"
            type="number"
            min={1}
            max={1_000_000}
            value={draft.perMinute}
            onInput={(event) => change({ perMinute: event.currentTarget.value })}
          />
        )}
      </Field>
      {error !== null && <Problem error={error} />}
      <footer>
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" class="button main" disabled={isBusy}>
          Make the key
        </button>
      </footer>
    </form>
  )
}

function toBody(draft: Draft, mayMore: boolean): object {
  const recipients = draft.recipients
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return {
    name: draft.name,
    scopes: [...draft.scopes],
    ...(draft.devices === null ? {} : { devices: [...draft.devices] }),
    ...(recipients.length === 0 || mayMore ? {} : { recipients }),
    ...(draft.days === 0 ? {} : { expires_at: new Date(Date.now() + draft.days * dayMs).toISOString() }),
    ...(draft.perMinute === '' ? {} : { requests_per_minute: Number(draft.perMinute) }),
  }
}

function toggled<Item>(all: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(all)
  if (!next.delete(item)) next.add(item)
  return next
}
