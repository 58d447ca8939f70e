/**
 * Draws the picture of a QR code with characters, two modules per character. Works from the picture that the API
 * offers, so that it needs nothing that other clients do not have.
 */
export async function drawQr(png: Uint8Array, options: { colours: boolean }): Promise<string> {
  const modules = await readModules(png)
  const isDark = (row: number, column: number) => modules[row]?.[column] === true
  const quiet = 2
  const lines: string[] = []
  for (let row = -quiet; row < modules.length + quiet; row += 2) {
    let line = ''
    for (let column = -quiet; column < modules.length + quiet; column++) {
      const upper = isDark(row, column)
      const lower = isDark(row + 1, column)
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' '
    }
    // Black on white whatever the terminal's colours are: phones do not read inverted codes.
    lines.push(options.colours ? `\x1b[30;107m${line}\x1b[0m` : line)
  }
  return lines.join('\n')
}

/** The code's modules, true where dark, read from the middle of each. */
async function readModules(png: Uint8Array): Promise<readonly (readonly boolean[])[]> {
  const { default: sharp } = await import('sharp')
  const { data, info } = await sharp(png)
    .flatten({ background: 'white' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const isDark = (x: number, y: number) => (data[(y * info.width + x) * info.channels] ?? 255) < 128
  const start = data.findIndex((_, at) => at % info.channels === 0 && (data[at] ?? 255) < 128) / info.channels
  if (start < 0) throw new Error('the QR picture is empty')
  const left = start % info.width
  const top = Math.floor(start / info.width)
  // The first dark line is the top of two finder patterns: seven modules, and the last one ends where the code ends.
  let finder = 0
  while (isDark(left + finder, top)) finder++
  let right = info.width - 1
  while (!isDark(right, top)) right--
  const count = Math.round((right - left + 1) / (finder / 7))
  const size = (right - left + 1) / count
  const middle = (index: number) => Math.floor((index + 0.5) * size)
  return Array.from({ length: count }, (_, row) =>
    Array.from({ length: count }, (_, column) => isDark(left + middle(column), top + middle(row))),
  )
}
