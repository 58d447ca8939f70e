// Owns: a list of very many items of unknown heights, of which only what is near the window is in the page.
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Items per chunk; a chunk is in the page as a whole or not at all. */
export const chunkSize = 50

/** Chunks are kept in the page this far beyond the window, in pixels. */
const marginPx = 800

export interface ChunkedListProps {
  readonly label: string
  /** How many items there are. */
  readonly total: number
  /** Height of an item that was never seen, in pixels. */
  readonly estimatePx: number
  /** Where the list begins, and stays while it grows: at its first or at its last item. */
  readonly start: 'top' | 'bottom'
  /** Told which chunks are in the page, so that their items can be fetched. */
  readonly onChunks: (first: number, last: number) => void
  readonly item: (index: number) => ComponentChildren
  /** Scrolls to this item when it changes. */
  readonly target?: number | undefined
  /** Shown behind the last item. */
  readonly children?: ComponentChildren
}

/** What the window is held to while heights become known. */
type Anchor = { readonly chunk: number; readonly offset: number } | 'bottom'

/** See above. The scroll bar stands for all items; the first ones cost no more than the last. */
export function ChunkedList(props: ChunkedListProps) {
  const { total, estimatePx, start, item, onChunks, target } = props
  const box = useRef<HTMLDivElement>(null)
  const heights = useRef(new Map<number, number>())
  const anchor = useRef<Anchor>(start === 'bottom' ? 'bottom' : { chunk: 0, offset: 0 })
  /** Where the window was when it was last noted or put; elsewhere it was scrolled to since. */
  const knownTop = useRef(0)
  const [range, setRange] = useState<readonly [number, number]>([-1, -1])
  const [, redraw] = useState(0)
  const chunks = Math.ceil(total / chunkSize)

  const heightOf = (chunk: number) =>
    heights.current.get(chunk) ?? Math.min(chunkSize, total - chunk * chunkSize) * estimatePx
  const topOf = (chunk: number) => {
    let top = 0
    for (let each = 0; each < chunk; each += 1) top += heightOf(each)
    return top
  }

  const look = useCallback(() => {
    const element = box.current
    if (element === null) return
    const from = element.scrollTop - marginPx
    const to = element.scrollTop + element.clientHeight + marginPx
    let first = 0
    let top = 0
    while (first < chunks - 1 && top + heightOf(first) < from) top += heightOf(first++)
    let last = first
    while (last < chunks - 1 && top + heightOf(last) < to) top += heightOf(last++)
    setRange((now) => (now[0] === first && now[1] === last ? now : [first, last]))
  }, [chunks, total])

  const note = () => {
    const element = box.current
    if (element === null) return
    // The browser also tells of where we have put it, maybe after the list has grown.
    if (Math.abs(element.scrollTop - knownTop.current) <= 1) return
    knownTop.current = element.scrollTop
    const isAtBottom = element.scrollHeight - element.scrollTop - element.clientHeight < 4
    if (start === 'bottom' && isAtBottom) {
      anchor.current = 'bottom'
      return
    }
    let chunk = 0
    let top = 0
    while (chunk < chunks - 1 && top + heightOf(chunk) <= element.scrollTop) top += heightOf(chunk++)
    anchor.current = { chunk, offset: element.scrollTop - top }
  }

  // Heights that became known must not move what is read: the window is put back to where it was held.
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    // The browser tells of scrolling with the next frame; what is drawn before must not take it back.
    note()
    const wanted =
      anchor.current === 'bottom' ? element.scrollHeight : topOf(anchor.current.chunk) + anchor.current.offset
    if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted
    knownTop.current = element.scrollTop
    look()
  })

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const watch = new ResizeObserver(() => redraw((turn) => turn + 1))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])

  useEffect(() => {
    if (range[0] >= 0 && total > 0) onChunks(range[0], range[1])
  }, [range, total, onChunks])

  useEffect(() => {
    if (target === undefined) return
    const chunk = Math.floor(target / chunkSize)
    anchor.current = { chunk, offset: ((target % chunkSize) / chunkSize) * heightOf(chunk) - 80 }
    redraw((turn) => turn + 1)
  }, [target])

  const measured = useCallback((chunk: number, height: number) => {
    if (heights.current.get(chunk) === height) return
    heights.current.set(chunk, height)
    redraw((turn) => turn + 1)
  }, [])

  const [first, last] = range
  const shown = first < 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index)
  let below = 0
  for (let each = last + 1; each < chunks; each += 1) below += heightOf(each)
  return (
    <div
      ref={box}
      class="scroller"
      tabIndex={0}
      role="region"
      aria-label={props.label}
      onScroll={() => {
        note()
        look()
      }}
    >
      <div style={{ height: `${first < 0 ? 0 : topOf(first)}px` }} />
      {shown.map((chunk) => (
        <Chunk key={chunk} chunk={chunk} onHeight={measured}>
          {Array.from({ length: Math.min(chunkSize, total - chunk * chunkSize) }, (_, index) =>
            item(chunk * chunkSize + index),
          )}
        </Chunk>
      ))}
      <div style={{ height: `${first < 0 ? total * estimatePx : below}px` }} />
      {props.children}
    </div>
  )
}

function Chunk({
  chunk,
  onHeight,
  children,
}: {
  readonly chunk: number
  readonly onHeight: (chunk: number, height: number) => void
  readonly children: ComponentChildren
}) {
  const element = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const { current } = element
    if (current === null) return
    const tell = () => onHeight(chunk, current.getBoundingClientRect().height)
    tell()
    const watch = new ResizeObserver(tell)
    watch.observe(current)
    return () => watch.disconnect()
  }, [chunk, onHeight])
  return (
    <div ref={element} class="chunk">
      {children}
    </div>
  )
}
