/** What is around every page: navigation, the workspace, search, the theme, and whether news arrive. */
import { Link, Outlet } from "@tanstack/react-router";
import { ChartSpline, LogOut, Moon, PanelLeft, Search, Sun } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { type Connection, useLive } from "../api/live";
import { useMe } from "../api/people";
import { useKey, useTheme } from "../lib/hooks";
import { NAV } from "./nav";
import { useGoKeys } from "./shortcuts";
import { useWorkspace } from "./workspace";
import { WorkspaceSwitch } from "./WorkspaceSwitch";

const Palette = lazy(() => import("./Palette").then((found) => ({ default: found.Palette })));
const Keys = lazy(() => import("./Keys").then((found) => ({ default: found.Keys })));
const NARROW = "zaffre.nav";

export function Shell() {
  const ws = useWorkspace();
  const connection = useLive(ws);
  const [isNarrow, setNarrow] = useState(() => localStorage.getItem(NARROW) === "narrow");
  const [isSearching, setSearching] = useState(false);
  const fold = useCallback(() => {
    setNarrow((was) => {
      localStorage.setItem(NARROW, was ? "wide" : "narrow");
      return !was;
    });
  }, []);
  const [hasKeys, setKeys] = useState(false);
  const showKeys = useCallback(() => setKeys(true), []);
  useKey("[", fold);
  useKey("?", showKeys);
  useGoKeys();
  usePaletteKey(setSearching);
  return (
    <div className={`shell${isNarrow ? " narrow" : ""}`}>
      <Top connection={connection} onSearch={() => setSearching(true)} />
      <nav className="nav" aria-label="Pages">
        {NAV.map(({ title: part, entries }) => (
          <div key={part} className="nav-part">
            <h2 className={isNarrow ? "visually-hidden" : ""}>{part}</h2>
            {entries.map(({ to, title, Icon }) => (
              <Link key={to} to={to} title={title} activeOptions={{ exact: to === "/" }}>
                <Icon size={16} aria-hidden />
                <span className={isNarrow ? "visually-hidden" : ""}>{title}</span>
              </Link>
            ))}
          </div>
        ))}
        <a href="/mlflow/" title="MLflow's pages">
          <ChartSpline size={16} aria-hidden />
          <span className={isNarrow ? "visually-hidden" : ""}>MLflow</span>
        </a>
        <button className="foot" onClick={fold} title="Fold the navigation ([)">
          <PanelLeft size={16} aria-hidden />
          <span className={isNarrow ? "visually-hidden" : ""}>{isNarrow ? "Unfold" : "Fold"}</span>
        </button>
      </nav>
      <main className="page">
        <Outlet />
      </main>
      {isSearching && (
        <Suspense>
          <Palette onClose={() => setSearching(false)} onKeys={showKeys} />
        </Suspense>
      )}
      {hasKeys && (
        <Suspense>
          <Keys onClose={() => setKeys(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Top({ connection, onSearch }: { connection: Connection; onSearch: () => void }) {
  const [theme, toggle] = useTheme();
  const Sign = theme === "dark" ? Sun : Moon;
  return (
    <header className="top">
      <Link to="/" className="brand">
        <img src="/studio/zaffre.svg" alt="" width={22} height={22} />
        Zaffre
      </Link>
      <WorkspaceSwitch />
      <button className="button find" onClick={onSearch}>
        <Search size={14} aria-hidden />
        Search or jump to…
        <kbd>Ctrl K</kbd>
      </button>
      <LiveSign state={connection} />
      <Who />
      <button
        className="button plain icon"
        onClick={toggle}
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
      >
        <Sign size={16} aria-hidden />
      </button>
      <form method="post" action="/logout">
        <button className="button plain icon" aria-label="Log out" title="Log out">
          <LogOut size={16} aria-hidden />
        </button>
      </form>
    </header>
  );
}

/** Who one is, where that is not the owner of the installation. */
function Who() {
  const me = useMe().data;
  if (!me || me.is_first) return null;
  return (
    <Link to="/settings" search={(was) => ({ ws: was.ws, tab: "access" })} className="who small">
      <bdi>{me.name}</bdi> {me.role && `· ${me.role}`}
    </Link>
  );
}

const WORDS: Record<Connection, string> = { connecting: "Connecting…", live: "Live", lost: "Reconnecting…" };

function LiveSign({ state }: { state: Connection }) {
  return (
    <span className={`live ${state}`} role="status">
      <i aria-hidden />
      {WORDS[state]}
    </span>
  );
}

function usePaletteKey(show: (is: boolean) => void): void {
  useEffect(() => {
    const heard = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      show(true);
    };
    addEventListener("keydown", heard);
    return () => removeEventListener("keydown", heard);
  }, [show]);
}
