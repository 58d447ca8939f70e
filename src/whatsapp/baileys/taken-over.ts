import { AppError } from '../../core/app-error.ts'

/** Whether a write failed because another process has the device now. */
export function isTakenOver(error: unknown): error is AppError {
  return error instanceof AppError && error.code === 'device_taken_over'
}
