import { describe, expect, it } from 'vitest'
import { type Frame, readFrames } from './server-sent-events.ts'

function streamOf(chunks: readonly Uint8Array[], ends = true): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      if (ends) controller.close()
    },
  })
}

async function all(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const seen: Frame[] = []
  for await (const frame of frames) seen.push(frame)
  return seen
}

describe('frames of a stream', () => {
  const text =
    'retry: 2000\nid: 41\n\n:\n\nid: 42\nevent: message\ndata: {"a":"☕"}\n\ndata: one\ndata:two\n\nid: lost'
  const frames = [
    { event: '', id: '41', data: '' },
    { event: '', id: '', data: '' },
    { event: 'message', id: '42', data: '{"a":"☕"}' },
    { event: '', id: '', data: 'one\ntwo' },
  ]

  it('are the same however the bytes are cut', async () => {
    const bytes = new TextEncoder().encode(text)
    for (const size of [1, 2, 3, 7, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.slice(at * size, (at + 1) * size),
      )
      expect(await all(readFrames(streamOf(chunks), 60_000)), `in ${size}s`).toEqual(frames)
    }
  })

  it('end when the other side is silent for too long', async () => {
    const stream = streamOf([new TextEncoder().encode('data: one\n\n')], false)
    expect(await all(readFrames(stream, 20))).toEqual([{ event: '', id: '', data: 'one' }])
  })
})
