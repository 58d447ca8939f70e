import { Parser } from 'htmlparser2'

/** One page of a bucket's listing. */
export interface ListPage {
  readonly objects: readonly { readonly key: string; readonly sizeBytes: number; readonly storedAt: Date }[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}

/** Reads S3's answer to a listing (ListObjectsV2). */
export function readListPage(xml: string): ListPage {
  const objects: { key: string; sizeBytes: number; storedAt: Date }[] = []
  let next: string | null = null
  let current = { Key: '', Size: '', LastModified: '' }
  eachText(xml, {
    text: (name, text, parent) => {
      if (parent === 'Contents' && name in current) current = { ...current, [name]: text }
      if (name === 'NextContinuationToken') next = text
    },
    end: (name) => {
      if (name !== 'Contents') return
      objects.push({
        key: current.Key,
        sizeBytes: Number(current.Size),
        storedAt: new Date(current.LastModified),
      })
      current = { Key: '', Size: '', LastModified: '' }
    },
  })
  return { objects, next }
}

/** The text of the first element of this name, '' when there is none. */
export function textOf(xml: string, wanted: string): string {
  let found = ''
  eachText(xml, {
    text: (name, text) => {
      if (name === wanted && found === '') found = text
    },
    end: () => undefined,
  })
  return found
}

function eachText(
  xml: string,
  on: {
    readonly text: (name: string, text: string, parent: string) => void
    readonly end: (name: string) => void
  },
): void {
  const open: string[] = []
  let text = ''
  const parser = new Parser(
    {
      onopentagname: (name) => {
        open.push(name)
        text = ''
      },
      ontext: (more) => {
        text += more
      },
      onclosetag: (name) => {
        open.pop()
        on.text(name, text, open.at(-1) ?? '')
        on.end(name)
        text = ''
      },
    },
    { xmlMode: true },
  )
  parser.end(xml)
}
