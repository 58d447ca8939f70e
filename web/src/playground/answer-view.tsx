import { useEffect, useState } from 'preact/hooks'
import { CopyButton } from '../ui/copy-button.tsx'
import { formatBytes } from '../ui/format.ts'

/** What came back. */
export interface Answer {
  readonly status: number
  readonly statusText: string
  readonly tookMs: number
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly type: string
  readonly body: Blob
  /** The body as a text, where it is one. */
  readonly text: string | null
}

const interesting =
  /^(content-(type|length|range|disposition)|x-request-id|retry-after|ratelimit-|deprecation|location|etag|idempotency)/
/** More than so much of a text is not shown. */
const mostShown = 200_000

/** Reads an answer to its end. */
export async function readAnswer(response: Response, startedAt: number): Promise<Answer> {
  const body = await response.blob()
  const type = response.headers.get('content-type') ?? ''
  const isText = /^text\/|json|xml|yaml/.test(type) || body.size === 0
  const text = isText ? await body.text() : null
  return {
    status: response.status,
    statusText: response.statusText,
    tookMs: Math.round(performance.now() - startedAt),
    headers: [...response.headers].filter(([name]) => interesting.test(name)),
    type,
    body,
    text: text === null || !type.includes('json') ? text : pretty(text),
  }
}

/** Shows an answer: its status, its headers of interest, and its body as what it is. */
export function AnswerView({ answer }: { readonly answer: Answer }) {
  const { status, statusText, tookMs, headers, text } = answer
  return (
    <section class="card stack" aria-label="Answer">
      <div class="row">
        <h2 class="grow">Answer</h2>
        <span class={`badge ${status < 400 ? 'good' : 'bad'}`} role="status">
          {status} {statusText}
        </span>
        <span class="soft small">{tookMs} ms</span>
      </div>
      <dl class="facts small">
        {headers.map(([name, value]) => [
          <dt key={name}>{name}</dt>,
          <dd key={`${name} value`} class="mono">
            {value}
          </dd>,
        ])}
      </dl>
      {text === null ? (
        <FileBody answer={answer} />
      ) : (
        text !== '' && (
          <>
            <pre class="code" tabIndex={0} aria-label="What was answered">
              {text.slice(0, mostShown)}
            </pre>
            <div class="row">
              <CopyButton text={text} label="Copy the answer" />
              {text.length > mostShown && (
                <span class="soft">
                  The first {formatBytes(mostShown)} of {formatBytes(text.length)}.
                </span>
              )}
            </div>
          </>
        )
      )}
    </section>
  )
}

/** A picture is shown, anything else can be saved. */
function FileBody({ answer: { body, type } }: { readonly answer: Answer }) {
  const [url, setUrl] = useState<string | null>(null)
  useEffect(() => {
    const made = URL.createObjectURL(body)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [body])
  if (url === null) return null
  return (
    <>
      {type.startsWith('image/') && <img class="picture" src={url} alt="The answer" />}
      <a class="button" href={url} download="answer">
        Save {formatBytes(body.size)} of {type === '' ? 'something' : type}
      </a>
    </>
  )
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    // It says that it is JSON and is not: shown as it came.
    return text
  }
}
