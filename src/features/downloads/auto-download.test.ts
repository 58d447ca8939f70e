import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from '../../core/app-error.ts'
import { silentLogger } from '../../core/logger.ts'
import type { OpenDatabase } from '../../db/open-database.ts'
import { describeEachDialect } from '../../db/test-database.ts'
import { TempFolder } from '../../files/temp-folder.ts'
import { anId, openHistory, received, scope } from '../../inbox/history-fixture.ts'
import type { MediaDescription } from '../../whatsapp/message.ts'
import type { WhatsAppEvent } from '../../whatsapp/whatsapp-event.ts'
import type { LinkedSession } from '../../whatsapp/whatsapp-session.ts'
import { FileMediaStore } from '../media/file-media-store.ts'
import { AutoDownload } from './auto-download.ts'
import { DownloadLog } from './download-log.ts'
import { DownloadStore } from './download-store.ts'
import { MediaDownloads } from './media-downloads.ts'

const id = anId('CAROUSEL')

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** A file of a message, whose content is its name. */
function aCard(name: string): MediaDescription {
  const rest = { mimeType: 'image/jpeg', fileName: '', caption: '', fileLength: 1, isAnimated: false }
  return { kind: 'image', url: `https://${name}`, sha256: hashOf(name), isOfInteractive: true, ...rest }
}

/** The fact that a message with these cards arrived; its protobuf is a JSON text here. */
function aCarousel(...names: readonly string[]) {
  const cards = names.map(aCard)
  const [media = null, ...furtherMedia] = cards
  return received({ id, text: '', media, furtherMedia, raw: Buffer.from(JSON.stringify(cards)) })
}

