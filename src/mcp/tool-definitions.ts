import { z } from 'zod'

/** Arguments of a tool, as a model gave them. */
export type ToolArguments = Readonly<Record<string, unknown>>

/** One call of the API. */
export interface ApiCall {
  readonly operation: string
  readonly args: ToolArguments
}

/** What a tool does at one value of its discriminator. */
export interface ToolCase {
  readonly about: string
  /** Operations whose members are the arguments; the tool needs what they need. */
  readonly operations: readonly string[]
  /** What operations need and a model may leave out, with what is taken then; undefined leaves it out of the call. */
  readonly defaults?: ToolArguments
  /** Arguments that no operation has. */
  readonly own?: Readonly<Record<string, z.ZodType>>
  /** Which calls are made; the one operation with all arguments when absent. */
  readonly calls?: (args: ToolArguments) => readonly ApiCall[]
  /** What the answer shows besides the API's words: a QR code as a picture, a file as it is. */
  readonly shows?: 'qr-code' | 'file'
}

/** A tool: which of its cases is meant says the argument `discriminator`. */
export interface ToolDefinition {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly discriminator: 'type' | 'action'
  readonly cases: Readonly<Record<string, ToolCase>>
}

const simple = (operation: string, about: string, more: Partial<ToolCase> = {}): ToolCase => ({
  about,
  operations: [operation],
  ...more,
})

const send: ToolDefinition = {
  name: 'whatsapp_send',
  title: 'Send a WhatsApp message',
  description:
    'Send a message to a person, group or channel. It is sent when this answers without an error; repeat a call only under the idempotency_key that it had, never without one.',
  discriminator: 'type',
  cases: {
    text: simple('sendMessage', 'a text'),
    image: simple('sendImage', 'a picture from a URL'),
    video: simple('sendVideo', 'a video from a URL'),
    audio: simple('sendAudio', 'sound from a URL; a voice message with ptt'),
    document: simple('sendFile', 'a file from a URL'),
    sticker: simple('sendSticker', 'a sticker from a URL'),
    location: simple('sendLocation', 'a place'),
    contact: simple('sendContact', 'a contact card'),
    poll: simple('sendPoll', 'a poll', { defaults: { max_answer: 1 } }),
    link: simple('sendLink', 'a link with a preview'),
    forward: simple('forwardMessage', 'a stored message once more'),
  },
}

const message: ToolDefinition = {
  name: 'whatsapp_message',
  title: 'Act on a WhatsApp message',
  description: 'React to, edit, revoke, delete, mark or star a message, or get the file in it.',
  discriminator: 'action',
  cases: {
    react: simple('reactMessage', 'react with an emoji; an empty one takes the reaction back'),
    edit: simple('updateMessage', 'change the text of an own message'),
    revoke: simple('revokeMessage', 'delete an own message for everybody'),
    delete: simple('deleteMessage', 'delete a message for this account only'),
    mark_read: simple('readMessage', 'mark as read'),
    star: simple('starMessage', 'star'),
    unstar: simple('unstarMessage', 'take the star off'),
    download_media: simple('downloadMessageMedia', 'get the file in a message', { shows: 'file' }),
  },
}

const chat: ToolDefinition = {
  name: 'whatsapp_chat',
  title: 'Read WhatsApp chats',
  description: 'List chats and contacts, read the messages of a chat, archive a chat.',
  discriminator: 'action',
  cases: {
    list_chats: simple('listChats', 'chats, newest first'),
    list_contacts: simple('userMyContacts', 'the address book'),
    get_messages: simple('getChatMessages', 'messages of a chat, newest first'),
    archive: simple('archiveChat', 'archive a chat or bring it back'),
  },
}

const groupSettings = ['setGroupAnnounce', 'setGroupLocked']

const group: ToolDefinition = {
  name: 'whatsapp_group',
  title: 'Manage WhatsApp groups',
  description: 'Make, join and leave groups, read and change what they are and who is in them.',
  discriminator: 'action',
  cases: {
    create: simple('createGroup', 'make a group'),
    join_with_link: simple('joinGroupWithLink', 'join by invite link', {
      own: { invite_link: z.string().min(1).describe('Invite link, or the code in it.') },
      defaults: { link: undefined },
      calls: ({ invite_link: link, ...args }) => [
        { operation: 'joinGroupWithLink', args: { ...args, link } },
      ],
    }),
    leave: simple('leaveGroup', 'leave a group'),
    info: simple('groupInfo', 'what a group is'),
    participants: simple('getGroupParticipants', 'who is in a group'),
    add_participants: simple('addParticipantToGroup', 'add people'),
    remove_participants: simple('removeParticipantFromGroup', 'remove people'),
    promote: simple('promoteParticipantToAdmin', 'make people admins'),
    demote: simple('demoteParticipantToMember', 'make admins members'),
    invite_link: simple('groupInviteLink', 'the invite link; with reset a new one'),
    set_name: simple('setGroupName', 'rename'),
    set_topic: simple('setGroupTopic', 'change the description'),
    set_settings: {
      about: 'announce: only admins write; locked: only admins change the group; one or both',
      operations: groupSettings,
      defaults: { announce: undefined, locked: undefined },
      calls: ({ announce, locked, ...args }) => [
        ...(announce === undefined ? [] : [{ operation: 'setGroupAnnounce', args: { ...args, announce } }]),
        ...(locked === undefined ? [] : [{ operation: 'setGroupLocked', args: { ...args, locked } }]),
      ],
    },
    join_requests: simple('getGroupParticipantRequests', 'who wishes to join'),
    manage_join_requests: {
      about: 'let those who wish to join in, or not',
      operations: ['approveGroupParticipantRequest'],
      own: { request_action: z.enum(['approve', 'reject']) },
      calls: ({ request_action: wish, ...args }) => [
        {
          operation: wish === 'reject' ? 'rejectGroupParticipantRequest' : 'approveGroupParticipantRequest',
          args,
        },
      ],
    },
  },
}

const app: ToolDefinition = {
  name: 'whatsapp_app',
  title: 'Link and watch a WhatsApp device',
  description: 'See whether a device is connected, link it to an account, log it out.',
  discriminator: 'action',
  cases: {
    status: simple('appStatus', 'whether the device is connected and logged in'),
    login_qr: simple('appLogin', 'a QR code to scan with the phone', { shows: 'qr-code' }),
    login_code: simple('appLoginWithCode', 'a code to type on the phone'),
    logout: simple('appLogout', 'unlink the device'),
    reconnect: simple('appReconnect', 'connect again'),
  },
}

/** The five tools of the reference gateway. */
export const toolDefinitions: readonly ToolDefinition[] = [send, message, chat, group, app]
