import { CLIENT_HEADER } from './noise-responder.ts'

const ROUTING_INTRO = Buffer.from([0x45, 0x44, 0x00, 0x01])

/** Cuts a client's byte stream into frames; one WebSocket message may hold several of them or part of one. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0)
  #introRead = false

  /** Adds received bytes and returns the frames that are complete now. Throws when the intro is not a client's. */
  push(data: Buffer): Buffer[] {
    this.#pending = this.#pending.length === 0 ? data : Buffer.concat([this.#pending, data])
    if (!this.#introRead && !this.#readIntro()) return []
    const frames: Buffer[] = []
    while (this.#pending.length >= 3) {
      const size = this.#pending.readUIntBE(0, 3)
      if (this.#pending.length < size + 3) break
      frames.push(this.#pending.subarray(3, size + 3))
      this.#pending = this.#pending.subarray(size + 3)
    }
    return frames
  }

  /** Takes the header off, together with the routing info some clients put before it. */
  #readIntro(): boolean {
    if (this.#pending.length < 4) return false
    let start = 0
    if (this.#pending.subarray(0, 4).equals(ROUTING_INTRO)) {
      if (this.#pending.length < 7) return false
      start = 7 + this.#pending.readUIntBE(4, 3)
    }
    if (this.#pending.length < start + 4) return false
    const header = this.#pending.subarray(start, start + 4)
    if (!header.equals(CLIENT_HEADER)) throw new Error(`unknown intro ${header.toString('hex')}`)
    this.#pending = this.#pending.subarray(start + 4)
    this.#introRead = true
    return true
  }
}

/** One frame as it goes out: three bytes of length, then the payload. */
export function toFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(3 + payload.length)
  frame.writeUIntBE(payload.length, 0, 3)
  frame.set(payload, 3)
  return frame
}
