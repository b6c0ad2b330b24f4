// Sets the theme that was chosen before the page is painted.
try {
  const theme = localStorage.getItem('latchwork-theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Without storage, the page follows the system.
}
if (new URLSearchParams(location.search).has('embed')) document.documentElement.dataset.embed = ''
