// Text to markup. Every value put into html`` is escaped unless it is itself html`` or raw().
class Safe { constructor(s) { this.s = s; } toString() { return this.s; } }
const MAP = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const put = v => v == null || v === false || v === true ? '' : v instanceof Safe ? v.s : Array.isArray(v) ? v.map(put).join('') : String(v).replace(/[&<>"']/g, c => MAP[c]);
// A boolean prints nothing, except as a whole attribute value (aria-pressed="${on}"), where it prints true or false.
export const html = (parts, ...vals) => new Safe(parts.reduce((out, p, i) => { const v = vals[i - 1]; return out + (typeof v === 'boolean' && parts[i - 1].endsWith('="') ? v : put(v)) + p; }));
export const raw = s => new Safe(s);
export const render = (el, safe) => { el.innerHTML = put(safe); };
export const text = put;
export const $ = (sel, root = document) => root.querySelector(sel);
export const $$ = (sel, root = document) => [...root.querySelectorAll(sel)];

// Icons: 16 px grid, 1.5 px stroke, square caps, no fill. Original drawings.
const I = {
  home: 'M2.5 7.5 8 3l5.5 4.5v6h-4v-3.5h-3v3.5h-4z', plug: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM8 6V2.5',
  jobs: 'M2.5 4h11M2.5 8h11M2.5 12h6M11 10.5l3 1.75-3 1.75z', compare: 'M2.5 3.5h4v9h-4zM9.5 3.5h4v9h-4z', rank: 'M3 13.5v-4M8 13.5v-11M13 13.5V7',
  fleet: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.01M5 11h.01M8 5h3M8 11h3', gate: 'M4 7.5V5.5a4 4 0 0 1 8 0v2M3 7.5h10v6H3zM8 10v1.5', dawn: 'M2 12.5h12M4.5 10a3.5 3.5 0 0 1 7 0M8 3v1.5M3 5.5l1 1M13 5.5l-1 1',
  chat: 'M2.5 3h11v8H7l-3 2.5V11H2.5z', lanes: 'M3 2.5v11M13 2.5v11M8 2.5v2M8 7v2M8 11.5v2', flask: 'M6 2.5h4M7 2.5v4l-4 7h10l-4-7v-4M5 10h6', book: 'M3 3h4.5a1 1 0 0 1 .5.5v10a1 1 0 0 0-.5-.5H3zM13 3H8.5a1 1 0 0 0-.5.5v10a1 1 0 0 1 .5-.5H13z',
  route: 'M3 13V9.5a2 2 0 0 1 2-2h6a2 2 0 0 0 2-2V3M11 5l2-2 2 2M1.5 13h3', pin: 'M5.5 2.5h5l-.5 4.5 2 2.5H4L6 7zM8 9.5v4', gear: 'M3 5h6M12 5h1M3 11h1M7 11h6M10.5 3.5v3M5.5 9.5v3', grid: 'M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5l3 3', x: 'm4 4 8 8M12 4l-8 8', down: 'm4.5 6.5 3.5 3.5 3.5-3.5', right: 'm6.5 4.5 3.5 3.5-3.5 3.5', up: 'm4.5 9.5 3.5-3.5 3.5 3.5', arrow: 'M3 8h10M9 4l4 4-4 4',
  play: 'M4.5 3v10l8-5z', pause: 'M5 3v10M11 3v10', stop: 'M4 4h8v8H4z', retry: 'M13 8a5 5 0 1 1-1.5-3.5L13 6M13 2.5V6H9.5', check: 'm3 8.5 3.5 3.5L13 4.5', warn: 'M8 2.5 14 13H2zM8 6.5V9M8 11h.01', info: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 7.5V11M8 5h.01',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3', filter: 'M2.5 4h11M5 8h6M7 12h2', plus: 'M8 3v10M3 8h10', dots: 'M3.5 8h.01M8 8h.01M12.5 8h.01', sun: 'M8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.5 3.5l1 1M11.5 11.5l1 1M12.5 3.5l-1 1M3.5 12.5l1-1', keys: 'M1.5 4h13v8h-13zM4 6.5h.01M6.5 6.5h.01M9 6.5h.01M11.5 6.5h.01M5 9.5h6',
  shield: 'M8 2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4z', box: 'M2.5 5 8 2.5 13.5 5v6L8 13.5 2.5 11zM2.5 5 8 7.5 13.5 5M8 7.5v6', host: 'M2.5 3.5h11v7h-11zM5.5 13.5h5M8 10.5v3', clock: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM8 5v3l2 1.5', trust: 'M8 2 13 4v4c0 3-2.2 5-5 6-2.8-1-5-3-5-6V4zM5.5 8l2 2 3.5-4', drop: 'M8 2.5v7M5 6.5l3 3 3-3M2.5 10.5v3h11v-3', more: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11', flip: 'M3 5.5h9l-2.5-2.5M13 10.5H4L6.5 13', undo: 'M4 4v4h4M4.5 8A4.5 4.5 0 1 1 6 12',
};
export const icon = name => raw(`<svg width="16" height="16" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d="${I[name] || I.info}"/></svg>`);

// State glyphs: 12 px, one outline per meaning, so that they differ without colour.
const G = {
  open: '<circle cx="6" cy="6" r="4.25"/>', dot: '<circle cx="6" cy="6" r="4.25"/><circle cx="6" cy="6" r="1.25" fill="currentColor"/>', arc: '<g class="turn"><circle cx="6" cy="6" r="4.25" stroke-opacity=".3"/><path d="M6 1.75A4.25 4.25 0 0 1 10.25 6"/></g>',
  done: '<circle cx="6" cy="6" r="5" fill="currentColor" stroke="none"/><path d="m3.75 6.25 1.6 1.6 3-3.4" stroke="var(--panel)"/>', cross: '<path d="M1.75 1.75h8.5v8.5h-8.5z" fill="currentColor" stroke="none"/><path d="m4.1 4.1 3.8 3.8M7.9 4.1 4.1 7.9" stroke="var(--panel)"/>',
  slash: '<circle cx="6" cy="6" r="4.25"/><path d="m3.2 8.8 5.6-5.6"/>', tri: '<path d="M6 1.5 11 10.5H1z"/><path d="M6 4.8v2.4M6 8.8v.1"/>', half: '<circle cx="6" cy="6" r="4.25"/><path d="M6 1.75a4.25 4.25 0 0 1 0 8.5z" fill="currentColor"/>', full: '<circle cx="6" cy="6" r="4.75" fill="currentColor" stroke="none"/>',
  dash: '<circle cx="6" cy="6" r="4.25" stroke-dasharray="2 2.4"/>', plus: '<path d="M6 2v8M2 6h8"/>', diamond: '<path d="m6 1.25 4.75 4.75L6 10.75 1.25 6z"/>', bars: '<path d="M4 2.5v7M8 2.5v7" stroke-width="2"/>', gap: '<circle cx="6" cy="6" r="4.25"/><path d="M3.5 6h5"/>',
};
// word -> [glyph, tone]. The one table of states; nothing else picks a colour for a state.
export const STATES = {
  queued: ['open', ''], dispatched: ['dot', ''], running: ['arc', 'now'], done: ['done', 'ok'], failed: ['cross', 'bad'], skipped: ['slash', 'mute'], deferred: ['bars', 'warn'], cancelled: ['slash', 'mute'], crashed: ['cross', 'bad'],
  ready: ['full', 'ok'], starting: ['half', 'warn'], stopping: ['half', 'warn'], stopped: ['open', 'mute'], sleeping: ['open', 'mute'], error: ['cross', 'bad'], down: ['dash', 'bad'], connected: ['full', 'ok'], reconnecting: ['dash', 'warn'],
  settling: ['half', 'warn'], checking: ['arc', 'now'], 'needs grant': ['plus', 'now'], parked: ['tri', 'warn'], unsupported: ['gap', 'mute'], problem: ['tri', 'warn'],
  healthy: ['full', 'ok'], degraded: ['tri', 'warn'], refused: ['cross', 'bad'], broken: ['cross', 'bad'], new: ['plus', 'now'], draining: ['half', 'warn'], 'not trusted': ['tri', 'warn'], disabled: ['slash', 'mute'],
  live: ['full', 'now'], paused: ['bars', 'mute'], stale: ['dash', 'bad'], offline: ['dash', 'bad'], waiting: ['tri', 'warn'], regressed: ['tri', 'warn'], streaming: ['arc', 'now'], pass: ['done', 'ok'], fail: ['cross', 'bad'], 'not run': ['gap', 'mute'], held: ['diamond', 'warn'], free: ['diamond', 'mute'],
};
export const glyph = name => raw(`<svg width="12" height="12" viewBox="0 0 12 12" fill="none" stroke="currentColor" stroke-width="1.5" aria-hidden="true">${G[(STATES[name] || ['open'])[0]]}</svg>`);
export const state = (name, word) => html`<span class="st ${(STATES[name] || ['', ''])[1]}">${glyph(name)}<span>${word || name[0].toUpperCase() + name.slice(1)}</span></span>`;

// Numbers: one way to write each unit.
export const fmt = {
  pct: (x, d = 1) => (100 * x).toFixed(d), int: n => n.toLocaleString('en').replace(/,/g, '\u202f'),
  usd: x => x === 0 ? '$0' : x < .01 ? `$${x.toFixed(4)}` : `$${x.toFixed(2)}`,
  dur: s => s < 60 ? `${Math.round(s)} s` : s < 3600 ? `${Math.floor(s / 60)} min ${String(Math.round(s % 60)).padStart(2, '0')} s` : `${Math.floor(s / 3600)} h ${String(Math.floor(s % 3600 / 60)).padStart(2, '0')} min`,
  sgn: (x, d = 1) => (x > 0 ? '+' : x < 0 ? '\u2212' : '±') + Math.abs(x).toFixed(d),
};
export const unit = (v, u) => html`<span class="n">${v}</span> <span class="u">${u}</span>`;
export const cure = cmd => html`<div class="cure"><code>${cmd}</code><button class="btn quiet s ico" data-act="copy" data-text="${cmd}" aria-label="Copy command">${icon('copy')}</button></div>`;
export const time = iso => { const d = new Date(iso); if (Number.isNaN(+d)) return ''; const hm = d.toLocaleTimeString('en-GB'); return d.toDateString() === new Date().toDateString() ? hm : `${d.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })} ${hm.slice(0, 5)}`; };
export const count = (n, one, many = one + 's') => `${fmt.int(n)} ${n === 1 ? one : many}`;

// ── Redraw in place ──────────────────────────────────────────────────────
// Makes an element's content like new markup and keeps what is the same: focus, scroll, selection and what was typed.
// data-k, data-row and id tell rows apart; what a custom element or data-own holds is its own affair.
const keyOf = n => n.nodeType === 1 ? n.dataset.row || n.dataset.k || n.id : '';
const like = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
export function patch(el, safe) {
  const made = document.createElement('template');
  made.innerHTML = put(safe);
  morph(el, made.content);
}
function morph(old, wanted) {
  const keyed = new Map([...old.childNodes].filter(keyOf).map(n => [keyOf(n), n]));
  let at = old.firstChild;
  for (const next of [...wanted.childNodes]) {
    const found = keyOf(next) ? keyed.get(keyOf(next)) : at && !keyOf(at) ? at : null;
    if (found && like(found, next)) {
      if (found === at) at = at.nextSibling; else old.insertBefore(found, at);
      adopt(found, next);
    } else old.insertBefore(next, at);
  }
  while (at) { const gone = at; at = at.nextSibling; gone.remove(); }
}
function adopt(node, next) {
  if (node.nodeType !== 1) { if (node.data !== next.data) node.data = next.data; return; }
  const kept = name => name === 'value' || name === 'open' || name === 'aria-busy' || name === 'aria-invalid';
  for (const { name, value } of [...next.attributes]) if (!kept(name) && node.getAttribute(name) !== value) node.setAttribute(name, value);
  for (const { name } of [...node.attributes]) if (!kept(name) && !next.hasAttribute(name)) node.removeAttribute(name);
  if (node.nodeName.includes('-') || node.hasAttribute('data-own') || node.nodeName === 'TEXTAREA') return;
  morph(node, next);
}
