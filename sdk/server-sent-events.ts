/** One frame of a stream of Server-Sent Events. */
export interface Frame {
  /** '' when it had none. */
  readonly event: string
  /** '' when it had none. */
  readonly id: string
  /** '' when it had none: such a frame only tells the place. */
  readonly data: string
}

/**
 * Reads frames from a stream until it ends. Also ends when nothing, not even a comment, came for `quietMs`: the other side is
 * gone and nobody said so.
 */
export async function* readFrames(
  stream: ReadableStream<Uint8Array>,
  quietMs: number,
): AsyncGenerator<Frame, void, undefined> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const chunk = await within(quietMs, reader.read())
      if (chunk === null || chunk.done) return
      const text = rest + decoder.decode(chunk.value, { stream: true })
      const blocks = text.split(/\r\n\r\n|\n\n|\r\r/)
      rest = blocks.pop() ?? ''
      for (const block of blocks) yield frameOf(block)
    }
  } finally {
    // A stream that broke cannot be cancelled any more; nothing is left to do then.
    await reader.cancel().catch(() => undefined)
  }
}

function frameOf(block: string): Frame {
  let event = ''
  let id = ''
  const data: string[] = []
  for (const line of block.split(/\r\n|\n|\r/)) {
    const [name, value] = fieldOf(line)
    if (name === 'id') id = value
    else if (name === 'event') event = value
    else if (name === 'data') data.push(value)
  }
  return { event, id, data: data.join('\n') }
}

function fieldOf(line: string): readonly [name: string, value: string] {
  const colon = line.indexOf(':')
  if (colon === -1) return [line, '']
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')]
}

/** What the promise resolves to, null when it takes longer. */
function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
