import { expect, test } from "vitest";
import { ago, bytes, duration, number, shortened } from "../src/lib/format";

test.each([
  [0.049, "49ms"],
  [9.94, "9.9s"],
  [59.4, "59s"],
  [724, "12m 4s"],
  [11_100, "3h 5m"],
  [187_200, "2d 4h"],
  [-1, "–"],
  [NaN, "–"],
])("%d seconds are %s", (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [20_480, "20.5 kB"],
  [2_242_097, "2.24 MB"],
])("%d bytes are %s", (count, shown) => {
  expect(bytes(count)).toBe(shown);
});

test.each([
  [0.9333333333, "0.933333"],
  [0.00001234, "1.234e-5"],
  [1234567, "1,234,570"],
  ["NaN", "NaN"],
])("%s is shown as %s", (value, shown) => {
  expect(number(value)).toBe(shown);
});

test("times are told by how long ago they were", () => {
  const now = Date.parse("2026-01-02T12:00:00Z");
  expect(ago("2026-01-02T11:59:50Z", now)).toBe("just now");
  expect(ago("2026-01-02T11:48:00Z", now)).toMatch(/^12 min/);
  expect(ago("2026-01-01T12:00:00Z", now)).toBe("yesterday");
});

test("long texts end in an ellipsis", () => {
  expect(shortened("abcdef", 4)).toBe("abc…");
  expect(shortened("abcd", 4)).toBe("abcd");
});
