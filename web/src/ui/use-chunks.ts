import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { streamRevivals } from '../api/live.ts'
import { chunkSize } from './chunked-list.tsx'

/** A part of a list as the API gives it. */
export interface ListPart<Item> {
  readonly items: readonly Item[]
  /** Of the first item. */
  readonly index: number
  readonly total: number
}

/** The items of a long list that were fetched so far. */
export interface Chunks<Item> {
  readonly total: number | null
  readonly error: unknown
  get(index: number): Item | undefined
  /** Index of a fetched item that fits; -1 when there is none. */
  find(test: (item: Item) => boolean): number
  /** Fetches what is missing of these chunks. */
  readonly need: (first: number, last: number) => void
  /** Changes a fetched item. */
  patch(index: number, change: (item: Item) => Item): void
  /** Fetches again the chunk with this item. */
  refresh(index: number): void
  /** Fetches again where the list begins: its first chunk, or its end when it is read from there. */
  readonly refreshStart: () => void
  /** Forgets everything and begins anew. */
  readonly reload: () => void
}

/**
 * Keeps a long list by chunks. `fetchStart` gets where reading begins; `fetchChunk` one chunk, given how many items there
 * were when it was asked. Indexes are places in the list that do not change while it grows.
 */
export function useChunks<Item>(
  key: string,
  fetchStart: (signal: AbortSignal) => Promise<ListPart<Item>>,
  fetchChunk: (index: number, total: number, signal: AbortSignal) => Promise<ListPart<Item>>,
): Chunks<Item> {
  const items = useRef(new Map<number, Item>())
  const total = useRef<number | null>(null)
  const asked = useRef(new Set<number>())
  const abort = useRef(new AbortController())
  const fetchers = useRef({ fetchStart, fetchChunk })
  fetchers.current = { fetchStart, fetchChunk }
  const [error, setError] = useState<unknown>(null)
  const [, redraw] = useState(0)

  const take = (run: Promise<ListPart<Item>>, signal: AbortSignal) =>
    run.then(
      (part) => {
        if (signal.aborted) return
        part.items.forEach((item, offset) => void items.current.set(part.index + offset, item))
        total.current = part.total
        setError(null)
        redraw((turn) => turn + 1)
      },
      (thrown: unknown) => {
        if (!signal.aborted) setError(thrown)
      },
    )
  const refreshStart = useCallback(() => {
    const { signal } = abort.current
    void take(fetchers.current.fetchStart(signal), signal)
  }, [])
  const reload = useCallback(() => {
    abort.current.abort()
    abort.current = new AbortController()
    items.current = new Map()
    asked.current = new Set()
    total.current = null
    setError(null)
    redraw((turn) => turn + 1)
    refreshStart()
  }, [])
  const fetchOne = (chunk: number) => {
    const { signal } = abort.current
    void take(fetchers.current.fetchChunk(chunk * chunkSize, total.current ?? 0, signal), signal)
  }
  const need = useCallback((first: number, last: number) => {
    const count = total.current ?? 0
    for (let chunk = first; chunk <= last; chunk += 1) {
      const end = Math.min((chunk + 1) * chunkSize, count)
      let isWhole = true
      for (let index = chunk * chunkSize; index < end; index += 1) isWhole &&= items.current.has(index)
      if (isWhole || asked.current.has(chunk)) continue
      asked.current.add(chunk)
      fetchOne(chunk)
    }
  }, [])

  const revivals = streamRevivals.value
  useEffect(() => {
    reload()
    return () => abort.current.abort()
  }, [key, revivals])

  return {
    total: total.current,
    error,
    get: (index) => items.current.get(index),
    find: (test) => {
      for (const [index, item] of items.current) if (test(item)) return index
      return -1
    },
    need,
    patch: (index, change) => {
      const item = items.current.get(index)
      if (item === undefined) return
      items.current.set(index, change(item))
      redraw((turn) => turn + 1)
    },
    refresh: (index) => fetchOne(Math.floor(index / chunkSize)),
    refreshStart,
    reload,
  }
}
