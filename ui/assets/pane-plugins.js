// Plugins: who provides what, what needs a look and how it is mended.
import { html, icon, glyph, state, STATES, count, cure, $ } from './dom.js';
import { model, call, busy } from './client.js';
import { link, set, go, isTrouble } from './shell.js';
import { toast, toastProblem, confirm } from './widgets.js';
import { sortInterfaces } from './interfaces.js';

export const trustWord = p => p.first_party ? ['trust', 'Comes with Arena'] : p.granted ? ['shield', 'Granted'] : [p.state === 'needs grant' ? 'warn' : 'info', 'Not granted'];
const trust = p => { const [sign, word] = trustWord(p); return html`<span class="with ${p.state === 'needs grant' ? 't-warn' : 'dim'}">${icon(sign)}<span>${word}</span></span>`; };
export const ISOLATION = { child: 'in a child', host: 'in the host' };
const runsOf = p => [...new Set(model.kinds.filter(k => k.plugin === p.id).map(k => k.isolation))];
export const where = (modes, sandbox) => !modes.length ? html`<span class="dim">not loaded</span>` : html`<span class="with dim">${icon(modes.includes('host') ? 'host' : 'box')}<span>${modes.map(m => ISOLATION[m] ?? m).join(', ')}${modes.includes('child') && sandbox && sandbox !== 'full' && html` · <span class="t-warn">sandbox ${sandbox}</span>`}</span></span>`;
const provided = (p, i) => (p.provides ?? []).filter(k => k.interface === i);
const short = hash => hash?.slice(0, 8) ?? '';
const named = p => html`<a class="ink" href="${link('plugins', { plugin: p.id })}"><b>${p.id}${p.version && ` ${p.version}`}</b></a>`;

// ── What needs a look ─────────────────────────────────────────────────────
const SAYS = { ready: 'has a rubric that cannot be used.', 'needs grant': 'waits for your grant.', broken: 'cannot be used.', refused: 'is refused.', parked: 'crashed too often and is parked.' };
/** The command inside a hint, to be copied. */
const command = hint => hint?.match(/\barena [a-z]+(?: [\w./=-]+)*/)?.[0];
/** The one button that mends it. */
export const mend = (p, cls = 's') => p.faults ? html`<button class="btn ${cls}" data-act="rescan">${icon('retry')}Look again</button>` : ({
  'needs grant': () => html`<button class="btn go ${cls}" data-act="trust" data-id="${p.id}">Grant…</button>`,
  disabled: () => html`<button class="btn ${cls}" data-act="trust" data-id="${p.id}">Enable…</button>`,
  refused: () => html`<button class="btn ${cls}" data-act="rescan">${icon('retry')}Look again</button>`,
}[p.state] ?? (() => html`<button class="btn ${cls}" data-act="retry" data-id="${p.id}">${icon('retry')}Retry</button>`))();
function trouble(p) {
  const cls = p.state === 'needs grant' ? 'new' : p.state === 'parked' ? 'warn' : 'bad';
  const kinds = [...new Set((p.provides ?? []).map(k => k.id))];
  return html`<li class="${cls}" data-row="look-${p.id}">${glyph(p.faults ? 'broken' : p.state)}<div><p>${named(p)} ${SAYS[p.state]}</p><p class="sm">${p.state === 'needs grant' ? html`${kinds.length ? html`Provides ${kinds.slice(0, 4).map((k, i) => html`${i ? ', ' : ''}<code class="ink">${k}</code>`)}${kinds.length > 4 && ` and ${kinds.length - 4} more`}. ` : ''}${p.reason.replace(/^The plugin \S+ /, 'It ')} It runs nowhere until then.` : html`${p.reason} ${p.hint} <code class="dim">${p.code}</code>${p.faults?.length > 1 && html`<br>${count(p.faults.length, 'fault')} in all: ${p.faults.map((f, i) => html`${i ? ', ' : ''}<code>${f.file.split('/').pop()}${f.line && `:${f.line}:${f.column}`}</code>`)}`}`}</p></div>${p.state !== 'needs grant' && command(p.hint) ? cure(command(p.hint)) : ''}<div class="acts">${mend(p)}</div></li>`;
}
const problem = f => html`<li class="bad" data-row="problem-${f.message}">${glyph('problem')}<div><p><b>${f.message}</b></p><p class="sm">${f.hint} <code class="dim">${f.code}</code></p></div><div class="acts"><button class="btn s" data-act="rescan">${icon('retry')}Look again</button></div></li>`;

