// Owns: that something of a chat was changed here, for which there is no event.
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

/** Counts what was changed. */
const chatChanges = signal(0)

/** A chat was pinned, archived, labelled, or no longer. */
export function noteChatChange(): void {
  chatChanges.value += 1
}

/** Calls back when something of a chat was changed here, after the first showing. */
export function useChatChanges(run: () => void): void {
  const seen = useRef(chatChanges.value)
  const now = chatChanges.value
  useEffect(() => {
    if (seen.current === now) return
    seen.current = now
    run()
  }, [now])
}
