import { createHmac } from 'node:crypto'
import { Curve, type KeyPair, proto } from 'baileys'

const ACCOUNT_SIGNATURE_PREFIX = Buffer.of(6, 0)
const DEVICE_SIGNATURE_PREFIX = Buffer.of(6, 1)

/** What the phone vouches for when it links a client. */
export interface IdentityRequest {
  /** The phone's identity key pair. @sensitive */
  account: KeyPair
  /** Key that signs in the account's name; another one than the account's makes a forgery. @sensitive */
  signer: KeyPair
  companionIdentity: Uint8Array
  /** From the QR code, or derived from the pairing code. @sensitive */
  advSecret: Uint8Array
  keyIndex: number
  at: number
}

/** A signed device identity on its way to the client. */
export interface IssuedIdentity {
  /** Encoded `ADVSignedDeviceIdentityHMAC`, the content of `<device-identity>`. */
  wrapped: Buffer
  /** Encoded `ADVDeviceIdentity`, the part both sides sign. */
  details: Buffer
}

/** Signs a client's identity with the account's key and seals it with the secret both sides know. */
export function issueDeviceIdentity(request: IdentityRequest): IssuedIdentity {
  const details = Buffer.from(
    proto.ADVDeviceIdentity.encode({
      rawId: request.keyIndex,
      timestamp: request.at,
      keyIndex: request.keyIndex,
    }).finish(),
  )
  const signed = Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, request.companionIdentity])
  const identity = Buffer.from(
    proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: request.account.public,
      accountSignature: Curve.sign(request.signer.private, signed),
    }).finish(),
  )
  const hmac = createHmac('sha256', request.advSecret).update(identity).digest()
  const wrapped = Buffer.from(proto.ADVSignedDeviceIdentityHMAC.encode({ details: identity, hmac }).finish())
  return { wrapped, details }
}

/** The signed identity of a simulated companion, as it goes with its first messages to somebody. */
export function companionIdentity(
  account: KeyPair,
  companion: KeyPair,
  keyIndex: number,
  at: number,
): Buffer {
  const details = Buffer.from(
    proto.ADVDeviceIdentity.encode({ rawId: keyIndex, timestamp: at, keyIndex }).finish(),
  )
  const byAccount = Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, companion.public])
  const byDevice = Buffer.concat([DEVICE_SIGNATURE_PREFIX, details, companion.public, account.public])
  return Buffer.from(
    proto.ADVSignedDeviceIdentity.encode({
      details,
      accountSignatureKey: account.public,
      accountSignature: Curve.sign(account.private, byAccount),
      deviceSignature: Curve.sign(companion.private, byDevice),
    }).finish(),
  )
}

/** True when both signatures of a device identity are right: the account's, and the device's own. */
export function isGenuineIdentity(
  identity: Uint8Array,
  accountKey: Uint8Array,
  deviceKey: Uint8Array,
): boolean {
  const { details, accountSignatureKey, accountSignature, deviceSignature } =
    proto.ADVSignedDeviceIdentity.decode(identity)
  if (!details || !accountSignatureKey || !accountSignature || !deviceSignature) return false
  if (!Buffer.from(accountSignatureKey).equals(accountKey)) return false
  const byAccount = Buffer.concat([ACCOUNT_SIGNATURE_PREFIX, details, deviceKey])
  const byDevice = Buffer.concat([DEVICE_SIGNATURE_PREFIX, details, deviceKey, accountKey])
  return (
    Curve.verify(accountKey, byAccount, accountSignature) &&
    Curve.verify(deviceKey, byDevice, deviceSignature)
  )
}

/** Checks the identity a client sent back: its own signature over what the phone signed. Throws when it is wrong. */
export function checkDeviceSignature(
  returned: Uint8Array,
  issued: IssuedIdentity,
  accountKey: Uint8Array,
  companionIdentity: Uint8Array,
): void {
  const { deviceSignature, details } = proto.ADVSignedDeviceIdentity.decode(returned)
  if (!deviceSignature || !details || !issued.details.equals(details)) {
    throw new Error('the client returned another device identity')
  }
  const signed = Buffer.concat([DEVICE_SIGNATURE_PREFIX, issued.details, companionIdentity, accountKey])
  if (!Curve.verify(companionIdentity, signed, deviceSignature)) {
    throw new Error('the client signed its device identity wrongly')
  }
}
