// Owns: the dashboard in a real browser, with everything written down that must not happen in it.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import jsqr from 'jsqr'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import sharp from 'sharp'
import { findChromium } from './chromium.ts'

export const notInstalled = 'Chromium is not installed'

// The package is the function itself; its types put it under `default`.
const readQr = jsqr as unknown as typeof jsqr.default

/** How a browser's window is. */
export interface Look {
  readonly scheme?: 'light' | 'dark'
  /** As wide as a phone. */
  readonly isNarrow?: boolean
  /** Pixels, in place of the usual ones. */
  readonly width?: number
}

/** Pages of the dashboard. Whatever goes wrong in them is in `troubles`. */
export class DashboardBrowser {
  /** Console errors, uncaught errors, requests to hosts that nobody named. */
  readonly troubles: string[] = []
  readonly #browser: Browser
  readonly #hosts = new Set<string>()
  readonly #axe: string

  private constructor(browser: Browser, axe: string) {
    this.#browser = browser
    this.#axe = axe
  }

  /** Starts the browser; null where there is none. */
  static async start(): Promise<DashboardBrowser | null> {
    const executablePath = await findChromium()
    if (executablePath === null) return null
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--lang=en-GB']
    const browser = await chromium.launch({ executablePath, args })
    const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
    return new DashboardBrowser(browser, axe)
  }

  /** Opens an address in a window of its own, and lets it talk to that address's host. */
  async open(url: string, look: Look = {}): Promise<Page> {
    this.allow(url)
    const context = await this.#browser.newContext({
      locale: 'en-GB',
      colorScheme: look.scheme ?? 'light',
      viewport: sizeOf(look),
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(20_000)
    this.#watch(context)
    const page = await context.newPage()
    await page.goto(url)
    return page
  }

  /** Requests to the host of this address are no trouble. */
  allow(url: string): void {
    this.#hosts.add(new URL(url).host)
  }

  /** Serious and critical findings of axe-core, one line each. */
  async accessibility(page: Page): Promise<string[]> {
    await page.evaluate(this.#axe)
    return page.evaluate(async () => {
      // What axe-core puts on the window; the page's types do not know it.
      const { axe } = globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: {
              id: string
              impact: string
              nodes: { html: string; any: { message: string }[] }[]
            }[]
          }>
        }
      }
      const { violations } = await axe.run()
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} (${any[0]?.message ?? ''})`).join(' | ')}`,
        )
    })
  }

  async close(): Promise<void> {
    await this.#browser.close()
  }

  #watch(context: BrowserContext): void {
    context.on('console', (message) => {
      // An answer that the API refuses is written there too; the page shows it in words.
      const isAnswer = message.text().startsWith('Failed to load resource: the server responded')
      if (message.type() === 'error' && !isAnswer) this.troubles.push(`console: ${message.text()}`)
    })
    context.on('weberror', (error) => this.troubles.push(`uncaught: ${error.error().message}`))
    context.on('request', (request) => {
      const url = new URL(request.url())
      const isLocal = url.protocol === 'blob:' || url.protocol === 'data:'
      if (!isLocal && !this.#hosts.has(url.host)) this.troubles.push(`request to ${url.host}`)
    })
  }
}

function sizeOf({ isNarrow = false, width = isNarrow ? 390 : 1280 }: Look) {
  return { width, height: width < 600 ? 780 : 800 }
}

/** Reads the QR code that is seen on a page, as a phone's camera does. */
export async function seenQrCode(page: Page): Promise<string> {
  const picture = page.getByRole('img', { name: 'QR code' })
  await picture.waitFor()
  const { data, info } = await sharp(await picture.screenshot())
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const found = readQr(new Uint8ClampedArray(data), info.width, info.height)
  if (found === null) throw new Error('there is no readable QR code on the page')
  return found.data
}
