// Jobs: the queue as it is, newest first.
import { html, icon, state, count, time, fmt } from './dom.js';
import { model, call, busy, changed } from './client.js';
import { link, set } from './shell.js';
import { toast, toastProblem, confirm } from './widgets.js';

const FILTERS = [['queued', 'Queued'], ['running', 'Running'], ['done', 'Done'], ['failed', 'Failed'], ['skipped', 'Skipped']];
const matches = (j, s) => !s || j.status === s || (s === 'running' && j.status === 'dispatched');
const name = j => j.kind.split('/').pop();
const share = j => j.progress?.total > 0 ? j.progress.done / j.progress.total : null;
const brief = j => { const t = JSON.stringify(j.payload); return t === '{}' ? 'no settings' : t.slice(1, -1).replace(/"/g, '').replace(/:/g, ' ').replace(/,/g, ', ').slice(0, 160); };
/** What tells one job of a kind from another: bench and lane where it has them, else its settings. */
const short = j => [j.payload?.bench_id, j.payload?.lane_id].filter(x => typeof x === 'string').join(' · ') || brief(j);
export const stateOf = j => j.cancel_requested_at && /running|dispatched/.test(j.status) ? state('stopping', 'Cancelling') : state(j.status, j.reason === 'cancelled' ? 'Cancelled' : undefined);
export const took = j => { if (!j.started_at) return ''; const s = ((j.finished_at ? Date.parse(j.finished_at) : Date.now()) - Date.parse(j.started_at)) / 1000; return s < 0 ? '' : s < 10 ? `${s.toFixed(1)} s` : fmt.dur(s); };
const step = j => { const x = share(j); return j.status === 'running' && j.progress ? html`<span class="row">${x != null && html`<ar-bar class="prog thin" v="${x}"></ar-bar>`}<span class="n">${x != null ? `${Math.round(100 * x)} %` : fmt.int(j.progress.done ?? 0)}</span></span>` : html`<span class="n">${took(j)}</span>`; };
const row = (j, q) => html`<tr data-row="job:${j.id}" aria-selected="${q.job === j.id}"><td><a class="name" data-k="jb-${j.id}" href="${link('jobs', { ...q, job: j.id })}">${name(j)}</a> <code class="dim c3">${j.id.slice(0, 8)}</code><span class="cut sub">${short(j)}</span></td><td>${stateOf(j)}</td><td class="c2"><span class="cut what">${j.error?.message ?? brief(j)}</span></td><td class="c3 dim">${j.trigger}</td><td class="num">${step(j)}</td><td class="num c3 dim">${time(j.enqueued_at)}</td></tr>`;

// What appears while someone reads further down waits behind a pill, so that no row moves under the pointer.
let held = null;
function visible(jobs) {
  const reading = document.getElementById('main')?.scrollTop > 40;
  if (!reading || !held) { held = reading ? held ?? new Set(jobs.map(j => j.id)) : new Set(jobs.map(j => j.id)); return [jobs, 0]; }
  const kept = jobs.filter(j => held.has(j.id));
  return [kept, jobs.length - kept.length];
}

function view(q) {
  if (!model.loaded.jobs) return html`<div class="page"><header class="head"><h1>Jobs</h1></header><div class="panel pad wait" aria-busy="true"><span class="skel w3"></span><span class="skel w2"></span><span class="vh">Loading</span></div></div>`;
  const all = [...model.jobs.values()].reverse(), f = q.f?.toLowerCase();
  const n = s => all.filter(j => matches(j, s)).length;
  const [rows, waiting] = visible(all.filter(j => matches(j, q.status) && (!f || `${j.id} ${j.kind} ${j.trigger} ${JSON.stringify(j.payload)}`.toLowerCase().includes(f))));
  const running = n('running'), queued = n('queued');
  const first = link('plugins', { interface: 'arena.job_kind/1' });
  return html`<div class="page"><header class="head"><div class="grow"><h1>Jobs</h1><p class="lede">${running || 'None'} ${running === 1 ? 'runs' : 'run'}, ${queued || 'none'} ${queued === 1 ? 'waits' : 'wait'}. A job that is interrupted goes on from its last commit.</p></div><div class="row"><a class="btn go" href="${first}" data-k="run-a-job">Run a job</a></div></header>
  <div class="row wrap g4" data-k="jobs-filter"><div class="filters" role="group" aria-label="State"><button data-act="st" data-v="" data-k="st-" aria-pressed="${!q.status}">All <span class="c">${all.length}</span></button>${FILTERS.map(([s, w]) => html`<button data-act="st" data-v="${s}" data-k="st-${s}" aria-pressed="${q.status === s}">${w} <span class="c">${n(s)}</span></button>`)}</div><div class="search push"><label class="vh" for="jf">Filter jobs</label>${icon('search')}<input class="in" id="jf" data-filter value="${q.f || ''}" placeholder="Filter" autocomplete="off"><kbd aria-hidden="true">/</kbd></div></div>
  ${waiting ? html`<button class="pill" data-act="fresh" data-k="pill">${count(waiting, 'new job')}</button>` : ''}
  ${rows.length ? html`<div class="panel" data-k="jobs-table"><table class="tbl jobs"><caption class="vh">Jobs, newest first</caption><thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col" class="c2">What</th><th scope="col" class="c3">Asked by</th><th scope="col" class="num">Progress, time</th><th scope="col" class="num c3">Asked at</th></tr></thead><tbody>${rows.map(j => row(j, q))}</tbody></table></div>` : html`<div class="panel" data-k="jobs-none"><div class="empty">${icon('jobs')}<h2>${all.length ? 'No job matches' : 'No jobs yet'}</h2><p>${all.length ? 'Clear the filter to see all.' : 'Choose a job kind, fill in its form, and watch it here. A first one: run a bench on the lane replay, which needs no GPU.'}</p>${all.length ? html`<button class="btn" data-act="allJobs">Show all jobs</button>` : html`<a class="btn" href="${first}">See the job kinds</a>`}</div></div>`}</div>`;
}

export const jobActs = {
  cancel: async (el, q) => {
    const j = model.jobs.get(q.job) ?? model.details.get(q.job);
    const body = html`<p>${j.status === 'queued' ? 'It has not begun; it is skipped.' : `It is asked to end. ${j.commits ? `Its ${count(j.commits, 'commit')} stay, and a retry goes on from there.` : 'It has committed nothing, so nothing of it is kept.'}`}</p>`;
    if (!await confirm({ title: `Cancel ${name(j)} ${j.id.slice(0, 8)}?`, body, verb: 'Cancel the job' })) return;
    await busy(el, async () => { try { const r = await call('DELETE', `jobs/${j.id}`); toast({ tone: 'warn', title: r.status === 'skipped' ? 'Cancelled' : 'Cancelling' }); } catch (p) { toastProblem('Not cancelled', p); } });
  },
  retryJob: (el, q) => busy(el, async () => { try { await call('POST', `jobs/${q.job}/retry`); toast({ tone: 'now', title: 'Queued again', note: 'It goes on from its last commit.' }); } catch (p) { toastProblem('Not retried', p); } }),
  st: el => set({ status: el.dataset.v }),
  allJobs: () => set({ status: '', f: '' }),
  fresh: () => { held = null; document.getElementById('main').scrollTop = 0; changed(); },
};
export { name, share };
export default { title: 'Jobs', view, acts: jobActs };
