import { describe, expect, it } from "vitest";
import { spanOf } from "../src/charts/Scatter";
import { paired } from "../src/pages/compare/codefiles";
import type { Row } from "../src/pages/compare/differing";
import { dotsOf, idOf, numeric } from "../src/pages/compare/dots";

const file = (path: string, digest: string, size = 1) => ({ path, digest, size });
const row = (group: Row["group"], key: string, values: Row["values"], isDiffering = true): Row => ({
  group,
  key,
  values,
  isDiffering,
});

describe("the code of two runs", () => {
  it("is paired by path, what differs first", () => {
    const pairs = paired(
      [file("same", "1"), file("old", "2"), file("train.py", "3")],
      [file("same", "1"), file("train.py", "4"), file("new", "5")],
    );
    expect(pairs.map(({ path, change }) => `${path} ${change}`)).toEqual([
      "train.py changed",
      "new new",
      "old gone",
      "same same",
    ]);
  });
});

describe("runs as points", () => {
  const rows = [
    row("Job", "seconds", [1, 2]),
    row("Parameters", "rate", ["0.1", "0.2"]),
    row("Parameters", "name", ["a", "b"]),
    row("Metrics", "still", [1, 1], false),
    row("Metrics", "loss", [3, 4]),
    row("Metrics", "once", [3, undefined]),
  ];

  it("lie over numbers that two of them have, metrics first", () => {
    expect(numeric(rows).map(idOf)).toEqual(["Metrics loss", "Metrics still", "Parameters rate"]);
  });

  it("are those that have both", () => {
    const rate = row("Parameters", "rate", ["0.1", "", "x"]);
    const dots = dotsOf(["a", "b", "c"], rate, row("Metrics", "loss", [3, 4, 5]));
    expect(dots.map(({ name, x, y }) => [name, x, y])).toEqual([["a", 0.1, 3]]);
  });

  it("have room, even where all are the same", () => {
    expect(spanOf([0, 100])).toEqual([-5, 105]);
    expect(spanOf([4, 4])).toEqual([2, 6]);
    expect(spanOf([0])).toEqual([-1, 1]);
  });
});
