// Fails where the first load of the jobs list, a lazy chunk or the whole build weighs more than it may (kB after gzip).
import { readFileSync, readdirSync, statSync } from "node:fs";

const BUDGET = { first: 230, lazy: 180, whole: 4096 };
const FIRST = ["index.html", "src/pages/jobs/JobsPage.tsx"];
const folder = new URL("../../src/zaffre/studio/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8"));

/** A chunk, what it imports, and what belongs to them. */
function needed(key, seen = new Set()) {
  const { file, css = [], imports = [] } = manifest[key];
  for (const name of [file, ...css]) seen.add(name);
  for (const next of imports) if (!seen.has(manifest[next].file)) needed(next, seen);
  return seen;
}

const kilobytes = (name) => statSync(new URL(name, folder)).size / 1024;
const sum = (names) => names.reduce((total, name) => total + kilobytes(name), 0);
const first = [...FIRST.reduce((seen, key) => needed(key, seen), new Set())];
const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(new URL(name, folder)).isFile());
const lazy = names.filter((name) => name.endsWith(".js.gz") && !first.includes(name.slice(0, -3)));
const told = [
  ["first load", sum(first.map((name) => `${name}.gz`)), BUDGET.first],
  ["largest lazy chunk", Math.max(0, ...lazy.map(kilobytes)), BUDGET.lazy],
  ["whole folder", sum(names), BUDGET.whole],
];
for (const [what, found, most] of told) console.log(`${what}: ${found.toFixed(1)} of ${most} kB`);
if (told.some(([, found, most]) => found > most)) process.exit(1);
