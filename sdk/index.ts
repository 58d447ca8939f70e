// The one mouth of the package.
export { createGatewa, type Gatewa, type GatewaOptions } from './create-gatewa.ts'
export {
  ConflictError,
  ForbiddenError,
  GatewaError,
  InvalidRequestError,
  NoAnswerError,
  NotFoundError,
  SendOutcomeUnknownError,
  TooFastError,
  UnauthorizedError,
  UnavailableError,
} from './errors.ts'
export type { EventGap, FollowOptions } from './follow-events.ts'
export type { ErrorCode } from './generated/error-codes.ts'
export type {
  CallOptions,
  EventBody,
  EventKind,
  Input,
  LoggedEvent,
  OperationId,
  Operations,
  Results,
  WebhookEvent,
} from './operation-types.ts'
export type { RetryPolicy } from './retry.ts'
export {
  type ReceivedEvent,
  type ReceivedWebhook,
  verifyWebhook,
  verifyWebhookRequest,
  type WebhookSecret,
  WebhookVerificationError,
} from './webhooks.ts'
