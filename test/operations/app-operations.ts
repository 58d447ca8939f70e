import type { Operation } from './operation.ts'

/** What is promised of the operations under `/app` and `/devices`. */
export const appOperations: readonly Operation[] = []
