import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import type { S3Config } from '../../config/config.ts'
import { AppError } from '../../core/app-error.ts'

/** One request to a bucket. */
export interface BucketRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** '' for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  readonly signal?: AbortSignal | undefined
  /** Statuses that are an answer and no failure, beside 2xx. */
  readonly expected?: readonly number[]
}

const retries = 2

/** Speaks S3's protocol to one bucket, in path style, which every S3-compatible store understands. */
export class S3Bucket {
  readonly #base: string
  readonly #client: AwsClient

  constructor({ endpoint, bucket, region, accessKey, secretKey }: S3Config) {
    this.#base = `${endpoint}/${bucket}`
    this.#client = new AwsClient({
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      region,
      service: 's3',
      retries,
    })
  }

  /** Sends a signed request. Raises `media_store_unavailable` for trouble of any kind and unexpected statuses. */
  async request({ method, key, query, headers, body, signal, expected }: BucketRequest): Promise<Response> {
    const path = key === '' ? '' : `/${key.split('/').map(encodeURIComponent).join('/')}`
    const search = new URLSearchParams(query).toString()
    const url = `${this.#base}${path}${search === '' ? '' : `?${search}`}`
    const sha256 = createHash('sha256')
      .update(body ?? '')
      .digest('hex')
    const response = await this.#client
      .fetch(url, {
        method,
        headers: { ...headers, 'x-amz-content-sha256': sha256 },
        ...(body === undefined ? {} : { body: new Uint8Array(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      .catch((cause: unknown) => {
        throw signal?.aborted === true
          ? new AppError('request_aborted', { cause })
          : new AppError('media_store_unavailable', { cause })
      })
    if (response.ok || expected?.includes(response.status) === true) return response
    const answer = (await response.text()).slice(0, 500)
    throw new AppError('media_store_unavailable', {
      cause: new Error(`${method} answered with ${response.status}: ${answer}`),
    })
  }
}
