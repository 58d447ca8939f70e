import { describe, expect, it } from 'vitest'
import { plainFileName } from './plain-file-name.ts'

describe('a file name from outside', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\windows\\win.ini', 'win.ini'],
    ['C:\\Users\\me\\Bewerbung Müller.docx', 'Bewerbung Müller.docx'],
    ['报告 📄 – تقرير.pdf', '报告 📄 – تقرير.pdf'],
    ['a\u0000b\r\nc.txt', 'abc.txt'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['e\u0301.txt', 'é.txt'],
    ['..', ''],
    ['folder/', ''],
    ['   ', ''],
  ])('%j is kept as %j', (given, kept) => {
    expect(plainFileName(given)).toBe(kept)
  })

  it('is shortened in front of its extension, never through a character', () => {
    const name = plainFileName(`${'😀'.repeat(300)}.jpeg`)
    expect([...name]).toHaveLength(240)
    expect(name.endsWith('😀.jpeg')).toBe(true)
  })
})
