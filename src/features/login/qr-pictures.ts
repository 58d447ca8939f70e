import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { toError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/logger.ts'

/** A code to draw, and until when a phone can scan it. */
export interface DrawableCode {
  readonly text: string
  readonly expiresAt: Date
}

interface Picture {
  readonly name: string
  readonly forget: () => void
}

const sizePx = 512
const namePattern = /^scan-qr-.*\.png(\.part)?$/

/**
 * QR codes as PNG files, which `/statics/qrcode/` serves. Names cannot be guessed, and a file lives no longer than its code.
 */
export class QrPictures {
  readonly #dir: string
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #pictures = new Map<string, Promise<Picture>>()

  constructor(deps: { readonly dir: string; readonly clock: Clock; readonly logger: Logger }) {
    this.#dir = deps.dir
    this.#clock = deps.clock
    this.#logger = deps.logger
  }

  /** Makes the folder and clears what an earlier run left in it. */
  async start(): Promise<void> {
    await mkdir(this.#dir, { recursive: true, mode: 0o700 })
    const left = (await readdir(this.#dir)).filter((name) => namePattern.test(name))
    await Promise.all(left.map((name) => rm(join(this.#dir, name), { force: true })))
  }

  /** The file name of the code's picture; the same code has one picture, however often it is asked for. */
  async nameOf(code: DrawableCode): Promise<string> {
    const known = this.#pictures.get(code.text)
    if (known !== undefined) return (await known).name
    const drawing = this.#draw(code)
    this.#pictures.set(code.text, drawing)
    try {
      return (await drawing).name
    } catch (error) {
      this.#pictures.delete(code.text)
      throw error
    }
  }

  /** Deletes every picture. */
  async stop(): Promise<void> {
    const drawn = await Promise.allSettled(this.#pictures.values())
    for (const picture of drawn) if (picture.status === 'fulfilled') picture.value.forget()
    await Promise.all([...this.#pictures.keys()].map((text) => this.#delete(text)))
  }

  async #draw(code: DrawableCode): Promise<Picture> {
    // Loaded when the first code is drawn, so that starting does not wait for it.
    const { toBuffer } = await import('qrcode')
    const png = await toBuffer(code.text, { type: 'png', errorCorrectionLevel: 'M', width: sizePx })
    const name = `scan-qr-${randomUUID()}.png`
    const part = join(this.#dir, `${name}.part`)
    await mkdir(this.#dir, { recursive: true, mode: 0o700 })
    await writeFile(part, png, { mode: 0o600 })
    await rename(part, join(this.#dir, name))
    const livesForMs = Math.max(0, code.expiresAt.getTime() - this.#clock.now().getTime())
    const forget = this.#clock.after(livesForMs, () => {
      this.#delete(code.text).catch((error: unknown) => {
        this.#logger.warn({ err: toError(error) }, 'an expired QR picture could not be deleted')
      })
    })
    return { name, forget }
  }

  async #delete(text: string): Promise<void> {
    const picture = await this.#pictures.get(text)
    this.#pictures.delete(text)
    if (picture !== undefined) await rm(join(this.#dir, picture.name), { force: true })
  }
}
