import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// FENQUN_SERVER: where `npm run dev` finds the server (or the stand-in of dev/).
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../build/web/app',
    emptyOutDir: true,
    target: 'es2020',
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      output: {
        manualChunks: (id) => {
          if (/node_modules\/(echarts|zrender)\//.test(id)) return 'charts';
          if (/node_modules\//.test(id)) return 'parts';
          return undefined;
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.FENQUN_SERVER ?? 'http://127.0.0.1:8600' } },
});
