// Our own line drawings, 24 by 24.

const shapes = {
  devices: 'M7 3h10v18H7zM11 18h2',
  chats: 'M4 5h16v11H9l-5 4z',
  events: 'M3 12h4l3-7 4 14 3-7h4',
  groups:
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19c0-3 3-5 6-5s6 2 6 5M16 11a3 3 0 1 0-1-5.800M17 14c2.500 .4 4 2.300 4 5',
  phones: 'M4 6h7v14H4zM7 17.500h1M13 4h7v14h-5M16 15.500h1',
  key: 'M14 14a4.500 4.500 0 1 0-4-2.500L4 17.500V20h3v-2h2v-2l1.500-1.500M15.500 9v.5',
  try: 'M5 5l6 7-6 7M13 19h6',
  contacts:
    'M6 3h13v18H6zM3.500 8h4M3.500 12h4M3.500 16h4M12.500 12a2.250 2.250 0 1 0 0-4.500 2.250 2.250 0 0 0 0 4.500zM9 17c.4-2 1.800-3 3.500-3s3.100 1 3.500 3',
  channels: 'M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c.6-4 3.800-6 8-6s7.400 2 8 6',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  close: 'M6 6l12 12M18 6L6 18',
  add: 'M12 5v14M5 12h14',
  back: 'M15 5l-7 7 7 7',
  good: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 12l3 3 5-6',
  warn: 'M12 4l9 16H3zM12 10v4M12 17v.5',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500',
  send: 'M4 12L20 4l-6 16-3-7z',
  attach: 'M8 12l6-6a3 3 0 0 1 4.500 4.500l-8 8a5 5 0 0 1-7-7l7-7',
  reply: 'M10 6L4 12l6 6M4 12h9c4 0 7 2 7 6',
  react: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8 14c1 2 2.300 3 4 3s3-1 4-3M9 9v.5M15 9v.5',
  edit: 'M4 20l1-5L16 4l4 4L9 19z',
  remove: 'M5 7h14M10 4h4M7 7l1 13h8l1-13',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
  more: 'M12 5.500v.5M12 12v.5M12 18.500v.5',
  again: 'M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  down: 'M12 4v12M7 11l5 5 5-5M5 20h14',
  mute: 'M6 9v6h3l4 4V5L9 9z',
} as const

export type IconName = keyof typeof shapes

/** A drawing beside a text or in a labelled button; says nothing to screen readers. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.75"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={shapes[name]} />
    </svg>
  )
}

/** The mark of the product. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0f766e" />
      <path
        d="M21.5 12.2A7 7 0 1 0 23 16.5h-6.2"
        fill="none"
        stroke="#fff"
        stroke-width="3"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