// ── The pane ──────────────────────────────────────────────────────────────
function jack(p, i, q) {
  const n = provided(p, i.id).length;
  if (!n) return html`<span class="jack hole"></span>`;
  const on = q.from === p.id && q.interface === i.id, off = p.state === 'ready' ? '' : p.state === 'needs grant' ? 'new' : p.state === 'disabled' ? 'rest' : 'off';
  return html`<button class="jack ${off}" data-act="jack" data-k="jk-${p.id}-${i.id}" data-plugin="${p.id}" data-iface="${i.id}" aria-pressed="${on}" aria-label="${p.id}: ${count(n, i.name.toLowerCase(), i.plural.toLowerCase())}${p.state === 'ready' ? '' : ', ' + p.state}">${n}</button>`;
}
const bayRow = (p, ifs, q) => html`<tr data-row="plugin:${p.id}" class="${q.plugin === p.id ? 'lit' : ''}"><th scope="row"><div class="row"><span class="only-s st ${STATES[p.state]?.[1] ?? ''}">${glyph(p.state)}<span class="vh">${p.state}</span></span><a class="name cut" data-k="pl-${p.id}" href="${link('plugins', { ...q, plugin: p.id, kind: '', job: '' })}">${p.id}</a>${p.version && html`<span class="u c3">${p.version}</span>`}<span class="hash c2" title="sha256 ${p.sha256 ?? ''}">${short(p.sha256)}</span></div></th>${ifs.map(i => html`<td class="j">${jack(p, i, q)}</td>`)}<td class="c2">${where(p.state === 'ready' ? runsOf(p) : [], p.sandbox)}</td><td class="c2">${trust(p)}</td><td class="c3">${state(p.state)}</td></tr>`;
const kindRow = (k, q) => html`<tr data-row="kind:${k.interface} ${k.plugin}/${k.id}" aria-selected="${q.kind === `${k.plugin}/${k.id}` && q.of === k.interface}"><td><a class="name" data-k="kd-${k.interface}-${k.plugin}/${k.id}" href="${link('plugins', { ...q, plugin: '', job: '', kind: `${k.plugin}/${k.id}`, of: k.interface })}"><code>${k.id}</code></a></td><td class="c3">${k.title}</td><td class="c2 dim">${k.plugin}</td><td class="c2 dim">${ISOLATION[k.isolation] ?? k.isolation}</td><td>${state(k.state)}</td></tr>`;

