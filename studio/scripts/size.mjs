// Fails where the first load, a lazy chunk or the whole build weighs more than it may (kB after gzip).
import { readFileSync, readdirSync, statSync } from "node:fs";

const BUDGET = { first: 230, lazy: 180, whole: 4096 };
const folder = new URL("../../src/zaffre/studio/", import.meta.url);
const kilobytes = (name) => statSync(new URL(name, folder)).size / 1024;
const page = readFileSync(new URL("index.html", folder), "utf8");
const first = [...page.matchAll(/(?:src|href)="\/studio\/([^"]+\.(?:js|css))"/g)].map((found) => found[1]);
const names = readdirSync(folder, { recursive: true }).filter((name) => statSync(new URL(name, folder)).isFile());
const lazy = names.filter((name) => name.endsWith(".js.gz") && !first.includes(name.slice(0, -3)));
const sum = (list) => list.reduce((total, name) => total + kilobytes(name), 0);
const told = [
  ["first load", sum(first.map((name) => name + ".gz")), BUDGET.first],
  ["largest lazy chunk", Math.max(0, ...lazy.map(kilobytes)), BUDGET.lazy],
  ["whole folder", sum(names), BUDGET.whole],
];
for (const [what, found, most] of told) console.log(`${what}: ${found.toFixed(1)} of ${most} kB`);
if (told.some(([, found, most]) => found > most)) process.exit(1);
