import type { SchemaMigration } from './migration.ts'
import { firstTables } from './migrations/0001-first-tables.ts'
import { labelsAndChanges } from './migrations/0003-labels-and-changes.ts'
import { media } from './migrations/0004-media.ts'
import { webhooksAsData } from './migrations/0005-webhooks-as-data.ts'
import { pollVotes } from './migrations/0006-poll-votes.ts'
import { deviceLeases } from './migrations/0007-device-leases.ts'
import { apiKeys } from './migrations/0008-api-keys.ts'
import { auditLog } from './migrations/0009-audit-log.ts'
import { effectsOfChanges } from './migrations/0010-effects-of-changes.ts'
import { serverIdsOfPosts } from './migrations/0011-server-ids-of-posts.ts'
import { messageSearch } from './migrations/0012-message-search.ts'
import { recipientsOfKeys } from './migrations/0013-recipients-of-keys.ts'
import { traces } from './migrations/0014-traces.ts'
import { filesOfMessages } from './migrations/0015-files-of-messages.ts'
import { namesOfDevices } from './migrations/0016-names-of-devices.ts'
import { furtherSettingsOfLabels } from './migrations/0017-further-settings-of-labels.ts'

/** Every step of the schema in its order; new ones are appended. */
export const migrations: readonly SchemaMigration[] = [
  firstTables,
  labelsAndChanges,
  media,
  webhooksAsData,
  pollVotes,
  deviceLeases,
  apiKeys,
  auditLog,
  effectsOfChanges,
  serverIdsOfPosts,
  messageSearch,
  recipientsOfKeys,
  traces,
  filesOfMessages,
  namesOfDevices,
  furtherSettingsOfLabels,
]
