import { expect, test } from "vitest";
import type { Point } from "../src/api/tracked";
import { COLORS, colorOf, colorsOf } from "../src/charts/colors";
import { drawn, smoothed } from "../src/charts/series";

const point = (run_id: string, step: number, value: number | string, timestamp = step * 1000): Point => ({
  key: "loss",
  run_id,
  step,
  value,
  timestamp,
});

test("runs are joined on one axis, with gaps where one has nothing", () => {
  const points = [point("a", 0, 1), point("a", 2, 3), point("b", 1, 5), point("b", 2, 6)];
  expect(drawn(points, ["a", "b", "c"], "step")).toEqual({
    runs: ["a", "b"],
    columns: [
      [0, 1, 2],
      [1, null, 3],
      [null, 5, 6],
    ],
  });
});

test("relative time begins with each run", () => {
  const points = [point("a", 0, 1, 5000), point("a", 1, 2, 7000), point("b", 0, 3, 90_000)];
  expect(drawn(points, ["a", "b"], "relative").columns[0]).toEqual([0, 2]);
});

test("what is no number leaves a gap", () => {
  expect(drawn([point("a", 0, "NaN"), point("a", 1, 2)], ["a"], "step").columns[1]).toEqual([null, 2]);
});

test("smoothing keeps the first value and the gaps", () => {
  expect(smoothed([1, null, 3], 0)).toEqual([1, null, 3]);
  const [first, gap, last] = smoothed([1, null, 3], 0.5);
  expect(first).toBe(1);
  expect(gap).toBeNull();
  expect(last).toBeCloseTo((0.5 * 0.5 * 1 + 0.5 * 3) / 0.75);
});

test("a run has the same colour everywhere, and runs shown together differ", () => {
  expect(colorOf("digits_4")).toBe(colorOf("digits_4"));
  const runs = Array.from({ length: 25 }, (_, at) => `run_${at}`);
  const given = [...colorsOf(runs).values()].map(({ color, dash }) => `${color} ${dash.join()}`);
  expect(new Set(given).size).toBe(25);
  expect(new Set(given.slice(0, 10).map((told) => told.split(" ")[0])).size).toBe(COLORS.length);
});
