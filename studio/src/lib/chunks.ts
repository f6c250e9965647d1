/** A part of Studio that does not come: the session is over, or the server has been updated under the open page. */

const TRIED = "zaffre.reloaded";
const AGAIN_MS = 30_000;

/** From now on such a part leads to the log-in, or to a fresh page; not round and round. */
export function watchChunks(): void {
  addEventListener("vite:preloadError", () => void recover());
}

async function recover(): Promise<void> {
  const answer = await fetch("/api/v1/workspaces?top=1").catch(() => null);
  if (answer?.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  const before = Number(sessionStorage.getItem(TRIED) ?? 0);
  if (!answer?.ok || Date.now() - before < AGAIN_MS) return; // the page says that it could not be loaded
  sessionStorage.setItem(TRIED, String(Date.now()));
  location.reload();
}
