// Jobs: the queue as it is, newest first; what failed, as the server finds it; schedules.
import { html, icon, count, time, fmt } from './dom.js';
import { model, call, busy, changed, wantDead, moreDead } from './client.js';
import { link, set } from './shell.js';
import { toast, toastProblem, confirm } from './widgets.js';
import { name, share, brief, short, stateOf, took, left, notBefore, isLive } from './job-words.js';
import { pausedList, pause, resume, jobKinds, queueActs } from './queue-acts.js';
import { scheduleTable } from './schedules.js';

const FILTERS = [['queued', 'Queued'], ['running', 'Running'], ['done', 'Done'], ['failed', 'Failed'], ['skipped', 'Skipped']];
const matches = (j, s) => !s || j.status === s || (s === 'running' && j.status === 'dispatched');
const step = j => { const x = share(j); return isLive(j) && j.progress ? html`<span class="row">${left(j) && html`<span class="u c3 nowrap">${left(j)}</span>`}${x != null && html`<ar-bar class="prog thin" v="${x}"></ar-bar>`}<span class="n">${x != null ? `${Math.round(100 * x)} %` : fmt.int(j.progress.done)}</span></span>` : notBefore(j) ? html`<span class="u">from</span> <span class="n">${notBefore(j)}</span>` : html`<span class="n">${took(j)}</span>`; };
const row = (j, q) => html`<tr data-row="job:${j.id}" aria-selected="${q.job === j.id}"><td><a class="name" data-k="jb-${j.id}" href="${link('jobs', { ...q, job: j.id })}">${name(j)}</a> <code class="dim c3">${j.id.slice(0, 8)}</code><span class="cut sub">${short(j)}</span></td><td>${stateOf(j)}</td><td class="c2"><span class="cut what">${j.error?.message ?? brief(j)}</span></td><td class="c3 dim">${j.trigger}</td><td class="num">${step(j)}</td><td class="num c3 dim">${time(j.enqueued_at)}</td></tr>`;
const table = (rows, q) => html`<div class="panel" data-k="jobs-table"><table class="tbl jobs"><caption class="vh">Jobs, newest first</caption><thead><tr><th scope="col">Job</th><th scope="col">State</th><th scope="col" class="c2">What</th><th scope="col" class="c3">Asked by</th><th scope="col" class="num">Progress, time</th><th scope="col" class="num c3">Asked at</th></tr></thead><tbody>${rows.map(j => row(j, q))}</tbody></table></div>`;
const empty = (sign, title, text, way) => html`<div class="panel" data-k="jobs-none"><div class="empty">${icon(sign)}<h2>${title}</h2><p>${text}</p>${way}</div></div>`;
const all = html`<button class="btn" data-act="allJobs">Show all jobs</button>`;

// What appears while someone reads further down waits behind a pill, so that no row moves under the pointer.
let held = null;
function visible(jobs) {
  const reading = document.getElementById('main')?.scrollTop > 40;
  if (!reading || !held) { held = reading ? held ?? new Set(jobs.map(j => j.id)) : new Set(jobs.map(j => j.id)); return [jobs, 0]; }
  const kept = jobs.filter(j => held.has(j.id));
  return [kept, jobs.length - kept.length];
}

