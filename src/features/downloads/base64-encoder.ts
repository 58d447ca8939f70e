const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/**
 * Writes base64 into memory that is there already. What the platform offers makes a new text each time; of a large file
 * that is a third more than the file, to be collected.
 */
export class Base64Encoder {
  readonly #codes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
  /** Three bytes make four letters: up to two bytes wait for the next part. */
  #rest: readonly number[] = []

  /** Writes the letters of what came before and `part` to `target`, which has to have room; returns how many. */
  encode(part: Uint8Array, target: Uint8Array): number {
    const codes = this.#codes
    let at = 0
    let from = 0
    if (this.#rest.length > 0) {
      from = Math.min(3 - this.#rest.length, part.length)
      const waiting = [...this.#rest, ...part.subarray(0, from)]
      if (waiting.length < 3) {
        this.#rest = waiting
        return 0
      }
      at = this.#write(waiting, target, 0)
    }
    const end = part.length - ((part.length - from) % 3)
    for (let index = from; index < end; index += 3) {
      const bits = ((part[index] ?? 0) << 16) | ((part[index + 1] ?? 0) << 8) | (part[index + 2] ?? 0)
      target[at] = codes[bits >> 18] ?? 0
      target[at + 1] = codes[(bits >> 12) & 63] ?? 0
      target[at + 2] = codes[(bits >> 6) & 63] ?? 0
      target[at + 3] = codes[bits & 63] ?? 0
      at += 4
    }
    this.#rest = [...part.subarray(end)]
    return at
  }

  /** Writes what is left, filled up with `=`; returns how many letters that are. */
  end(target: Uint8Array): number {
    return this.#write(this.#rest, target, 0)
  }

  #write(bytes: readonly number[], target: Uint8Array, at: number): number {
    const text = Buffer.from(bytes).toString('base64')
    for (let index = 0; index < text.length; index += 1) target[at + index] = text.charCodeAt(index)
    return text.length
  }
}

/** Room that `encode` needs for a part of so many bytes. */
export function base64Room(partBytes: number): number {
  return Math.ceil((partBytes + 2) / 3) * 4
}
