import { proto } from 'baileys'
import type { Json } from '../../../core/event-envelope.ts'
import type { MessageDetails } from '../../message.ts'
import { contextOf } from './content.ts'
import { pollOf } from './message-secrets.ts'

type Content = proto.IMessage

/** Contents that have a name of their own in events, as plain JSON; undefined when there is none. */
export function detailsOf(content: Content): MessageDetails | undefined {
  const details: { -readonly [Key in keyof MessageDetails]: Json } = {}
  if (content.contactMessage) details.contact = contactOf(content.contactMessage)
  if (content.contactsArrayMessage) {
    details.contacts_array = (content.contactsArrayMessage.contacts ?? []).map(contactOf)
  }
  if (content.locationMessage)
    details.location = plain(proto.Message.LocationMessage, content.locationMessage)
  if (content.liveLocationMessage) {
    details.live_location = plain(proto.Message.LiveLocationMessage, content.liveLocationMessage)
  }
  if (content.listMessage) details.list = plain(proto.Message.ListMessage, content.listMessage)
  if (content.orderMessage) details.order = orderOf(content.orderMessage)
  const poll = pollOf(content)
  if (poll !== null) {
    details.poll = {
      name: poll.name ?? '',
      options: (poll.options ?? []).map((option) => option.optionName ?? ''),
      max_answers: poll.selectableOptionsCount ?? 0,
    }
  }
  const interactive = interactiveText(content)
  if (interactive !== '') details.interactive = interactive
  const referral = referralOf(content)
  if (referral !== null) details.referral = referral
  return Object.keys(details).length === 0 ? undefined : details
}

function contactOf(contact: proto.Message.IContactMessage): Json {
  const vcard = contact.vcard ?? ''
  const number = /waid=(\d+)/i.exec(vcard)?.[1] ?? /^TEL[^:]*:(.+)$/im.exec(vcard)?.[1]?.replaceAll(/\D/g, '')
  return {
    displayName: contact.displayName ?? '',
    vcard,
    ...(number === undefined || number === '' ? {} : { phone_number: number }),
  }
}

interface Encodable {
  toObject(message: never, options: object): object
}

/** The protobuf as the reference serialises it: its JSON names, unset fields left out, bytes in base64, enums as numbers. */
function plain(type: Encodable, message: object): Json {
  const options = { longs: Number, bytes: String, defaults: false, arrays: false, objects: false }
  const object = type.toObject(message as never, options) // the type's own message
  return renamed(JSON.parse(JSON.stringify(object)) as Json) // toObject makes plain data with these options
}

/** Names that are one of these words alone, and the words within longer names, are in capitals in Go's JSON names. */
const wholeWords = /^(?:id|jid|url|ptt)$/
const innerWords = /(?<=[a-z0-9])(?:Id|Jid|Url|Iv|Ms|Ts|Json|Jpeg|Sha256)(?=[A-Z]|s?$)/g

/** The reference's JSON name of a protobuf member: `rowID`, `fileSHA256`, `JPEGThumbnail`, but `urlTrackingMap`. */
function goName(name: string): string {
  if (wholeWords.test(name)) return name.toUpperCase()
  return name.replace(/^jpeg(?=[A-Z])/, 'JPEG').replaceAll(innerWords, (word) => word.toUpperCase())
}

function renamed(value: Json): Json {
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      goName(name),
      name === 'speedInMps' && typeof member === 'number' ? asWritten(member) : renamed(member),
    ]),
  )
}

/** A 32-bit float in the fewest digits that mean it; as a double it would have seventeen. */
function asWritten(float: number): number {
  const precisions = [1, 2, 3, 4, 5, 6, 7, 8, 9]
  const candidates = precisions.map((digits) => Number(float.toPrecision(digits)))
  return candidates.find((candidate) => Math.fround(candidate) === float) ?? float
}

function orderOf(order: proto.Message.IOrderMessage): Json {
  return plain(proto.Message.OrderMessage, order)
}

/** Buttons, lists and their like as readable text. */
function interactiveText(content: Content): string {
  const { interactiveMessage, buttonsMessage: buttons, templateMessage } = content
  const message = interactiveMessage ?? templateMessage?.interactiveMessageTemplate
  if (message) {
    return lines(cardText(message), ...(message.carouselMessage?.cards ?? []).map(cardText))
  }
  if (buttons) {
    const labels = (buttons.buttons ?? []).map(({ buttonText }) => buttonText?.displayText)
    return lines(buttons.contentText, buttons.footerText, ...labels)
  }
  const template = templateMessage?.hydratedTemplate ?? templateMessage?.hydratedFourRowTemplate
  if (!template) return ''
  const labels = (template.hydratedButtons ?? []).map(
    ({ quickReplyButton, urlButton, callButton }) =>
      quickReplyButton?.displayText ?? urlButton?.displayText ?? callButton?.displayText,
  )
  return lines(
    template.hydratedTitleText,
    template.hydratedContentText,
    template.hydratedFooterText,
    ...labels,
  )
}

function cardText(card: proto.Message.IInteractiveMessage): string {
  const labels = (card.nativeFlowMessage?.buttons ?? []).map(({ buttonParamsJson }) =>
    labelOf(buttonParamsJson),
  )
  return lines(card.header?.title, card.body?.text, card.footer?.text, ...labels)
}

function lines(...parts: readonly (string | null | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== null && part !== '').join('\n')
}

function labelOf(json: string | null | undefined): string {
  const label = /"display_text"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(json ?? '')?.[1]
  return label === undefined ? '' : label.replaceAll(/\\(.)/g, '$1')
}

/** What brought the writer here, when it was an advertisement. */
function referralOf(content: Content): Json | null {
  const context = contextOf(content)
  const ad = context?.externalAdReply
  if (!ad || (!ad.ctwaClid && !ad.sourceId && !ad.sourceUrl)) return null
  const members: Record<string, string | number | boolean | null | undefined> = {
    ctwa_clid: ad.ctwaClid,
    source_url: ad.sourceUrl,
    source_id: ad.sourceId,
    source_type: ad.sourceType,
    source_app: ad.sourceApp,
    ref: ad.ref,
    media_type: ad.mediaType,
    ad_title: ad.title,
    ad_body: ad.body,
    ad_type: ad.adType,
    thumbnail_url: ad.thumbnailUrl,
    original_image_url: ad.originalImageUrl,
    media_url: ad.mediaUrl,
    show_ad_attribution: ad.showAdAttribution,
    contains_auto_reply: ad.containsAutoReply,
    automated_greeting_message_shown: ad.automatedGreetingMessageShown,
    greeting_message_body: ad.greetingMessageBody,
    click_to_whatsapp_call: ad.clickToWhatsappCall,
  }
  const given = Object.entries(members).filter(
    (entry): entry is [string, string | number | boolean] =>
      entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
  )
  return Object.fromEntries(given)
}
