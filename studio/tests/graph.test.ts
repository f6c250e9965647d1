import { expect, test } from "vitest";
import type { Job } from "../src/api/jobs";
import { carriedOut, graphOf } from "../src/graph/steps";

const GRAPH = graphOf({
  prep: { inputs: { raw: "${{parent.inputs.raw}}" } },
  train: { inputs: { data: { type: "uri_file", path: "${{ parent.jobs.prep.outputs.merged }}" }, trees: 100 } },
  score: { inputs: { model: "${{parent.jobs.train.outputs.model}}", other: "${{parent.jobs.nowhere.outputs.x}}" } },
});

test("edges follow what steps pass on", () => {
  expect(GRAPH.edges).toEqual([
    { from: "prep", to: "train", label: "merged → data" },
    { from: "train", to: "score", label: "model" },
  ]);
});

test("steps are found among the children by their names", () => {
  const child = (name: string, display_name: string) => ({ name, spec: { display_name } }) as Job;
  const found = carriedOut(GRAPH, "cars", [child("cars_prep", "Preparation"), child("x", "train")]);
  expect([...found].map(([step, { name }]) => [step, name])).toEqual([
    ["prep", "cars_prep"],
    ["train", "x"],
  ]);
});
