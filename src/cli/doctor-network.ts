import type { ClientConfig, WhatsAppConfig } from '../config/config.ts'
import { toError } from '../core/app-error.ts'
import type { Finding } from './finding.ts'
import { GatewayClient } from './gateway-client.ts'
import { headThrough } from './proxied-request.ts'

/** Beyond this WhatsApp's timestamps and ours visibly disagree. */
const tolerableSkewSeconds = 30
/** Beyond this logins and media links fail. */
const harmfulSkewSeconds = 300

/** Whether WhatsApp's host answers, through the proxy if one is set, and whether our clock agrees with its. */
export async function hostFindings(
  config: Pick<WhatsAppConfig, 'websocketUrl' | 'proxy'>,
): Promise<readonly Finding[]> {
  const url = new URL('/', config.websocketUrl.replace(/^ws/, 'http'))
  const way = config.proxy === undefined ? 'directly' : 'through the proxy'
  try {
    const { status, date } = await headThrough(url, config.proxy)
    const reach: Finding = {
      name: 'whatsapp',
      state: 'ok',
      detail: `${url.host} answers ${way} (HTTP ${status})`,
    }
    return [reach, clockFinding(date, new Date())]
  } catch (error) {
    const remedy =
      config.proxy === undefined
        ? 'check DNS, firewall and internet access of this machine, or set WHATSAPP_PROXY'
        : 'check WHATSAPP_PROXY: scheme, host, port, user and password'
    const detail = `${url.host} cannot be reached ${way}: ${toError(error).message}`
    return [{ name: 'whatsapp', state: 'fail', detail, remedy }]
  }
}

/** Compares our clock with WhatsApp's. */
export function clockFinding(theirs: Date | null, ours: Date): Finding {
  const name = 'clock'
  if (theirs === null || Number.isNaN(theirs.getTime()))
    return { name, state: 'warn', detail: 'could not be compared: the host did not tell its time' }
  const skew = Math.round((ours.getTime() - theirs.getTime()) / 1000)
  const words = `${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} WhatsApp's`
  const remedy = 'let the machine set its clock (timedatectl set-ntp true)'
  if (Math.abs(skew) > harmfulSkewSeconds) return { name, state: 'fail', detail: words, remedy }
  if (Math.abs(skew) > tolerableSkewSeconds) return { name, state: 'warn', detail: words, remedy }
  return { name, state: 'ok', detail: `agrees with WhatsApp's within ${Math.max(1, Math.abs(skew))} s` }
}

/** Whether the gateway runs and lets us in. Not running is no fault: the doctor comes before the start, too. */
export async function gatewayFinding(config: ClientConfig): Promise<Finding> {
  const name = 'gateway'
  const client = new GatewayClient(config)
  try {
    if (!(await client.isRunning())) {
      if (!config.isNamed) return { name, state: 'ok', detail: `none is running at ${config.gatewayUrl}` }
      const remedy = 'start it, or correct GATEWA_URL'
      return { name, state: 'fail', detail: `nothing listens at ${config.gatewayUrl}`, remedy }
    }
    const devices = await client.devices()
    const linked = devices.filter((device) => device.state === 'logged_in').length
    return {
      name,
      state: 'ok',
      detail: `runs at ${config.gatewayUrl}, ${linked} of ${devices.length} devices connected`,
    }
  } catch (error) {
    return { name, state: 'fail', detail: toError(error).message }
  }
}
