import type { Config } from '../config/config.ts'
import { AppError, toError } from '../core/app-error.ts'

/** Why the gateway did not start and what to do about it, in one sentence where we know it; else with the stack. */
export function describeStartFailure(thrown: unknown, { http }: Config): string {
  const error = toError(thrown)
  const code = 'code' in error ? error.code : undefined
  if (error instanceof AppError) return `the gateway cannot start: ${error.message}`
  if (code === 'EADDRINUSE')
    return `port ${http.port} on ${http.host} is taken: stop the program that has it, or set APP_PORT`
  if (code === 'EADDRNOTAVAIL') return `this machine has no address ${http.host}: set APP_HOST to one it has`
  if (code === 'EACCES' && http.port < 1024)
    return `port ${http.port} needs more rights: set APP_PORT to 1024 or above`
  return `the gateway cannot start: ${error.stack ?? error.message}`
}
