/** Dark or light: the system's choice until the user makes another, which this browser keeps. */
const kept = 'warren.theme';

export function applyTheme(): void {
  const chosen = localStorage.getItem(kept);
  if (chosen) document.documentElement.dataset.theme = chosen;
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', tell);
}

export function toggleTheme(): void {
  const next = isDark() ? 'light' : 'dark';
  document.documentElement.dataset.theme = next;
  localStorage.setItem(kept, next);
  tell();
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

/** Charts are drawn anew. */
function tell(): void {
  document.dispatchEvent(new Event('theme'));
}
