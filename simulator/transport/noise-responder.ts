import {
  type CipherKey,
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import { type KeyPair, proto } from 'baileys'
import { x25519 } from './x25519.ts'

/** The four bytes a client opens with; they are the first thing the handshake hash covers. */
export const CLIENT_HEADER = Buffer.from([0x57, 0x41, 0x06, 0x03])

const PROTOCOL_NAME = Buffer.from('Noise_XX_25519_AESGCM_SHA256\0\0\0\0', 'latin1')
const NONE = Buffer.alloc(0)
const TAG_BYTES = 16

/** What the server needs for one handshake. @sensitive */
export interface ResponderKeys {
  serverStatic: KeyPair
  /** Fresh for every connection, except in recorded transcripts. */
  ephemeral: KeyPair
  /** Encoded certificate chain that names `serverStatic`. */
  certificate: Uint8Array
}

/** The server's half of the Noise XX handshake, and the cipher of the connection after it. */
export class NoiseResponder {
  readonly #keys: ResponderKeys
  #hash = PROTOCOL_NAME
  #salt: Buffer = PROTOCOL_NAME
  #key: Buffer = PROTOCOL_NAME
  #counter = 0
  #clientEphemeral: Uint8Array = NONE
  #transport: { read: KeyObject; write: KeyObject; reads: number; writes: number } | undefined

  constructor(keys: ResponderKeys) {
    this.#keys = keys
    this.#mixHash(CLIENT_HEADER)
  }

  /** Answers the client's hello; the result is the payload of one frame. */
  answerHello(frame: Uint8Array): Buffer {
    const { clientHello } = proto.HandshakeMessage.decode(frame)
    if (clientHello?.ephemeral?.length !== 32) throw new Error('client hello without ephemeral key')
    this.#clientEphemeral = clientHello.ephemeral
    this.#mixHash(clientHello.ephemeral)
    this.#mixHash(this.#keys.ephemeral.public)
    this.#mixKey(x25519(this.#keys.ephemeral.private, clientHello.ephemeral))
    const encryptedStatic = this.#seal(this.#keys.serverStatic.public)
    this.#mixKey(x25519(this.#keys.serverStatic.private, clientHello.ephemeral))
    const payload = this.#seal(this.#keys.certificate)
    const serverHello = { ephemeral: this.#keys.ephemeral.public, static: encryptedStatic, payload }
    return Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish())
  }

  /** Reads the client's finish and switches to transport keys; throws when it does not authenticate. */
  readFinish(frame: Uint8Array): { clientStatic: Buffer; payload: Buffer } {
    const { clientFinish } = proto.HandshakeMessage.decode(frame)
    if (!clientFinish?.static || !clientFinish.payload) throw new Error('incomplete client finish')
    const clientStatic = this.#open(clientFinish.static)
    this.#mixKey(x25519(this.#keys.ephemeral.private, clientStatic))
    const payload = this.#open(clientFinish.payload)
    const [read, write] = this.#derive(NONE)
    // Key objects: raw keys would be prepared again for every frame.
    this.#transport = { read: createSecretKey(read), write: createSecretKey(write), reads: 0, writes: 0 }
    return { clientStatic, payload }
  }

  /** Encrypts the payload of one frame to the client. */
  encrypt(plaintext: Uint8Array): Buffer {
    const transport = this.#ready()
    return seal(transport.write, transport.writes++, plaintext, NONE)
  }

  /** Decrypts the payload of one frame from the client. */
  decrypt(ciphertext: Uint8Array): Buffer {
    const transport = this.#ready()
    return open(transport.read, transport.reads++, ciphertext, NONE)
  }

  #ready() {
    if (!this.#transport) throw new Error('the handshake is not finished')
    return this.#transport
  }

  #mixHash(data: Uint8Array): void {
    this.#hash = createHash('sha256').update(this.#hash).update(data).digest()
  }

  #mixKey(secret: Buffer): void {
    ;[this.#salt, this.#key] = this.#derive(secret)
    this.#counter = 0
  }

  #derive(secret: Buffer): [Buffer, Buffer] {
    const derived = Buffer.from(hkdfSync('sha256', secret, this.#salt, NONE, 64))
    return [derived.subarray(0, 32), derived.subarray(32)]
  }

  #seal(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plaintext, this.#hash)
    this.#mixHash(sealed)
    return sealed
  }

  #open(ciphertext: Uint8Array): Buffer {
    const opened = open(this.#key, this.#counter++, ciphertext, this.#hash)
    this.#mixHash(ciphertext)
    return opened
  }
}

function iv(counter: number): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(counter, 8)
  return bytes
}

function seal(key: CipherKey, counter: number, plaintext: Uint8Array, hash: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, iv(counter)).setAAD(hash)
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
}

function open(key: CipherKey, counter: number, ciphertext: Uint8Array, hash: Buffer): Buffer {
  const end = ciphertext.length - TAG_BYTES
  const decipher = createDecipheriv('aes-256-gcm', key, iv(counter)).setAAD(hash)
  decipher.setAuthTag(ciphertext.subarray(end))
  return Buffer.concat([decipher.update(ciphertext.subarray(0, end)), decipher.final()])
}
