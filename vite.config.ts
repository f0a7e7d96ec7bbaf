// The lab's page: services/lab/web → dist/web, files named by their content. No inline script or style: the lab's CSP
// forbids both. In the mode `sample` the page has the chapters of its tests instead of the tutorial's.
import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { tutorialPages } from './scripts/tutorial-pages/plugin.ts'

const lab = process.env['LAB_URL'] ?? 'http://127.0.0.1:8080'

export default defineConfig(({ mode }) => ({
  root: 'services/lab/web',
  base: './',
  plugins: [tutorialPages(resolve(mode === 'sample' ? 'tests/fixtures/tutorial-page' : 'tutorial'))],
  build: {
    outDir: mode === 'sample' ? '../../../dist/web-sample' : '../../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    assetsInlineLimit: 0,
    // It would complain that the tutorial takes most of the time, which it may.
    rolldownOptions: { checks: { pluginTimings: false } }
  },
  server: {
    // `npx vite` shows the page while it is being written; what it asks for comes from a running lab, or from the
    // replay. The lab refuses foreign hosts and origins, so these are its own.
    proxy: { '/api': { target: lab, changeOrigin: true, headers: { origin: lab } } },
    // The tutorial is outside of the page's folder.
    fs: { allow: [resolve('.')] }
  }
}))
