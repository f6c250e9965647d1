import { expect, test } from "vitest";
import { axesOf, type Item, placeOn, within } from "../src/charts/parallel";
import { criticalPath } from "../src/graph/critical";
import { differenceOf, fieldsApart } from "../src/graph/diff";
import { ends, rowsOf } from "../src/pages/compare/differing";
import { assetName, folderFor } from "../src/pages/data/naming";
import { progressOf } from "../src/pages/home/progress";
import { documentOf, nameAgain } from "../src/pages/run/again";
import { candidates } from "../src/pages/run/candidates";
import { linkOf } from "../src/lib/links";
import { systemOrder } from "../src/pages/run/measures";
import { searched } from "../src/pages/run/searched";
import type { Job } from "../src/api/jobs";

const times = (told: Record<string, [number, number]>) =>
  new Map(Object.entries(told).map(([step, [begin, end]]) => [step, { begin, end }]));

test("the critical path goes back over what ended last", () => {
  const edges = [
    { from: "a", to: "c", label: "" },
    { from: "b", to: "c", label: "" },
    { from: "c", to: "d", label: "" },
  ];
  const graph = { steps: ["a", "b", "c", "d", "e"], edges };
  expect(criticalPath(graph, times({ a: [0, 5], b: [0, 2], c: [5, 6], d: [6, 9], e: [0, 8] }))).toEqual([
    "a",
    "c",
    "d",
  ]);
  expect(criticalPath(graph, times({}))).toEqual([]);
  expect(criticalPath({ steps: ["x"], edges: [{ from: "x", to: "x", label: "" }] }, times({ x: [0, 1] }))).toEqual([
    "x",
  ]);
});

test("two pipelines differ in steps, edges and fields", () => {
  const first = { a: { inputs: { n: 1 } }, b: { inputs: { x: "${{parent.jobs.a.outputs.y}}" } }, gone: {} };
  const second = { a: { inputs: { n: 2 } }, b: { inputs: { x: "${{parent.jobs.a.outputs.y}}" } }, made: {} };
  const { steps, edges } = differenceOf(first, second);
  expect([...steps].map(([name, { change }]) => `${name} ${change}`)).toEqual([
    "a changed",
    "b same",
    "gone removed",
    "made added",
  ]);
  expect(steps.get("a")?.fields).toEqual([{ path: "inputs.n", before: 1, after: 2 }]);
  expect(edges.map(({ change }) => change)).toEqual(["same"]);
  expect(fieldsApart({ a: [1] }, { a: [1] })).toEqual([]);
});

test("axes are what items differ in; long words are none", () => {
  const items: Item[] = [
    { name: "a", values: { x: 1, same: 3, word: "sgd", long: "a very long sentence of a parameter" } },
    { name: "b", values: { x: "3", same: 3, word: "adam", long: "another very long sentence of it" } },
    { name: "c", values: { x: 2 } },
  ];
  const axes = axesOf(items, ["x", "same", "word", "long", "none"]);
  expect(axes).toEqual([
    { key: "x", ends: [1, 3] },
    { key: "word", words: ["adam", "sgd"] },
  ]);
  expect(items.map((item) => axes.map((axis) => placeOn(axis, item)))).toEqual([
    [0, 1],
    [1, 0],
    [0.5, undefined],
  ]);
  expect(within(items, axes, new Map([["x", [0.4, 1]]])).map(({ name }) => name)).toEqual(["b", "c"]);
  expect(within(items, axes, new Map([["word", [0, 1]]])).map(({ name }) => name)).toEqual(["a", "b"]);
});

test("rows of a comparison say which differ, and where the ends are", () => {
  const logged = (loss: number, rate: string) => ({
    name: "",
    params: { rate, seed: "1" },
    metrics: { loss, "system/cpu": loss },
  });
  const rows = rowsOf([
    { logged: logged(0.5, "1"), about: { type: "command" } },
    { logged: logged(0.2, "2"), about: { type: "command" } },
  ]);
  expect(rows.filter(({ isDiffering }) => isDiffering).map(({ group, key }) => `${group} ${key}`)).toEqual([
    "Parameters rate",
    "Metrics loss",
    "System system/cpu",
  ]);
  expect(ends([0.5, 0.2, undefined])).toEqual({ least: 1, most: 0 });
  expect(ends([1, 1])).toBeUndefined();
  expect(ends(["a", NaN, 2])).toBeUndefined();
});

