import { defineConfig } from 'vite'

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2023',
    // The polyfill would be for browsers that the target excludes.
    modulePreload: { polyfill: false },
    // A data: URL would be refused by the content security policy.
    assetsInlineLimit: 0,
  },
  // `vite dashboard` beside a stack that `npm start` brought up.
  server: { proxy: { '/api': 'http://127.0.0.1:8787', '/v1': 'http://127.0.0.1:8787' } },
})
