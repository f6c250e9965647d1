/** The newest of a kind, as a few links. */
import { Link } from "@tanstack/react-router";
import { type Resource, useResources } from "../../api/resources";
import { Card } from "../../kit/Card";
import { Ago } from "../jobs/columns";

interface Props {
  ws: string;
  kind: string;
  title: string;
  one: "/models/$name" | "/endpoints/$name";
  all: "/models" | "/endpoints";
}

const MOST = 5;

export function Assets({ ws, kind, title, one, all }: Props) {
  const { data } = useResources<Resource>(ws, kind, { view: "active" });
  const found = [...(data?.pages[0]?.value ?? [])]
    .sort((a, b) => b.system.created_at.localeCompare(a.system.created_at))
    .slice(0, MOST);
  if (found.length === 0) return null;
  const more = (
    <Link to={all} search={(was) => ({ ws: was.ws })} className="small">
      All
    </Link>
  );
  return (
    <Card title={title} action={more}>
      <ul className="lines">
        {found.map((item) => (
          <li key={item.name}>
            <Link to={one} params={{ name: item.name }} search={(was) => ({ ws: was.ws })} className="grow ellipsis">
              {item.name}
            </Link>
            {item.version && <span className="quiet small">version {item.version}</span>}
            <span className="quiet small number when">
              <Ago iso={item.system.created_at} />
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
