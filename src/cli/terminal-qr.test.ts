import { create, toBuffer } from 'qrcode'
import { describe, expect, it } from 'vitest'
import { drawQr } from './terminal-qr.ts'

/** Reads drawn modules back, without the quiet zone. */
function modulesOf(drawing: string): boolean[][] {
  const rows: boolean[][] = []
  for (const line of drawing.split('\n')) {
    rows.push([...line].map((character) => character === '█' || character === '▀'))
    rows.push([...line].map((character) => character === '█' || character === '▄'))
  }
  const width = rows[0]?.length ?? 0
  return rows.slice(2, width - 2).map((row) => row.slice(2, -2))
}

describe('a QR code in the terminal', () => {
  it.each(['short', '2@'.padEnd(80, 'abc/+='), `2@${'Qw3/'.repeat(55)},a,b,c`])(
    'shows every module of %s',
    async (text) => {
      const options = { errorCorrectionLevel: 'M' } as const
      const png = await toBuffer(text, { ...options, width: 512 })
      const { size, data } = create(text, options).modules
      const expected = Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => data[row * size + column] === 1),
      )
      expect(modulesOf(await drawQr(png, { colours: false }))).toEqual(expected)
    },
  )

  it('is black on white whatever the colours of the terminal are', async () => {
    const drawing = await drawQr(await toBuffer('short', { width: 512 }), { colours: true })
    expect(
      drawing.split('\n').every((line) => line.startsWith('\x1b[30;107m') && line.endsWith('\x1b[0m')),
    ).toBe(true)
  })
})
