// What the page knows of the server: calls, two event streams, and the model that they keep.
import { $ } from './dom.js';

// Relative to the page, so that it works below any path prefix.
const api = new URL('../api/', document.baseURI);

/** An error of the server in its own words (problem+json), or of the way to it. */
export class Problem extends Error {
  constructor({ detail, code, hint, status }) { super(detail); this.code = code; this.hint = hint; this.status = status; }
}
const unreachable = () => new Problem({ detail: 'The server does not answer.', code: 'page.offline', hint: 'Is `arena up` still running? The page connects again by itself.', status: 0 });

export async function call(method, path, body) {
  let response;
  const options = method === 'GET' ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) };
  try { response = await fetch(new URL(path, api), { method, ...options }); } catch { throw unreachable(); }
  let document = null;
  try { document = await response.json(); } catch { /* Not JSON: said below. */ }
  if (response.ok && document) return document;
  throw new Problem({ detail: document?.detail ?? `The server answered ${response.status} without a reason.`, code: document?.code ?? 'page.bad_answer', hint: document?.hint, status: response.status });
}

export const model = {
  plugins: new Map(), kinds: [], problems: [], jobs: new Map(), details: new Map(), logs: new Map(),
  paused: new Map(), schedules: new Map(), dead: { key: '', filter: {}, jobs: [], next: null, loaded: false, problem: null },
  session: null, loaded: { plugins: false, jobs: false }, conn: 'starting', problem: null,
};

const listeners = new Set();
export const onChange = f => listeners.add(f);
export const changed = () => { for (const f of listeners) f(); };

// ── Streams ───────────────────────────────────────────────────────────────
const streams = { plugins: null, jobs: null };
const open = { plugins: false, jobs: false };
const tries = { plugins: 0, jobs: 0 };
const handlers = {
  plugins: {
    snapshot: d => { model.plugins = new Map(d.plugins.map(p => [p.id, p])); model.kinds = d.kinds; model.problems = d.problems; model.loaded.plugins = true; },
    change: d => {
      for (const p of d.plugins) model.plugins.set(p.id, p);
      for (const id of d.removed) model.plugins.delete(id);
      const touched = new Set([...d.plugins.map(p => p.id), ...d.removed]);
      model.kinds = [...model.kinds.filter(k => !touched.has(k.plugin)), ...d.kinds];
      model.problems = d.problems;
    },
  },
  jobs: {
    snapshot: d => {
      model.jobs = new Map(d.jobs.reverse().map(j => [j.id, j]));
      model.schedules = new Map(d.schedules.map(s => [s.id, s]));
      pausedAre(d.paused_kinds);
      model.loaded.jobs = true;
      stale = true;
      for (const id of watched) { refresh(id); readLog(id); }
    },
    job: d => {
      const before = model.jobs.get(d.job.id);
      model.jobs.set(d.job.id, d.job);
      if (isDead(d.job) !== isDead(before)) stale = true;
      if (watched.has(d.job.id) && !onlyProgress(before, d.job)) refresh(d.job.id);
    },
    removed: d => { model.jobs.delete(d.job_id); stale = true; if (watched.has(d.job_id)) refresh(d.job_id); },
    log: d => { if (watched.has(d.job_id)) readLog(d.job_id); },
    paused_kinds: d => pausedAre(d.paused_kinds),
    schedule: d => { model.schedules.set(d.schedule.id, d.schedule); },
    schedule_removed: d => { model.schedules.delete(d.id); },
  },
};

const pausedAre = list => { model.paused = new Map(list.map(p => [p.kind, p])); };
const isDead = j => /failed|skipped/.test(j?.status ?? '');
/** Whether a job says no more than how far it is: its attempts and its audit trail are then as they were. */
function onlyProgress(before, now) {
  const rest = j => JSON.stringify({ ...j, progress: null });
  return before && JSON.stringify(before.progress) !== JSON.stringify(now.progress) && rest(before) === rest(now);
}

