import type { Dispatcher } from 'undici'
import { fetch } from 'undici'

/** A WhatsApp Web version as it is announced: 2, 3000, client revision. */
export type WebVersion = readonly [number, number, number]

/** How long the page may take. */
const fetchLimitMs = 10_000

/** The page is megabytes of script; the number stands near its beginning. */
const maxPageBytes = 8 * 1024 * 1024

/** Finds the current version in WhatsApp Web's page or service worker; null when the page names none. */
export function parseWebVersion(page: string): WebVersion | null {
  const revision = /\\?"client_revision\\?":\s*(\d+)/.exec(page)?.[1]
  return revision === undefined ? null : [2, 3000, Number(revision)]
}

/**
 * Reads the current version from `url`, within 10 s. Rejects when the page cannot be had or names no version.
 * The headers are what WhatsApp's page wants to see of a browser (as Baileys' fetchLatestWaWebVersion).
 */
export async function fetchWebVersion(url: string, dispatcher?: Dispatcher): Promise<WebVersion> {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(fetchLimitMs),
    headers: {
      'sec-fetch-site': 'none',
      'user-agent':
        'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    },
    ...(dispatcher ? { dispatcher } : {}),
  })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  let page = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    page += decoder.decode(chunk as Uint8Array, { stream: true }) // undici's bodies are bytes
    if (page.length > maxPageBytes) break
  }
  const version = parseWebVersion(page)
  if (version === null) throw new Error(`${url} names no WhatsApp Web version`)
  return version
}
