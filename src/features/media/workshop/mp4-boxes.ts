import { type FileHandle, open } from 'node:fs/promises'

/**
 * Whether an MP4 or QuickTime file is cut off: a box at its top level says that it goes on past the end. ffmpeg reads such
 * files without complaint and makes a shorter video.
 */
export async function isCutOff(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    return await endsTooSoon(file, (await file.stat()).size)
  } finally {
    await file.close()
  }
}

async function endsTooSoon(file: FileHandle, end: number): Promise<boolean> {
  const head = Buffer.alloc(16)
  for (let at = 0; at < end; ) {
    const { bytesRead } = await file.read(head, 0, 16, at)
    if (bytesRead < 8) return true
    const short = head.readUInt32BE(0)
    // 0: to the end of the file; 1: a long size follows.
    if (short === 0) return false
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short
    if (size < 8 || at + size > end) return true
    at += size
  }
  return false
}
