import type { MessageId } from '../../core/ids.ts'
import { errorClass, type Span, type TraceParent, type Tracing } from '../../core/tracing.ts'
import type { Receipt } from '../../whatsapp/whatsapp-event.ts'

/** Runs what a receipt does for one message, or for all of them, in the trace of the send it is about. */
export interface ReceiptTrace {
  of<T>(id: MessageId, work: () => Promise<T>): Promise<T>
  /** Of the first message whose send was traced, since an event of several ids can have but one trace. */
  ofAll<T>(work: () => Promise<T>): Promise<T>
}

/** For receipts of messages that nobody traced. */
export const noReceiptTrace: ReceiptTrace = { of: (_id, work) => work(), ofAll: (work) => work() }

/** A receipt goes on with the trace of every message it is about, however much later it comes: a span in each. */
export async function withReceiptTrace(
  tracing: Tracing,
  traces: ReadonlyMap<MessageId, TraceParent>,
  receipt: Receipt,
  work: (trace: ReceiptTrace) => Promise<void>,
): Promise<void> {
  const spans = new Map([...traces].map(([id, parent]) => [id, begin(tracing, parent, receipt)]))
  const [first] = spans.values()
  const trace: ReceiptTrace = {
    of: (id, job) => within(tracing, spans.get(id), job),
    ofAll: (job) => within(tracing, first, job),
  }
  const end = (error?: string) => {
    for (const span of spans.values()) span.end({ error })
  }
  try {
    await work(trace)
    end()
  } catch (thrown) {
    end(errorClass(thrown))
    throw thrown
  }
}

function begin(tracing: Tracing, parent: TraceParent, { receiptType, fromDevice }: Receipt): Span {
  return tracing.begin({
    name: 'receipt',
    kind: 'consumer',
    parent,
    facts: {
      'messaging.system': 'whatsapp',
      'messaging.operation.name': 'receipt',
      'messaging.operation.type': 'settle',
      'gatewa.receipt.type': receiptType,
      'gatewa.receipt.from_companion': fromDevice !== 0,
    },
  })
}

function within<T>(tracing: Tracing, span: Span | undefined, work: () => Promise<T>): Promise<T> {
  return span === undefined ? work() : tracing.within(span, work)
}
