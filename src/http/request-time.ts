import { Socket } from 'node:net'
import type { HttpApp } from './http-app.ts'
import { answerUnreadableRequest } from './unreadable-request.ts'

/** A request without files has to have arrived whole within this time. */
const arrivalMs = 60_000
/** A request with files has so long: 100 MB at 1 Mbit/s. */
export const uploadTimeoutMs = 900_000

/** Ends requests whose body dribbles in; those of routes that take files are left to the server's own, longer limit. */
export function limitArrival(app: HttpApp, limitMs = arrivalMs): void {
  app.addHook('onRequest', async (request) => {
    const { raw, headers, routeOptions } = request
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    // A request that was injected did not come over the network: it is there, and its connection cannot be ended.
    if (!hasBody || routeOptions.config.upload !== undefined || !(raw.socket instanceof Socket)) return
    const timer = setTimeout(() => {
      if (raw.complete) return
      const late = Object.assign(new Error('the request did not arrive in time'), {
        code: 'ERR_HTTP_REQUEST_TIMEOUT',
      })
      answerUnreadableRequest(late, raw.socket)
    }, limitMs)
    timer.unref()
    raw.once('close', () => clearTimeout(timer))
  })
}
