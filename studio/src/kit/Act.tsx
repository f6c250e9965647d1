/** A button that changes something: disabled, with the reason, for whoever may not. */
import type { ButtonHTMLAttributes } from "react";
import { type Permission, useMay } from "../api/people";

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  needs?: Permission;
}

export function Act({ needs = "write", disabled, title, ...more }: Props) {
  const why = useMay(needs);
  return <button {...more} disabled={disabled || Boolean(why)} title={why ?? title} />;
}
