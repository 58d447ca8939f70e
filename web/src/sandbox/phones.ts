// Owns: what the dashboard knows of the simulated WhatsApp behind a sandbox, as its control API tells it.
import { signal } from '@preact/signals'
import { call } from '../api/client.ts'

/** Whether the gateway in use is a sandbox. */
export const isSandbox = signal(false)

/** Whether the phones are shown. They begin beside the page where there is room for both. */
export const arePhonesShown = signal(matchMedia('(min-width: 70rem)').matches)

/** A simulated person's phone. */
export interface Phone {
  readonly phone: string
  readonly name: string
  readonly jid: string
  readonly online: boolean
  readonly linked_devices: readonly { readonly number: number; readonly online: boolean }[]
}

export interface SandboxGroup {
  readonly jid: string
  readonly subject: string
  readonly members: readonly { readonly phone: string }[]
}

/** A line on a phone's screen. */
export interface PhoneMessage {
  readonly id: string
  readonly chat: string
  readonly from: string
  readonly from_name: string
  readonly is_own: boolean
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly kind: string
  readonly text: string
  /** The message that it changes. */
  readonly target?: string
  readonly delivered_to: readonly string[]
  readonly read_by: readonly string[]
}

/** Everybody with a phone. Rejects as `call` does. */
export function fetchPhones(abort?: AbortSignal): Promise<readonly Phone[]> {
  return call('GET', 'sandbox/people', abort === undefined ? {} : { signal: abort })
}

/** All groups. Rejects as `call` does. */
export function fetchGroups(abort: AbortSignal): Promise<readonly SandboxGroup[]> {
  return call('GET', 'sandbox/groups', { signal: abort })
}

/** What a phone shows, oldest first. Rejects as `call` does. */
export function fetchMessages(phone: string, abort: AbortSignal): Promise<readonly PhoneMessage[]> {
  return call('GET', `sandbox/people/${phone}/messages`, { signal: abort })
}

/** Lets a phone do something, as `scan` or `messages`. Rejects with `ApiError` where the simulator refuses it. */
export function act(phone: string, what: string, json: object): Promise<unknown> {
  return call(what === 'behaviour' ? 'PATCH' : 'POST', `sandbox/people/${phone}/${what}`, { json })
}

/** A message with what was done to it since. */
export interface ShownMessage extends PhoneMessage {
  readonly isEdited: boolean
  readonly isRevoked: boolean
  /** By the phone number of whoever reacted. */
  readonly reactions: ReadonlyMap<string, { readonly name: string; readonly emoji: string }>
}

/** The messages of one chat with edits, deletions and reactions in their places. */
export function shownMessages(log: readonly PhoneMessage[], chat: string): readonly ShownMessage[] {
  const shown = new Map<string, ShownMessage>()
  for (const line of log) {
    if (line.chat !== chat) continue
    if (line.target === undefined) {
      shown.set(line.id, { ...line, isEdited: false, isRevoked: false, reactions: new Map() })
      continue
    }
    const changed = shown.get(line.target)
    if (changed === undefined) continue
    if (line.kind === 'edit') shown.set(changed.id, { ...changed, text: line.text, isEdited: true })
    else if (line.kind === 'revoke') shown.set(changed.id, { ...changed, isRevoked: true })
    else if (line.kind === 'reaction') {
      const reactions = new Map(changed.reactions)
      if (line.text === '') reactions.delete(line.from)
      else reactions.set(line.from, { name: line.from_name, emoji: line.text })
      shown.set(changed.id, { ...changed, reactions })
    }
  }
  return [...shown.values()]
}
