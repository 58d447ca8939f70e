import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Ffmpeg } from './ffmpeg.ts'
import { hasFfmpeg, TestWorkshop } from './test-workshop.ts'
import { WorkQueue } from './work-queue.ts'

describe('work that waits its turn', () => {
  /** Work that ends when it is told to. */
  function held() {
    const { promise, resolve } = Promise.withResolvers<void>()
    return { work: () => promise, end: resolve }
  }

  it('runs so many at once, in order, and refuses more than may wait', async () => {
    const queue = new WorkQueue({ atOnce: 1, mostWaiting: 2 })
    const started: string[] = []
    const first = held()
    const named = (name: string, work: () => Promise<void>) => () => {
      started.push(name)
      return work()
    }
    const running = queue.run(named('a', first.work))
    const waiting = [queue.run(named('b', async () => {})), queue.run(named('c', async () => {}))]
    await expect(queue.run(async () => {})).rejects.toMatchObject({ code: 'conversions_busy' })
    expect(started).toEqual(['a'])
    first.end()
    await Promise.all([running, ...waiting])
    expect(started).toEqual(['a', 'b', 'c'])
  })

  it('is given up while it waits, and makes room', async () => {
    const queue = new WorkQueue({ atOnce: 1, mostWaiting: 1 })
    const first = held()
    const running = queue.run(first.work)
    const caller = new AbortController()
    const waiting = queue.run(async () => {}, caller.signal)
    caller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'request_aborted' })
    const next = queue.run(async () => 'done')
    first.end()
    await running
    expect(await next).toBe('done')
  })

  it('leaves its place when it fails', async () => {
    const queue = new WorkQueue({ atOnce: 1, mostWaiting: 0 })
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await queue.run(async () => 'done')).toBe('done')
  })
})

describe('a conversion that does not end', () => {
  let test: TestWorkshop
  let endless: string
  beforeAll(async () => {
    test = await TestWorkshop.open()
    const media = (await hasFfmpeg())
      ? await test.make('wav', '-f', 'lavfi', '-i', 'sine=duration=1')
      : Buffer.from('none')
    const source = await test.upload(media)
    endless = source.kind === 'upload' ? source.file.path : ''
  })
  afterAll(() => test.close())
  /** Reads at the speed of life, again and again. */
  const forever = ['-filter_complex', '[0:a]aloop=-1:48000,arealtime', '-f', 'null', '-']

  it('is killed when its time is over', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const going = test.ffmpeg.convert(endless, forever, { timeoutMs: 300 })
    await expect(going).rejects.toMatchObject({ code: 'conversion_timeout' })
  })

  it('is killed when the gateway stops', async ({ skip }) => {
    if (!(await hasFfmpeg())) skip('ffmpeg is not installed')
    const queue = new WorkQueue({ atOnce: 1, mostWaiting: 0 })
    const ffmpeg = new Ffmpeg({ path: 'ffmpeg', searchPath: process.env['PATH'] ?? '', queue })
    const going = ffmpeg.convert(endless, forever)
    const ended = expect(going).rejects.toMatchObject({ code: 'shutting_down' })
    await ffmpeg.stop()
    await ended
  })
})