function view(q) {
  if (!model.loaded.plugins) return html`<div class="page"><header class="head"><h1>Plugins</h1></header><div class="panel pad wait" aria-busy="true"><span class="skel w3"></span><span class="skel w2"></span><span class="skel w1"></span><span class="vh">Loading</span></div></div>`;
  const plugins = [...model.plugins.values()].sort((a, b) => a.id.localeCompare(b.id)), bad = plugins.filter(isTrouble);
  const order = { 'needs grant': 0, refused: 1, broken: 2, ready: 2, parked: 3 };
  bad.sort((a, b) => order[a.state] - order[b.state]);
  const ifs = sortInterfaces(plugins.flatMap(p => (p.provides ?? []).map(k => k.interface))), f = q.f?.toLowerCase();
  const pool = model.kinds.filter(k => (!q.from || k.plugin === q.from) && (!f || `${k.id} ${k.title} ${k.plugin} ${k.description ?? ''}`.toLowerCase().includes(f)));
  const shown = pool.filter(k => !q.interface || k.interface === q.interface);
  const groups = ifs.map(i => [i, shown.filter(k => k.interface === i.id).sort((a, b) => a.id.localeCompare(b.id))]).filter(g => g[1].length);
  const ready = plugins.filter(p => p.state === 'ready').length, waits = plugins.filter(p => p.state === 'needs grant').length;
  const rest = bad.length - waits;
  return html`<div class="page">
  <header class="head"><div class="grow"><h1>Plugins</h1><p class="lede">${count(plugins.length, 'plugin')} ${plugins.length === 1 ? 'provides' : 'provide'} ${count(model.kinds.length, 'kind')}: ${ready} ready, ${waits || 'none'} ${waits === 1 ? 'waits' : 'wait'} for a grant, ${rest || 'none'} in trouble. Drop a folder or a <code class="ink">.so</code> into <code class="ink">plugins</code> of the home and it appears here.</p></div><div class="row"><button class="btn" data-act="rescan" data-k="rescan">${icon('retry')}Look again</button></div></header>
  ${model.session && !model.session.operator && (bad.length || q.plugin) && html`<div class="callout" data-k="who">${icon('info')}<p>This browser may look, try and run. To grant or disable plugins, open the one-time link that <code class="ink">arena up</code> printed.</p><span></span></div>`}
  ${bad.length + model.problems.length > 0 && html`<section class="panel" data-k="looks" aria-label="Needs a look"><ul class="looks">${model.problems.map(problem)}${bad.map(trouble)}</ul></section>`}
  ${plugins.length ? html`<section class="sec" data-k="bay" aria-labelledby="bay-h"><header><h2 id="bay-h">Patch bay</h2><p class="note">Who provides what. A jack holds the number of kinds; press it to see them below.</p></header>
  <div class="panel"><table class="tbl bay"><caption class="vh">Plugins against interfaces</caption><thead><tr><th scope="col">Plugin</th>${ifs.map(i => html`<th scope="col" class="j" title="${i.plural}: ${i.does}"><span class="wide" aria-hidden="true">${i.plural}</span><i class="only-s" aria-hidden="true">${i.letter}</i><span class="vh">${i.plural}</span></th>`)}<th scope="col" class="c2">Runs</th><th scope="col" class="c2">Trust</th><th scope="col" class="c3">State</th></tr></thead><tbody>${plugins.map(p => bayRow(p, ifs, q))}</tbody></table></div>
  <p class="note legend only-s" aria-hidden="true">${ifs.map(i => html`<span><b>${i.letter}</b> ${i.plural.toLowerCase()}</span>`)}</p></section>` : html`<div class="panel" data-k="none"><div class="empty">${icon('plug')}<h2>No plugins yet</h2><p>Arena’s own lie beside its program. Build them with <code>swift build</code>, or drop one into <code>plugins</code> of the home; it appears here by itself.</p><button class="btn" data-act="rescan">Look again</button></div></div>`}
  <section class="sec" data-k="kinds" aria-labelledby="kd-h"><header><h2 id="kd-h">Kinds</h2><div class="filters" role="group" aria-label="Interface"><button data-act="if" data-v="" data-k="if-" aria-pressed="${!q.interface}">All <span class="c">${pool.length}</span></button>${ifs.map(i => html`<button data-act="if" data-v="${i.id}" data-k="if-${i.id}" aria-pressed="${q.interface === i.id}">${i.plural} <span class="c">${pool.filter(k => k.interface === i.id).length}</span></button>`)}</div>${q.from && html`<button class="tag" data-act="unplug" data-k="unplug">from ${q.from} ${icon('x')}<span class="vh">Remove this filter</span></button>`}<div class="search push"><label class="vh" for="kf">Filter kinds</label>${icon('search')}<input class="in" id="kf" data-filter value="${q.f || ''}" placeholder="Filter" autocomplete="off"><kbd aria-hidden="true">/</kbd></div></header>
  <div class="panel">${groups.length ? html`<table class="tbl" data-k="kd-table"><caption class="vh">Registered kinds</caption><thead><tr><th scope="col">Kind</th><th scope="col" class="c3">What it does</th><th scope="col" class="c2">Provided by</th><th scope="col" class="c2">Runs</th><th scope="col">State</th></tr></thead>${groups.map(([i, ks]) => html`<tbody data-k="kg-${i.id}">${!q.interface && html`<tr class="grp" data-k="kh-${i.id}"><th scope="rowgroup" colspan="5"><b>${i.plural}</b> <span class="dim">${ks.length} · ${i.does.toLowerCase()}</span></th></tr>`}${ks.map(k => kindRow(k, q))}</tbody>`)}</table>` : html`<div class="empty" data-k="kd-none">${icon('search')}<h2>${f ? `No kind matches “${q.f}”` : 'No kind is registered here'}</h2><p>${q.from ? `Plugin ${q.from} is not ready, so its kinds are not registered.` : f ? 'Clear the filter, or drop in a plugin that provides it.' : 'A plugin that is ready registers its kinds.'}</p>${(f || q.from || q.interface) && html`<button class="btn" data-act="clear">Show all kinds</button>`}</div>`}</div></section></div>`;
}

