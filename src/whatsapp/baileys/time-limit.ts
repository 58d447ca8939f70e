import type { AppError } from '../../core/app-error.ts'
import type { Clock } from '../../core/clock.ts'

/** Resolves or rejects like `work`, or rejects with `late` when that takes longer than `limitMs`. `work` itself goes on. */
export async function within<T>(clock: Clock, limitMs: number, work: Promise<T>, late: AppError): Promise<T> {
  let stopTimer: () => void = () => undefined
  const limit = new Promise<never>((_resolve, reject) => {
    stopTimer = clock.after(limitMs, () => reject(late))
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    stopTimer()
  }
}
