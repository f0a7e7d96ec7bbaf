import { jest } from '@jest/globals'

/** Each look at a container is a command of a second, under load of several. */
jest.setTimeout(60_000)
