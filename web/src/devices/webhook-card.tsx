import { useEffect, useState } from 'preact/hooks'
import { call } from '../api/client.ts'
import type { SlotWebhook } from '../api/shapes.ts'
import { Field, Loading, Problem } from '../ui/parts.tsx'
import { tell } from '../ui/toasts.tsx'
import { useLoad } from '../ui/use-load.ts'

/** The webhook that a device has in place of those of all devices. */
export function WebhookCard({ deviceId }: { readonly deviceId: string }) {
  const path = `devices/${encodeURIComponent(deviceId)}/webhook`
  const loaded = useLoad(`webhook of ${deviceId}`, (signal) => call<SlotWebhook>('GET', path, { signal }))
  const [draft, setDraft] = useState<SlotWebhook | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => setDraft((now) => now ?? loaded.data), [loaded.data])

  const save = (next: SlotWebhook) => {
    setBusy(true)
    setError(null)
    call<SlotWebhook>('PATCH', path, { json: next })
      .then((saved) => {
        setDraft(saved)
        loaded.reload()
        tell(saved.webhook_url === '' ? 'The webhook was taken away.' : 'The webhook was saved.')
      }, setError)
      .finally(() => setBusy(false))
  }
  const change = (part: Partial<SlotWebhook>) => setDraft((now) => now && { ...now, ...part })

  return (
    <section class="card stack">
      <h2>Webhook</h2>
      <p class="soft">
        Events of this device are posted here, in place of the endpoints of the settings (WHATSAPP_WEBHOOK).
      </p>
      {loaded.error !== null && <Problem error={loaded.error} />}
      {draft === null && loaded.error === null && <Loading what="the webhook" />}
      {draft !== null && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault()
            save(draft)
          }}
        >
          <Field label="Address">
            {(ids) => (
              <input
                {...ids}
                class="input"
                type="text"
                inputMode="url"
                required
                placeholder="https://example.com/hook"
                value={draft.webhook_url}
                onInput={(event) => change({ webhook_url: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field label="Secret" hint="Signs each request. Empty: the gateway’s own. It is never shown again.">
            {(ids) => (
              <input
                {...ids}
                class="input"
                type="password"
                autocomplete="off"
                value={draft.webhook_secret}
                onInput={(event) => change({ webhook_secret: event.currentTarget.value })}
              />
            )}
          </Field>
          <Field
            label="Events"
            hint="Kinds with commas, as in message, message.ack. Empty: those of the settings."
          >
            {(ids) => (
              <input
                {...ids}
                class="input"
                value={draft.webhook_events}
                onInput={(event) => change({ webhook_events: event.currentTarget.value })}
              />
            )}
          </Field>
          <label class="check">
            <input
              type="checkbox"
              checked={draft.webhook_insecure_skip_verify}
              onChange={(event) => change({ webhook_insecure_skip_verify: event.currentTarget.checked })}
            />
            Do not check the TLS certificate
          </label>
          {error !== null && <Problem error={error} />}
          <div class="row">
            <button type="submit" class="button main" disabled={isBusy}>
              Save
            </button>
            {loaded.data !== null && loaded.data.webhook_url !== '' && (
              <button
                type="button"
                class="button"
                disabled={isBusy}
                onClick={() =>
                  save({
                    webhook_url: '',
                    webhook_secret: '',
                    webhook_events: '',
                    webhook_insecure_skip_verify: false,
                  })
                }
              >
                Take away
              </button>
            )}
          </div>
        </form>
      )}
    </section>
  )
}
