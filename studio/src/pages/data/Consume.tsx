/** How data is used: in a job's document, in a script, in Python. */
import { Card } from "../../kit/Card";
import { Snippets } from "../../resources/CopyAs";
import type { AssetProps } from "./AssetPage";

export function Consume({ asset, ws }: AssetProps) {
  const { name, version = "", spec } = asset;
  const type = spec.type ?? "uri_folder";
  const where = ws === "default" ? "" : `workspace_name="${ws}"`;
  const yaml = [
    "inputs:",
    "  data:",
    `    type: ${type}`,
    `    path: azureml:${name}:${version}`,
    "command: python train.py --data ${{inputs.data}}",
    "",
  ].join("\n");
  const python = [
    "from zaffre import MLClient",
    "",
    `client = MLClient(${where})`,
    `data = client.data.get("${name}", version="${version}")`,
    "print(data.path)",
    "",
  ].join("\n");
  const suffix = ws === "default" ? "" : ` -w ${ws}`;
  const cli = [
    `zaffre data show -n ${name} -v ${version}${suffix}`,
    `zaffre job create -f job.yml --set inputs.data.path=azureml:${name}:${version}${suffix}`,
    "",
  ].join("\n");
  return (
    <Card title="Use this version">
      <Snippets ways={{ yaml, cli, python }} />
    </Card>
  );
}
