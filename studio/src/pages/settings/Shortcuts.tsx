/** What the keyboard does. */
import { Card } from "../../kit/Card";
import { KEYS } from "../../shell/keys";

export function Shortcuts() {
  return (
    <div className="stack">
      {KEYS.map(({ title, keys }) => (
        <Card key={title} title={title}>
          <dl className="pairs">
            {keys.map(([key, does]) => (
              <div key={key} style={{ display: "contents" }}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </Card>
      ))}
    </div>
  );
}
