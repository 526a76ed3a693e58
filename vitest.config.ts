import { defineConfig } from 'vitest/config';

/** Folders whose tests compare two running engines, which are started once for all of them. */
const twin = ['test/twin/**/*.test.ts', 'test/clients/**/*.test.ts', 'test/stories/**/*.test.ts'];

/** Folders whose tests start brokers or clusters of their own: one file at a time. */
const live = ['test/contracts/**/*.test.ts', 'test/commands/**/*.test.ts', 'test/operations/**/*.test.ts'];

/** Stories on blank hosts with systemd and sshd, which are made of namespaces of this machine. */
const lab = ['test/lab/**/*.test.ts'];

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/broker/**'],
      reporter: ['text', 'text-summary'],
      reportOnFailure: true,
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...twin, ...live, ...lab],
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'live',
          include: live,
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'twin',
          include: twin,
          maxWorkers: 1,
          fileParallelism: false,
          globalSetup: 'test/engines/both.ts',
          setupFiles: 'test/engines/leave-nothing.ts',
          testTimeout: 240_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'lab',
          include: lab,
          maxWorkers: 1,
          fileParallelism: false,
          globalSetup: 'test/lab/build-image.ts',
          setupFiles: 'test/lab/say-why.ts',
          testTimeout: 480_000,
          hookTimeout: 480_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
