/**
 * Takes pictures of every page of the dashboard, light and dark, wide and narrow, into docs/screenshots/. The pages are those of its
 * navigation. Needs Chromium.
 */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { DashboardBrowser, notInstalled } from '../../test/browser/dashboard.ts'
import { openShop, type Shop } from './small-shop.ts'

const folder = join(import.meta.dirname, '..', '..', 'docs', 'screenshots')
const looks = (['light', 'dark'] as const).flatMap((scheme) =>
  [true, false].map((isNarrow) => ({ scheme, isNarrow })),
)

/** Where a section shows most; others are taken where they begin. */
function placeIn(section: string, shop: Shop): string {
  const jids: Readonly<Record<string, string>> = {
    chats: shop.customer,
    groups: shop.group,
    contacts: shop.customer,
    channels: shop.channel,
  }
  const jid = jids[section]
  if (jid !== undefined) return `${section}/shop/${encodeURIComponent(jid)}`
  if (section === 'events') return 'events/deliveries'
  if (section === 'playground') return 'playground/sendMessage'
  return section
}

function coloursOf(section: string): 16 | 64 {
  return section === 'chats' || section === 'sandbox' ? 64 : 16
}

async function sectionsOf(page: Page): Promise<string[]> {
  const links = page.getByRole('navigation', { name: 'Sections' }).getByRole('link')
  await links.first().waitFor()
  const hrefs = await Promise.all((await links.all()).map((link) => link.getAttribute('href')))
  return hrefs.map((href) => (href ?? '').replace(/^#\//, ''))
}

/** Waits until nothing on the page is still coming. */
async function settled(page: Page): Promise<void> {
  await page.locator('main :is(h1, h2):visible').first().waitFor()
  await page
    .locator(':is(.loading, .spinner, .waiting, .picture-wait)')
    .first()
    .waitFor({ state: 'detached' })
  await page.waitForFunction(`Array.from(document.images).every((image) => image.complete)`)
  await page.evaluate(`new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))`)
}

/** A picture of few colours: a fraction of the size, and nobody sees it. Photos need more of them. */
async function take(page: Page, name: string, colours: 16 | 64): Promise<number> {
  const small = await sharp(await page.screenshot())
    .png({ palette: true, colours, dither: 0, effort: 10 })
    .toBuffer()
  await writeFile(join(folder, `${name}.png`), small)
  return small.length
}

const browser = await DashboardBrowser.start()
if (browser === null) throw new Error(notInstalled)
await mkdir(folder, { recursive: true })
for (const old of await readdir(folder)) if (old.endsWith('.png')) await rm(join(folder, old))
let bytes = 0
let count = 0
for (const isSandbox of [false, true]) {
  const shop = await openShop({ isSandbox })
  for (const look of looks) {
    const page = await browser.open(shop.url, look)
    const sections = isSandbox ? ['sandbox'] : await sectionsOf(page)
    for (const section of sections) {
      // A page of its own is what somebody sees who comes from elsewhere.
      await page.goto(`${shop.url}/#/${placeIn(isSandbox ? 'chats' : section, shop)}`)
      if (isSandbox && look.isNarrow) await page.getByRole('button', { name: 'Phones' }).click()
      if (isSandbox)
        await page.getByLabel('Whose phone').selectOption({ label: 'Mara Lindqvist (+15555550101)' })
      await settled(page)
      bytes += await take(
        page,
        `${section}-${look.scheme}-${look.isNarrow ? 'narrow' : 'wide'}`,
        coloursOf(section),
      )
      count += 1
    }
    await page.context().close()
  }
  await shop.close()
}
await browser.close()
for (const trouble of browser.troubles) process.stderr.write(`${trouble}\n`)
process.stdout.write(`${count} pictures, ${Math.round(bytes / 1000)} kB\n`)
process.exitCode = browser.troubles.length === 0 ? 0 : 1
