import type { LinkedDevice } from '../state/linked-device.ts'

/** Where other rooms add what the server does at certain moments. Hooks run in the order they were added. */
export interface Hooks {
  /** A device logged in for the first time after pairing and is active: push key share and history now. */
  firstLogin: ((device: LinkedDevice) => Promise<void>)[]
  /** A device logged in (also the first time) and its offline queue was sent. */
  loggedIn: ((device: LinkedDevice) => Promise<void>)[]
}

/** No hooks yet. */
export function noHooks(): Hooks {
  return { firstLogin: [], loggedIn: [] }
}
