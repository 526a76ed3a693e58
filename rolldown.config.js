import { defineConfig } from 'rolldown';

/**
 * What the executables of the bundled engine run: a few files in the place of the broker's hundreds and of those
 * of the HTTP server's packages. A node starts in half the time and in less memory. What is loaded when it is
 * needed (plugins, a tool's command) stays in files of its own.
 */
export default defineConfig({
  input: {
    serve: 'dist/broker/tools/server/serve.js',
    node: 'dist/broker/node.js',
    logger: 'dist/broker/logger.js',
    product: 'dist/broker/product.js',
    run: 'dist/broker/tools/run.js',
  },
  platform: 'node',
  output: {
    dir: 'dist/runtime',
    chunkFileNames: '[name].js',
  },
});
