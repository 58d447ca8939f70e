import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { makeCertificate } from './certificate.ts'

/** One uploaded (encrypted) file as the host keeps it. */
export interface StoredMedia {
  readonly directPath: string
  readonly kind: string
  bytes: Buffer
  /** As it was uploaded, whatever was done to `bytes` since: what the phone that sent it still has. */
  readonly original: Buffer
  /** When set, downloads are answered with this status instead of the bytes. */
  failure: number | undefined
  /** When set, an answer stops after so many bytes and never goes on. */
  stallsAfter: number | undefined
  /** How often it was asked for. */
  downloads: number
}

export interface MediaHostOptions {
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Where the certificate is written; a new temporary folder by default. */
  readonly directory?: string | undefined
  readonly logger: Logger
}

/**
 * WhatsApp's media server: `POST /mms/<kind>/<hash>` takes an encrypted file, `GET <direct path>` gives it back, with
 * ranges. Speaks https with a certificate of its own (clients trust it through NODE_EXTRA_CA_CERTS or a dispatcher).
 */
export class MediaHost {
  readonly caPem: string
  readonly caFile: string
  /** `localhost:<port>`, as clients put it into URLs. */
  readonly host: string
  /** The hosts that `media_conn` names, the best first; this one unless a test says otherwise. */
  readonly hostNames: string[]
  /** What `media_conn` hands out and every upload must carry; a test may change it, as WhatsApp does now and then. */
  auth: string
  /** What is uploaded now is gone at once, as if it lay there for weeks. */
  throwsAwayUploads = false
  /** Downloads end in the middle, and the connection with them. */
  cutsDownloads = false
  /** When set, downloads are answered with this status. */
  downloadFailure: number | undefined
  /** When set, uploads are answered with this status. */
  uploadFailure: number | undefined
  readonly #server: Server
  /** The folder that was made for the certificate, and goes with this host; null when it was given. */
  readonly #ownDirectory: string | null
  readonly #files = new Map<string, StoredMedia>()
  readonly #handles = new Set<string>()
  readonly #logger: Logger

  private constructor(
    server: Server,
    tls: { caPem: string; caFile: string; ownDirectory: string | null },
    auth: string,
    logger: Logger,
  ) {
    this.#server = server
    this.#ownDirectory = tls.ownDirectory
    this.caPem = tls.caPem
    this.caFile = tls.caFile
    this.auth = auth
    this.#logger = logger
    this.host = `localhost:${(server.address() as AddressInfo).port}` // a listening TCP server has an AddressInfo
    this.hostNames = [this.host]
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.#logger.warn({ error: String(error) }, 'media request failed')
        response.destroy()
      })
    })
  }

  /** Starts the host; resolves when it listens. */
  static async start(options: MediaHostOptions): Promise<MediaHost> {
    const isOwn = options.directory === undefined
    const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'gatewa-simulator-')))
    await mkdir(directory, { recursive: true })
    const { key, cert } = await makeCertificate()
    const caFile = join(directory, 'media-ca.pem')
    await writeFile(caFile, cert)
    const server = createServer({ key, cert })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(options.port, options.host, resolve)
    })
    return new MediaHost(
      server,
      { caPem: cert, caFile, ownDirectory: isOwn ? directory : null },
      randomBytes(24).toString('base64url'),
      options.logger,
    )
  }

  /** Stores bytes as if a phone had uploaded them; returns the stored file. */
  store(kind: string, bytes: Buffer): StoredMedia {
    const name = createHash('sha256').update(bytes).digest('base64url')
    const directPath = `/v/t62.7118-24/${kind}-${name}.enc?ccb=11-4&oh=${randomBytes(8).toString('hex')}`
    const stored: StoredMedia = {
      directPath,
      kind,
      bytes,
      original: bytes,
      failure: this.throwsAwayUploads ? 410 : undefined,
      stallsAfter: undefined,
      downloads: 0,
    }
    this.#files.set(pathOf(directPath), stored)
    return stored
  }

  /** Everything that was uploaded, oldest first. */
  get files(): readonly StoredMedia[] {
    return [...this.#files.values()]
  }

  /** The file behind a direct path or URL, or undefined. */
  find(directPathOrUrl: string): StoredMedia | undefined {
    return this.#files.get(pathOf(directPathOrUrl))
  }

  /** Stops listening and cuts open transfers. */
  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
    if (this.#ownDirectory !== null) await rm(this.#ownDirectory, { recursive: true, force: true })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', `https://${this.host}`)
    if (request.method === 'POST') return this.#upload(request, response, url)
    const stored = this.#files.get(url.pathname)
    if (stored) stored.downloads++
    const failure = this.downloadFailure ?? (stored === undefined ? 404 : stored.failure)
    if (stored === undefined || failure !== undefined) {
      response.writeHead(failure ?? 404).end()
      return
    }
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const start = range === null ? 0 : Number(range[1])
    const end = range?.[2] ? Math.min(Number(range[2]) + 1, stored.bytes.length) : stored.bytes.length
    if (start >= stored.bytes.length) {
      response.writeHead(416, { 'content-range': `bytes */${stored.bytes.length}` }).end()
      return
    }
    const part = stored.bytes.subarray(start, end)
    response.writeHead(range === null ? 200 : 206, {
      'content-type': 'application/octet-stream',
      'content-length': part.length,
      'accept-ranges': 'bytes',
      ...(range === null ? {} : { 'content-range': `bytes ${start}-${end - 1}/${stored.bytes.length}` }),
    })
    if (this.cutsDownloads) response.write(part.subarray(0, part.length / 2), () => response.destroy())
    else if (stored.stallsAfter !== undefined) response.write(part.subarray(0, stored.stallsAfter))
    else response.end(request.method === 'HEAD' ? undefined : part)
  }

  /** True for a handle that an upload for newsletters was answered with. */
  gaveHandle(handle: string | undefined): boolean {
    return handle !== undefined && this.#handles.has(handle)
  }

  #newHandle(): string {
    const handle = randomBytes(12).toString('base64url')
    this.#handles.add(handle)
    return handle
  }

  async #upload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const match = /^\/(mms|newsletter)\/([a-z-]+)\/([A-Za-z0-9_%-]+=*)$/.exec(url.pathname)
    if (match === null || url.searchParams.get('auth') !== this.auth) {
      response.writeHead(match === null ? 404 : 403).end()
      return
    }
    if (this.uploadFailure !== undefined) {
      response.writeHead(this.uploadFailure).end()
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer) // an IncomingMessage without encoding yields Buffers
    const bytes = Buffer.concat(chunks)
    const hash = createHash('sha256').update(bytes).digest('base64url')
    if (decodeURIComponent(match[3] ?? '').replace(/=+$/, '') !== hash) {
      response.writeHead(400).end('hash mismatch')
      return
    }
    const stored = this.store(match[2] ?? 'file', bytes)
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({
        url: `https://${this.host}${stored.directPath}`,
        direct_path: stored.directPath,
        ...(match[1] === 'newsletter' ? { handle: this.#newHandle() } : {}),
      }),
    )
  }
}

function pathOf(directPathOrUrl: string): string {
  return new URL(directPathOrUrl, 'https://media.invalid').pathname
}
