import { expect, test } from "vitest";
import { treeOf } from "../src/lib/tree";

test("paths become folders, in their order", () => {
  const root = treeOf(["a/b/c.txt", "a/d.txt", "e.txt"].map((path) => ({ path, size: 1 })));
  expect(root.files.map(({ path }) => path)).toEqual(["e.txt"]);
  const [a] = root.folders;
  expect([a?.name, a?.path, a?.files.length]).toEqual(["a", "a/", 1]);
  expect(a?.folders.map(({ name, path }) => [name, path])).toEqual([["b", "a/b/"]]);
});
