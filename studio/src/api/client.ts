/** The one way to the server: typed by its OpenAPI, errors as it words them, and a log-in where the session is over. */
import createClient from "openapi-fetch";
import { ApiError, errorOf, unreachable } from "./errors";
import type { components, paths } from "./schema";

export type Resource = components["schemas"]["Resource"];
export type FileEntry = components["schemas"]["File"];

export const api = createClient<paths>({ baseUrl: location.origin });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was asked for; throws `ApiError` for anything else. */
export async function told<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await reached(asked);
  if (!response.ok) throw refused(response, error);
  return data as T;
}

/** For what OpenAPI has no words for: MLflow's protocol, and files. */
export async function getJson<T>(url: string): Promise<T> {
  return (await fetched(url)).json() as Promise<T>;
}

/** A change of one thing; whatever it answers. */
export async function sendJson<T>(method: "PUT" | "POST" | "DELETE", url: string, body?: unknown): Promise<T> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await reached(fetch(url, { method, ...sent }));
  const told = await response.text();
  const read: unknown = parsed(told);
  if (!response.ok) throw refused(response, read);
  return read as T;
}

/** The beginning of a file as text, and whether there is more of it. */
export async function getText(url: string, most: number): Promise<{ text: string; cut: boolean }> {
  const answer = await fetched(url, { Range: `bytes=0-${most - 1}` });
  const size = Number(answer.headers.get("content-range")?.split("/")[1] ?? 0);
  return { text: await answer.text(), cut: size > most };
}

/** Several parts of a path, each encoded; slashes inside the last one stay. */
export function path(...parts: string[]): string {
  return parts.map((part) => part.split("/").map(encodeURIComponent).join("/")).join("/");
}

function parsed(text: string): unknown {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return text;
  }
}

async function fetched(url: string, headers: Record<string, string> = {}): Promise<Response> {
  const response = await reached(fetch(url, { headers }));
  if (!response.ok) throw refused(response, await response.json().catch(() => null));
  return response;
}

async function reached<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof TypeError ? unreachable() : error;
  }
}

function refused(response: Response, body: unknown): ApiError {
  if (response.status === 401) {
    location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  }
  return errorOf(response.status, body, response.headers.get("x-ms-request-id") ?? "");
}