// ── What failed or was skipped ────────────────────────────────────────────
const SINCE = [['', 'any time'], ['1', 'the last hour'], ['24', 'the last day'], ['168', 'the last week']];
const isDeadView = q => q.status === 'failed' || q.status === 'skipped';
function dead(q) {
  const key = JSON.stringify([q.status, q.jk, q.code, q.f, q.since]);
  const filter = { status: q.status, kind: q.jk, code: q.code, text: q.f, ended_after: q.since && new Date(Date.now() - q.since * 3600000).toISOString() };
  wantDead(key, filter);
  const { jobs, next, loaded, problem } = model.dead, rows = jobs.map(j => model.jobs.get(j.id) ?? j).filter(j => j.status === q.status), filtered = q.jk || q.code || q.f || q.since;
  if (problem) return html`<div class="callout bad" data-k="dead-problem">${icon('warn')}<div><p><b>${problem.message}</b></p>${problem.hint && html`<p class="sm">${problem.hint}</p>`}</div><span></span></div>`;
  if (!loaded) return html`<div class="panel pad wait" aria-busy="true" data-k="dead-wait"><span class="skel w2"></span><span class="vh">Loading</span></div>`;
  if (!rows.length) return empty('check', filtered ? 'No job matches' : q.status === 'failed' ? 'Nothing failed' : 'Nothing was skipped', filtered ? 'Clear the filter to see all.' : 'Jobs that end without success are kept here until they are retried or pruned.', all);
  return html`<div class="row wrap found" data-k="dead-all"><p>${next ? `The newest ${fmt.int(rows.length)}` : count(rows.length, 'job')} ${filtered ? 'of this filter' : q.status === 'failed' ? 'that failed' : 'that were skipped'}.</p><button class="btn push" data-act="retryAll" data-k="retryAll">${icon('retry')}Retry all matching…</button></div>${table(rows, q)}${next && html`<div class="row" data-k="dead-more"><button class="btn" data-act="moreDead">Show older</button></div>`}`;
}
const codes = () => [...new Set(model.dead.jobs.map(j => j.error?.code).filter(Boolean))].sort();
const choice = (id, label, values, now) => html`<div class="with"><label class="u" for="${id}">${label}</label><select class="in" id="${id}" data-set="${id}" data-k="${id}-${now ?? ''}">${values.map(([v, w]) => v === (now ?? '') ? html`<option value="${v}" selected>${w}</option>` : html`<option value="${v}">${w}</option>`)}</select></div>`;
/** The kind that is looked at, its switch, and what else tells failures apart. */
function narrow(q) {
  const kinds = jobKinds(), seen = codes();
  return html`<div class="row wrap g3 narrow" data-k="narrow">${choice('jk', 'Kind', [['', 'all kinds'], ...kinds.map(k => [k, k])], q.jk)}${q.jk && (model.paused.has(q.jk) ? resume(q.jk, '') : pause(q.jk))}${isDeadView(q) && html`${q.status === 'failed' && choice('code', 'Failure', [['', 'any'], ...[...new Set([...q.code ? [q.code] : [], ...seen])].map(c => [c, c])], q.code)}${choice('since', 'Ended in', SINCE, q.since)}`}</div>`;
}

function list(q) {
  const f = q.f?.toLowerCase(), first = link('plugins', { interface: 'arena.job_kind/1' }), known = [...model.jobs.values()].reverse();
  const [rows, waiting] = visible(known.filter(j => matches(j, q.status) && (!q.jk || j.kind === q.jk) && (!f || `${j.id} ${j.kind} ${j.trigger} ${JSON.stringify(j.payload)}`.toLowerCase().includes(f))));
  return html`${waiting ? html`<button class="pill" data-act="fresh" data-k="pill">${count(waiting, 'new job')}</button>` : ''}${rows.length ? table(rows, q) : known.length ? empty('jobs', 'No job matches', 'Clear the filter to see all.', all) : empty('jobs', 'No jobs yet', 'Choose a job kind, fill in its form, and watch it here. A first one: run a bench on the lane replay, which needs no GPU.', html`<a class="btn" href="${first}">See the job kinds</a>`)}`;
}

