// Beside every text file of the build its .br and .gz, so that the server only chooses.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const folder = new URL("../../src/zaffre/studio/", import.meta.url);
for (const name of readdirSync(folder, { recursive: true })) {
  if (!/\.(js|css|svg)$/.test(name)) continue;
  const file = new URL(name, folder);
  const content = readFileSync(file);
  writeFileSync(new URL(name + ".gz", folder), gzipSync(content, { level: 9 }));
  writeFileSync(new URL(name + ".br", folder), brotliCompressSync(content));
}
