// Puts the panes on the page and keeps them as the model is.
import { html, patch, render, $, $$ } from './dom.js';
import * as S from './shell.js';
import { model, start, onChange, watch } from './client.js';
import { toast } from './widgets.js';
import plugins, { acts as pluginActs } from './pane-plugins.js';
import jobs, { jobActs } from './pane-jobs.js';
import { peekPlugin } from './peek-plugin.js';
import { peekKind, kindActs } from './peek-kind.js';
import { peekJob } from './peek-job.js';

const panes = { plugins, jobs };
let shown = { pane: '', peek: null, opener: '' }, waiting = false;

function draw() {
  waiting = false;
  const { pane, q } = S.route();
  if (!panes[pane]) return S.go('plugins');
  const main = $('#main'), other = pane !== shown.pane;
  patch($('#rail'), S.rail(pane));
  patch($('#strip'), S.strip());
  patch($('#tabs'), S.tabs(pane));
  patch($('#banner'), S.banner());
  document.documentElement.dataset.conn = S.now();
  watch(q.job);
  const held = document.activeElement;
  if (other) { render(main, panes[pane].view(q)); main.scrollTop = 0; } else patch(main, panes[pane].view(q));
  // What had the focus may be gone, such as the button of a plugin that was granted: the focus stays in its pane.
  if (held !== document.body && !held.isConnected) main.focus({ preventScroll: true });
  document.title = `${panes[pane].title} · Arena`;
  if (other && shown.pane) main.focus({ preventScroll: true });
  shown.pane = pane;
  drawPeek(q);
}

function drawPeek(q) {
  const place = $('#peek'), p = q.job ? peekJob(q) : q.kind ? peekKind(q) : q.plugin ? peekPlugin(q) : null;
  if (!p) {
    if (!shown.peek) return;
    place.replaceChildren();
    shown.peek = null;
    $(`[data-k="${CSS.escape(shown.opener)}"]`)?.focus({ preventScroll: true });
    return;
  }
  if (p.key === shown.peek) {
    const kept = p.before?.(place);
    patch($('.peek', place), p.html);
    p.settled?.(place, kept);
    return;
  }
  if (!shown.peek) shown.opener = document.activeElement?.dataset?.k ?? '';
  shown.peek = p.key;
  render(place, html`<aside class="peek" aria-label="${p.label}" tabindex="-1">${p.html}</aside>`);
  p.after?.(place);
  $('.peek', place).focus({ preventScroll: true });
}

const ask = () => { if (!waiting) { waiting = true; requestAnimationFrame(draw); } };
S.mount($('#app'));
onChange(() => { if (!S.live.paused || $('#strip .live')?.dataset.s !== 'paused') ask(); });
addEventListener('hashchange', ask);
draw();
start();
// Times that run: only what says how long something takes is drawn anew.
setInterval(() => { if (!S.live.paused && !document.hidden && [...model.jobs.values()].some(j => j.status === 'running')) ask(); }, 1000);

const actions = {
  ...pluginActs, ...kindActs, ...jobActs, theme: S.theme, keys: S.keysheet, live: S.toggleLive,
  close: () => S.set({ plugin: '', kind: '', of: '', again: '', job: '' }),
  copy: async el => { try { await navigator.clipboard.writeText(el.dataset.text); toast({ title: 'Copied', note: el.dataset.text }); } catch { toast({ tone: 'warn', title: 'This browser does not let the page copy', note: el.dataset.text }); } },
};
document.addEventListener('click', e => {
  const el = e.target.closest('[data-act]');
  if (el) {
    e.preventDefault();
    if (el.getAttribute('aria-disabled') !== 'true') actions[el.dataset.act]?.(el, S.route().q);
    if (el.dataset.act === 'live') ask();
    return;
  }
  const row = e.target.closest('tr[data-row]');
  if (row && !e.target.closest('a, button, input, label') && !getSelection().toString()) $('a', row)?.click();
});
document.addEventListener('input', e => { if (e.target.matches('[data-filter]')) S.set({ f: e.target.value }, true); });
document.addEventListener('change', e => { if (e.target.matches('[data-set]')) S.set({ [e.target.dataset.set]: e.target.value }); });
document.addEventListener('submit', e => { if (e.target.method !== 'dialog') e.preventDefault(); });

let chord = 0;
document.addEventListener('keydown', e => {
  if ((e.metaKey || e.ctrlKey) && e.key === 'Enter') { $('#peek [data-main]')?.click(); return; }
  if ($('dialog[open]') || e.metaKey || e.ctrlKey || e.altKey) return;
  const typing = e.target.matches('input:not([type=checkbox]):not([type=radio]), textarea, select');
  if (e.key === 'Escape') { if (typing && e.target.matches('[data-filter]')) e.target.blur(); else $('#peek [data-act="close"]')?.click(); return; }
  if (typing) return;
  if (Date.now() - chord < 900) { chord = 0; const p = S.PANES.find(x => x[3] === e.key); if (p) { e.preventDefault(); S.go(p[0]); } return; }
  if (e.key === 'g') chord = Date.now();
  else if (e.key === '?') S.keysheet();
  else if (e.key === 't') S.theme();
  else if (e.key === 'r') S.go('plugins', { interface: 'arena.job_kind/1' });
  else if (e.key === '/') { e.preventDefault(); $('[data-filter]')?.focus(); }
  else if (e.key === ' ' && !e.target.closest('button, a, summary, [tabindex="0"]')) { e.preventDefault(); S.toggleLive(); ask(); }
  else if (e.key === 'j' || e.key === 'k') {
    const rows = $$('#main tr[data-row]').map(r => $('a', r)).filter(Boolean), i = rows.indexOf(document.activeElement);
    rows[Math.max(0, Math.min(rows.length - 1, i + (e.key === 'j' ? 1 : -1)))]?.focus();
  }
});
document.addEventListener('focusin', e => { for (const r of $$('tr.cursor')) r.classList.remove('cursor'); e.target.closest?.('tr[data-row]')?.classList.add('cursor'); });
