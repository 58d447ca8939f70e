import type { Operation } from './operation.ts'

/** What is promised of the operations under `/user`. */
export const userOperations: readonly Operation[] = []
