import type { Insertable, Selectable } from 'kysely'
import { asMessageId } from '../../core/ids.ts'
import { toBigintColumn, toTextColumn } from '../../db/column-values.ts'
import type { Database } from '../../db/database.ts'
import type { MediaInfo, MediaKind, MessageStatus } from '../../whatsapp/message.ts'
import type { AccountScope } from '../account-scope.ts'
import { fromStoredJid } from '../stored-jid.ts'
import type { StoredMessage } from './stored-message.ts'

type Row = Omit<Selectable<Database['messages']>, 'raw' | 'traceparent' | 'device_id' | 'account'>

/** The columns of a StoredMessage: all but the protobuf, which is large and rarely wanted. */
export const messageColumns = [
  'chat_id',
  'id',
  'sender',
  'wire_chat',
  'wire_sender',
  'is_from_me',
  'is_from_api',
  'is_from_history',
  'status',
  'failure',
  'content',
  'content_type',
  'media_type',
  'filename',
  'url',
  'file_length',
  'replied_to_id',
  'server_id',
  'is_revoked',
  'is_starred',
  'edited_at',
  'sent_at',
  'created_at',
  'updated_at',
] as const

/** Reads a row of `messages`. */
export function fromMessageRow(row: Row): StoredMessage {
  return {
    id: asMessageId(row.id),
    chatId: row.chat_id,
    sender: fromStoredJid(row.sender),
    wireChat: fromStoredJid(row.wire_chat),
    wireSender: fromStoredJid(row.wire_sender),
    isFromMe: row.is_from_me === 1,
    isFromApi: row.is_from_api === 1,
    isFromHistory: row.is_from_history === 1,
    status: row.status as MessageStatus, // toMessageRow writes nothing else
    failure: row.failure,
    content: row.content,
    contentType: row.content_type,
    mediaKind: row.media_type === '' ? null : (row.media_type as MediaKind), // toMessageRow writes nothing else
    fileName: row.filename,
    url: row.url,
    fileLength: row.file_length,
    repliedToId: row.replied_to_id === null ? null : asMessageId(row.replied_to_id),
    serverId: row.server_id,
    isRevoked: row.is_revoked === 1,
    isStarred: row.is_starred === 1,
    editedAt: row.edited_at === null ? null : new Date(row.edited_at),
    sentAt: new Date(row.sent_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

/** The row of a message; `raw` is its protobuf when there is one. */
export function toMessageRow(
  scope: AccountScope,
  message: StoredMessage,
  raw: Uint8Array | null,
): Insertable<Database['messages']> {
  return {
    device_id: scope.deviceId,
    account: scope.account,
    chat_id: message.chatId,
    id: message.id,
    sender: message.sender,
    wire_chat: message.wireChat,
    wire_sender: message.wireSender,
    is_from_me: Number(message.isFromMe),
    is_from_api: Number(message.isFromApi),
    is_from_history: Number(message.isFromHistory),
    status: message.status,
    failure: message.failure,
    content: toTextColumn(message.content),
    content_type: toTextColumn(message.contentType),
    media_type: message.mediaKind ?? '',
    filename: toTextColumn(message.fileName),
    url: toTextColumn(message.url),
    file_length: toBigintColumn(message.fileLength),
    replied_to_id: message.repliedToId === null ? null : toTextColumn(message.repliedToId),
    server_id: message.serverId === null ? null : toBigintColumn(message.serverId),
    is_revoked: Number(message.isRevoked),
    is_starred: Number(message.isStarred),
    edited_at: message.editedAt === null ? null : message.editedAt.getTime(),
    raw: raw === null ? null : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    sent_at: toBigintColumn(message.sentAt.getTime()),
    created_at: message.createdAt.getTime(),
    updated_at: message.updatedAt.getTime(),
  }
}

/** The columns that describe a message's file. */
export function toMediaColumns(media: Pick<MediaInfo, 'kind' | 'fileName' | 'url' | 'fileLength'>) {
  return {
    media_type: media.kind,
    filename: toTextColumn(media.fileName),
    url: toTextColumn(media.url),
    file_length: toBigintColumn(media.fileLength),
  }
}
