// The frame around the panes: rail, instruments, keys, and the address that is the view.
import { html, raw, text, render, $, icon, glyph } from './dom.js';
import { model, changed } from './client.js';

export const PANES = [['plugins', 'Plugins', 'plug', 'p'], ['jobs', 'Jobs', 'jobs', 'j']];
const MARK = raw('<svg width="22" height="22" viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true"><path d="M2 15.5a8 8 0 0 1 16 0M5.5 15.5a4.5 4.5 0 0 1 9 0"/><circle cx="10" cy="15.5" r="1.1" fill="currentColor" stroke="none"/></svg>');

// The address holds all of the view: #/pane?filter=…&job=…
export const route = () => { const [p, q] = location.hash.replace(/^#\/?/, '').split('?'); return { pane: p || 'plugins', q: Object.fromEntries(new URLSearchParams(q || '')) }; };
export const link = (pane, q = {}) => { const s = new URLSearchParams(Object.entries(q).filter(([, v]) => v != null && v !== '')).toString(); return `#/${pane}${s ? '?' + s : ''}`; };
export const go = (pane, q) => { location.hash = link(pane, q).slice(1); };
export const set = (patch, quiet) => {
  const r = route(), hash = link(r.pane, { ...r.q, ...patch });
  if (!quiet) location.hash = hash.slice(1); else { history.replaceState(null, '', hash); changed(); }
};

// ── State of the line ─────────────────────────────────────────────────────
export const live = { paused: false, since: '' };
const LIVE = { starting: 'Connecting', live: 'Live', reconnecting: 'Reconnecting', paused: 'Paused' };
const SIGN = { starting: 'waiting', live: 'live', reconnecting: 'reconnecting', paused: 'paused' };
export const now = () => live.paused ? 'paused' : model.conn;
const badge = () => { const s = now(); return html`<button class="live" data-k="live" data-s="${s}" data-act="live" aria-label="${LIVE[s]}. ${s === 'paused' ? 'Resume' : 'Pause'} updates">${glyph(SIGN[s])}<span>${LIVE[s]}${s === 'paused' && html`<span class="long"> since ${live.since}</span>`}</span></button>`; };
export function toggleLive() { live.paused = !live.paused; live.since = new Date().toLocaleTimeString('en-GB').slice(0, 5); changed(); }

export const isTrouble = p => /^(needs grant|broken|refused|parked)$/.test(p.state) || p.faults?.length > 0;
const tally = () => {
  const plugins = [...model.plugins.values()], jobs = [...model.jobs.values()], n = f => jobs.filter(f).length;
  return { plugins: plugins.length, ready: plugins.filter(p => p.state === 'ready').length, look: plugins.filter(isTrouble).length + model.problems.length, kinds: model.kinds.length, running: n(j => /running|dispatched/.test(j.status)), queued: n(j => j.status === 'queued'), failed: n(j => j.status === 'failed') };
};
export function strip() {
  const t = tally(), p = model.loaded.plugins, j = model.loaded.jobs;
  const gauge = (label, value, unit, href, cls = '') => html`<a class="gauge ${cls}" href="${href}"><span class="lab">${label}</span><span class="val"><span>${value}${unit && html` <span class="u">${unit}</span>`}</span></span></a>`;
  return html`<div class="gauges" role="group" aria-label="Instruments">${gauge('Plugins ready', p ? t.ready : '–', p && `of ${t.plugins}`, '#/plugins')}${gauge('Need a look', p ? t.look : '–', '', '#/plugins', t.look ? 'look' : '')}${gauge('Kinds', p ? t.kinds : '–', '', '#/plugins', 'o1')}${gauge('Running', j ? t.running : '–', j && (t.running === 1 ? 'job' : 'jobs'), link('jobs', { status: 'running' }), t.running ? 'on' : '')}${gauge('Queued', j ? t.queued : '–', '', link('jobs', { status: 'queued' }), 'o1')}</div><div class="end">${badge()}</div>`;
}
export function rail(pane) {
  const t = tally(), mark = { plugins: t.look ? [t.look, 'w', 'need a look'] : null, jobs: t.running ? [t.running, 'n', 'running'] : null };
  return html`<a class="mark" href="#/plugins" aria-label="Arena, plugins">${MARK}<span>Arena</span></a><ul>${PANES.map(([id, label, sign]) => html`<li><a href="#/${id}" title="${label}" data-k="pane-${id}" ${pane === id && raw('aria-current="page"')}>${icon(sign)}<span>${label}</span>${mark[id] && html`<b class="c ${mark[id][1]}">${mark[id][0]}<i class="vh"> ${mark[id][2]}</i></b>`}</a></li>`)}</ul><div class="foot"><button class="btn quiet s ico" data-act="theme" aria-label="Change theme" title="Theme (t)">${icon('sun')}</button><button class="btn quiet s ico" data-act="keys" aria-label="Keys" title="Keys (?)">${icon('keys')}</button>${model.session && html`<span class="xs dim version">${model.session.version}</span>`}</div>`;
}
export const tabs = pane => html`${PANES.map(([id, label, sign]) => html`<a href="#/${id}" ${pane === id && raw('aria-current="page"')}>${icon(sign)}${label}</a>`)}<button data-act="theme">${icon('sun')}Theme</button>`;
export const mount = app => render(app, html`<nav class="rail" id="rail" aria-label="Panes"></nav><header class="strip" id="strip"></header><div id="banner" class="banner-place"></div><div class="stage"><main id="main" tabindex="-1"></main><div id="peek" class="peek-place"></div></div><nav class="tabs-bottom" id="tabs" aria-label="Panes, short"></nav>`);

/** What is wrong with the line to the server, above everything. */
export const banner = () => !model.problem ? '' : html`<section class="banner" role="alert">${glyph('problem')}<p><b>${model.problem.message}</b> ${model.problem.hint} <code class="dim">${model.problem.code}</code></p></section>`;

const KEYS = [['Anywhere', [['These keys', '?'], ['Filter this pane', '/'], ['Pause or resume updates', 'space'], ['Change theme', 't'], ['Close, go back', 'esc'], ['Do the form’s action', 'ctrl ↵']]], ['Go', PANES.map(([, label, , key]) => [label, `g ${key}`])], ['Tables', [['Next, previous row', 'j k'], ['Open in the side panel', '↵']]], ['Jobs', [['Run a job', 'r']]]];
export function keysheet() {
  const from = document.activeElement, d = document.createElement('dialog');
  d.className = 'sheet';
  d.setAttribute('aria-labelledby', 'ks-t');
  d.innerHTML = text(html`<header><h1 id="ks-t">Keys</h1><button class="btn quiet s ico push" data-x aria-label="Close">${icon('x')}</button></header><div class="cols">${KEYS.map(([h, ks]) => html`<section><h2>${h}</h2><dl>${ks.map(([l, k]) => html`<dt>${l}</dt><dd>${k.split(' ').map(x => html`<kbd>${x}</kbd>`)}</dd>`)}</dl></section>`)}</div>`);
  document.body.append(d);
  $('[data-x]', d).onclick = () => d.close();
  d.onclose = () => { d.remove(); from?.focus?.(); };
  d.showModal();
}
export function theme() {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === 'light' ? 'dark' : 'light';
  try { localStorage.setItem('arena.theme', root.dataset.theme); } catch { /* Not kept, then. */ }
}
