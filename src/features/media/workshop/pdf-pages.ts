import { spawn } from 'node:child_process'
import { AppError } from '../../../core/app-error.ts'

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
      const child = spawn('pdftoppm', args, {
        stdio: 'ignore',
        signal: signal === undefined ? late : AbortSignal.any([late, signal]),
        killSignal: 'SIGKILL',
        env: { PATH: this.#searchPath, LC_ALL: 'C' },
      })
      child.once('error', () => {
        if (signal?.aborted === true) reject(new AppError('request_aborted'))
        else resolve(false)
      })
      child.once('close', (code) => resolve(code === 0))
    })
  }
}
