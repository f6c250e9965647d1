import "@fontsource-variable/inter/index.css";
import "@fontsource-variable/jetbrains-mono/index.css";
import "./kit/tokens.css";
import "./kit/kit.css";
import "./shell/shell.css";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ApiError } from "./api/errors";
import { watchChunks } from "./lib/chunks";
import { router } from "./router";

const MOST_TRIES = 3;
/** What was refused stays refused; a server that starts anew is asked again. */
const again = (count: number, error: Error) =>
  error instanceof ApiError && error.status > 0 ? false : count < MOST_TRIES;
const client = new QueryClient({
  defaultOptions: { queries: { retry: again, staleTime: 5000, refetchOnWindowFocus: true } },
});

watchChunks();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
