import type { Operation } from './operation.ts'

/** What is promised of the operations under `/group`. */
export const groupOperations: readonly Operation[] = []
