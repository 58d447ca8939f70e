// Owns: the part of the address behind #. Hashes work under every base path and behind every proxy.
import { signal } from '@preact/signals'

/** The present place, as its decoded parts: `#/devices/main` is `['devices', 'main']`. */
export const place = signal<readonly string[]>(read())

window.addEventListener('hashchange', () => {
  place.value = read()
})

/** The link to a place. */
export function hrefOf(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`
}

/** Goes to a place. */
export function goTo(...parts: readonly string[]): void {
  location.hash = hrefOf(...parts)
}

function read(): string[] {
  return location.hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    // A hand-typed % that encodes nothing stands for itself.
    return part
  }
}
