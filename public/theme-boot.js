// Runs before the first paint, so that a dark page never flashes white. A file of its own because the
// content security policy forbids inline scripts. The app keeps `callground:theme` up to date.
{
  let theme = 'system'
  try {
    theme = localStorage.getItem('callground:theme') ?? 'system'
  } catch (error) {
    // Storage is blocked: the system's choice stands.
    void error
  }
  const isDark =
    theme === 'dark' ||
    (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
}
