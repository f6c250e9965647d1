/** How these pages look in this browser. */
import { Moon, Sun } from "lucide-react";
import { Card } from "../../kit/Card";
import { useTheme } from "../../lib/hooks";

export function Looks() {
  const [theme, toggle] = useTheme();
  const set = (wanted: "light" | "dark") => () => theme !== wanted && toggle();
  return (
    <Card title="Theme">
      <div className="row" role="group" aria-label="Theme">
        <button className="button" aria-pressed={theme === "light"} onClick={set("light")}>
          <Sun size={14} aria-hidden /> Light
        </button>
        <button className="button" aria-pressed={theme === "dark"} onClick={set("dark")}>
          <Moon size={14} aria-hidden /> Dark
        </button>
      </div>
      <p className="quiet small" style={{ marginTop: 10 }}>
        Kept in this browser. Motion and text size follow your system’s own settings.
      </p>
    </Card>
  );
}
