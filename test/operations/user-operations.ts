import { myGroupsOperation } from './group-operations.ts'
import type { Operation } from './operation.ts'

/** What is promised of the operations under `/user`. */
export const userOperations: readonly Operation[] = [myGroupsOperation]
