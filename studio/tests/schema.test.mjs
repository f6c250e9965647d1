// @vitest-environment node
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..");

test("the types are those of openapi.json", () => {
  const made = join(mkdtempSync(join(tmpdir(), "zaffre-")), "schema.d.ts");
  execFileSync(process.execPath, [join(root, "scripts/gen-api.mjs"), made]);
  expect(readFileSync(join(root, "src/api/schema.d.ts"), "utf8")).toBe(readFileSync(made, "utf8"));
});

test("the lock names no registry", () => {
  expect(readFileSync(join(root, "package-lock.json"), "utf8")).not.toMatch(/"resolved"|https?:\/\/[^"]*\/-\//);
});
