import type { Clock } from '../core/clock.ts'
import type { DeviceId } from '../core/ids.ts'
import type { Logger } from '../core/logger.ts'
import type { Tracing } from '../core/tracing.ts'
import type { Db, Tx } from '../db/database.ts'
import { lockDevice } from '../db/lock-device.ts'
import type { InTransaction } from '../db/transaction.ts'
import { ActivityLog } from '../features/activity/activity-log.ts'
import { CallOutcomes } from '../features/activity/call-outcomes.ts'
import { ChatLog } from '../features/chats/chat-log.ts'
import { ChatMergeStore } from '../features/chats/chat-merge-store.ts'
import { ChatReader } from '../features/chats/chat-reader.ts'
import { ChatStore } from '../features/chats/chat-store.ts'
import { LabelLog } from '../features/chats/label-log.ts'
import { LabelReader } from '../features/chats/label-reader.ts'
import { LabelStore } from '../features/chats/label-store.ts'
import { DownloadLog } from '../features/downloads/download-log.ts'
import { DownloadStore } from '../features/downloads/download-store.ts'
import { IdentityLog } from '../features/identities/identity-log.ts'
import { IdentityReader } from '../features/identities/identity-reader.ts'
import { IdentityStore } from '../features/identities/identity-store.ts'
import { EventPeople } from '../features/messages/event-people.ts'
import { MessageChangeLog } from '../features/messages/message-change-log.ts'
import { MessageLog } from '../features/messages/message-log.ts'
import { MessageReader } from '../features/messages/message-reader.ts'
import { MessageRemovalLog } from '../features/messages/message-removal-log.ts'
import { MessageStore } from '../features/messages/message-store.ts'
import { MessageSubjects } from '../features/messages/message-subjects.ts'
import { PollVoteStore } from '../features/messages/poll-vote-store.ts'
import { ReactionStore } from '../features/messages/reaction-store.ts'
import { ReadLog } from '../features/messages/read-log.ts'
import { ReceiptLog } from '../features/messages/receipt-log.ts'
import { ReceiptStore } from '../features/messages/receipt-store.ts'
import { ReceivedMessageLog } from '../features/messages/received-message-log.ts'
import { SealedMessageLog } from '../features/messages/sealed-message-log.ts'
import { SentChangeLog } from '../features/messages/sent-change-log.ts'
import { SentChangeStore } from '../features/messages/sent-change-store.ts'
import { ContactLog } from '../features/users/contact-log.ts'
import { ContactReader } from '../features/users/contact-reader.ts'
import { ContactStore } from '../features/users/contact-store.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { type Jid, makeJid } from '../whatsapp/jid.ts'
import type { MessageSecrets } from '../whatsapp/message-secrets.ts'
import { type AroundFact, Inbox } from './inbox.ts'

/** What keeps the history of accounts, seen from outside: one way in for facts, one for own sends, and the readers. */
export interface History {
  readonly inbox: Inbox
  readonly messageLog: MessageLog
  readonly messages: MessageReader
  readonly chats: ChatReader
  readonly contacts: ContactReader
  readonly identities: IdentityStore
  readonly identityReader: IdentityReader
  readonly chatLog: ChatLog
  readonly removals: MessageRemovalLog
  readonly reads: ReadLog
  readonly labelLog: LabelLog
  readonly labels: LabelReader
  readonly sentChanges: SentChangeLog
  readonly callOutcomes: CallOutcomes
  /**
   * Writes that each LID and phone number are one person, and makes one chat and one contact of what was kept as two;
   * for pairs that come up outside the inbox. `device` is the slot's row, null when it is gone.
   */
  readonly learnIdentities: (
    tx: Tx,
    deviceId: DeviceId,
    device: { readonly jid: Jid | null } | null,
    pairs: readonly { readonly lidUser: string; readonly phoneUser: string }[],
  ) => Promise<void>
}

