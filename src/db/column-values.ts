// What comes from the network must not be able to make a write fail: PostgreSQL refuses NUL characters and numbers
// that do not fit, and a write that can never succeed would come again for ever.

const maxInt4 = 2_147_483_647

/** A text as every engine can hold it: without NUL characters. */
export function toTextColumn(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '') : text
}

/** A whole number as an INTEGER column can hold it; 0 for what is none. */
export function toIntegerColumn(value: number): number {
  return Number.isFinite(value) ? Math.max(-maxInt4, Math.min(maxInt4, Math.trunc(value))) : 0
}

/** A time or size as a BIGINT column can hold it; 0 for what is none. */
export function toBigintColumn(value: number): number {
  const max = Number.MAX_SAFE_INTEGER
  return Number.isFinite(value) ? Math.max(-max, Math.min(max, Math.trunc(value))) : 0
}
