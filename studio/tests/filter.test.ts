import { expect, test } from "vitest";
import { filterOf } from "../src/lib/filter";

test.each([
  ["", ""],
  ["resnet", 'text ~ "resnet"'],
  ["resnet large", 'text ~ "resnet large"'],
  ["status:failed tag:team=blue", 'status = "failed" and tags."team" = "blue"'],
  ["since:7d by:user:ada", 'created > 7d and created_by = "user:ada"'],
  ['name:"two words"', 'name = "two words"'],
  ['experiment:cars "a b"', 'experiment = "cars" and text ~ "a b"'],
  ["color:red", 'text ~ "color:red"'],
  ["tag:team", ""],
])("%s is asked as %s", (typed, asked) => {
  expect(filterOf(typed)).toBe(asked);
});

test("what is typed cannot leave its quotes", () => {
  expect(filterOf('x" or name = "y')).toBe('text ~ "x or name = y"');
});
