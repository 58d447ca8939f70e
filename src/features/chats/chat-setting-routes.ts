import { z } from 'zod'
import {
  envelopeOf,
  errorResponses,
  type HttpApp,
  type HttpRoutes,
  ok,
  whatsAppResponses,
} from '../../http/http-app.ts'
import { unreadableIfMistyped } from '../../http/zod-validator.ts'
import type { DeviceReader } from '../devices/device-reader.ts'
import type { Chat } from './chat.ts'
import {
  archiveBody,
  archiveResults,
  chatParams,
  labelBody,
  labelResults,
  pinBody,
  pinResults,
  timerBody,
  timerResults,
} from './chat-setting-schemas.ts'
import type { ChatSettingService } from './chat-setting-service.ts'

/** What the routes that set up chats need. */
export interface ChatSettingRoutesDeps {
  readonly devices: Pick<DeviceReader, 'linkedScope'>
  readonly settings: ChatSettingService
}
const refusals = { ...errorResponses, ...whatsAppResponses }
const shared = { tags: ['chat'], params: chatParams }

/** `POST /chat/{chat_jid}/…`: pin, archive, disappearing and label. */
export function chatSettingRoutes(deps: ChatSettingRoutesDeps): HttpRoutes {
  return (app) => {
    addPlaces(app, deps)
    addTimer(app, deps)
    addLabel(app, deps)
  }
}

/** Where the chat stands in the list. */
function addPlaces(app: HttpApp, { devices, settings }: ChatSettingRoutesDeps): void {
  app.post(
    '/chat/:chat_jid/pin',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'pinChat',
        summary: 'Pin or unpin a chat',
        body: unreadableIfMistyped(pinBody),
        response: { ...refusals, 200: envelopeOf(pinResults) },
      },
    },
    async (request) => {
      const { pinned } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const chat = await settings.pin(scope, request.params.chat_jid, pinned)
      const message = pinned ? 'Chat pinned successfully' : 'Chat unpinned successfully'
      return ok(message, { ...outcomeOf(message, chat), pinned })
    },
  )
  app.post(
    '/chat/:chat_jid/archive',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'archiveChat',
        summary: 'Archive or unarchive a chat',
        body: unreadableIfMistyped(archiveBody),
        response: { ...refusals, 200: envelopeOf(archiveResults).extend({ status: z.literal(200) }) },
      },
    },
    async (request) => {
      const { archived } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const chat = await settings.archive(scope, request.params.chat_jid, archived)
      const message = archived ? 'Chat archived successfully' : 'Chat unarchived successfully'
      return { ...ok(message, { ...outcomeOf(message, chat), archived }), status: 200 as const }
    },
  )
}

function addTimer(app: HttpApp, { devices, settings }: ChatSettingRoutesDeps): void {
  app.post(
    '/chat/:chat_jid/disappearing',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'setDisappearingTimer',
        summary: 'Set disappearing messages timer',
        body: unreadableIfMistyped(timerBody),
        response: { ...refusals, 200: envelopeOf(timerResults).extend({ status: z.literal(200) }) },
      },
    },
    async (request) => {
      const { timer_seconds } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const chat = await settings.setTimer(scope, request.params.chat_jid, timer_seconds)
      const message =
        timer_seconds === 0
          ? 'Disappearing messages disabled'
          : `Disappearing messages set to ${timer_seconds} seconds`
      return { ...ok(message, { ...outcomeOf(message, chat), timer_seconds }), status: 200 as const }
    },
  )
}

function addLabel(app: HttpApp, { devices, settings }: ChatSettingRoutesDeps): void {
  app.post(
    '/chat/:chat_jid/label',
    {
      config: { device: 'scoped', scope: 'send' },
      schema: {
        ...shared,
        operationId: 'labelChat',
        summary: 'Label or unlabel a chat',
        body: unreadableIfMistyped(labelBody),
        response: { ...refusals, 200: envelopeOf(labelResults) },
      },
    },
    async (request) => {
      const { label_id, label_name, labeled } = request.body
      const scope = await devices.linkedScope(request.deviceId)
      const wish = { id: label_id, name: label_name, isLabeled: labeled }
      const chat = await settings.label(scope, request.params.chat_jid, wish)
      const message = labeled
        ? `Chat labeled successfully with label '${label_name}'`
        : `Label '${label_name}' removed from chat successfully`
      return ok(message, { ...outcomeOf(message, chat), label_id, labeled })
    },
  )
}

function outcomeOf(message: string, chat: Chat) {
  return { status: 'success' as const, message, chat_jid: chat.jid }
}
