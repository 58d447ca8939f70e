import { useEffect, useState } from 'preact/hooks'
import { fetchFile } from '../api/client.ts'
import { formatBytes } from '../ui/format.ts'
import { Icon } from '../ui/icons.tsx'
import { sentenceOf } from '../ui/parts.tsx'
import { type Message, wordsOf } from './shapes.ts'

/** Pictures larger than this wait for a click. */
const shownAtOnceBytes = 5_000_000

/** The file of a message, where it is shown: pictures at once, everything else on a click. */
export function Media({
  device,
  chatJid,
  message,
}: {
  readonly device: string
  readonly chatJid: string
  readonly message: Message
}) {
  const isPicture = message.media_type === 'image' || message.media_type === 'sticker'
  const [isWanted, setWanted] = useState(isPicture && message.file_length <= shownAtOnceBytes)
  const [address, setAddress] = useState<string | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    if (!isWanted) return
    const abort = new AbortController()
    let made: string | null = null
    const query = { phone: chatJid, raw: 1 }
    fetchFile(`message/${encodeURIComponent(message.id)}/download`, { device, query, signal: abort.signal })
      .then((file) => {
        if (abort.signal.aborted) return
        made = URL.createObjectURL(file)
        setAddress(made)
      })
      .catch((thrown: unknown) => {
        if (!abort.signal.aborted) setError(thrown)
      })
    return () => {
      abort.abort()
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [isWanted, device, chatJid, message.id])

  const name = message.filename === '' ? message.media_type : message.filename
  if (error !== null)
    return (
      <div class="file">
        <Icon name="warn" />
        <span>{sentenceOf(error)}</span>
        <button
          type="button"
          class="button plain"
          onClick={() => {
            setError(null)
            setWanted(false)
          }}
        >
          Again
        </button>
      </div>
    )
  if (address === null)
    return (
      <button
        type="button"
        class={isPicture ? 'file picture-wait' : 'file'}
        disabled={isWanted}
        onClick={() => setWanted(true)}
      >
        {isWanted ? (
          <span class="spinner" />
        ) : (
          <Icon name={message.media_type === 'document' ? 'file' : 'down'} />
        )}
        <span class="cut">{isWanted ? `Loading ${name}` : `Load ${name}`}</span>
        {message.file_length > 0 && <span class="soft small">{formatBytes(message.file_length)}</span>}
      </button>
    )
  switch (message.media_type) {
    case 'image':
      return <img class="picture" src={address} alt={wordsOf(message) || 'Photo'} />
    case 'sticker':
      return <img class="sticker" src={address} alt="Sticker" />
    case 'audio':
      return <audio class="sound" controls src={address} aria-label="Audio" />
    case 'video':
    case 'video_note':
      return <video class="picture" controls src={address} aria-label="Video" />
    default:
      return (
        <a class="file" href={address} download={name}>
          <Icon name="down" />
          <span class="cut">Save {name}</span>
        </a>
      )
  }
}
