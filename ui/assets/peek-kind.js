// The side panel of one kind: try a scorer, run a job kind.
import { html, text, icon, glyph, state, time, $, $$ } from './dom.js';
import { model, call, busy } from './client.js';
import { link, set, go } from './shell.js';
import { toast, toastProblem } from './widgets.js';
import { ISOLATION } from './pane-plugins.js';
import { iface } from './interfaces.js';
import { pause, resume } from './queue-acts.js';
import { scheduleForm, addSchedule } from './schedules.js';
import './schema-form.js';

const JOB = 'arena.job_kind/1', SCORER = 'arena.scorer/1';
export const kindOf = q => model.kinds.find(k => k.interface === q.of && `${k.plugin}/${k.id}` === q.kind);
const full = k => `${k.plugin}/${k.id}`;

const item = n => html`<fieldset class="item field"><legend class="lbl">Answer ${n}</legend><div class="field"><label for="t-out-${n}">Answer</label><textarea class="in" id="t-out-${n}" data-out rows="2"></textarea></div><div class="field"><label for="t-ref-${n}">References <span class="opt">one a line</span></label><textarea class="in" id="t-ref-${n}" data-ref rows="1"></textarea></div><details><summary class="sm dim">Question</summary><label class="vh" for="t-in-${n}">Question</label><textarea class="in" id="t-in-${n}" data-in rows="1"></textarea></details></fieldset>`;
const tryIt = () => html`<section data-k="try"><h3>Try it</h3><div data-own id="try" class="col g4"></div></section>`;
const runIt = () => html`<section data-k="run"><h3>Run it</h3><div data-own id="run" class="col g4"></div></section>`;

export function peekKind(q) {
  const k = kindOf(q);
  if (!k) return !model.loaded.plugins ? null : { key: `k?${q.kind}`, label: `Kind ${q.kind}`, html: html`<header><div class="grow"><p class="sm dim">Kind</p><h2 class="title">${q.kind}</h2></div><button class="btn quiet s ico" data-act="close" aria-label="Close">${icon('x')}</button></header><div class="body"><div class="empty">${icon('plug')}<h3>This kind is not registered now</h3><p>Its plugin is not ready, or was removed.</p><a class="btn" href="${link('plugins', { plugin: q.kind.split('/')[0] })}">See the plugin</a></div></div>` };
  const can = k.state === 'ready', plugin = model.plugins.get(k.plugin), held = k.interface === JOB && model.paused.get(full(k));
  return {
    // Another generation of the plugin may take other settings, so the form is made anew.
    key: `k:${k.interface} ${full(k)} ${k.sha256} ${can} ${q.again ?? ''}`, label: `Kind ${k.id}`,
    html: html`<header><div class="grow"><p class="sm dim">${iface(k.interface).name}</p><h2 class="title"><code>${k.id}</code></h2><p class="sm">${k.description ?? k.title}</p></div>${state(k.state)}<button class="btn quiet s ico" data-act="close" aria-label="Close">${icon('x')}</button></header>
    <div class="body">${k.reason && html`<div class="callout warn" data-k="why">${icon('warn')}<p>${k.reason}</p><span></span></div>`}${held && html`<div class="callout warn" data-k="held">${glyph('paused')}<div><p><b>Paused since ${time(held.paused_at)}.</b> ${held.reason}</p><p class="sm">Jobs of it wait until it is resumed.</p></div><div class="acts">${resume(full(k))}</div></div>`}${can && k.interface === SCORER ? tryIt() : can && k.interface === JOB ? runIt() : ''}
    <section data-k="from"><h3>Where it comes from</h3><dl class="kv"><dt>Plugin</dt><dd><a href="${link('plugins', { ...q, kind: '', of: '', plugin: k.plugin })}">${k.plugin}</a> ${k.version}</dd><dt>Name</dt><dd><code>${full(k)}</code>${k.aliases.length ? html` <span class="dim">also ${k.aliases.join(', ')}</span>` : ''}</dd><dt>Hash</dt><dd><code>${k.sha256}</code></dd><dt>Runs</dt><dd>${ISOLATION[k.isolation] ?? k.isolation}</dd><dt>Sandbox</dt><dd>${k.sandbox}</dd>${plugin && html`<dt>Trust</dt><dd>${plugin.first_party ? 'Comes with Arena' : 'Granted'}</dd>`}</dl></section></div>
    <footer>${can && k.interface === JOB ? html`<button class="btn go" data-act="queue" data-main data-k="queue">Queue job</button><span class="sm dim">Same as <code>arena run ${k.id}</code></span>${!held && html`<span class="push">${pause(full(k))}</span>`}` : can && k.interface === SCORER ? html`<button class="btn go" data-act="score" data-main data-k="score">Score <kbd>ctrl ↵</kbd></button><span class="sm dim">Nothing is stored.</span>` : html`<button class="btn" data-act="copy" data-text="${full(k)}">${icon('copy')}Copy name</button>`}</footer>`,
    after: root => { if (can && k.interface === SCORER) makeTry($('#try', root), k); if (can && k.interface === JOB) makeRun($('#run', root), k, q); },
  };
}

