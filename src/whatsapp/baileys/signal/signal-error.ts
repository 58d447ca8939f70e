/** Why a ciphertext could not be read or made. */
export type SignalFailure =
  | 'no-session'
  | 'used-key'
  | 'too-far-ahead'
  | 'bad-message'
  | 'unknown-key'
  | 'untrusted-bundle'

/**
 * What the Signal code throws at the library that called it; it never leaves the engine. The messages are the ones the
 * library compares with (baileys 7.0.0-rc14, Utils/decode-wa-message.js).
 */
export class SignalError extends Error {
  readonly failure: SignalFailure

  constructor(failure: SignalFailure, message: string) {
    super(message)
    this.name = 'SignalError'
    this.failure = failure
  }
}
