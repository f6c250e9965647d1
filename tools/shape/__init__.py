"""The house rules that no ready-made linter knows: each function looks at a checkout and returns what breaks a rule."""