/** Builds the features that keep history, wired to each other. */
export function createHistory(deps: {
  readonly db: Db
  /** For searches; `db` when absent. */
  readonly scanDb?: Db
  readonly inTransaction: InTransaction
  readonly outbox: Outbox
  readonly clock: Clock
  readonly logger: Logger
  readonly secrets: MessageSecrets
  /** Whether calls are rejected as they come in; default false. */
  readonly rejectsCalls?: boolean
  /** Makes spans where sends that were traced go on; there are none when absent. */
  readonly tracing?: Tracing | null
  /** See `Inbox`. */
  readonly aroundFact?: AroundFact | null
  /** Notes media that is to be fetched when it arrives; nothing is when absent. */
  readonly downloads?: DownloadLog
}): History {
  const { db, scanDb = db, inTransaction, outbox, clock, logger, tracing = null } = deps
  const nothing = { rows: new DownloadStore(), isOn: false, onWanted: () => undefined }
  const downloads = deps.downloads ?? new DownloadLog({ ...nothing, clock })
  const identities = new IdentityStore()
  const chatStore = new ChatStore()
  const contactStore = new ContactStore()
  const messageStore = new MessageStore()
  const reactions = new ReactionStore()
  const receipts = new ReceiptStore()
  const sentChangeRows = new SentChangeStore()
  const labelStore = new LabelStore()

  const chats = new ChatReader({ db, chats: chatStore, identities })
  const contacts = new ContactReader({ db, contacts: contactStore })
  const messages = new MessageReader({
    db,
    scanDb,
    messages: messageStore,
    sentChanges: sentChangeRows,
    reactions,
    receipts,
    identities,
  })

  const people = new EventPeople({ identities, contacts })
  const chatLog = new ChatLog({
    chats: chatStore,
    merges: new ChatMergeStore(),
    identities,
    people: contactStore,
    clock,
  })
  const contactLog = new ContactLog({ contacts: contactStore, identities, clock })
  const subjects = new MessageSubjects({ chats: chatLog, contacts: contactLog, people, outbox })
  const identityLog = new IdentityLog({ identities, chats: chatLog, contacts: contactLog, outbox, clock })
  const changes = new MessageChangeLog({ messages: messageStore, reactions, subjects, clock })
  const sentChanges = new SentChangeLog({
    sentChanges: sentChangeRows,
    messages: messageStore,
    changes,
    chats: chatLog,
    clock,
  })
  const messageLog = new MessageLog({
    messages: messageStore,
    chats: chatLog,
    sentChanges,
    outbox,
    clock,
    tracing,
  })
  const sealed = { messages: messageStore, votes: new PollVoteStore(), subjects, changes, identities }
  const removals = new MessageRemovalLog({
    messages: messageStore,
    chats: chatLog,
    chatReader: chats,
    people,
    outbox,
    clock,
  })
  const reads = new ReadLog({ messages: messageStore, chats: chatLog, chatReader: chats })
  const receiptLog = new ReceiptLog({
    receipts,
    reads,
    messages: messageLog,
    chats,
    identities,
    people,
    outbox,
    tracing,
  })
  const labelLog = new LabelLog({ labels: labelStore, chatReader: chats, identities, outbox, clock })
  const activity = new ActivityLog({
    chats,
    identities,
    people,
    outbox,
    clock,
    rejectsCalls: deps.rejectsCalls ?? false,
  })
  const inbox = new Inbox({
    inTransaction,
    outbox,
    logger,
    around: deps.aroundFact ?? null,
    logs: {
      identities: identityLog,
      contacts: contactLog,
      chats: chatLog,
      messages: messageLog,
      received: new ReceivedMessageLog({
        messages: messageStore,
        sent: messageLog,
        subjects,
        downloads,
        receipts: receiptLog,
        clock,
      }),
      changes,
      removals,
      labels: labelLog,
      sealed: new SealedMessageLog({ ...sealed, secrets: deps.secrets, logger }),
      activity,
      receipts: receiptLog,
      reads,
    },
  })
  return {
    inbox,
    messageLog,
    messages,
    chats,
    contacts,
    identities,
    identityReader: new IdentityReader({ db, identities }),
    chatLog,
    removals,
    reads,
    labelLog,
    labels: new LabelReader({ db, labels: labelStore }),
    sentChanges,
    callOutcomes: new CallOutcomes({ log: activity, outbox, inTransaction }),
    async learnIdentities(tx, deviceId, device, pairs) {
      await lockDevice(tx, deviceId)
      const people = pairs.map(({ lidUser, phoneUser }) => ({
        lid: makeJid(lidUser, 'lid'),
        phone: makeJid(phoneUser, 's.whatsapp.net'),
      }))
      const account = device?.jid ?? null
      // Before the first link there is no history to merge.
      if (account === null) await identities.learnAll(tx, deviceId, people, clock.now())
      else await identityLog.applyAllLearned(tx, { deviceId, account }, people)
    },
  }
}
