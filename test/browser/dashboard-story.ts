// Owns: the stage of one story in the dashboard — a world, a gateway and a browser, torn down at the end.
import type { Person } from '@gatewa/simulator'
import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { type Gateway, TestWorld } from '../harness.ts'
import { DashboardBrowser, type Look, notInstalled } from './dashboard.ts'

/** How a story's gateway differs from the usual one. */
export interface StoryOptions {
  /** By environment name. */
  readonly settings?: Readonly<Record<string, string>>
  /** How long the story may take; default two minutes. */
  readonly timeoutMs?: number
}

/** What a story is played on. */
export class DashboardStage {
  readonly world: TestWorld
  readonly gateway: Gateway
  readonly browser: DashboardBrowser

  constructor(world: TestWorld, gateway: Gateway, browser: DashboardBrowser) {
    this.world = world
    this.gateway = gateway
    this.browser = browser
  }

  /** Somebody; their number is theirs by choice where stories name it. */
  person(name: string, phone?: string): Person {
    return this.world.simulator.addPerson({ name, ...(phone !== undefined && { phone }) })
  }

  /** Somebody whose device `main` is linked. */
  async linked(name = 'Ada'): Promise<Person> {
    const person = this.person(name, '15550100001')
    await this.gateway.link(person, 'main')
    return person
  }

  /** Opens a place of the dashboard; a narrow window is as wide as the smallest phones. */
  async open(place: string, look: Look = {}): Promise<Page> {
    const page = await this.browser.open(`${this.gateway.url}/#/${place}`, look)
    if (look.isNarrow === true) await page.setViewportSize({ width: 360, height: 740 })
    return page
  }

  /** Holds that everybody can use what the page shows now, in light and in dark, and that nothing of it is cut off. */
  async isForEverybody(page: Page): Promise<void> {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      await page.locator(`html[data-theme=${colorScheme}]`).waitFor()
      await page.evaluate(twoFrames)
      expect(await this.browser.accessibility(page), colorScheme).toEqual([])
    }
    const overflow = await page.evaluate(() => {
      const { document } = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number; clientWidth: number } }
      } // this runs in a page
      return document.documentElement.scrollWidth - document.documentElement.clientWidth
    })
    expect(overflow, 'pixels beyond the window').toBeLessThanOrEqual(0)
  }
}

/** Declares a story; it is not run where there is no browser. Whatever goes wrong in its pages fails it. */
export function dashboardStory(
  title: string,
  play: (stage: DashboardStage) => Promise<void>,
  options: StoryOptions = {},
): void {
  it(title, { timeout: options.timeoutMs ?? 120_000 }, async ({ skip }) => {
    const browser = await DashboardBrowser.start()
    if (browser === null) return skip(notInstalled)
    onTestFinished(() => browser.close())
    const world = await TestWorld.open('sqlite', { settings: options.settings ?? {} })
    onTestFinished(() => world.close())
    await play(new DashboardStage(world, await world.startGateway(), browser))
    expect(browser.troubles).toEqual([])
  })
}

/** The colours of another theme are drawn by then. */
async function twoFrames(): Promise<void> {
  const { requestAnimationFrame } = globalThis as unknown as {
    requestAnimationFrame: (run: () => void) => void
  } // this runs in a page
  await new Promise<void>((resolve) => requestAnimationFrame(resolve))
  await new Promise<void>((resolve) => requestAnimationFrame(resolve))
}
