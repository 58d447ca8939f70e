import type { Operation } from './operation.ts'

/** What is promised of the operations under `/newsletter`. */
export const newsletterOperations: readonly Operation[] = []
