import { call } from '../api/client.ts'
import { useEvents } from '../api/live.ts'
import { type Loaded, useLoad } from '../ui/use-load.ts'
import { useChatChanges } from './chat-changes.ts'
import type { Label } from './shapes.ts'

/** The labels of a device's account, kept fresh. */
export function useLabels(device: string): Loaded<readonly Label[]> {
  const labels = useLoad(`labels of ${device}`, async (signal) => {
    const { data } = await call<{ data: readonly Label[] }>('GET', 'labels', { device, signal })
    return data
  })
  useEvents(({ event, body }) => {
    if (body.session_id === device && event.startsWith('label.')) labels.reload()
  })
  useChatChanges(labels.reload)
  return labels
}
