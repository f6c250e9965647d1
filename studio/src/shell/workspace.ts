/** Which workspace the address is about. */
import { useSearch } from "@tanstack/react-router";

export const FIRST = "default";

export function useWorkspace(): string {
  return useSearch({ strict: false, select: (search) => search.ws ?? FIRST });
}
