import { Curve, proto, WA_CERT_DETAILS } from 'baileys'

/** Tells a bound verification from the library's own. */
const boundName = 'verifyWithServerKey'

const { Details } = proto.CertChain.NoiseCertificate

/**
 * Makes the library refuse a server whose certificate names another key than the one it shook hands with. The library
 * checks the signatures only (baileys 7.0.0-rc14, Utils/noise-handler.js), so whoever once saw WhatsApp's certificate
 * could show it under a key of their own. The key agreed with last, just before the leaf is verified, is the server's.
 * Can be called any number of times.
 */
export function bindServerCertificates(): void {
  if (Curve.verify.name === boundName) return
  const { sharedKey, verify } = Curve
  let agreedWith: Uint8Array = Buffer.alloc(0)

  Curve.sharedKey = (privateKey, publicKey) => {
    agreedWith = publicKey
    return sharedKey(privateKey, publicKey)
  }
  const bound: typeof verify = (publicKey, message, signature) => {
    if (!verify(publicKey, message, signature)) return false
    const named = keyNamedBy(publicKey, message)
    return named === null || Buffer.compare(named, agreedWith) === 0
  }
  Curve.verify = Object.defineProperty(bound, 'name', { value: boundName })
}

/** The key in a leaf certificate; null for an intermediate (signed by the root) and for what is no certificate. */
function keyNamedBy(signer: Uint8Array, message: Uint8Array): Uint8Array | null {
  if (Buffer.compare(signer, WA_CERT_DETAILS.PUBLIC_KEY) === 0) return null
  try {
    const { key, serial, issuerSerial } = Details.decode(message)
    const isCertificate = key?.length === 32 && Number.isInteger(serial) && Number.isInteger(issuerSerial)
    return isCertificate ? key : null
  } catch (error) {
    // An account's signature is over other bytes, which begin with a field number that protobuf does not have.
    if (error instanceof Error) return null
    throw error
  }
}
