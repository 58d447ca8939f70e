import type { z } from 'zod'

/** The facts of a zod issue that a text needs. */
type Issue = z.core.$ZodIssue

interface FieldProblem {
  readonly field: string
  /** Position within a list field, null for the field itself. */
  readonly index: string | null
  readonly problem: string
}

/**
 * An issue that is shown as a sentence of its own, without field name or final dot; for `superRefine`.
 * Sentences show only when every field by itself is fine.
 */
export function sentence(text: string, input: unknown) {
  return { code: 'custom' as const, message: text, params: { sentence: true }, input }
}

/**
 * One line for everything that is wrong with a request: `<field>: <problem>; <field>: <problem>.`, fields in alphabetical
 * order, problems of list entries nested as `<field>: (<index>: <problem>.)`.
 */
export function validationText(issues: readonly Issue[]): string {
  const problems = new Map<string, FieldProblem[]>()
  for (const issue of issues) {
    if (isSentence(issue)) continue
    const found = fieldProblem(issue)
    problems.set(found.field, [...(problems.get(found.field) ?? []), found])
  }
  if (problems.size === 0) return issues[0]?.message ?? 'the request is not valid'
  const parts = [...problems.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([field, found]) => `${field}: ${problemText(found)}`)
  return `${parts.join('; ')}.`
}

function problemText(found: readonly FieldProblem[]): string {
  const whole = found.find((problem) => problem.index === null)
  if (whole !== undefined) return whole.problem
  const firstPerIndex = new Map(
    found.toReversed().map((problem) => [problem.index ?? '', problem.problem] as const),
  )
  const entries = [...firstPerIndex].sort(([a], [b]) => Number(a) - Number(b))
  return `(${entries.map(([index, problem]) => `${index}: ${problem}`).join('; ')}.)`
}

function fieldProblem(issue: Issue): FieldProblem {
  const [field, index] = issue.path
  return {
    field: String(field ?? 'body'),
    index: index === undefined ? null : String(index),
    problem: problemOf(issue),
  }
}

function problemOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'cannot be blank' : typeProblem(issue.expected)
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'cannot be blank'
        : `must be no less than ${issue.minimum}`
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? `the length must be no more than ${issue.maximum}`
        : `must be no greater than ${issue.maximum}`
    case 'invalid_format':
      return issue.format === 'url' ? 'must be a valid URL' : 'must be in a valid format'
    case 'invalid_value':
      return issue.input === undefined || issue.input === '' ? 'cannot be blank' : 'must be a valid value'
    case 'custom':
      return issue.message
    default:
      return 'must be a valid value'
  }
}

function typeProblem(expected: string): string {
  const names: Record<string, string> = {
    string: 'must be a string',
    number: 'must be a number',
    int: 'must be an integer',
    boolean: 'must be true or false',
    array: 'must be a list',
  }
  return names[expected] ?? 'must be a valid value'
}

function isSentence(issue: Issue): boolean {
  return issue.code === 'custom' && issue.params?.['sentence'] === true
}
