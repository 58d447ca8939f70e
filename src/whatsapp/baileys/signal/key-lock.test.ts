import { describe, expect, it } from 'vitest'
import { KeyLock } from './key-lock.ts'

/** A work that runs until it is told to end, and notes when it began. */
function work(name: string, began: string[]) {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const run = async () => {
    began.push(name)
    await ended
    return name
  }
  return { run, end }
}

describe('a lock per name', () => {
  it('runs works of one name in their order, and those of others at once', async () => {
    const lock = new KeyLock()
    const began: string[] = []
    const [first, second, other] = [work('first', began), work('second', began), work('other', began)]
    const running = [lock.run('a', first.run), lock.run('a', second.run), lock.run('b', other.run)]
    other.end()
    expect(await running[2]).toBe('other')
    expect(began).toEqual(['first', 'other'])
    first.end()
    await running[0]
    second.end()
    expect(await Promise.all(running)).toEqual(['first', 'second', 'other'])
    expect(began).toEqual(['first', 'other', 'second'])
  })

  it('takes several names without two works waiting for each other', async () => {
    const lock = new KeyLock()
    const order: number[] = []
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        lock.run(index % 2 === 0 ? ['a', 'b', 'c'] : ['c', 'a'], async () => void order.push(index)),
      ),
    )
    expect(order).toHaveLength(50)
  })

  it('goes on after a work that fails', async () => {
    const lock = new KeyLock()
    const failed = lock.run('a', () => Promise.reject(new Error('no')))
    const after = lock.run('a', () => 'yes')
    await expect(failed).rejects.toThrow('no')
    expect(await after).toBe('yes')
  })
})
