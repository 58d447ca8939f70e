const longest = 240

/**
 * A file name as somebody from outside gave it, without folders, control characters and what confuses its direction; any
 * other character stays. '' when nothing is left.
 */
export function plainFileName(given: string): string {
  const last = given.split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '')
    .normalize('NFC')
    .trim()
  return /^\.*$/.test(clean) ? '' : shortened(clean)
}

/** Cuts in front of the extension, and never through a character. */
function shortened(name: string): string {
  const characters = [...name]
  if (characters.length <= longest) return name
  const extension = /\.[^.\s]{1,10}$/.exec(name)?.[0] ?? ''
  return characters.slice(0, longest - extension.length).join('') + extension
}
