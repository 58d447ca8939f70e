/**
 * The closed catalogue of everything that can go wrong on purpose.
 *
 * `status` is the HTTP status, `wire` the `code` field of the published envelope (the reference's where it has one),
 * `retry` tells a caller whether trying the same call again can help: `no`, `later` (after a pause), `after-fix`
 * (after doing what the text says).
 * docs/errors.md lists the same entries; a test holds both together.
 */
export interface ErrorCodeEntry {
  readonly status: number
  readonly wire: string
  readonly retry: 'no' | 'later' | 'after-fix'
  readonly text: string
}

export const errorCodes = {
  /** Raised when a field of the request breaks a rule; the message lists the fields. Correct the request. */
  validation_failed: {
    status: 400,
    wire: 'VALIDATION_ERROR',
    retry: 'after-fix',
    text: 'the request is not valid',
  },
  /** Raised when the request cannot be read at all (malformed JSON, wrong content type). */
  bad_request: { status: 400, wire: 'BAD_REQUEST', retry: 'after-fix', text: 'Invalid request body' },
  /** Raised when a text is not a JID or phone number that WhatsApp could know. */
  jid_invalid: { status: 400, wire: 'INVALID_JID', retry: 'after-fix', text: 'the JID is not valid' },
  /** Raised when the number is not registered on WhatsApp. */
  recipient_not_on_whatsapp: {
    status: 400,
    wire: 'INVALID_JID',
    retry: 'no',
    text: 'user is not registered',
  },
  /** Raised when a login is asked for a device that is linked and connected. */
  already_logged_in: {
    status: 400,
    wire: 'ALREADY_LOGGED_IN',
    retry: 'no',
    text: 'you are already logged in.',
  },
  /** Raised when a device is created with an id that is taken. */
  device_exists: { status: 400, wire: 'DEVICE_ALREADY_EXISTS', retry: 'no', text: 'device already exists' },
  /** Raised when a request names no device and there is not exactly one. Send X-Device-Id or device_id. */
  device_id_required: {
    status: 400,
    wire: 'DEVICE_ID_REQUIRED',
    retry: 'after-fix',
    text: 'device_id is required via X-Device-Id header or device_id query',
  },
  /** Raised when credentials are configured and the request has none that fit. */
  unauthorized: { status: 401, wire: 'UNAUTHORIZED', retry: 'after-fix', text: 'Unauthorized' },
  /** Raised when an address tries one wrong credential after another. Wait a little, and look at the credential. */
  too_many_attempts: {
    status: 429,
    wire: 'TOO_MANY_ATTEMPTS',
    retry: 'later',
    text: 'too many wrong credentials came from this address; wait a few seconds',
  },
  /** Raised when an API key makes more requests a minute than it may, or a device is asked for more than it may. */
  rate_limited: { status: 429, wire: 'RATE_LIMITED', retry: 'later', text: 'too many requests; slow down' },
  /** Raised when an API key lacks the scope that the operation needs. Use another key, or make one with the scope. */
  scope_missing: { status: 403, wire: 'SCOPE_MISSING', retry: 'after-fix', text: 'this key may not do that' },
  /** Raised when an API key that is limited to some devices calls what concerns all of them. */
  devices_limited: {
    status: 403,
    wire: 'DEVICES_LIMITED',
    retry: 'after-fix',
    text: 'this key is limited to some devices, and this concerns all of them',
  },
  /** Raised when an API key that may write only to some calls what would write to somebody else. */
  recipient_not_allowed: {
    status: 403,
    wire: 'RECIPIENT_NOT_ALLOWED',
    retry: 'after-fix',
    text: 'this key may not write to that recipient',
  },
  /** Raised when no API key has the id. */
  key_not_found: { status: 404, wire: 'KEY_NOT_FOUND', retry: 'no', text: 'there is no such key' },
  /** Raised when the device is not linked to a WhatsApp account. Log in first. */
  device_not_logged_in: {
    status: 401,
    wire: 'AUTHENTICATION_ERROR',
    retry: 'after-fix',
    text: 'you are not logged in',
  },
  /** Raised when the device is linked but has no connection to WhatsApp right now; nothing was sent. */
  device_not_connected: {
    status: 401,
    wire: 'AUTHENTICATION_ERROR',
    retry: 'later',
    text: 'you are not connect to services server, please reconnect',
  },
  /** Raised when another gateway process on the same database has opened this device, which keeps this one from writing its keys. */
  device_taken_over: {
    status: 409,
    wire: 'WHATSAPP_CONFLICT',
    retry: 'after-fix',
    text: 'another gateway process has opened this device; stop that one, then reconnect',
  },
  /** Raised when a presence is to be shown for an account that has no name. Set one with `POST /user/pushname`. */
  push_name_missing: {
    status: 409,
    wire: 'PUSH_NAME_MISSING',
    retry: 'after-fix',
    text: 'the account has no name to show yet; set one with POST /user/pushname',
  },
  /** Raised when a setting is to be changed before the phone has shared the keys for it; it does so soon after linking. */
  app_state_not_ready: {
    status: 503,
    wire: 'APP_STATE_NOT_READY',
    retry: 'later',
    text: 'the phone has not shared the keys for settings yet; keep it online and try again in a moment',
  },
  /** Raised when other devices of the account change the same setting again and again; nothing was changed. */
  app_state_conflict: {
    status: 409,
    wire: 'APP_STATE_CONFLICT',
    retry: 'later',
    text: 'other devices of the account are changing the same settings; try again in a moment',
  },
  /** Raised when a message is to be edited that is not an own one, has no text, or was revoked. */
  message_not_editable: {
    status: 403,
    wire: 'MESSAGE_NOT_EDITABLE',
    retry: 'no',
    text: 'only the text or caption of an own message can be edited',
  },
  /** Raised when a message is to be edited later than WhatsApp allows (15 minutes). */
  message_too_old: {
    status: 403,
    wire: 'MESSAGE_TOO_OLD',
    retry: 'no',
    text: 'WhatsApp lets a message be edited for 15 minutes only',
  },
  /** Raised when somebody else's message is to be deleted for everyone where that is not ours to do. */
  message_not_revocable: {
    status: 403,
    wire: 'MESSAGE_NOT_REVOCABLE',
    retry: 'no',
    text: 'only an own message, or as an admin one in a group, can be deleted for everyone',
  },
  /** Raised when WhatsApp knows no such group. */
  group_not_found: { status: 404, wire: 'GROUP_NOT_FOUND', retry: 'no', text: 'that group does not exist' },
  /** Raised when the account is not a member of the group. */
  group_not_member: {
    status: 403,
    wire: 'GROUP_NOT_MEMBER',
    retry: 'no',
    text: "you're not participating in that group",
  },
  /** Raised when only the group's admins may do what was asked. */
  group_not_admin: {
    status: 403,
    wire: 'GROUP_NOT_ADMIN',
    retry: 'no',
    text: 'only the admins of that group may do this',
  },
  /** Raised when a request about a group names none. */
  group_id_blank: {
    status: 400,
    wire: 'INVALID_GROUP_ID',
    retry: 'after-fix',
    text: 'Group ID cannot be empty',
  },
  /** Raised when an invite link leads to no group. */
  group_invite_invalid: {
    status: 400,
    wire: 'INVALID_INVITE_LINK',
    retry: 'no',
    text: 'that group invite link is not valid',
  },
  /** Raised when an invite link was replaced by another one. */
  group_invite_revoked: {
    status: 410,
    wire: 'GROUP_INVITE_REVOKED',
    retry: 'no',
    text: 'that group invite link has been revoked',
  },
  /** Raised when a file is no picture that could be used, or WhatsApp refuses it. */
  image_invalid: {
    status: 400,
    wire: 'INVALID_IMAGE_FORMAT',
    retry: 'after-fix',
    text: 'Image validation failed: the file is no image that can be used',
  },
  /** Raised when somebody, a group or a community has no picture (or WhatsApp does not say that there is one). */
  picture_not_found: {
    status: 404,
    wire: 'PICTURE_NOT_FOUND',
    retry: 'no',
    text: 'that user or group does not have a profile picture',
  },
  /** Raised when a person shows the picture to others only. */
  picture_hidden: {
    status: 403,
    wire: 'PICTURE_HIDDEN',
    retry: 'no',
    text: 'the user has hidden their profile picture from you',
  },
  /** Raised when an account is no business, or its profile is not shown. */
  business_not_found: {
    status: 404,
    wire: 'BUSINESS_NOT_FOUND',
    retry: 'no',
    text: 'that account has no business profile',
  },
  /** Raised when WhatsApp knows no such channel. */
  newsletter_not_found: {
    status: 404,
    wire: 'NEWSLETTER_NOT_FOUND',
    retry: 'no',
    text: 'that channel does not exist',
  },
  /** Raised when something is posted, edited or taken back in a channel that others run. */
  newsletter_not_admin: {
    status: 403,
    wire: 'NEWSLETTER_NOT_ADMIN',
    retry: 'no',
    text: 'only the admins of that channel may do this',
  },
  /** Raised when an open gateway (no credentials) is called from another web origin or under a foreign host name. */
  origin_refused: {
    status: 403,
    wire: 'ORIGIN_REFUSED',
    retry: 'after-fix',
    text: 'this gateway has no credentials and therefore answers only same-origin requests to a loopback host; set APP_BASIC_AUTH to open it',
  },
  /** Raised when WhatsApp refuses what was asked; `details.whatsappCode` has its number. */
  whatsapp_refused: {
    status: 403,
    wire: 'WHATSAPP_REFUSED',
    retry: 'no',
    text: 'WhatsApp refused the request',
  },
  /** Raised when WhatsApp does not know the thing asked for. */
  whatsapp_not_found: {
    status: 404,
    wire: 'WHATSAPP_NOT_FOUND',
    retry: 'no',
    text: 'WhatsApp does not know what was asked for',
  },
  /** Raised when WhatsApp answers that the request conflicts with the present state. */
  whatsapp_conflict: {
    status: 409,
    wire: 'WHATSAPP_CONFLICT',
    retry: 'no',
    text: 'WhatsApp answered that this conflicts with the present state',
  },
  /** Raised when WhatsApp refuses a message as wrongly addressed or made for outdated devices (479); nothing was delivered. */
  recipient_devices_stale: {
    status: 409,
    wire: 'RECIPIENT_DEVICES_STALE',
    retry: 'later',
    text: 'WhatsApp refused the message as made for outdated devices of the recipient; try again',
  },
  /** Raised when the keys that WhatsApp hands out for a recipient are not signed by that recipient; nothing was sent. The recipient's devices may be renewing theirs, or somebody stands between. */
  recipient_keys_untrusted: {
    status: 502,
    wire: 'RECIPIENT_KEYS_UNTRUSTED',
    retry: 'later',
    text: 'WhatsApp handed out keys that are not signed by the recipient; nothing was sent',
  },
  /** Raised when the account may not write to new contacts for now (463). Do not retry before the lock ends. */
  reachout_timelocked: {
    status: 429,
    wire: 'WA_REACHOUT_TIMELOCK',
    retry: 'later',
    text: 'WhatsApp does not let this account write to new contacts at the moment',
  },
  /** Raised when WhatsApp answers that requests come too fast. */
  whatsapp_rate_limited: {
    status: 429,
    wire: 'WHATSAPP_RATE_LIMITED',
    retry: 'later',
    text: 'WhatsApp answers that requests come too fast; try again later',
  },
  /** Raised when a device id in a path or header is unknown. */
  device_not_found: { status: 404, wire: 'DEVICE_NOT_FOUND', retry: 'after-fix', text: 'device not found' },
  /** Raised when a chat is not in this device's history. */
  chat_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'chat not found' },
  /** Raised when a message that may be seen only once, was revoked, or whose content was not kept is to be forwarded. */
  message_not_forwardable: {
    status: 400,
    wire: 'MESSAGE_NOT_FORWARDABLE',
    retry: 'no',
    text: 'this message cannot be forwarded: it may be seen only once, was revoked, or its content was not kept',
  },
  /** Raised when a message is not in this device's history. */
  message_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'message not found' },
  /** Raised when there is no such webhook endpoint (or not on that device). */
  webhook_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'webhook endpoint not found' },
  /** Raised when a cursor names an event that is not, or no longer, in the log. Start without a cursor. */
  event_not_found: {
    status: 404,
    wire: 'NOT_FOUND',
    retry: 'no',
    text: 'that event is not in the log (any more)',
  },
  /** Raised when an event has no delivery to that endpoint, or it is no longer kept. */
  delivery_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'delivery not found' },
  /** Raised when something is to be delivered to an endpoint that is out of use. Put it in use first. */
  webhook_inactive: {
    status: 409,
    wire: 'WEBHOOK_INACTIVE',
    retry: 'after-fix',
    text: 'the webhook endpoint is out of use',
  },
  /** Raised when an endpoint that the settings name (`WHATSAPP_WEBHOOK`) is to be changed or deleted over the API. Change the settings. */
  webhook_of_settings: {
    status: 409,
    wire: 'WEBHOOK_OF_SETTINGS',
    retry: 'after-fix',
    text: 'the settings name this webhook endpoint (WHATSAPP_WEBHOOK): change it there and start again',
  },
  /** Raised for a path that no route serves. */
  route_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'no such route' },
  /** Raised for a known path with another method. */
  method_not_allowed: { status: 405, wire: 'METHOD_NOT_ALLOWED', retry: 'no', text: 'Method Not Allowed' },
  /** Raised while the first request with the same Idempotency-Key is still running. */
  idempotency_in_progress: {
    status: 409,
    wire: 'IDEMPOTENCY_IN_PROGRESS',
    retry: 'later',
    text: 'a request with this Idempotency-Key is still running',
  },
  /** Raised when an Idempotency-Key comes again with another request body. */
  idempotency_key_reused: {
    status: 422,
    wire: 'IDEMPOTENCY_KEY_REUSED',
    retry: 'no',
    text: 'this Idempotency-Key was used with another request body',
  },
  /** Raised when a body is larger than the route allows. */
  payload_too_large: {
    status: 413,
    wire: 'PAYLOAD_TOO_LARGE',
    retry: 'no',
    text: 'the request body is too large',
  },
  /** Raised when the pairing code could not be had; `details.reason` says why. */
  pairing_code_failed: {
    status: 503,
    wire: 'PAIRING_CODE_FAILED',
    retry: 'later',
    text: 'WhatsApp gave no pairing code',
  },
  /** Raised when no QR code could be had from WhatsApp. */
  qr_channel_failed: { status: 503, wire: 'QR_CHANNEL_ERROR', retry: 'later', text: 'QR channel error' },
  /** Raised when WhatsApp's server cannot be reached. */
  whatsapp_unreachable: {
    status: 503,
    wire: 'AUTHENTICATION_ERROR',
    retry: 'later',
    text: 'reconnect error',
  },
  /** Raised when WhatsApp answers that this program's WhatsApp Web version is too old. Set WHATSAPP_WEB_VERSION or update. */
  engine_outdated: {
    status: 503,
    wire: 'ENGINE_OUTDATED',
    retry: 'after-fix',
    text: 'WhatsApp no longer accepts the WhatsApp Web version this gateway announces; set WHATSAPP_WEB_VERSION or update the gateway',
  },
  /** Raised while the gateway is stopping; nothing was done. */
  shutting_down: { status: 503, wire: 'SHUTTING_DOWN', retry: 'later', text: 'the gateway is stopping' },
  /** Raised when the caller hangs up before the answer; what was under way is ended. Nobody sees it. */
  request_aborted: { status: 499, wire: 'REQUEST_ABORTED', retry: 'no', text: 'the caller hung up' },
  /** Raised when a file has no bytes. */
  media_empty: { status: 400, wire: 'MEDIA_EMPTY', retry: 'after-fix', text: 'the file is empty' },
  /** Raised when a file is, by its content, not of a kind that can be sent this way; its name and claimed type do not count. */
  media_type_refused: {
    status: 400,
    wire: 'VALIDATION_ERROR',
    retry: 'after-fix',
    text: 'this kind of file cannot be sent here',
  },
  /** Raised when a HEIC picture comes and the image library was built without its codec, as free builds are. */
  heic_not_readable: {
    status: 415,
    wire: 'HEIC_NOT_SUPPORTED',
    retry: 'after-fix',
    text: 'HEIC pictures cannot be read here: the image library has no HEVC decoder; please use jpg/jpeg/png, or send the file as a document',
  },
  /** Raised when a file is damaged, cut off, or in a coding that cannot be read here. */
  media_unreadable: {
    status: 400,
    wire: 'MEDIA_UNREADABLE',
    retry: 'after-fix',
    text: 'the file is damaged or incomplete',
  },
  /** Raised when a picture has more pixels than can be worked on, or too few to be one. */
  media_dimensions_refused: {
    status: 400,
    wire: 'MEDIA_DIMENSIONS_REFUSED',
    retry: 'after-fix',
    text: 'the picture has too many or too few pixels',
  },
  /** Raised when a file is larger than the limit for its kind; the message names the limit. */
  media_too_large: {
    status: 413,
    wire: 'MEDIA_TOO_LARGE',
    retry: 'after-fix',
    text: 'the file is too large',
  },
  /** Raised when the media folder is full (APP_MEDIA_QUOTA). Free some space, or raise the quota. */
  media_quota_exceeded: {
    status: 507,
    wire: 'MEDIA_QUOTA_EXCEEDED',
    retry: 'after-fix',
    text: 'the media store is full',
  },
  /** Raised when the S3-compatible store cannot be reached or refuses; the log has its answer. */
  media_store_unavailable: {
    status: 503,
    wire: 'MEDIA_STORE_UNAVAILABLE',
    retry: 'later',
    text: 'the media store cannot be used at the moment',
  },
  /** Raised when media is not (or no longer) stored. */
  media_not_found: { status: 404, wire: 'NOT_FOUND', retry: 'no', text: 'no such media' },
  /** Raised when a link to media was changed, or was made with another secret. */
  media_link_invalid: {
    status: 403,
    wire: 'MEDIA_LINK_INVALID',
    retry: 'no',
    text: 'this link is not valid',
  },
  /** Raised when a link to media is past its time. Ask for a new one. */
  media_link_expired: { status: 410, wire: 'MEDIA_LINK_EXPIRED', retry: 'no', text: 'this link has expired' },
  /** Raised when the part of a file that is asked for is not there. */
  range_not_satisfiable: {
    status: 416,
    wire: 'RANGE_NOT_SATISFIABLE',
    retry: 'after-fix',
    text: 'the file has no such part',
  },
  /** Raised when a URL must not be fetched: not http(s), with credentials in it, or at an address inside the network. APP_FETCH_ALLOWED_HOSTS opens named hosts. */
  url_refused: { status: 400, wire: 'URL_REFUSED', retry: 'after-fix', text: 'this URL is not fetched' },
  /** Raised when a URL answers, but not with something that can be used: another status than 200, too many redirects. */
  url_unusable: {
    status: 400,
    wire: 'URL_UNUSABLE',
    retry: 'after-fix',
    text: 'the URL does not answer with a file',
  },
  /** Raised when a URL that the caller named cannot be reached, breaks off or takes too long; nothing was sent. */
  url_unreachable: {
    status: 400,
    wire: 'URL_UNREACHABLE',
    retry: 'later',
    text: 'the URL cannot be reached',
  },
  /** Raised when a step of passkey pairing is asked for. Link the device by QR code or pairing code. */
  passkey_not_offered: {
    status: 501,
    wire: 'PASSKEY_NOT_OFFERED',
    retry: 'no',
    text: 'pairing by passkey is not offered: link the device with /app/login or /app/login-with-code',
  },
  /** Raised when a conversion needs ffmpeg and it is not installed. */
  ffmpeg_missing: {
    status: 501,
    wire: 'FFMPEG_MISSING',
    retry: 'after-fix',
    text: 'this needs ffmpeg, which is not installed; install it (Debian: apt-get install ffmpeg) or name it in FFMPEG_PATH',
  },
  /** Raised when more conversions wait than can be done soon. */
  conversions_busy: {
    status: 503,
    wire: 'CONVERSIONS_BUSY',
    retry: 'later',
    text: 'too many conversions are waiting; try again later',
  },
  /** Raised when a conversion takes too long and was ended. */
  conversion_timeout: {
    status: 504,
    wire: 'CONVERSION_TIMEOUT',
    retry: 'no',
    text: 'the conversion took too long',
  },
  /** Raised when a media upload to WhatsApp fails. */
  upload_failed: {
    status: 502,
    wire: 'UPLOAD_MEDIA_ERROR',
    retry: 'later',
    text: 'the upload to WhatsApp failed',
  },
  /** Raised when the message brings no media along, or none that can be fetched. */
  message_has_no_media: {
    status: 404,
    wire: 'MEDIA_NOT_FOUND',
    retry: 'no',
    text: 'the message does not contain downloadable media',
  },
  /** Raised when WhatsApp has thrown the media away and the phone cannot upload it again. */
  media_expired: {
    status: 410,
    wire: 'MEDIA_EXPIRED',
    retry: 'no',
    text: 'failed to download media: nobody has the file any more',
  },
  /** Raised when what WhatsApp's media hosts have is not what the sender's message says: signature or hash is wrong. */
  media_damaged: {
    status: 502,
    wire: 'MEDIA_DAMAGED',
    retry: 'no',
    text: 'failed to download media: the file is damaged',
  },
  /** Raised when no media host of WhatsApp could be reached or gave the whole file. */
  media_download_failed: {
    status: 502,
    wire: 'DOWNLOAD_MEDIA_ERROR',
    retry: 'later',
    text: 'failed to download media',
  },
  /** Raised when no answer came in time although the request may have taken effect. The row stays pending; never resend blindly. */
  send_outcome_unknown: {
    status: 504,
    wire: 'SEND_OUTCOME_UNKNOWN',
    retry: 'no',
    text: 'WhatsApp did not confirm the message in time; it may or may not arrive',
  },
  /** Raised when WhatsApp does not answer a query in time; nothing was changed. */
  whatsapp_timeout: {
    status: 504,
    wire: 'GATEWAY_TIMEOUT',
    retry: 'later',
    text: 'Request timed out waiting for WhatsApp server response',
  },
  /** Raised at start when the database cannot be used: held by another process, foreign, newer than the program, or unreachable. The message says what to do. */
  database_refused: {
    status: 500,
    wire: 'DATABASE_REFUSED',
    retry: 'after-fix',
    text: 'the database cannot be used',
  },
  /** Raised when a key or secret in the database cannot be decrypted: it was changed from outside or moved to another row. */
  key_unreadable: {
    status: 500,
    wire: 'KEY_UNREADABLE',
    retry: 'no',
    text: 'a stored key cannot be decrypted',
  },
  /** Raised by `gatewa restore` when a backup cannot be decrypted or read: a wrong passphrase, damage, or a newer program's. */
  backup_unreadable: {
    status: 500,
    wire: 'BACKUP_UNREADABLE',
    retry: 'after-fix',
    text: 'the backup is damaged or cut short',
  },
  /** Raised by `gatewa restore` when the place is not empty or the backup is of a newer program. The message says what to do. */
  restore_refused: {
    status: 500,
    wire: 'RESTORE_REFUSED',
    retry: 'after-fix',
    text: 'the backup cannot be restored here',
  },
  /** Raised when the database cannot be used: its server is not reached, or its disk is full or broken. What was asked for may have been done; look before asking again, or ask with the same Idempotency-Key. */
  database_unavailable: {
    status: 503,
    wire: 'DATABASE_UNAVAILABLE',
    retry: 'later',
    text: 'the database cannot be used at the moment; look whether it was done, then try again',
  },
  /** Raised by our own bugs only; the log has the cause. */
  internal_error: { status: 500, wire: 'INTERNAL_SERVER_ERROR', retry: 'later', text: 'internal error' },
} as const satisfies Record<string, ErrorCodeEntry>

export type ErrorCode = keyof typeof errorCodes
