import type { Operation } from './operation.ts'

/** What is promised of `POST /group/photo`. */
export const groupPhotoOperations: readonly Operation[] = []
