import { createHash, createHmac } from 'node:crypto'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A request as it stands on the wire. */
export interface WireRequest {
  readonly method: string
  /** Path and query, as they were sent. */
  readonly target: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Whose signatures are right. */
export interface SigningKey {
  readonly accessKey: string
  readonly secretKey: string
}

const form =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

/**
 * Computes AWS's signature (version 4) of a request from its description alone, sharing nothing with what signs here; null
 * when the request has none, or what has to be signed is not.
 */
export function signatureOf(wire: WireRequest, secretKey: string): string | null {
  const [, , day = '', region = '', names = ''] = form.exec(wire.headers['authorization'] ?? '') ?? []
  const signed = names.split(';')
  const mustBe = Object.keys(wire.headers).filter((name) => name === 'host' || name.startsWith('x-amz-'))
  if (mustBe.some((name) => !signed.includes(name))) return null
  const [path = '', query = ''] = wire.target.split('?')
  const canonical = [
    wire.method,
    path,
    query
      .split('&')
      .filter(Boolean)
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&'),
    ...signed.map((name) => `${name}:${(wire.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names,
    wire.headers['x-amz-content-sha256'] ?? '',
  ].join('\n')
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', wire.headers['x-amz-date'], scope, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${secretKey}`),
  )
  return createHmac('sha256', key).update(text).digest('hex')
}

/** Stands before an S3 server that believes every signature, and lets through what is signed with the key, hash of the body included. */
export class SignatureGate {
  readonly #server: Server
  readonly #key: SigningKey
  readonly #port: number
  /** Requests let through. */
  passed = 0

  constructor(key: SigningKey, port: number) {
    this.#key = key
    this.#port = port
    this.#server = createServer((incoming, response) => {
      void buffer(incoming).then((body) => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        )
        const wire = { method: incoming.method ?? '', target: incoming.url ?? '', headers }
        if (!this.#isRight(wire, body)) {
          response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
          return
        }
        this.passed += 1
        const onward = request(
          {
            port: this.#port,
            host: '127.0.0.1',
            method: wire.method,
            path: wire.target,
            headers,
            agent: false,
          },
          (answer) => {
            response.writeHead(answer.statusCode ?? 500, answer.headers)
            answer.pipe(response)
          },
        )
        onward.once('error', () => response.destroy())
        onward.end(body)
      })
    })
  }

  /** Resolves to its origin. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` // listening on TCP since the line above
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #isRight(wire: WireRequest, body: Buffer): boolean {
    const [, accessKey, , , , signature] = form.exec(wire.headers['authorization'] ?? '') ?? []
    return (
      accessKey === this.#key.accessKey &&
      wire.headers['x-amz-content-sha256'] === sha256(body) &&
      signature === signatureOf(wire, this.#key.secretKey)
    )
  }
}

function sha256(bytes: string | Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
