/** The LIKE pattern (escaped with a backslash) for a lower-case text that contains `part`. */
export function containing(part: string): string {
  return `%${part.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
}
