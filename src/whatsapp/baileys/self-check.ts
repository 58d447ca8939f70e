import { createHmac, randomBytes } from 'node:crypto'
import { Curve, configureSuccessfulPairing, initAuthCreds, proto } from 'baileys'
import { AppError } from '../../core/app-error.ts'
import { bindServerCertificates } from './server-certificate.ts'
import { generateKeyPair, sign } from './signal/primitives.ts'
import { beginSession, type PreKeyBundle } from './signal/session-builder.ts'

/** WA_ADV_ACCOUNT_SIG_PREFIX of the library (Defaults). */
const accountSignaturePrefix = Buffer.from([6, 0])

/**
 * Binds server certificates to the server's key, then feeds every verifier the engine relies on one good and one bad
 * signature. Rejects with `internal_error` when one takes the bad: then npm's overrides are not in force, and the program
 * would trust any server and any forged account. Takes some milliseconds; called once, before the first connection.
 */
export async function verifySignaturesAreChecked(): Promise<void> {
  bindServerCertificates()
  await checkVerifiers([
    { name: 'the certificate check', accepts: acceptsCertificate },
    { name: 'the check of an account’s signature', accepts: acceptsAccount },
    { name: 'the check of a signed prekey', accepts: acceptsSignedPreKey },
  ])
}

/** Something that tells good signatures from bad ones: whether it accepts what carries this one. */
export interface Verifier {
  readonly name: string
  readonly accepts: (spoil: (signature: Uint8Array) => Uint8Array) => boolean
}

/** Rejects with `internal_error`, naming the first verifier that accepts a bad signature or refuses a good one. */
export async function checkVerifiers(verifiers: readonly Verifier[]): Promise<void> {
  for (const { name, accepts } of verifiers) {
    if (!accepts((signature) => signature)) throw refusal(`${name} refuses a good signature`)
    if (accepts(withOneBitFlipped)) throw refusal(`${name} accepts a bad signature`)
  }
}

function refusal(what: string): AppError {
  return new AppError('internal_error', {
    message: `${what}; the curve25519-js of this program is not the one in use. Install with npm ci in the program's own folder: npm's "overrides" do not apply when it is installed as a dependency.`,
  })
}

function withOneBitFlipped(signature: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(signature)
  flipped[7] = (flipped[7] ?? 0) ^ 1
  return flipped
}

/** `Curve.verify` is what the Noise handshake checks the server's certificates with (Utils/noise-handler.js). */
function acceptsCertificate(spoil: (signature: Uint8Array) => Uint8Array): boolean {
  const issuer = Curve.generateKeyPair()
  const details = randomBytes(40)
  return Curve.verify(issuer.public, details, spoil(Curve.sign(issuer.private, details)))
}

/** A pairing as the phone confirms it, with everything right but perhaps the account's signature. */
function acceptsAccount(spoil: (signature: Uint8Array) => Uint8Array): boolean {
  const creds = initAuthCreds()
  const account = generateKeyPair()
  const deviceDetails = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1 }).finish()
  const signed = Buffer.concat([accountSignaturePrefix, deviceDetails, creds.signedIdentityKey.public])
  const details = proto.ADVSignedDeviceIdentity.encode({
    details: deviceDetails,
    accountSignatureKey: account.publicKey.subarray(1),
    accountSignature: spoil(sign(account.privateKey, signed)),
  }).finish()
  const hmac = createHmac('sha256', Buffer.from(creds.advSecretKey, 'base64')).update(details).digest()
  const content = proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish()
  const stanza = {
    tag: 'iq',
    attrs: { id: '1' },
    content: [
      {
        tag: 'pair-success',
        attrs: {},
        content: [
          { tag: 'device-identity', attrs: {}, content },
          { tag: 'device', attrs: { jid: '1:1@s.whatsapp.net', lid: '1:1@lid' } },
        ],
      },
    ],
  }
  try {
    configureSuccessfulPairing(stanza, creds)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}

function acceptsSignedPreKey(spoil: (signature: Uint8Array) => Uint8Array): boolean {
  const identity = generateKeyPair()
  const signedPreKey = generateKeyPair()
  const bundle: PreKeyBundle = {
    registrationId: 1,
    identityKey: identity.publicKey,
    signedPreKey: {
      keyId: 1,
      publicKey: signedPreKey.publicKey,
      signature: spoil(sign(identity.privateKey, signedPreKey.publicKey)),
    },
  }
  try {
    beginSession(bundle, generateKeyPair(), 0)
    return true
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
