import { fileTypeFromFile } from 'file-type'
import { toError } from '../../../core/app-error.ts'

/** The content type that a file's bytes show, '' when they show none (plain text, or nothing known). */
export async function typeOfContent(path: string): Promise<string> {
  try {
    return (await fileTypeFromFile(path))?.mime ?? ''
  } catch (thrown) {
    const error = toError(thrown)
    // Files of a few bytes, or cut off inside a header, end before they could be told.
    if (error.name === 'EndOfStreamError' || error instanceof RangeError) return ''
    throw error
  }
}

/** The type in words for a sentence, by what a file shows: `application/zip`, or `unknown content`. */
export function described(mimeType: string): string {
  return mimeType === '' ? 'unknown content' : mimeType
}
