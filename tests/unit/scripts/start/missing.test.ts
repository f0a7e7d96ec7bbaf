import { tmpdir } from 'node:os'
import { expect, test } from '@jest/globals'
import { freeShmBytes, missing } from '#scripts/start/missing.ts'

test('plain processes never have a network and an image of their own', () => {
  expect(missing({ limits: true, namespaces: true, shmBytes: 1e9 })).toBe('network image')
})

test('what is missing on this machine is named too, a /dev/shm of 64 MiB among it', () => {
  expect(missing({ limits: false, namespaces: false, shmBytes: 64 * 1024 * 1024 })).toBe('limits namespaces shm network image')
})

test('a /dev/shm that is not there has no room', () => {
  expect(freeShmBytes('/nowhere')).toBe(0)
  expect(freeShmBytes(tmpdir())).toBeGreaterThan(0)
})
