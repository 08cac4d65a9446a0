// Before the first paint: the theme that was chosen last, or that the address asks for.
try {
  const wanted = new URLSearchParams(location.search).get('theme') || localStorage.getItem('arena.theme');
  if (['dark', 'light', 'system'].includes(wanted)) document.documentElement.dataset.theme = wanted;
} catch { /* No storage: dark. */ }
