import { describe, expect, it } from "vitest";
import { boundsOf } from "../src/api/components";
import { stateOf } from "../src/api/computes";
import { columnsOf, typeOf } from "../src/api/models";
import type { Resource } from "../src/api/resources";
import { actionOf, triggerText } from "../src/api/schedules";
import { computeOf } from "../src/pages/compute/ComputesPage";
import { condaOf } from "../src/pages/environments/conda";
import { specOf as deploymentOf } from "../src/pages/models/DeployDialog";
import { lineOf, partsOf } from "../src/pages/schedules/cron";
import { connectionOf, fieldsOf, valuesOf } from "../src/pages/settings/sorts";
import { filled, numeric } from "../src/resources/Form";
import { KINDS, pythonText, spelt } from "../src/resources/kinds";
import { counted, matching } from "../src/resources/matching";

const thing = (name: string, spec: Record<string, unknown> = {}) => ({ name, spec }) as Resource;

describe("lists", () => {
  const all = [
    thing("wine", { tags: { team: "Blue" }, type: "a" }),
    thing("cars", { description: "Blue cars", type: "b" }),
  ];
  it("find every word, wherever it stands", () => {
    expect(matching(all, "blue").length).toBe(2);
    expect(matching(all, " BLUE  team ").map(({ name }) => name)).toEqual(["wine"]);
    expect(matching(all, "zzz", ({ name }) => (name === "cars" ? "zzz" : "")).map(({ name }) => name)).toEqual([
      "cars",
    ]);
    expect(matching(all, "")).toBe(all);
  });
  it("count what is shown of each sort there is", () => {
    expect(counted(all, all.slice(0, 1), ({ spec }) => String(spec.type))).toEqual([
      ["a", 1],
      ["b", 0],
    ]);
  });
});

describe("a document, written otherwise", () => {
  it("is one that a shell and Python take as it is", () => {
    const ways = spelt(KINDS.compute, { name: "cpus", type: "amlcompute" }, "blue");
    expect(ways.cli).toBe("zaffre compute create -w blue -f /dev/stdin <<'EOF'\nname: cpus\ntype: amlcompute\nEOF\n");
    expect(ways.python).toContain('client = MLClient(workspace_name="blue")');
    expect(ways.python).toContain("client.compute.begin_create_or_update(load_compute(StringIO(DOCUMENT))).result()");
  });
  it("ends where it says, whatever stands in it", () => {
    const { cli } = spelt(KINDS.model, { name: "m", description: "a\nEOF\nb\n" }, "default");
    expect(cli.split("\n").filter((line) => line === "EOF").length).toBe(1); // lines of a text are indented
  });
  it("quotes quotes", () => {
    expect(pythonText('a"""b\\n')).toBe('"""\\\na\\"\\"\\"b\\\\n"""');
  });
});

describe("forms", () => {
  it("leave out what is empty, and send what is no number for the server to refuse", () => {
    expect(filled({ a: "", b: undefined, c: 0, d: "x" })).toEqual({ c: 0, d: "x" });
    expect([numeric("3"), numeric(" "), numeric("many")]).toEqual([3, undefined, "many"]);
  });
  it("make computes of their sort", () => {
    const values = { name: "c", type: "computeinstance", size: "S", min_instances: "1", shutdown: "30" };
    expect(computeOf(values)).toEqual({
      name: "c",
      type: "computeinstance",
      size: "S",
      idle_time_before_shutdown_minutes: 30,
    });
    expect(computeOf({ ...values, type: "amlcompute", max_instances: "2" })).toEqual({
      name: "c",
      type: "amlcompute",
      size: "S",
      min_instances: 1,
      max_instances: 2,
    });
  });
  it("deploy an MLflow model without a script, any other with one", () => {
    const model = { name: "wine", version: "3" };
    const values = {
      name: "blue",
      endpoint_name: "",
      fresh: "wine",
      instance_type: "S",
      instance_count: "1",
      code: "azureml:c:1",
      script: "score.py",
      environment: "azureml:e@latest",
    };
    expect(deploymentOf({ ...values, type: "mlflow_model" }, model)).toEqual({
      name: "blue",
      endpoint_name: "wine",
      model: "azureml:wine:3",
      instance_type: "S",
      instance_count: 1,
    });
    expect(deploymentOf({ ...values, type: "custom_model" }, model)).toMatchObject({
      environment: "azureml:e@latest",
      code_configuration: { code: "azureml:c:1", scoring_script: "score.py" },
    });
  });
  it("write a conda file", () => {
    expect(condaOf("n", " 3.11 ", "pandas\n# no\n\n scipy>=1 ").dependencies).toEqual([
      "python=3.11",
      "pip",
      { pip: ["pandas", "scipy>=1"] },
    ]);
    expect(condaOf("n", "3.11", "").dependencies).toEqual(["python=3.11", "pip"]);
  });
});

