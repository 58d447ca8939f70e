/** X25519 of a secret key and a public key, 32 bytes each; throws when the result is all zero (a point of small order). */
export function sharedKey(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array
/** The signature (64 bytes) followed by the message. */
export function signMessage(secretKey: Uint8Array, message: Uint8Array, random?: Uint8Array): Uint8Array
/** The message out of a signed one, or null when its signature does not verify. */
export function openMessage(publicKey: Uint8Array, signedMessage: Uint8Array): Uint8Array | null
/** XEdDSA signature, 64 bytes; deterministic unless 64 bytes of `random` are given. */
export function sign(secretKey: Uint8Array, message: Uint8Array, random?: Uint8Array): Uint8Array
/** Returns true; throws when the signature is not the key's over the message. It never returns false. */
export function verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): true
/** The key pair of a 32-byte secret; the private key comes back clamped. */
export function generateKeyPair(seed: Uint8Array): { public: Uint8Array; private: Uint8Array }
