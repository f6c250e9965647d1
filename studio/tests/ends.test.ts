import { expect, test } from "vitest";
import { EMPTY, stepsOf, withInput, withStep } from "../src/graph/drawing";
import {
  fitting, fromInput, inputNamed, inputsOf, renamedEnd, shownAs, withEnd, withoutEnd, withShown,
} from "../src/graph/ends"; // prettier-ignore

const step = withStep(EMPTY, "train", { component: "azureml:x:1" }, { x: 0, y: 0 });
const rated = withEnd(step, { name: "rate", type: "number", value: 0.5 });
const given = withInput(rated, "train", "rate", fromInput("rate"));

test("inputs are values or data, as a document says them", () => {
  const both = withEnd(rated, { name: "raw", type: "uri_file", value: "azureml:cars:1" });
  expect(both.document.inputs).toEqual({ rate: 0.5, raw: { type: "uri_file", path: "azureml:cars:1" } });
  expect(inputsOf(both)).toEqual([
    { name: "rate", type: "number", value: 0.5 },
    { name: "raw", type: "uri_file", value: "azureml:cars:1" },
  ]);
});

test("an input goes where its type fits", () => {
  const both = withEnd(rated, { name: "raw", type: "uri_file", value: undefined });
  expect(fitting(both, { type: "number" })).toEqual(["rate"]);
  expect(fitting(both, { type: "integer" })).toEqual([]);
  expect(fitting(withEnd(both, { name: "rate", type: "number", value: 3 }), { type: "integer" })).toEqual(["rate"]);
  expect(fitting(both, { type: "mltable" })).toEqual(["raw"]);
  expect(fitting(both, { type: "custom_model" })).toEqual([]);
});

test("who takes an input takes it by its new name, and waits for another when it goes", () => {
  expect(inputNamed(stepsOf(given).train?.inputs?.rate)).toBe("rate");
  expect(stepsOf(renamedEnd(given, "rate", "speed")).train?.inputs).toEqual({ rate: "${{parent.inputs.speed}}" });
  expect(stepsOf(withoutEnd(given, "rate")).train?.inputs).toEqual({});
  expect(withoutEnd(given, "rate").document.inputs).toEqual({});
});

test("an output is the pipeline's, and then is not", () => {
  const shown = withShown(step, "train", "model", "custom_model");
  expect(shown.document.outputs).toEqual({ model: { type: "custom_model" } });
  expect(stepsOf(shown).train?.outputs).toEqual({ model: "${{parent.outputs.model}}" });
  expect(shownAs(shown, "train", "model")).toBe("model");
  const back = withShown(shown, "train", "model", "custom_model");
  expect(back.document.outputs).toEqual({});
  expect(shownAs(back, "train", "model")).toBeUndefined();
});
