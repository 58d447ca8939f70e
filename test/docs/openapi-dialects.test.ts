import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SwaggerParser from '@apidevtools/swagger-parser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { eventKinds } from '../../src/core/event-envelope.ts'
import { silentLogger } from '../../src/core/logger.ts'

type Paths = Readonly<
  Record<string, Readonly<Record<string, { operationId?: string; requestBody?: object }>>>
>

interface Served {
  readonly openapi: string
  readonly paths: Paths
  readonly webhooks?: object
  readonly 'x-webhooks'?: object
}

/** Resolves when a validator that others wrote finds nothing wrong with the document; it changes what it is given. */
async function validate(document: object): Promise<void> {
  await SwaggerParser.validate(structuredClone(document) as never) // its types want one version of OpenAPI
}

describe('the OpenAPI documents', () => {
  let dataDir = ''
  let app: App
  const served = async (path: string) =>
    (await app.http.inject({ url: path, headers: { host: 'localhost' } })).json<Served>()

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatewa-openapi-'))
    const loaded = loadConfig({ environment: { APP_DATA_DIR: dataDir, APP_PORT: '0' }, dotenvFolders: [] })
    if (!loaded.ok) throw new Error(loaded.problems.join('\n'))
    app = await createApp(loaded.config, { logger: silentLogger })
  })

  afterAll(async () => {
    await app.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  it.each([
    ['/openapi.json', '3.0.3'],
    ['/openapi-3.1.json', '3.1.0'],
  ])('%s is a valid document of version %s', async (path, version) => {
    const document = await served(path)
    expect(document.openapi).toBe(version)
    await validate(document)
    const broken = { ...document, paths: { '/x': { get: { responses: { 200: {} } } } } }
    await expect(validate(broken)).rejects.toThrow()
  })

  it('have the same operations, with the same bodies asked for', async () => {
    const facts = ({ paths }: Served) =>
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { operationId, requestBody }]) => [
          method,
          path,
          operationId,
          requestBody !== undefined && 'required' in requestBody ? requestBody.required : 'no body',
        ]),
      )
    const old = facts(await served('/openapi.json'))
    expect(old.length).toBeGreaterThan(72)
    expect(facts(await served('/openapi-3.1.json'))).toEqual(old)
  })

  it('have events where each version has a place for them, and null the way it says it', async () => {
    const [old, current] = [await served('/openapi.json'), await served('/openapi-3.1.json')]
    expect(Object.keys(old['x-webhooks'] ?? {})).toEqual([...eventKinds])
    expect(Object.keys(current.webhooks ?? {})).toEqual([...eventKinds])
    expect(current).not.toHaveProperty('x-webhooks')
    expect(JSON.stringify(old)).toContain('"nullable":true')
    expect(JSON.stringify(current)).not.toContain('nullable')
    expect(JSON.stringify(current)).toContain('"type":"null"')
  })
})
