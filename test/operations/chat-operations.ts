import type { Operation } from './operation.ts'

/** What is promised of the operations under `/chat` and `/chats`. */
export const chatOperations: readonly Operation[] = []
