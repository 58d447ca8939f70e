/** What one check of `doctor` found. `warn`: it works, but somebody should know. `remedy` says what to do. */
export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly detail: string
  readonly remedy?: string
}
