import { AppError } from '../../../core/app-error.ts'
import { spawnTethered } from './tethered-process.ts'

const timeoutMs = 15_000

/** Draws the first page of a PDF with pdftoppm (poppler), where that is installed. */
export class PdfPages {
  readonly #searchPath: string

  /** `searchPath`: folders with colons, where the program is looked for. */
  constructor(deps: { readonly searchPath: string }) {
    this.#searchPath = deps.searchPath
  }

  /** Writes a JPEG; false when the program is not there or cannot draw the page in time. `target` ends in `.jpg`. */
  firstPage(pdf: string, target: string, signal?: AbortSignal): Promise<boolean> {
    // The program adds the extension by itself.
    const stem = target.replace(/\.jpg$/, '')
    return this.#run(['-jpeg', '-f', '1', '-l', '1', '-singlefile', '-scale-to', '480', pdf, stem], signal)
  }

  #run(args: readonly string[], signal: AbortSignal | undefined): Promise<boolean> {
    const late = AbortSignal.timeout(timeoutMs)
    return new Promise((resolve, reject) => {
      const child = spawnTethered('pdftoppm', args, {
        signal: signal === undefined ? late : AbortSignal.any([late, signal]),
        searchPath: this.#searchPath,
      })
      // What it writes is nothing to us, but has to go somewhere.
      child.stdout.resume()
      child.stderr.resume()
      const end = (isDrawn: boolean) => {
        if (signal?.aborted === true) reject(new AppError('request_aborted'))
        else resolve(isDrawn)
      }
      child.once('error', () => {
        // A child that never was does not close; one that is killed is gone only then.
        if (child.pid === undefined) end(false)
      })
      child.once('close', (code) => end(code === 0))
    })
  }
}
