// The side panel of one plugin.
import { html, icon, glyph, state, cure } from './dom.js';
import { model } from './client.js';
import { link } from './shell.js';
import { where, trustWord, mend } from './pane-plugins.js';
import { iface } from './interfaces.js';

const scope = s => Object.entries(s).filter(([k]) => k !== 'id').map(([k, v]) => `${k}: ${[v].flat().join(', ')}`).join(' · ');

export function peekPlugin(q) {
  const p = model.plugins.get(q.plugin);
  if (!p) return !model.loaded.plugins ? null : { key: `p?${q.plugin}`, label: `Plugin ${q.plugin}`, html: html`<header><div class="grow"><p class="sm dim">Plugin</p><h2 class="title">${q.plugin}</h2></div><button class="btn quiet s ico" data-act="close" aria-label="Close">${icon('x')}</button></header><div class="body"><div class="empty">${icon('plug')}<h3>There is no plugin of this name</h3><p>It was removed, or the address is of another home.</p></div></div>` };
  const kinds = model.kinds.filter(k => k.plugin === p.id), modes = [...new Set(kinds.map(k => k.isolation))];
  const tone = { 'needs grant': 'now', parked: 'warn', disabled: '' }[p.state] ?? 'bad';
  return { key: `p:${p.id}`, label: `Plugin ${p.id}`, html: html`<header><div class="grow"><p class="sm dim">Plugin</p><h2 class="title">${p.id}</h2><p class="sm">${p.title !== p.id && p.title} ${p.version ?? 'no version known'}</p></div>${state(p.state)}<button class="btn quiet s ico" data-act="close" aria-label="Close">${icon('x')}</button></header>
  <div class="body">
  ${p.reason && html`<div class="callout ${tone}" data-k="why">${glyph(p.faults ? 'broken' : p.state)}<div><p><b>${p.reason}</b></p>${p.hint && html`<p class="sm">${p.hint}</p>`}<p class="xs"><code class="dim">${p.code}</code></p></div><span></span></div>`}
  ${p.description && html`<p data-k="about">${p.description}</p>`}
  <section data-k="identity"><h3>Identity</h3><dl class="kv"><dt>Hash</dt><dd><code>${p.sha256 ?? 'not read'}</code></dd><dt>File</dt><dd><code>${p.path}</code></dd>${p.abi && html`<dt>Interface</dt><dd>built for ${p.abi}</dd>`}${p.license && html`<dt>Licence</dt><dd>${p.license}</dd>`}<dt>Trust</dt><dd>${trustWord(p)[1]}</dd><dt>Runs</dt><dd>${where(p.state === 'ready' ? modes : [], '')}</dd>${p.sandbox && html`<dt>Sandbox</dt><dd class="${p.sandbox === 'full' || !modes.includes('child') ? '' : 't-warn'}">${p.sandbox}</dd>`}</dl></section>
  ${p.services && html`<section data-k="may"><h3>Asks for</h3>${p.services.length ? html`<ul class="asks">${p.services.map(s => html`<li><code class="ink">${s.id}</code> <span class="sm dim">${scope(s)}</span></li>`)}</ul>` : html`<p class="dim">No service and no network: it computes what it is given.</p>`}</section>`}
  ${p.provides && html`<section data-k="provides"><h3>Provides</h3>${p.provides.length ? html`<ul class="lines">${p.provides.map(k => { const registered = kinds.some(x => x.id === k.id && x.interface === k.interface); return html`<li>${registered ? html`<a href="${link('plugins', { ...q, plugin: '', kind: `${p.id}/${k.id}`, of: k.interface })}" data-k="pk-${k.interface}-${k.id}"><code>${k.id}</code></a>` : html`<code>${k.id}</code>`}<span class="dim cut">${k.title}</span><span class="u">${iface(k.interface).name.toLowerCase()}</span></li>`; })}</ul>` : html`<p class="dim">Nothing.</p>`}</section>`}
  ${p.warnings?.length ? html`<section data-k="warnings"><h3>Warnings</h3><ul class="asks">${p.warnings.map(w => html`<li>${w}</li>`)}</ul></section>` : ''}
  <section data-k="cli"><h3>The same at the command line</h3>${cure(`arena plugin info ${p.id}`)}</section></div>
  <footer>${p.state === 'ready' ? html`<button class="btn" data-act="retry" data-id="${p.id}" data-k="retry">${icon('retry')}Probe again</button>` : mend(p, '')}${p.state !== 'disabled' && html`<button class="btn" data-act="disable" data-id="${p.id}" data-k="disable">Disable…</button>`}</footer>` };
}