describeEachDialect('the files of a message', (open) => {
  const folders: string[] = []
  const running: AutoDownload[] = []
  afterEach(async () => {
    for (const auto of running.splice(0)) await auto.stop()
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
  })

  async function aGateway(database: OpenDatabase) {
    const { db, inTransaction } = database
    const rows = new DownloadStore()
    let tell: () => void = () => undefined
    const history = await openHistory(
      database,
      null,
      (clock) => new DownloadLog({ rows, clock, isOn: true, onWanted: () => tell() }),
    )
    const { clock, messages, outbox } = history
    const dir = await mkdtemp(join(tmpdir(), 'gatewa-downloads-'))
    folders.push(dir)
    const store = new FileMediaStore({ dir: join(dir, 'kept'), clock })
    await store.start()
    const folder = new TempFolder(join(dir, 'temp'))

    /** What WhatsApp was asked for, by position, and has not answered yet. */
    const asked = new Map<number, (answer: string | AppError) => void>()
    const session = {
      media: {
        async download({ position = 0 }: { position?: number }, path: string) {
          const answer = await new Promise<string | AppError>((resolve) => asked.set(position, resolve))
          asked.delete(position)
          if (answer instanceof AppError) throw answer
          await writeFile(path, answer)
          return { sizeBytes: answer.length, renewedRaw: null }
        },
      },
    } as unknown as LinkedSession // no other part of it is used
    const downloads = new MediaDownloads({
      db,
      inTransaction,
      clock,
      sessions: { for: () => session },
      messages,
      log: history.messageLog,
      rows,
      store,
      folder,
      describe: (raw) => JSON.parse(Buffer.from(raw).toString()) as MediaDescription[], // see aCarousel
      limitBytes: 1_000,
    })
    const auto = new AutoDownload({
      db,
      inTransaction,
      clock,
      logger: silentLogger,
      rows,
      downloads,
      messages,
      outbox,
      pathOf: ({ ref }) => ref,
    })
    running.push(auto)
    tell = () => auto.noticed()
    const isHeld = async () => {
      const row = await db
        .selectFrom('events')
        .select('held_until')
        .where('kind', '=', 'message')
        .executeTakeFirst()
      return row?.held_until !== null
    }

    return {
      ...history,
      rows,
      auto,
      downloads,
      /** Applies facts and tells of the commit, as the inbox does. */
      async apply(...facts: readonly WhatsAppEvent[]) {
        await history.apply(...facts)
        auto.committed()
      },
      async answers(position: number, answer: string | AppError) {
        await vi.waitFor(() => expect([...asked.keys()]).toContain(position))
        asked.get(position)?.(answer)
      },
      isAsked: () => [...asked.keys()].toSorted(),
      /** Waits until the message's event tells of these files, in this order. */
      tells: (...names: readonly string[]) =>
        vi.waitFor(async () => {
          const [event] = await history.events()
          expect(event?.payload['interactive_media']).toEqual(names.map((name) => `${hashOf(name)}.jpg`))
        }),
      isHeld,
      /** Waits until nothing more is on its way: the event may name a file a moment before it is noted as done. */
      isReleased: () => vi.waitFor(async () => expect(await isHeld()).toBe(false)),
      /** What was told of single files: their positions by kind of event. */
      async told(kind: 'media.downloaded' | 'media.failed') {
        const events = await history.events()
        return events.filter((event) => event.kind === kind).map(({ payload }) => payload['position'])
      },
      async states() {
        const found = await db
          .selectFrom('media_downloads')
          .select(['position', 'state'])
          .orderBy('position')
          .execute()
        return found.map(({ state }) => state)
      },
    }
  }

  it('are told in the order of its cards, in whatever order they come, and the event waits for the last', async () => {
    const made = await aGateway(await open())
    made.auto.start()
    await made.apply(aCarousel('one', 'two', 'three'))
    await made.answers(2, 'three')
    await made.tells('three')
    await made.answers(0, 'one')
    await made.tells('one', 'three')
    expect(await made.isHeld()).toBe(true)
    await made.answers(1, 'two')
    await made.tells('one', 'two', 'three')
    await made.isReleased()
    expect(await made.told('media.downloaded')).toEqual([2, 0, 1])
    expect(await made.states()).toEqual(['done', 'done', 'done'])
  })

  it('are all told when they come at the same moment', async () => {
    const made = await aGateway(await open())
    const names = ['one', 'two', 'three', 'four', 'five', 'six']
    made.auto.start()
    await made.apply(aCarousel(...names))
    await vi.waitFor(() => expect(made.isAsked()).toEqual([0, 1, 2, 3, 4, 5]))
    await Promise.all(names.map((name, position) => made.answers(position, name)))
    await made.tells(...names)
    await made.isReleased()
    expect((await made.told('media.downloaded')).toSorted()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('are told without those that are given up, whichever comes last', async () => {
    const made = await aGateway(await open())
    made.auto.start()
    await made.apply(aCarousel('one', 'two', 'three'))
    await made.answers(0, new AppError('media_expired'))
    await vi.waitFor(async () => expect(await made.told('media.failed')).toEqual([0]))
    expect(await made.isHeld()).toBe(true)
    await made.answers(1, 'two')
    await made.tells('two')
    await made.answers(2, new AppError('media_damaged'))
    await made.isReleased()
    await made.tells('two')
    expect(await made.told('media.failed')).toEqual([0, 2])
  })

  it('are wanted once, however often the message comes', async () => {
    const made = await aGateway(await open())
    for (let time = 0; time < 3; time += 1) await made.apply(aCarousel('one', 'two'))
    expect(await made.states()).toEqual(['wanted', 'wanted'])
    made.auto.start()
    await made.answers(0, 'one')
    await made.answers(1, 'two')
    await made.tells('one', 'two')
    await made.isReleased()
    await made.apply(aCarousel('one', 'two'))
    expect(await made.states()).toEqual(['done', 'done'])
    expect(await made.told('media.downloaded')).toHaveLength(2)
  })

  it('are told also when one was fetched by somebody else, or kept right before a crash', async () => {
    const made = await aGateway(await open())
    await made.apply(aCarousel('one', 'two'))
    const message = await made.messages.get(scope, id)
    if (message === null) throw new Error('the message is not there')
    const fetched = made.downloads.fetch(scope, message)
    await made.answers(0, 'one')
    await fetched
    made.auto.start()
    await made.answers(1, 'two')
    await made.tells('one', 'two')
    await made.isReleased()
    expect((await made.told('media.downloaded')).toSorted()).toEqual([0, 1])
    expect(made.isAsked()).toEqual([])
  })

  it('are removed each by its content, and a message shows the state of its first', async () => {
    const made = await aGateway(await open())
    const { inTransaction, db } = made.database
    made.auto.start()
    await made.apply(aCarousel('one', 'two'))
    await made.answers(0, 'one')
    await made.answers(1, 'two')
    await made.tells('one', 'two')
    await made.isReleased()
    await inTransaction((tx) => made.rows.markRemoved(tx, [hashOf('two')], made.clock.now()))
    expect(await made.states()).toEqual(['done', 'removed'])
    expect((await made.rows.statesOf(db, scope, [id])).get(id)).toBe('stored')
    await inTransaction((tx) => made.rows.markRemoved(tx, [hashOf('one')], made.clock.now()))
    expect((await made.rows.statesOf(db, scope, [id])).get(id)).toBe('removed')
  })
})
