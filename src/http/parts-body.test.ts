import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Parts } from '../files/file-parts.ts'
import { PartsBody } from './parts-body.ts'

/** Parts in one piece of memory that is written over for each; tells how often it was closed. */
function reused(bytes: Buffer, partBytes = 65_536, failsAfter = Number.POSITIVE_INFINITY) {
  const memory = Buffer.alloc(partBytes)
  const seen = { closed: 0, parts: 0 }
  const parts: Parts = {
    async *[Symbol.asyncIterator]() {
      for (let at = 0; at < bytes.length; at += partBytes) {
        if (seen.parts === failsAfter) throw new Error('the disk is gone')
        seen.parts += 1
        yield memory.subarray(0, bytes.copy(memory, 0, at, at + partBytes))
      }
    },
    close: async () => {
      seen.closed += 1
    },
  }
  return { parts, seen }
}

/** Answers one request; resolves to where. */
async function serving(answer: (response: ServerResponse) => void): Promise<number> {
  const server = createServer((_request, response) => answer(response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port // listening on TCP since the line above
}

function get(port: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const asked = request({ port, host: '127.0.0.1', agent: false }, resolve)
    asked.once('error', reject)
    asked.end()
  })
}

describe('a body in parts', () => {
  const bytes = randomBytes(3_000_001)

  it('arrives whole at a reader that is slow, although its memory is used again', async () => {
    const { parts, seen } = reused(bytes)
    const port = await serving((response) => new PartsBody(parts).pipe(response))
    const answer = await get(port)
    const copies: Buffer[] = []
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      copies.push(chunk)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(Buffer.concat(copies).equals(bytes)).toBe(true)
    expect(seen.closed).toBe(1)
  })

  it('is the same when it is read without a target', async () => {
    const { parts, seen } = reused(bytes)
    expect((await buffer(new PartsBody(parts))).equals(bytes)).toBe(true)
    expect(seen.closed).toBe(1)
  })

  it('lets go of its source when the reader hangs up, and when nobody ever reads it', async () => {
    const { parts, seen } = reused(randomBytes(50_000_000))
    const port = await serving((response) => {
      const body = new PartsBody(parts)
      response.once('close', () => body.destroy())
      body.pipe(response)
    })
    const answer = await get(port)
    answer.destroy()
    await vi.waitFor(() => expect(seen.closed).toBe(1))
    expect(seen.parts).toBeLessThan(700)
    const unread = reused(bytes)
    new PartsBody(unread.parts).destroy()
    await vi.waitFor(() => expect(unread.seen.closed).toBe(1))
  })

  it('fails as its source does', async () => {
    const { parts, seen } = reused(bytes, 65_536, 3)
    const port = await serving((response) => {
      const body = new PartsBody(parts)
      body.once('error', () => response.destroy())
      body.pipe(response)
    })
    const answer = await get(port)
    await expect(buffer(answer)).rejects.toThrow('aborted')
    expect(seen.closed).toBe(1)
  })
})
