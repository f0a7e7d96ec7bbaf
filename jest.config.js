// Four projects: unit (no network, no engine), integration (a real Postgres and Redis), page (the lab's page in a real
// Chromium, its data replayed), e2e (the real compose.yaml).
const typescript = {
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/typescript.js' }
}

export default {
  projects: [
    { ...typescript, displayName: 'unit', testMatch: ['<rootDir>/tests/unit/**/*.test.ts'] },
    {
      ...typescript,
      displayName: 'integration',
      testMatch: ['<rootDir>/tests/integration/**/*.test.ts'],
      globalSetup: '<rootDir>/tests/support/stores/setup.ts',
      globalTeardown: '<rootDir>/tests/support/stores/teardown.ts'
    },
    { ...typescript, displayName: 'page', testMatch: ['<rootDir>/tests/page/**/*.test.ts'] },
    {
      ...typescript,
      displayName: 'e2e',
      testMatch: ['<rootDir>/tests/e2e/**/*.test.ts'],
      testEnvironment: '<rootDir>/tests/e2e/support/environment.ts',
      setupFilesAfterEnv: ['<rootDir>/tests/e2e/support/patience.ts'],
      globalSetup: '<rootDir>/tests/e2e/support/setup.ts',
      globalTeardown: '<rootDir>/tests/e2e/support/teardown.ts'
    }
  ]
}
