import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  type KeyPair,
  makeNoiseHandler,
  NOISE_WA_HEADER,
  proto,
  WA_CERT_DETAILS,
} from 'baileys'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySignaturesAreChecked } from './self-check.ts'

const { Details } = proto.CertChain.NoiseCertificate
const logger = DEFAULT_CONNECTION_CONFIG.logger.child({})
const trustedRoot = WA_CERT_DETAILS.PUBLIC_KEY

interface Server {
  readonly root: KeyPair
  readonly intermediate: KeyPair
  readonly serverStatic: KeyPair
  /** The key its certificate names. */
  readonly namedKey: Uint8Array
}

function aServer(changes: Partial<Server> = {}): Server {
  const serverStatic = Curve.generateKeyPair()
  return {
    root,
    intermediate: Curve.generateKeyPair(),
    serverStatic,
    namedKey: serverStatic.public,
    ...changes,
  }
}

function certificateOf({ root, intermediate, namedKey }: Server): Uint8Array {
  const middle = Details.encode({ serial: 1, issuerSerial: 0, key: intermediate.public }).finish()
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: namedKey }).finish()
  return proto.CertChain.encode({
    intermediate: { details: middle, signature: Curve.sign(root.private, middle) },
    leaf: { details: leaf, signature: Curve.sign(intermediate.private, leaf) },
  }).finish()
}

/** A client of the library shakes hands with a server; throws what the client throws. */
function shakeHands(server: Server): void {
  const [client, ephemeral] = [Curve.generateKeyPair(), Curve.generateKeyPair()]
  const handler = (keyPair: KeyPair) => makeNoiseHandler({ keyPair, NOISE_HEADER: NOISE_WA_HEADER, logger })
  // The other side computes the same, so the library's own handler can be both.
  const responder = handler(client)
  responder.authenticate(ephemeral.public)
  responder.mixIntoKey(Curve.sharedKey(ephemeral.private, client.public))
  const encryptedStatic = responder.encrypt(server.serverStatic.public)
  responder.mixIntoKey(Curve.sharedKey(server.serverStatic.private, client.public))
  const payload = responder.encrypt(certificateOf(server))
  handler(client).processHandshake(
    proto.HandshakeMessage.create({
      serverHello: { ephemeral: ephemeral.public, static: encryptedStatic, payload },
    }),
    Curve.generateKeyPair(),
  )
}

const root = Curve.generateKeyPair()

describe('the server’s certificate', () => {
  beforeAll(async () => {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(root.public)
    await verifySignaturesAreChecked()
  })
  afterAll(() => {
    WA_CERT_DETAILS.PUBLIC_KEY = trustedRoot
  })

  it('is accepted when the root signed it and it names the server’s key', () => {
    expect(() => shakeHands(aServer())).not.toThrow()
  })

  it('is refused from another root', () => {
    expect(() => shakeHands(aServer({ root: Curve.generateKeyPair() }))).toThrow(
      'noise intermediate certificate signature invalid',
    )
  })

  it('is refused when it is genuine but names the key of another server', () => {
    const genuine = aServer()
    expect(() => shakeHands({ ...genuine, serverStatic: Curve.generateKeyPair() })).toThrow(
      'noise certificate signature invalid',
    )
  })

  it('stays bound when the check is made again', async () => {
    await verifySignaturesAreChecked()
    expect(() => shakeHands(aServer())).not.toThrow()
    expect(() => shakeHands(aServer({ namedKey: Buffer.alloc(32, 1) }))).toThrow(
      'noise certificate signature',
    )
  })
})
