// Writes src/api/schema.d.ts from openapi.json, which tools/studio_api.py takes from the server: `npm run types`.
// With a folder as argument it writes there instead; the test that holds the two together asks for that.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const here = new URL(".", import.meta.url);
const target = process.argv[2] ?? new URL("../src/api/schema.d.ts", here);
const document = JSON.parse(readFileSync(new URL("../openapi.json", here), "utf8"));
const head =
  "// Made by scripts/gen-api.mjs from openapi.json, and that from the server: change the server, not this.\n\n";
writeFileSync(target, head + astToString(await openapiTS(document)));