// ── What the buttons do ───────────────────────────────────────────────────
export const acts = {
  jack: el => { const on = el.getAttribute('aria-pressed') === 'true'; set({ from: on ? '' : el.dataset.plugin, interface: on ? '' : el.dataset.iface }); if (!on) $('#kd-h')?.scrollIntoView({ block: 'nearest' }); },
  if: el => set({ interface: el.dataset.v }),
  unplug: () => set({ from: '', interface: '' }),
  clear: () => set({ f: '', from: '', interface: '' }),
  rescan: el => busy(el, async () => {
    try { const r = await call('POST', 'plugins/rescan'); toast({ title: r.changed ? 'Something changed' : 'Nothing changed', note: `${count(r.plugins, 'plugin')} seen.` }); } catch (p) { toastProblem('Not looked at', p); }
  }),
  trust: async el => {
    const p = model.plugins.get(el.dataset.id);
    if (!p) return;
    const asks = p.asks ?? [], added = new Set(p.asks_new ?? []);
    const body = html`<p>${p.reason && p.state === 'needs grant' ? p.reason.replace(/^The plugin \S+ /, 'It ') : asks.length ? 'It asks for:' : 'It asks for no service and no network.'}</p>${asks.length > 0 && html`<ul class="asks">${asks.map(a => html`<li><code class="ink">${a}</code>${added.has(a) && added.size < asks.length && html` <span class="t-warn">new</span>`}</li>`)}</ul>`}<p class="sm">The grant is for these files only: <code>sha256 ${short(p.sha256)}…</code> Changed files ask again.</p>`;
    if (!await confirm({ title: `Grant ${p.id} ${p.version ?? ''}?`, body, verb: 'Grant', bad: false })) return;
    await busy(el, async () => {
      try { const now = await call('POST', `plugins/${p.id}/trust`, { sha256: p.sha256 }); toast({ title: `${p.id} is granted`, note: now.state === 'ready' ? `${count((now.provides ?? []).length, 'kind')} ready.` : now.reason ?? `It is ${now.state}.`, tone: now.state === 'ready' ? 'ok' : 'warn' }); } catch (problem) { toastProblem('Not granted', problem); }
    });
  },
  retry: el => busy(el, async () => {
    try { const p = await call('POST', `plugins/${el.dataset.id}/retry`); toast(p.state === 'ready' ? { title: `${p.id} is ready` } : { tone: 'bad', title: `${p.id} is still ${p.state}`, note: p.reason, code: p.code }); } catch (p) { toastProblem('Not retried', p); }
  }),
  disable: async el => {
    const p = model.plugins.get(el.dataset.id), kinds = model.kinds.filter(k => k.plugin === p.id).length;
    const body = html`<p>${kinds ? `${count(kinds, 'kind')} ${kinds === 1 ? 'disappears' : 'disappear'} from every list. ` : ''}What runs now finishes. Its files stay where they are.</p>`;
    if (!await confirm({ title: `Disable ${p.id}?`, body, verb: 'Disable' })) return;
    await busy(el, async () => {
      try { await call('POST', `plugins/${p.id}/disable`); toast({ tone: 'warn', title: `${p.id} is disabled`, act: { label: 'Open', run: () => go('plugins', { plugin: p.id }) } }); } catch (problem) { toastProblem('Not disabled', problem); }
    });
  },
};
export default { title: 'Plugins', view, acts };
