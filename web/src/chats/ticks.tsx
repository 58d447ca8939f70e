import type { MessageStatus } from './shapes.ts'

const words: Readonly<Record<MessageStatus, string>> = {
  pending: 'Sending',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
  played: 'Played',
  failed: 'Not sent',
  unknown: 'Nobody knows whether it arrived',
}

/** How far an own message has come. */
export function Ticks({ status }: { readonly status: MessageStatus }) {
  return (
    <span class={`ticks ${status}`} role="img" aria-label={words[status]} title={words[status]}>
      <svg
        viewBox="0 0 22 14"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d={shapeOf(status)} stroke-linejoin="round" />
      </svg>
    </span>
  )
}

function shapeOf(status: MessageStatus): string {
  switch (status) {
    case 'pending':
      return 'M11 2a5 5 0 1 0 .1 0M11 4.500v3l2 1'
    case 'failed':
    case 'unknown':
      return 'M11 2v6M11 11.500v.1'
    case 'sent':
      return 'M5 7.500l4 4 8-9'
    case 'delivered':
    case 'read':
    case 'played':
      return 'M1 7.500l4 4 8-9M10 10.500l1 1 8-9'
  }
}
