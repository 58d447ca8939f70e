/** A time as the reference writes it in sentences: `2025-12-20 10:11:12 +0000 UTC`. */
export function toServerTime(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`
}