function connect(name) {
  const source = streams[name] = new EventSource(new URL(`${name}/stream`, api));
  source.onopen = () => { open[name] = true; tries[name] = 0; model.problem = null; if (name === 'plugins') who(); update(); };
  source.onerror = () => {
    open[name] = false;
    update();
    // The browser tries again by itself, except after an answer that is no stream: then the server says why.
    if (source.readyState !== EventSource.CLOSED || streams[name] !== source) return;
    const wait = Math.min(15000, 500 * 2 ** tries[name]++);
    who();
    setTimeout(() => { if (streams[name] === source) connect(name); }, wait);
  };
  for (const [event, handle] of Object.entries(handlers[name])) source.addEventListener(event, e => { handle(JSON.parse(e.data)); changed(); });
}
function update() {
  model.conn = open.plugins && open.jobs ? 'live' : model.loaded.plugins || model.loaded.jobs ? 'reconnecting' : 'starting';
  changed();
}
// Asked anew with each connection: a server that was started again knows no session of before.
const who = () => call('GET', 'session').then(s => { model.session = s; changed(); }, p => { model.problem = p; changed(); });
export function start() {
  const follow = () => { if (document.hidden) stop(); else for (const name of Object.keys(streams)) if (!streams[name]) connect(name); };
  // A browser has few connections to one server: a window that nobody sees keeps none.
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', stop);
  addEventListener('pageshow', follow);
  follow();
}
function stop() { for (const name of Object.keys(streams)) { streams[name]?.close(); streams[name] = null; open[name] = false; } }

// ── Jobs that ended without success, as the server finds them ─────────────
let stale = false, asking = 0;
/** Sees to it that `model.dead` holds what a filter finds; `key` tells one filter from another. */
export function wantDead(key, filter) {
  if (model.dead.key === key && !stale) return;
  if (model.dead.key !== key) model.dead = { key, filter, jobs: [], next: null, loaded: false, problem: null };
  stale = false;
  clearTimeout(asking);
  // While someone types, the last letter asks.
  asking = setTimeout(() => readDead(key, filter, ''), 150);
}
export const moreDead = () => readDead(model.dead.key, model.dead.filter, model.dead.next);
async function readDead(key, filter, cursor) {
  const query = new URLSearchParams(Object.entries({ ...filter, limit: 100, cursor }).filter(([, v]) => v));
  try {
    const page = await call('GET', `jobs/dead?${query}`);
    if (model.dead.key === key) model.dead = { ...model.dead, jobs: cursor ? [...model.dead.jobs, ...page.jobs] : page.jobs, next: page.next_cursor, loaded: true, problem: null };
  } catch (problem) { if (model.dead.key === key) model.dead = { ...model.dead, loaded: true, problem }; }
  changed();
}

// ── One job in full ───────────────────────────────────────────────────────
const watched = new Set();
const reading = new Map();
/** Keeps detail and log of one job fresh; of the one before no longer. */
export function watch(id) {
  for (const other of watched) if (other !== id) { watched.delete(other); model.details.delete(other); model.logs.delete(other); }
  if (!id || watched.has(id)) return;
  watched.add(id);
  refresh(id);
  readLog(id);
}
async function refresh(id) {
  try { const detail = await call('GET', `jobs/${id}`); if (watched.has(id)) model.details.set(id, detail); } catch (p) { if (watched.has(id)) model.details.set(id, { problem: p }); }
  changed();
}
function readLog(id) {
  const next = (reading.get(id) ?? Promise.resolve()).then(async () => {
    if (!watched.has(id)) return;
    // The panel shows a tail; the whole log is at the command line.
    const known = model.logs.get(id), most = 500;
    const page = await call('GET', `jobs/${id}/log?${known ? `after=${known.next}&limit=1000` : `tail=${most}`}`);
    model.logs.set(id, { lines: [...known?.lines ?? [], ...page.lines].slice(-most), next: page.next });
    changed();
    if (page.lines.length === 1000) readLog(id);
  }).catch(() => { /* The next line asks again. */ });
  reading.set(id, next);
}

export const busy = async (el, work) => {
  el.setAttribute('aria-busy', 'true');
  el.setAttribute('aria-disabled', 'true');
  try { return await work(); } finally { el.removeAttribute('aria-busy'); el.removeAttribute('aria-disabled'); }
};
