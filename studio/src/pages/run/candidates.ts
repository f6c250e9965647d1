/** What of a job can become a model: its named outputs, and the folders and files among its artifacts. Pure. */
import type { FileEntry } from "../../api/client";
import type { Job } from "../../api/jobs";

export interface Candidate {
  title: string;
  path: string;
  type: "mlflow_model" | "custom_model";
}

const OUTPUTS = "named-outputs/";
const ARTIFACTS = "artifacts/";
const LOGS = "artifacts/user_logs/";

export function candidates(job: Pick<Job, "name">, files: readonly FileEntry[]): Candidate[] {
  const outputs = new Map<string, Candidate>();
  const artifacts = new Map<string, Candidate>();
  for (const { path } of files) {
    if (path.startsWith(OUTPUTS)) {
      const name = path.slice(OUTPUTS.length).split("/")[0] ?? "";
      put(outputs, `output ${name}`, `azureml://jobs/${job.name}/outputs/${name}`, path);
    } else if (path.startsWith(ARTIFACTS) && !path.startsWith(LOGS)) {
      const inside = path.slice(ARTIFACTS.length);
      const top = inside.split("/")[0] ?? "";
      put(artifacts, top, `azureml://jobs/${job.name}/outputs/artifacts/paths/${top}`, path);
    }
  }
  const isModel = ({ type }: Candidate) => type === "mlflow_model";
  const all = [...outputs.values(), ...artifacts.values()];
  return [...all.filter(isModel), ...all.filter((one) => !isModel(one))];
}

function put(found: Map<string, Candidate>, title: string, path: string, file: string): void {
  const known = found.get(path) ?? { title, path, type: "custom_model" as const };
  found.set(path, /(^|\/)MLmodel$/.test(file) ? { ...known, type: "mlflow_model" } : known);
}
