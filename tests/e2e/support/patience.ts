import { jest } from '@jest/globals'

/** Each look at a container is a command that takes a second, or several under load. */
jest.setTimeout(60_000)