describe("connections", () => {
  const values = {
    type: "snowflake",
    name: "w",
    target: "jdbc:x",
    proof: "username_password",
    username: "anna",
    password: "hidden",
  };
  it("are sent with their secret and shown without", () => {
    expect(connectionOf(values)).toMatchObject({
      credentials: { type: "username_password", username: "anna", password: "hidden" },
    });
    expect(JSON.stringify(connectionOf(values, true))).not.toContain("hidden");
  });
  it("keep the secret that is not typed again", () => {
    expect(connectionOf({ ...values, password: "" }).credentials).toEqual({
      type: "username_password",
      username: "anna",
    });
    expect(
      valuesOf({
        name: "w",
        type: "snowflake",
        target: "t",
        credentials: { type: "username_password", username: "anna" },
      }),
    ).toEqual({
      name: "w",
      type: "snowflake",
      target: "t",
      proof: "username_password",
      username: "anna",
    });
  });
  it("take the proof that their sort knows", () => {
    expect(connectionOf({ ...values, type: "open_ai", key: "k" }).credentials).toEqual({ type: "api_key", key: "k" });
    const asked = fieldsOf(true)
      .filter(({ fits }) => fits?.({ type: "open_ai" }) ?? true)
      .map(({ name }) => name);
    expect(asked).toEqual(["type", "name", "key", "description"]);
  });
});

describe("schedules", () => {
  it("say when they are due", () => {
    expect(triggerText({ type: "cron", expression: "0 6 * * *" })).toBe("cron 0 6 * * *");
    expect(
      triggerText({
        type: "recurrence",
        frequency: "week",
        interval: 2,
        schedule: { hours: [2, 14], minutes: [5], week_days: ["monday"] },
      }),
    ).toBe("every 2 weeks on mon at 02:05, 14:05");
    expect(triggerText({ type: "event", on: "model_registered", name: "wine" })).toBe("after model registered of wine");
    expect(actionOf({ create_job: "azureml:x" })).toBe("a job");
  });
  it("take a cron line apart and together again", () => {
    expect(partsOf("0 6 * * 1-5")).toEqual(["0", "6", "*", "*", "1-5"]);
    expect(partsOf("0 6")).toEqual(["0", "6", "", "", ""]);
    expect(lineOf(partsOf("1 2 3 4 5 6"))).toBe("1 2 3 4 5 6");
  });
});

it("a compute that is up is not under way", () => {
  const compute = (state: Record<string, unknown>) => stateOf({ name: "c", spec: {}, state } as never);
  expect(compute({ provisioning_state: "Succeeded", state: "Running" })).toBe("Up");
  expect(compute({ provisioning_state: "Failed", state: "Running" })).toBe("Failed");
  expect(compute({ provisioning_state: "Succeeded", allocation_state: "Steady" })).toBe("Steady");
});

it("what a parameter may be is said in words", () => {
  expect([boundsOf({ min: 0, max: 1 }), boundsOf({ min: 0 }), boundsOf({ enum: ["a", "b"] }), boundsOf({})]).toEqual([
    "0 to 1",
    "at least 0",
    "a or b",
    "",
  ]);
});

it("a signature is read, and what is none is none", () => {
  const [tensor] = columnsOf('[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1, 3]}}]');
  expect(tensor && typeOf(tensor)).toBe("int64 [any × 3]");
  for (const said of [null, undefined, "{", "{}", "3"]) expect(columnsOf(said)).toEqual([]);
});
