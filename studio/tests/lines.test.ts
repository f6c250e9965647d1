import { expect, test } from "vitest";
import { ending, grown, nextWith, nextWrong, NONE } from "../src/logs/lines";

const after = (...pieces: string[]) => pieces.reduce(grown, NONE).whole;

test("a line that comes in two pieces is one", () => {
  expect(after("one\ntw", "o\nthree")).toEqual(["one", "two", "three"]);
});

test("an empty line stays, the end of the file is none", () => {
  expect(after("a\n\nb\n")).toEqual(["a", "", "b"]);
  expect(after("a\n", "\n", "b\n")).toEqual(["a", "", "b"]);
});

test("a progress bar is one line, as in a terminal", () => {
  expect(after("10%\r20%\r", "30%\rdone\nnext\r\n")).toEqual(["done", "next"]);
  expect(after("20%\r", "30%\r", "40%")).toEqual(["40%"]);
  expect(after("one\r", "\ntwo")).toEqual(["one", "two"]);
});

test("errors and words are found, and after the last the first again", () => {
  const lines = ["start", "ValueError: no", "x", "Traceback (most recent call last)", "terrors"];
  expect(nextWrong(lines, 0)).toBe(1);
  expect(nextWrong(lines, 2)).toBe(3);
  expect(nextWrong(["validation error 0.2", "error: no"], 0)).toBe(1);
  expect(nextWrong(lines, 4)).toBe(-1);
  expect(nextWith(lines, "START", 3)).toBe(0);
  expect(nextWith(lines, "nowhere", 0)).toBe(-1);
});

test("the end of a file is its whole lines, and no half character", () => {
  const bytes = new TextEncoder().encode("half\nwhole ü\nlast €");
  expect(ending(bytes, 100, 100 + bytes.length)).toEqual({
    before: 105,
    text: "whole ü\nlast €",
    size: 100 + bytes.length,
  });
  const cut = bytes.subarray(0, bytes.length - 1);
  expect(ending(cut, 100, 100 + cut.length)).toEqual({
    before: 105,
    text: "whole ü\nlast ",
    size: 100 + cut.length - 2,
  });
  expect(ending(new TextEncoder().encode("all\n"), 0, 4)).toEqual({ before: 0, text: "all\n", size: 4 });
  expect(ending(new TextEncoder().encode("no line begins here"), 7, 26)).toBeUndefined();
});
