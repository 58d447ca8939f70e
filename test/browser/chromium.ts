// Owns: a real browser that opens one page and tells what its scripts found out.
import { spawn } from 'node:child_process'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser's program, or null where none is installed. `CHROMIUM_PATH` names another. */
export async function findChromium(): Promise<string | null> {
  const named = process.env['CHROMIUM_PATH']
  for (const place of named === undefined ? places : [named]) {
    const isThere = await access(place).then(
      () => true,
      () => false,
    )
    if (isThere) return place
  }
  return null
}

/**
 * Serves a page of its own origin whose `script` (the body of an async function) is run, and resolves with what the
 * script returned, as text. Rejects when it returns nothing within a minute. What the script puts to its own server
 * (`PUT /ask`) is answered by `answer`.
 */
export async function inPage(
  chromium: string,
  script: string,
  answer: (question: string) => Promise<string> = () => Promise.reject(new Error('nobody answers')),
): Promise<string> {
  let report: (text: string) => void = () => undefined
  const reported = new Promise<string>((resolve) => {
    report = resolve
  })
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      response.setHeader('content-type', 'text/html; charset=utf-8')
      if (request.method === 'PUT') {
        answer(text).then(
          (given) => response.end(given),
          (error: unknown) => report(`error: ${String(error)}`),
        )
        return
      }
      if (request.method === 'POST') report(text)
      response.end(request.method === 'POST' ? '' : pageOf(script))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const profile = await mkdtemp(join(tmpdir(), 'gatewa-browser-'))
  const { port } = server.address() as AddressInfo // a listening TCP server has an AddressInfo
  const browser = spawn(chromium, [...flags, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], {
    stdio: 'ignore',
  })
  const gone = new Promise<void>((resolve) => browser.once('exit', () => resolve()))
  const late = AbortSignal.timeout(60_000)
  try {
    return await Promise.race([
      reported,
      new Promise<never>((_, reject) => {
        late.addEventListener('abort', () => reject(new Error('the page told nothing')), { once: true })
        void gone.then(() => reject(new Error('the browser ended by itself')))
      }),
    ])
  } finally {
    browser.kill('SIGKILL')
    await gone
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

function pageOf(script: string): string {
  return `<!doctype html><title>a page</title><script>
    const report = (text) => fetch('/found', { method: 'POST', body: String(text) })
    ;(async () => { ${script} })().then(report, (error) => report('error: ' + error))
  </script>`
}
