import { Lab, type Subject } from './lab.ts'
import type { Row } from './report.ts'

/** Memory of the process with idle linked devices: at each of `sizes`, and what one more costs between the last two. */
export async function measureMemory(
  open: (lab: Lab) => Promise<Subject>,
  sizes: readonly number[],
  note: (text: string) => void,
): Promise<Row[]> {
  const lab = await Lab.open()
  const subject = await open(lab)
  const rows: Row[] = []
  const rss: number[] = []
  let linked = 0
  try {
    for (const size of sizes) {
      await subject.link(await lab.people(size - linked))
      linked = size
      const { rssMb } = await subject.stats()
      rss.push(rssMb)
      rows.push({ what: `RSS with ${size} idle devices`, unit: 'MB', subject: subject.name, value: rssMb })
      note(`${subject.name}: ${size} devices: ${rssMb.toFixed(0)} MB`)
    }
  } finally {
    await subject.stop()
    await lab.close()
  }
  const [from, to] = [sizes.at(-2) ?? 0, sizes.at(-1) ?? 1]
  rows.push({
    what: `RSS per further idle device, ${from} to ${to}`,
    unit: 'MB',
    subject: subject.name,
    value: ((rss.at(-1) ?? 0) - (rss.at(-2) ?? 0)) / (to - from),
    ...(subject.name === 'gatewa' ? { aim: { below: 2 } } : {}),
  })
  return rows
}
