/** The style of all pages, inline because the pages load nothing. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --text: #16191d; --muted: #565d66;
  --line: #c9ced6; --accent: #1f4fd1; --on-accent: #ffffff; --alert: #a4161a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101317; --card: #191d23; --text: #eceff3; --muted: #a4adb8;
    --line: #3b434e; --accent: #8fb0ff; --on-accent: #0b1330; --alert: #ff9a9d;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; padding: 8vh 1rem 2rem; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", sans-serif;
}
main {
  max-width: 27rem; margin: 0 auto; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 0.75rem;
}
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
p { margin: 0.5rem 0; overflow-wrap: anywhere; }
ul { margin: 0.75rem 0; padding-left: 1.25rem; }
code { font-size: 0.9em; overflow-wrap: anywhere; }
form { margin: 0.75rem 0 0; }
label { display: block; margin-bottom: 0.25rem; font-size: 0.9rem; }
input, button { width: 100%; min-height: 2.75rem; padding: 0.5rem 0.9rem; font: inherit; border-radius: 0.5rem; }
input { margin-bottom: 0.5rem; color: inherit; background: transparent; border: 1px solid var(--muted); }
button { cursor: pointer; color: inherit; background: transparent; border: 1px solid var(--muted); }
button.primary { color: var(--on-accent); background: var(--accent); border-color: var(--accent); font-weight: 600; }
button + button { margin-top: 0.5rem; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
[role="alert"] { padding: 0.5rem 0.75rem; color: var(--alert); border: 1px solid currentColor; border-radius: 0.5rem; }
footer { max-width: 27rem; margin: 1rem auto 0; color: var(--muted); font-size: 0.85rem; text-align: center; }
`;