test("an upload gets a name and a folder of its own", () => {
  expect(assetName("My cars (2).csv")).toBe("My-cars-2");
  expect(assetName("../é<b>.tar.gz")).toBe("e-b-tar");
  expect(assetName("машины.csv")).toBe("");
  expect(folderFor("cars", Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe("uploads/cars/20260102T030405006Z");
});

const job = (more: object) => ({ name: "j", spec: {}, state: { status: "Running" }, ...more }) as unknown as Job;

test("progress is known of pipelines and sweeps alone", () => {
  const steps = [{ state: "done" }, { state: "running" }] as never[];
  expect(progressOf(job({ spec: { type: "pipeline" } }), { message: "", steps })).toEqual({
    done: 1,
    of: 2,
    word: "1 of 2 steps",
  });
  const sweep = job({ spec: { type: "sweep", limits: { max_total_trials: 8 } }, state: { trials: { ended: 3 } } });
  expect(progressOf(sweep, undefined).word).toBe("3 of 8 trials");
  expect(progressOf(job({}), undefined).of).toBe(0);
});

test("a job is submitted again as it was, under another name", () => {
  const spec = { name: "j", properties: {}, command: "x", tags: { a: "b" } } as never;
  expect(documentOf(spec)).toEqual({ command: "x", tags: { a: "b" } });
  expect(nameAgain("cars", 0.5)).toBe(nameAgain("cars-again-8yyyy", 0.5));
  expect(nameAgain("x".repeat(255), 0.1).length).toBeLessThan(255);
});

test("what can become a model: MLflow's models first, logs never", () => {
  const files = [
    "artifacts/user_logs/std_log.txt",
    "artifacts/plot.png",
    "artifacts/model/MLmodel",
    "named-outputs/table/x.csv",
  ];
  expect(
    candidates(
      { name: "j" },
      files.map((path) => ({ path, size: 1 })),
    ),
  ).toEqual([
    { title: "model", path: "azureml://jobs/j/outputs/artifacts/paths/model", type: "mlflow_model" },
    { title: "output table", path: "azureml://jobs/j/outputs/table", type: "custom_model" },
    { title: "plot.png", path: "azureml://jobs/j/outputs/artifacts/paths/plot.png", type: "custom_model" },
  ]);
});

test("references lead to pages", () => {
  expect(linkOf("azureml:cars:3", "data")).toEqual({ to: "/data/$name", name: "cars", version: "3" });
  expect(linkOf("azureml://jobs/j/outputs/x", "data")).toEqual({ to: "/jobs/$name", name: "j" });
  expect(linkOf("azureml://datastores/d/paths/x", "data")).toBeUndefined();
  expect(linkOf("wasbs://x", "models")).toBeUndefined();
});

test("measures of the machine: the processor first", () => {
  expect(
    systemOrder([
      "system/disk_x",
      "system/system_memory_usage_megabytes",
      "system/cpu_utilization_percentage",
      "system/odd",
    ]),
  ).toEqual([
    "system/cpu_utilization_percentage",
    "system/system_memory_usage_megabytes",
    "system/disk_x",
    "system/odd",
  ]);
});

test("what a trial tries is read from its tag, if that makes sense", () => {
  expect(searched({ hyperparameters: '{"rate": 0.1, "kind": "x", "on": true}' })).toEqual({
    rate: 0.1,
    kind: "x",
    on: "true",
  });
  expect(searched({ hyperparameters: "{broken" })).toEqual({});
  expect(searched({ hyperparameters: "3" })).toEqual({});
  expect(searched(undefined)).toEqual({});
});
