import { Parser } from 'htmlparser2'

/** What a web page says of itself. */
export interface PageFacts {
  /** '' when it has none. */
  readonly title: string
  readonly description: string
  readonly siteName: string
  /** As written, perhaps relative; '' when it names none. */
  readonly image: string
}

const mostTitle = 300
const mostDescription = 1_000

/** Reads a page's Open Graph, Twitter and plain tags; Open Graph wins. A page that is cut off is read as far as it goes. */
export function readPage(html: string): PageFacts {
  const named = new Map<string, string>()
  let title = ''
  let depthOfTitle = 0
  let pictures = 0
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'svg') pictures += 1
      if (name === 'title' && pictures === 0 && title === '') depthOfTitle = 1
      if (name !== 'meta') return
      const key = (attributes['property'] ?? attributes['name'] ?? attributes['itemprop'] ?? '')
        .trim()
        .toLowerCase()
      const content = tidy(attributes['content'] ?? '')
      // The first counts: pages list further pictures after their main one.
      if (key !== '' && content !== '' && !named.has(key)) named.set(key, content)
    },
    ontext(text) {
      if (depthOfTitle > 0) title += text
    },
    onclosetag(name) {
      if (name === 'svg') pictures -= 1
      if (name === 'title') depthOfTitle = 0
    },
  })
  parser.end(html)
  const first = (...keys: string[]) =>
    keys.map((key) => named.get(key) ?? '').find((value) => value !== '') ?? ''
  return {
    title: shortened(first('og:title', 'twitter:title') || tidy(title), mostTitle),
    description: shortened(first('og:description', 'twitter:description', 'description'), mostDescription),
    siteName: shortened(first('og:site_name', 'application-name'), mostTitle),
    image: first('og:image:secure_url', 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src'),
  }
}

/**
 * Decodes a page by, in this order, its byte order mark, the charset of its content type, its own tag, and as UTF-8. Names
 * mean what they mean to browsers: `iso-8859-1` is windows-1252, for instance.
 */
export function decodePage(bytes: Buffer, contentType: string): string {
  const said = /charset\s*=\s*["']?\s*([\w.:-]+)/i.exec(contentType)?.[1]
  const tag = /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]+)/i
  // Who could read the tag byte by byte has no page in UTF-16 before him.
  const tagged = tag.exec(bytes.toString('latin1', 0, 4_096))?.[1]?.replace(/^utf-16.*$/i, 'utf-8')
  const names = [markOf(bytes), said, tagged].filter((name) => name !== undefined)
  const decoder = names.map(decoderOf).find((found) => found !== null) ?? new TextDecoder()
  // It takes the mark off.
  return decoder.decode(bytes)
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined
}

function decoderOf(name: string): InstanceType<typeof TextDecoder> | null {
  try {
    return new TextDecoder(name)
  } catch {
    // Nobody has such a charset; there is no other way to ask.
    return null
  }
}

function tidy(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
}

function shortened(text: string, most: number): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
