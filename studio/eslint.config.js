import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["node_modules", "src/api/schema.d.ts"] },
  ...ts.configs.strict,
  a11y.flatConfigs.recommended,
  hooks.configs.flat.recommended,
  {
    rules: {
      complexity: ["error", 12], // each `?.` and `??` counts as a branch
      "react-hooks/incompatible-library": "off", // about the React compiler, which is not used
      "max-lines": ["error", 400],
      "@typescript-eslint/no-explicit-any": "error",
    },
  },
);
