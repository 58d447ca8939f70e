// Owns: what every operation that sends refuses alike.
import type { Answer } from '../harness.ts'
import type { OperationWorld, RefusedCall } from './operation.ts'

/** A call as device `main`, or another. */
export function post(
  path: string,
  body: object,
  device = 'main',
): (world: OperationWorld) => Promise<Answer> {
  return ({ gateway }) => gateway.call('POST', path, { device, body })
}

/** The refusals of an operation that sends `body` (without its phone): whom it cannot go to, and for whom. */
export function everySendRefuses(
  path: string,
  body: object,
  { hasDuration = true }: { hasDuration?: boolean } = {},
): Readonly<Record<string, RefusedCall>> {
  const to = (phone: unknown, more: object = {}, device = 'main') =>
    post(path, { phone, ...body, ...more }, device)
  const invalid = { status: 400, code: 'VALIDATION_ERROR' } as const
  return {
    'a request without a phone': { call: post(path, body), ...invalid, message: 'phone: cannot be blank.' },
    'a phone that is a number': { call: to(6_281_234), ...invalid, message: 'phone: must be a string.' },
    'a phone without country code': {
      call: to('0812'),
      ...invalid,
      message:
        'phone number must be in international format (should not start with 0). For Indonesian numbers, use 62xxx format instead of 08xxx',
    },
    'what is no address': { call: to('ani@example.com'), status: 400, code: 'INVALID_JID' },
    'a number that is not on WhatsApp': {
      call: to('99900000001'),
      status: 400,
      code: 'INVALID_JID',
      message: 'Phone 99900000001@s.whatsapp.net is not on whatsapp',
    },
    'a device that is not linked': {
      call: to('6281234', {}, 'blank'),
      status: 401,
      code: 'AUTHENTICATION_ERROR',
      message: 'you are not logged in',
    },
    'a device that is unknown': {
      call: to('6281234', {}, 'nobody'),
      status: 404,
      code: 'DEVICE_NOT_FOUND',
    },
    ...(hasDuration && {
      'a timer beyond 90 days': {
        call: to('6281234', { duration: 7_776_001 }),
        ...invalid,
        message: 'duration must be between 0 (no expiry) and 7776000 (90d) seconds',
      },
    }),
  }
}
