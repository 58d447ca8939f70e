import type { Operation } from './operation.ts'

/** What is promised of the operations under `/message`. */
export const messageOperations: readonly Operation[] = []
