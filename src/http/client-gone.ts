import type { FastifyReply } from 'fastify'

/** A signal that fires when the caller hangs up before the answer has gone out, for work that nobody waits for any more. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const { raw } = reply
  if (raw.destroyed && !raw.writableFinished) gone.abort()
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort()
  })
  return gone.signal
}
