import { describe, expect, it } from "vitest";
import { diff, folded, linesOf } from "../src/lib/linediff";

const told = (before: string, after: string) =>
  diff([...before], [...after])
    .map(({ kind, text }) => ({ same: " ", gone: "-", new: "+" })[kind] + text)
    .join("");

describe("lines beside each other", () => {
  it("is the shortest way from one to the other", () => {
    expect(told("abc", "abc")).toBe(" a b c");
    expect(told("abc", "axc")).toBe(" a-b+x c");
    expect(told("", "ab")).toBe("+a+b");
    expect(told("ab", "")).toBe("-a-b");
    expect(told("abcabba", "cbabac").match(/[-+]/g)).toHaveLength(5);
  });

  it("gives back both texts, whatever they are", () => {
    let seed = 7;
    const chance = (most: number) => (seed = (seed * 48271) % 2147483647) % most;
    for (let round = 0; round < 300; round += 1) {
      const before = Array.from({ length: chance(20) }, () => "abcd"[chance(4)] ?? "");
      const after = Array.from({ length: chance(20) }, () => "abcd"[chance(4)] ?? "");
      const lines = diff(before, after);
      expect(lines.filter(({ kind }) => kind !== "new").map(({ text }) => text)).toEqual(before);
      expect(lines.filter(({ kind }) => kind !== "gone").map(({ text }) => text)).toEqual(after);
      expect(lines.flatMap((line) => line.before ?? [])).toEqual(before.map((_, at) => at + 1));
      expect(lines.flatMap((line) => line.after ?? [])).toEqual(after.map((_, at) => at + 1));
    }
  });

  it("does not search for ever", () => {
    const many = (word: string) => Array.from({ length: 20_000 }, (_, at) => `${word} ${at}`);
    const began = performance.now();
    expect(diff(many("a"), many("b"))).toHaveLength(40_000);
    expect(performance.now() - began).toBeLessThan(3000);
  });

  it("folds what is far from a change", () => {
    const before = Array.from({ length: 50 }, (_, at) => String(at));
    const shown = folded(diff(before, before.with(25, "x")));
    expect(shown.map(({ kind }) => kind)).toEqual([
      "fold", "same", "same", "same", "gone", "new", "same", "same", "same", "fold",
    ]); // prettier-ignore
  });

  it("reads lines of either kind of ending", () => {
    expect(linesOf("a\r\nb\n")).toEqual(["a", "b"]);
    expect(linesOf("")).toEqual([]);
  });
});
