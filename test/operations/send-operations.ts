import type { Operation } from './operation.ts'

/** What is promised of the operations under `/send`. */
export const sendOperations: readonly Operation[] = []
