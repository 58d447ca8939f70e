import type { proto } from 'baileys'

/** A WhatsApp Web version: primary, secondary, tertiary. */
export type WebVersion = readonly [number, number, number]

/** The version a client says it is. */
export function versionOf(payload: proto.IClientPayload): WebVersion {
  const version = payload.userAgent?.appVersion
  return [version?.primary ?? 0, version?.secondary ?? 0, version?.tertiary ?? 0]
}

/** True when `version` came before `required`. */
export function isOlder(version: WebVersion, required: WebVersion): boolean {
  for (const [position, part] of version.entries()) {
    const needed = required[position] ?? 0
    if (part !== needed) return part < needed
  }
  return false
}

/** A page like WhatsApp Web's service worker, from which the current version can be read. */
export function webVersionPage(version: WebVersion): string {
  return `self.__swData=JSON.parse("{\\"client_revision\\":${version[2]},\\"server_revision\\":${version[2]}}");\n`
}
