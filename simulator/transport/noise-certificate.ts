import { Curve, type KeyPair, proto } from 'baileys'

/** The keys of a chat server: its root signs an intermediate, which signs the static key of the handshake. */
export interface NoiseIdentity {
  /** What a client must trust. @sensitive */
  root: KeyPair
  /** @sensitive */
  intermediate: KeyPair
  /** The server's static Noise key, named by the leaf certificate. @sensitive */
  serverStatic: KeyPair
}

/** Makes the keys of a new server. */
export function newNoiseIdentity(): NoiseIdentity {
  return {
    root: Curve.generateKeyPair(),
    intermediate: Curve.generateKeyPair(),
    serverStatic: Curve.generateKeyPair(),
  }
}

const { Details } = proto.CertChain.NoiseCertificate

/** The certificate chain sent in the handshake, encoded. `root` may be another key, to show that clients refuse. */
export function certificateChain(identity: NoiseIdentity, root: KeyPair = identity.root): Buffer {
  const intermediate = Details.encode({
    serial: 1,
    issuerSerial: 0,
    key: identity.intermediate.public,
  }).finish()
  const leaf = Details.encode({ serial: 2, issuerSerial: 1, key: identity.serverStatic.public }).finish()
  return Buffer.from(
    proto.CertChain.encode({
      intermediate: { details: intermediate, signature: Curve.sign(root.private, intermediate) },
      leaf: { details: leaf, signature: Curve.sign(identity.intermediate.private, leaf) },
    }).finish(),
  )
}
