// The side panel of one job: progress, result, attempts, log, as they come.
import { html, icon, glyph, time, count, fmt, cure, $ } from './dom.js';
import { model } from './client.js';
import { link } from './shell.js';
import { stateOf, took, left, notBefore, span, name, share, isLive } from './job-words.js';
import { resume } from './queue-acts.js';

const LEVEL = [['d', 'debug'], ['i', 'info'], ['w', 'warn'], ['e', 'error']];
const OUTCOME = { done: 'done', failed: 'failed', crashed: 'failed', cancelled: 'skipped', lost: 'stale', released: 'queued', started_over: 'queued' };
const ENDED = { lost: 'lost, its host is gone', released: 'given back', started_over: 'started over' };
const EVENT = { enqueue: ['queued', 'Asked for'], coalesce: ['queued', 'Asked for again'], retry: ['queued', 'Retried'], rescue: ['stale', 'Taken from a host that is gone'], refusal: ['deferred', 'Not let run'] };
const detail = d => { const t = Object.entries(d ?? {}).filter(([, v]) => v != null && v !== '').map(([k, v]) => `${k} ${typeof v === 'string' ? v : JSON.stringify(v)}`).join(', '); return t.slice(0, 200); };
const trail = (t, i) => { const [sign, word] = EVENT[t.event] ?? ['queued', t.event]; return html`<li data-k="tr-${i}"><span class="dot">${glyph(sign)}</span><span><span class="ink">${word}${t.count > 1 ? ` ${fmt.int(t.count)} times` : ''}</span> <span class="dim sm">${t.event === 'refusal' || t.event === 'rescue' ? '' : 'by '}${t.event === 'rescue' ? '' : t.source}${detail(t.detail) && ` · ${detail(t.detail)}`}</span></span><time>${time(t.created_at)}${t.count > 1 && html`<br>last ${time(t.last_at)}`}</time></li>`; };
const attempt = a => html`<li class="${a.error ? 'bad' : ''}" data-k="at-${a.attempt}"><span class="dot">${glyph(OUTCOME[a.outcome] ?? 'running')}</span><span><span class="ink">Attempt ${a.attempt}: ${ENDED[a.outcome] ?? a.outcome ?? 'running'}</span>${a.error && html` <span class="sm">${a.error.message}</span>`} <span class="dim sm">${a.plugin}</span></span><time>${time(a.started_at)}${a.run_ms != null && html`<br>${span(a.run_ms)}`}</time></li>`;
const line = l => { const [c, w] = LEVEL[l.level] ?? LEVEL[1]; return html`<div data-l="${c}" data-k="log-${l.id}"><time>${time(l.created_at)}</time><span class="${c}">${w}</span><p class="${l.level > 1 ? 'ink' : ''}">${l.message}${l.fields && html` <span class="dim">${JSON.stringify(l.fields)}</span>`}</p></div>`; };
const error = (e, j) => html`<div class="callout bad" data-k="error">${glyph('failed')}<div><p><b>${e.message}</b></p>${e.hint && html`<p class="sm">${e.hint}</p>`}<p class="sm">${j.status === 'failed' ? `Failed after ${count(j.attempts, 'attempt')}. What was not committed is gone; ${j.commits ? count(j.commits, 'commit') + ' stay.' : 'nothing had been committed.'}` : `Attempt ${j.attempts} of ${j.max_attempts} failed; it is tried again${j.run_after ? ` at ${time(j.run_after)}` : ''}.`}</p><p class="xs"><code class="dim">${e.code}</code></p></div><span></span></div>${e.detail?.log?.length ? html`<section data-k="last-lines"><h3>Its last lines</h3><div class="log" tabindex="0" role="group" aria-label="Last lines">${e.detail.log.map((l, i) => line({ ...l, id: `e${i}` }))}</div></section>` : ''}`;
/** What a job that has not begun waits for. */
function waits(j) {
  const held = model.paused.get(j.kind);
  if (held) return html`<div class="callout warn" data-k="waits">${glyph('paused')}<div><p><b>Its kind is paused since ${time(held.paused_at)}.</b> ${held.reason}</p></div><div class="acts">${resume(j.kind)}</div></div>`;
  if (j.error) return '';
  return html`<div class="callout" data-k="waits">${glyph('queued')}<p>${notBefore(j) ? `Waits until ${notBefore(j)}.` : 'Waits for a free slot of the dispatcher.'}</p><span></span></div>`;
}