function makeTry(place, k) {
  place.innerHTML = text(html`<div class="items col g3">${item(1)}</div><button class="btn s" data-act="more">${icon('plus')}Another answer</button><details class="settings" open><summary>Settings</summary><ar-schema-form></ar-schema-form></details><div class="verdicts" aria-live="polite"></div>`);
  const form = $('ar-schema-form', place);
  form.schema = k.schema ?? {};
  // Nothing to set: the empty section says less than none.
  if (!form.fields.length) $('.settings', place).remove();
}
function makeRun(place, k, q) {
  let initial = {};
  try { initial = JSON.parse(q.again ?? '{}'); } catch { /* The address was cut: start empty. */ }
  place.innerHTML = text(html`<ar-schema-form></ar-schema-form><div class="refusal" role="alert"></div><details><summary class="dim sm">Payload as JSON</summary><pre class="log code" data-json tabindex="0" aria-label="Payload"></pre></details>${scheduleForm()}`);
  const form = $('ar-schema-form', place), show = () => { $('[data-json]', place).textContent = JSON.stringify(form.value, null, 2); };
  form.initial = initial;
  form.schema = k.schema ?? {};
  form.addEventListener('change-value', show);
  show();
  offerKnown(form);
}
/** What there is of what job kinds are asked about. The server lists no benches, so those of earlier jobs stand for them. */
function offerKnown(form) {
  const ids = of => model.kinds.filter(k => k.interface === of && k.state === 'ready').map(k => k.id);
  form.offer('scorer', ids(SCORER));
  form.offer('rubric_id', ids('arena.rubric/1'));
  form.offer('bench_id', [...model.jobs.values()].map(j => j.payload?.bench_id).filter(x => typeof x === 'string'));
  call('GET', 'lanes').then(d => { for (const name of ['lane_id', 'judge_lane_id']) form.offer(name, d.lanes.map(l => l.id)); }, () => { /* Only a help: the field takes any text. */ });
}
const refusal = p => html`<div class="callout bad">${icon('warn')}<div><p><b>${p.message}</b></p>${p.hint && html`<p class="sm">${p.hint}</p>`}<p class="xs"><code class="dim">${p.code}</code></p></div><span></span></div>`;

function verdict(s, n, many) {
  const failed = s.status !== 0;
  return html`<div class="verdict"><span class="big">${s.value == null ? '–' : Number.isInteger(s.value) ? s.value : s.value.toFixed(3)}</span><div><p class="row wrap">${many && html`<span class="dim">Answer ${n}</span>`}${failed ? state('error', 'Not judged') : s.skipped ? state('skipped') : s.pass ? state('pass') : state('fail')}<code class="dim">${s.reason}</code></p><p class="sm">${s.explain || html`<span class="dim">The scorer explains nothing.</span>`}</p></div></div>`;
}

export const kindActs = {
  more: el => {
    const items = $('.items', el.parentNode), n = items.children.length + 1;
    if (n > 20) return toast({ tone: 'warn', title: 'Twenty answers at once are enough here', note: 'For more: arena score SCORER --items FILE' });
    items.insertAdjacentHTML('beforeend', text(item(n)));
    $(`#t-out-${n}`).focus();
  },
  score: (el, q) => {
    const k = kindOf(q), place = $('#try'), form = $('ar-schema-form', place), out = $('.verdicts', place);
    if (form?.problems.length) return;
    const items = $$('.item', place).map(f => ({ output: $('[data-out]', f).value, references: $('[data-ref]', f).value.split('\n').filter(l => l !== ''), input: $('[data-in]', f).value }));
    return busy(el, async () => {
      try {
        const r = await call('POST', 'score', { scorer: full(k), config: form?.value ?? {}, items });
        out.innerHTML = text(html`${r.scores.map((s, i) => verdict(s, i + 1, r.scores.length > 1))}<p class="xs dim">${r.took_ms < 10 ? r.took_ms.toFixed(2) : Math.round(r.took_ms)} ms with the way there · ${r.scorer.plugin} ${r.scorer.version} · <code>${r.scorer.sha256.slice(0, 8)}</code></p>`);
      } catch (p) { out.innerHTML = text(refusal(p)); }
      out.scrollIntoView({ block: 'nearest' });
    });
  },
  addSchedule: (el, q) => {
    const k = kindOf(q), form = $('#run ar-schema-form'), refused = $('#run .refusal');
    refused.innerHTML = '';
    if (form.problems.length) return;
    return busy(el, async () => {
      try {
        const s = await addSchedule($('#run'), full(k), form.value);
        toast({ tone: 'now', title: `Schedule ${s.id} is added`, note: `It begins at ${time(s.next_run_at)}.`, act: { label: 'Show', run: () => go('jobs', { view: 'schedules' }) } });
      } catch (p) { refused.innerHTML = text(refusal(p)); refused.scrollIntoView({ block: 'nearest' }); }
    });
  },
  queue: (el, q) => {
    const k = kindOf(q), form = $('#run ar-schema-form'), refused = $('#run .refusal');
    refused.innerHTML = '';
    if (form.problems.length) return;
    return busy(el, async () => {
      try {
        const r = await call('POST', 'jobs', { kind: full(k), payload: form.value });
        if (r.coalesced) toast({ tone: 'now', title: 'The same work is under way already', note: 'This is its job.' });
        set({ kind: '', of: '', again: '', plugin: '', job: r.job_id });
      } catch (p) { refused.innerHTML = text(refusal(p)); refused.scrollIntoView({ block: 'nearest' }); }
    });
  },
};
