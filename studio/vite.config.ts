import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Built into the Python package, which serves it at /studio/ (src/zaffre/api/studio.py). */
export default defineConfig({
  base: "/studio/",
  plugins: [react()],
  build: {
    outDir: "../src/zaffre/studio",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  test: { environment: "jsdom", include: ["tests/**/*.test.{ts,tsx,mjs}"] },
});
