import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Set for everything that runs while a retry receipt is handled: a device says that it cannot read what it got, so the
 * session with it has to be begun anew. At other times Baileys fetches prekeys of devices that have a session as well
 * (rc14 lib/Socket/messages-send.js, getUSyncDevices), and a session that works is kept.
 */
export const answeringRetry = new AsyncLocalStorage<true>()
