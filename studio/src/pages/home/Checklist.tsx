/** The first steps of a workspace; each is ticked by what the workspace holds, and the list goes when all are done. */
import { Link } from "@tanstack/react-router";
import { Circle, CircleCheck } from "lucide-react";
import { type Resource, useResources } from "../../api/resources";
import { Card } from "../../kit/Card";

interface Step {
  title: string;
  to: string;
  is: boolean;
}

export function Checklist({ ws, hasJob }: { ws: string; hasJob: boolean }) {
  const data = useHas(ws, "data");
  const model = useHas(ws, "models");
  const endpoint = useHas(ws, "online-endpoints");
  if (data === undefined || model === undefined || endpoint === undefined) return null;
  const steps: Step[] = [
    { title: "Bring data in", to: "/data", is: data },
    { title: "Complete a job", to: "/jobs", is: hasJob },
    { title: "Register a model", to: "/models", is: model },
    { title: "Make an endpoint", to: "/endpoints", is: endpoint },
  ];
  const done = steps.filter(({ is }) => is).length;
  if (done === steps.length) return null;
  return (
    <Card title="First steps" action={<span className="quiet small number">{`${done} of ${steps.length}`}</span>}>
      <ul className="lines">
        {steps.map(({ title, to, is }) => (
          <li key={title}>
            {is ? <CircleCheck size={16} className="done" aria-hidden /> : <Circle size={16} aria-hidden />}
            <Link to={to} search={(was) => ({ ws: was.ws })} className="grow">
              {title}
            </Link>
            <span className="quiet small">{is ? "done" : "to do"}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function useHas(ws: string, kind: string): boolean | undefined {
  const { data } = useResources<Resource>(ws, kind, { view: "active" });
  return data && (data.pages[0]?.value.length ?? 0) > 0;
}
