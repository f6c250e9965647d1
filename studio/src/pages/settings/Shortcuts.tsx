/** What the keyboard does. */
import { Card } from "../../kit/Card";
import { KeyList } from "../../shell/KeyList";
import { KEYS } from "../../shell/keys";

export function Shortcuts() {
  return (
    <div className="cards">
      {KEYS.map(({ title, keys }) => (
        <Card key={title} title={title}>
          <KeyList keys={keys} />
        </Card>
      ))}
    </div>
  );
}
