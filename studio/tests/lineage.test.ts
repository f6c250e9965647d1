import { expect, test } from "vitest";
import type { Job } from "../src/api/jobs";
import { around, withInputs, withMaker, withRegistered, withUsers } from "../src/graph/lineage";

const job = (name: string, spec: object, state: object = {}) =>
  ({ name, spec, state: { status: "Completed", ...state }, system: {} }) as unknown as Job;
const SELF = { title: "cars", said: "this data" };
const lines = ({ edges }: { edges: { from: string; to: string }[] }) => edges.map(({ from, to }) => `${from} > ${to}`);

test("a job's inputs lie before it and what it registered after it, with a link where there is a page", () => {
  const inputs = { cars: { path: "azureml:cars:3" }, rate: 0.5 };
  const outputs = { model: { type: "custom_model" } };
  const one = job("train", { inputs, outputs }, { registered: { model: "azureml:price:1" }, code: "azureml:c:1" });
  const found = withRegistered(withInputs(around(SELF), one, "self"), one, "self");
  expect(found.things.map(({ title, side, said }) => [title, side, said])).toEqual([
    ["cars", "self", "this data"],
    ["cars version 3", "before", "input cars"],
    ["c version 1", "before", "code"],
    ["price version 1", "after", "output model"],
  ]);
  expect(found.things[1]?.link).toEqual({ to: "/data/$name", name: "cars", version: "3" });
  expect(found.things[2]?.link).toBeUndefined();
  expect(found.things[3]?.link?.to).toBe("/models/$name");
  expect(lines(found)).toEqual(["azureml:cars:3 > self", "azureml:c:1 > self", "self > azureml:price:1"]);
});

test("what several jobs made or took is one thing with several lines", () => {
  const one = job("one", {}, { registered: { m: "azureml:price:1" } });
  const two = job("two", {}, { registered: { m: "azureml:price:1" } });
  const found = withUsers(around(SELF), [one, two]);
  expect(found.things.map(({ id }) => id)).toEqual(["self", "job one", "azureml:price:1", "job two"]);
  expect(lines(found)).toContain("job two > azureml:price:1");
});

test("of the job that made it the inputs are shown once it is known", () => {
  const maker = job("make", { inputs: { raw: { path: "azureml:raw:1" } } });
  expect(withMaker(around(SELF), "make", "made it").things).toHaveLength(2);
  expect(lines(withMaker(around(SELF), "make", "made it", maker))).toEqual([
    "job make > self",
    "azureml:raw:1 > job make",
  ]);
});
