// Every kind that can be sent besides text: where it is sent to, and what is asked for.

export interface SendField {
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** `lines`: one value per line, sent as a list. */
  readonly kind: 'text' | 'lines' | 'check'
  readonly isRequired: boolean
}

/** How one kind is sent. */
export interface SendForm {
  readonly label: string
  readonly path: string
  readonly fields: readonly SendField[]
  /** The form's field for the file, where there is one. */
  readonly fileField?: string
  readonly accept?: string
}

const text = (name: string, label: string, hint?: string): SendField => ({
  name,
  label,
  ...(hint === undefined ? {} : { hint }),
  kind: 'text',
  isRequired: true,
})
const caption: SendField = { name: 'caption', label: 'Caption', kind: 'text', isRequired: false }
const check = (name: string, label: string): SendField => ({ name, label, kind: 'check', isRequired: false })

export const sendKinds = {
  image: {
    label: 'Photo',
    path: 'send/image',
    fileField: 'image',
    accept: 'image/*',
    fields: [caption, check('hd', 'In high quality'), check('view_once', 'Can be looked at once only')],
  },
  video: {
    label: 'Video',
    path: 'send/video',
    fileField: 'video',
    accept: 'video/*',
    fields: [
      caption,
      check('gif_playback', 'Plays like a GIF'),
      check('view_once', 'Can be looked at once only'),
    ],
  },
  audio: {
    label: 'Audio',
    path: 'send/audio',
    fileField: 'audio',
    accept: 'audio/*',
    fields: [check('ptt', 'As a voice message')],
  },
  file: { label: 'File', path: 'send/file', fileField: 'file', fields: [caption] },
  sticker: { label: 'Sticker', path: 'send/sticker', fileField: 'sticker', accept: 'image/*', fields: [] },
  location: {
    label: 'Location',
    path: 'send/location',
    fields: [
      text('latitude', 'Latitude', 'Degrees north, as in -7.797068'),
      text('longitude', 'Longitude', 'Degrees east'),
    ],
  },
  contact: {
    label: 'Contact',
    path: 'send/contact',
    fields: [text('contact_name', 'Name'), text('contact_phone', 'Phone number')],
  },
  link: {
    label: 'Link with a preview',
    path: 'send/link',
    fields: [text('link', 'Link'), text('caption', 'Text')],
  },
  poll: {
    label: 'Poll',
    path: 'send/poll',
    fields: [
      text('question', 'Question'),
      { name: 'options', label: 'Options', hint: 'One per line', kind: 'lines', isRequired: true },
      {
        name: 'max_answer',
        label: 'How many each may choose',
        hint: '1 when left empty',
        kind: 'text',
        isRequired: false,
      },
    ],
  },
} as const satisfies Readonly<Record<string, SendForm>>

export type SendKind = keyof typeof sendKinds

/** The kind that a file is best sent as. */
export function kindOfFile({ type }: Pick<File, 'type'>): SendKind {
  const [family] = type.split('/')
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'file'
}

/** The body of the request: a form where a file goes along, else JSON. */
export function toPayload(
  kind: SendKind,
  common: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string | boolean>>,
  file: File | null,
): { readonly form: FormData } | { readonly json: object } {
  const form: SendForm = sendKinds[kind]
  const given = form.fields.flatMap((field) => {
    const value = values[field.name]
    return value === undefined || value === '' ? [] : [[field, value] as const]
  })
  if (form.fileField !== undefined) {
    const data = new FormData()
    for (const [name, value] of Object.entries(common)) data.set(name, value)
    for (const [field, value] of given) data.set(field.name, String(value))
    if (file !== null) data.set(form.fileField, file, file.name)
    return { form: data }
  }
  const json: Record<string, unknown> = { ...common }
  for (const [field, value] of given)
    json[field.name] = field.kind === 'lines' ? linesOf(String(value)) : value
  if (kind === 'poll') json['max_answer'] = Number(values['max_answer'] ?? '') || 1
  return { json }
}

function linesOf(value: string): string[] {
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