function view(q) {
  if (!model.loaded.jobs) return html`<div class="page"><header class="head"><h1>Jobs</h1></header><div class="panel pad wait" aria-busy="true"><span class="skel w3"></span><span class="skel w2"></span><span class="vh">Loading</span></div></div>`;
  const jobs = [...model.jobs.values()], n = s => jobs.filter(j => matches(j, s)).length, running = n('running'), queued = n('queued'), plan = q.view === 'schedules';
  return html`<div class="page"><header class="head"><div class="grow"><h1>Jobs</h1><p class="lede">${running || 'None'} ${running === 1 ? 'runs' : 'run'}, ${queued || 'none'} ${queued === 1 ? 'waits' : 'wait'}. A job that is interrupted goes on from its last commit.</p></div><div class="row"><div class="seg" role="group" aria-label="View"><button data-act="vw" data-v="" data-k="vw-" aria-pressed="${!plan}">Queue</button><button data-act="vw" data-v="schedules" data-k="vw-schedules" aria-pressed="${plan}">Schedules ${model.schedules.size || ''}</button></div><a class="btn go" href="${link('plugins', { interface: 'arena.job_kind/1' })}" data-k="run-a-job">Run a job</a></div></header>
  ${pausedList()}
  ${plan ? scheduleTable() : html`<div class="col g3" data-k="jobs-filter"><div class="row wrap g4"><div class="filters" role="group" aria-label="State"><button data-act="st" data-v="" data-k="st-" aria-pressed="${!q.status}">All <span class="c">${jobs.length}</span></button>${FILTERS.map(([s, w]) => html`<button data-act="st" data-v="${s}" data-k="st-${s}" aria-pressed="${q.status === s}">${w} <span class="c">${n(s)}</span></button>`)}</div><div class="search push"><label class="vh" for="jf">Filter jobs</label>${icon('search')}<input class="in" id="jf" data-filter value="${q.f || ''}" placeholder="Filter" autocomplete="off"><kbd aria-hidden="true">/</kbd></div></div>${narrow(q)}</div>
  ${isDeadView(q) ? dead(q) : list(q)}`}</div>`;
}

export const jobActs = {
  ...queueActs,
  cancel: async (el, q) => {
    const j = model.jobs.get(q.job) ?? model.details.get(q.job);
    const body = html`<p>${j.status === 'queued' ? 'It has not begun; it is skipped.' : `It is asked to end. ${j.commits ? `Its ${count(j.commits, 'commit')} stay, and a retry goes on from there.` : 'It has committed nothing, so nothing of it is kept.'}`}</p>`;
    if (!await confirm({ title: `Cancel ${name(j)} ${j.id.slice(0, 8)}?`, body, verb: 'Cancel the job' })) return;
    await busy(el, async () => { try { const r = await call('DELETE', `jobs/${j.id}`); toast({ tone: 'warn', title: r.status === 'skipped' ? 'Cancelled' : 'Cancelling' }); } catch (p) { toastProblem('Not cancelled', p); } });
  },
  retryJob: (el, q) => busy(el, async () => { try { await call('POST', `jobs/${q.job}/retry`); toast({ tone: 'now', title: 'Queued again', note: 'It goes on from its last commit.' }); } catch (p) { toastProblem('Not retried', p); } }),
  retryAll: async el => {
    const { filter: { status, ...rest }, jobs, next } = model.dead;
    const body = html`<p>${next ? `More than ${fmt.int(jobs.length)} jobs wait` : `${count(jobs.length, 'job')} ${jobs.length === 1 ? 'waits' : 'wait'}`} again, each with all its attempts, and ${jobs.length === 1 ? 'goes' : 'go'} on from the last commit. Of the same work only one is retried.</p>`;
    if (!await confirm({ title: 'Retry all that match?', body, verb: 'Retry them', bad: false })) return;
    const wish = Object.fromEntries(Object.entries({ ...rest, statuses: [status] }).filter(([, v]) => v));
    await busy(el, async () => { try { const r = await call('POST', 'jobs/retry', wish); toast({ tone: 'now', title: `${count(r.retried.length, 'job')} queued again`, note: r.duplicates.length ? `${count(r.duplicates.length, 'job')} left: the same work waits already.` : '' }); } catch (p) { toastProblem('Not retried', p); } });
  },
  moreDead: el => busy(el, moreDead),
  st: el => set({ status: el.dataset.v, code: '', since: '' }),
  vw: el => set({ view: el.dataset.v, job: '' }),
  allJobs: () => set({ status: '', f: '', jk: '', code: '', since: '' }),
  fresh: () => { held = null; document.getElementById('main').scrollTop = 0; changed(); },
};
export default { title: 'Jobs', view, acts: jobActs };
