import type { SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from '../core/logger.ts'

/** `ExportResultCode.SUCCESS`, whose package is none of ours. */
const exported = 0

/** Stands before an exporter and tells the log when spans do not get through: once, and again once they do. */
export class SpanExporting implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #logger: Logger
  #isFailing = false

  constructor(exporter: SpanExporter, logger: Logger) {
    this.#exporter = exporter
    this.#logger = logger
  }

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.#exporter.export(spans, (result) => {
      this.#note(Number(result.code) === exported, result.error)
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve()
  }

  #note(isDone: boolean, error: Error | undefined): void {
    if (isDone === !this.#isFailing) return
    this.#isFailing = !isDone
    if (isDone) this.#logger.info({}, 'spans are exported again')
    else
      this.#logger.warn(
        { reason: error?.message ?? 'no answer' },
        'spans cannot be exported; they are dropped until their receiver answers, and nothing else waits for it',
      )
  }
}
