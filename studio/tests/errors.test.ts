import { expect, test } from "vitest";
import { errorOf } from "../src/api/errors";

test("an error says what the server says", () => {
  const details = [{ code: "x", message: "expected a name", target: "filter", hint: "status" }];
  const told = errorOf(400, { error: { code: "Invalid", message: "That is not right.", details } }, "ab12");
  expect(told).toMatchObject({ status: 400, code: "Invalid", message: "That is not right.", request: "ab12" });
  expect(told.details).toEqual([{ message: "expected a name", field: "filter", hint: "status" }]);
});

test.each([null, "<html>", {}, { error: "no" }, { error: { message: 5 } }])(
  "anything else is told by its status: %o",
  (body) => {
    expect(errorOf(502, body, "").message).toContain("502");
  },
);
