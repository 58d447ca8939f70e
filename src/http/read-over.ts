import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'

const longestMs = 3_000

/**
 * Reads over what still comes of a body that was refused, for three seconds after the answer. A connection that is closed
 * while bytes come is reset, and the caller, who is busy sending, then never reads why.
 */
export function readOver({ raw }: FastifyRequest, reply: FastifyReply): void {
  // What was injected did not come over the network: it is there.
  if (raw.complete || !(raw.socket instanceof Socket)) return
  const { socket } = raw
  raw.unpipe()
  raw.resume()
  reply.raw.once('finish', () => {
    const timer = setTimeout(() => socket.destroy(), longestMs)
    timer.unref()
    for (const event of ['end', 'close'] as const) raw.once(event, () => clearTimeout(timer))
  })
}
