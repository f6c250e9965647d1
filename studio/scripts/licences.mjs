// Writes which packages the built pages carry, and under which licences, as the lock names them.
import { readFileSync, writeFileSync } from "node:fs";

const OUT = new URL("../../src/zaffre/studio/licences.json", import.meta.url);
const { packages } = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const carried = Object.entries(packages)
  .filter(([path, { dev, optional }]) => path !== "" && !dev && !optional)
  .map(([path, { version, license }]) => ({
    name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version,
    licence: license ?? "",
  }));
writeFileSync(OUT, JSON.stringify(carried.sort((a, b) => a.name.localeCompare(b.name))));