export function peekJob(q) {
  const detail = model.details.get(q.job), j = model.jobs.get(q.job) ?? (detail?.id ? detail : null);
  const head = (title, sub, right) => html`<header><div class="grow"><p class="sm dim">Job <code>${q.job.slice(0, 8)}</code></p><h2 class="title">${title}</h2><p class="sm">${sub}</p></div>${right}<button class="btn quiet s ico" data-act="close" aria-label="Close">${icon('x')}</button></header>`;
  if (!j) return { key: `j?${q.job}`, label: 'Job', html: html`${head(detail?.problem ? 'Not found' : 'Loading', '', '')}<div class="body">${detail?.problem ? html`<div class="callout bad">${icon('warn')}<div><p><b>${detail.problem.message}</b></p><p class="sm">${detail.problem.hint}</p><p class="xs"><code class="dim">${detail.problem.code}</code></p></div><span></span></div>` : html`<span class="skel w2"></span>`}</div>` };
  const p = j.progress, x = j.status === 'done' ? 1 : share(j), live = isLive(j), log = model.logs.get(j.id)?.lines ?? [];
  const history = detail?.attempt_history ?? [], triggers = detail?.triggers ?? [], fields = Object.entries(p?.fields ?? {});
  return {
    key: `j:${j.id}`, label: `Job ${name(j)}`,
    html: html`${head(name(j), j.kind, html`<span data-k="job-state" role="status">${stateOf(j)}</span>`)}
    <div class="body">
    ${(live || (p && !j.finished_at)) && html`<section data-k="progress" aria-label="Progress"><div class="row base"><span class="figure n">${x != null ? `${Math.round(100 * x)} %` : p?.done != null ? fmt.int(p.done) : '–'}</span><span>${p?.phase}</span><span class="push n">${left(j) || took(j)}</span></div><ar-bar class="prog thick" role="progressbar" aria-label="Progress" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${Math.round(100 * (x ?? 0))}" v="${x ?? 0}"></ar-bar>${p?.total != null && html`<p class="sm dim row"><span>${fmt.int(p.done)} of ${fmt.int(p.total)}</span>${left(j) && html`<span class="push">after ${took(j)}</span>`}</p>`}${fields.length > 0 && html`<dl class="cap-list">${fields.map(([k, v]) => html`<div><dt>${k.replace(/_/g, ' ')}</dt><dd class="n">${typeof v === 'object' ? JSON.stringify(v) : v}</dd></div>`)}</dl>`}</section>`}
    ${j.status === 'queued' && waits(j)}
    ${j.error && j.status !== 'done' && error(j.error, j)}
    ${j.result != null && html`<section data-k="result"><h3>Result</h3><pre class="log code" tabindex="0" aria-label="Result">${JSON.stringify(j.result, null, 2)}</pre></section>`}
    <section data-k="facts"><h3>What happened</h3><dl class="kv"><dt>Asked</dt><dd>${time(j.enqueued_at)} by ${j.trigger}</dd>${j.queued_ms != null && html`<dt>Waited</dt><dd>${span(j.queued_ms)} for its turn</dd>`}${j.started_at && html`<dt>Started</dt><dd>${time(j.started_at)}</dd>`}${j.finished_at && html`<dt>Ended</dt><dd>${time(j.finished_at)}${took(j) && `, after ${took(j)}`}</dd>`}<dt>Attempts</dt><dd>${j.attempts} of ${j.max_attempts}</dd><dt>Commits</dt><dd>${fmt.int(j.commits)}</dd></dl></section>
    ${history.length ? html`<section data-k="attempts"><h3>Attempts</h3><ol class="tline">${history.map(attempt)}</ol></section>` : ''}
    ${triggers.length ? html`<section data-k="trail"><h3>Audit trail</h3><ol class="tline">${triggers.map(trail)}</ol></section>` : ''}
    <section data-k="log"><h3>Log</h3><div class="log" id="job-log" tabindex="0" role="log" aria-label="Log">${log.length ? log.map(line) : html`<p class="none" data-k="none">${j.finished_at ? 'It wrote nothing.' : 'Lines appear here once it writes some.'}</p>`}</div></section>
    <section data-k="payload"><h3>Payload</h3><pre class="log code" tabindex="0" aria-label="Payload">${JSON.stringify(j.payload, null, 2)}</pre></section>
    <section data-k="cli"><h3>The same at the command line</h3>${cure(`arena job show ${j.id}`)}</section></div>
    <footer>${j.finished_at ? html`${j.status !== 'done' && html`<button class="btn go" data-act="retryJob" data-k="retryJob">${icon('retry')}Retry</button>`}<a class="btn" data-k="again" href="${link('plugins', { kind: j.kind, of: 'arena.job_kind/1', again: JSON.stringify(j.payload) })}">Run again…</a>` : j.cancel_requested_at ? html`<button class="btn" aria-disabled="true" data-k="cancelling">Cancelling</button><span class="sm dim">Asked at ${time(j.cancel_requested_at)}; it is ended within seconds.</span>` : html`<button class="btn bad" data-act="cancel" data-k="cancel">Cancel…</button>`}</footer>`,
    // The log follows while its end is in sight.
    before: root => { const l = $('#job-log', root); return l ? l.scrollHeight - l.scrollTop - l.clientHeight < 24 : true; },
    settled: (root, atEnd) => { const l = $('#job-log', root); if (l && atEnd) l.scrollTop = l.scrollHeight; },
  };
}
