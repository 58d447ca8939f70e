import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'src/**/*.test.ts',
      'simulator/**/*.test.ts',
      'packages/**/*.test.ts',
      'sdk/**/*.test.ts',
      'test/**/*.test.ts',
    ],
    globalSetup: ['test/postgres-global-setup.ts'],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // A fact that is waited for may take its time on a busy machine.
    expect: { poll: { timeout: 15_000 } },
    pool: 'forks',
    maxWorkers: 2,
  },
})
