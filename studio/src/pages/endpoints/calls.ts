/** A call of an endpoint, written for a shell, for Python and for our own command line. */
import type { Endpoint } from "../../api/endpoints";
import { pythonText } from "../../resources/kinds";

export function callsOf(ws: string, { name, spec, state }: Pick<Endpoint, "name" | "spec" | "state">, example: string) {
  const url = state.scoring_uri ?? "";
  const what = spec.auth_mode === "key" ? "KEY" : "TOKEN";
  const where = ws === "default" ? "" : ` -w ${ws}`;
  const marker = "BODY";
  return {
    curl: [
      `${what}=$(zaffre online-endpoint get-credentials --name ${name}${where} --query ${spec.auth_mode === "key" ? "primaryKey" : "accessToken"} -o tsv)`,
      `curl ${url} \\`,
      `  -H "Authorization: Bearer $${what}" -H "Content-Type: application/json" \\`,
      `  --data @- <<'${marker}'`,
      example,
      marker,
      "",
    ].join("\n"),
    python: [
      "import json",
      "import urllib.request",
      "",
      `URL = "${url}"`,
      `${what} = ""  # zaffre online-endpoint get-credentials --name ${name}${where}`,
      `BODY = ${pythonText(`${example}\n`)}`,
      "",
      `heads = {"Authorization": f"Bearer {${what}}", "Content-Type": "application/json"}`,
      "asked = urllib.request.Request(URL, BODY.encode(), heads)",
      "with urllib.request.urlopen(asked) as answer:",
      "    print(json.load(answer))",
      "",
    ].join("\n"),
    cli: `cat > request.json <<'${marker}'\n${example}\n${marker}\nzaffre online-endpoint invoke --name ${name} --request-file request.json${where}\n`,
  };
}
