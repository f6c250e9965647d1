// Before the first paint, so that no dark page flashes white; a file of its own, since no inline script may run.
(() => {
  const said = localStorage.getItem("zaffre.theme");
  const dark = said ? said === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
