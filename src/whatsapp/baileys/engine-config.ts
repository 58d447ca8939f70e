/** What the engine needs to know of the settings. */
export interface EngineConfig {
  /** WhatsApp's chat server. */
  readonly websocketUrl: string
  /** The server's root key in hex; WhatsApp's own when absent. */
  readonly noiseRootKey?: string | undefined
  /** `host[:port]` to fetch media from in place of `*.whatsapp.net`. */
  readonly mediaHost?: string | undefined
  /** Proxy for everything that goes to WhatsApp. */
  readonly proxy?: string | undefined
  /** WhatsApp Web version to announce; the one Baileys brings when absent. */
  readonly webVersion?: readonly [number, number, number] | undefined
  /** Page the current version is read from when ours is refused. */
  readonly webVersionUrl: string
  /** Name under which the phone lists the linked device. */
  readonly deviceName: string
  /** How long each QR code of a pairing is shown, in milliseconds; as long as WhatsApp honours it when absent. For tests. */
  readonly qrLifetimeMs?: number | undefined
  /** How often an open connection is pinged, in milliseconds; every 20 to 30 seconds when absent. For tests. */
  readonly keepAliveMs?: number | undefined
}
