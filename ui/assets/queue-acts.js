// What is done to a kind's jobs as a whole, and to schedules.
import { html, icon, glyph, time, count } from './dom.js';
import { model, call, busy } from './client.js';
import { toast, toastProblem, confirm } from './widgets.js';

/** The full name of a job kind that jobs, schedules and paused kinds go by. */
export const jobKinds = () => [...new Set([...model.kinds.filter(k => k.interface === 'arena.job_kind/1').map(k => `${k.plugin}/${k.id}`), ...[...model.jobs.values()].map(j => j.kind), ...model.paused.keys()])].sort();
const waiting = kind => [...model.jobs.values()].filter(j => j.kind === kind && j.status === 'queued').length;

export const resume = (kind, cls = 's') => html`<button class="btn ${cls}" data-act="resumeKind" data-kind="${kind}" data-k="resume-${kind}">${icon('play')}Resume</button>`;
export const pause = (kind, cls = '') => html`<button class="btn ${cls}" data-act="pauseKind" data-kind="${kind}" data-k="pause-${kind}">${icon('pause')}Pause…</button>`;
/** The kinds that are paused, each with its way back. */
export function pausedList() {
  if (!model.paused.size) return '';
  return html`<section class="panel" data-k="paused" aria-label="Paused kinds"><ul class="looks">${[...model.paused.values()].map(p => { const n = waiting(p.kind); return html`<li class="warn" data-row="paused-${p.kind}">${glyph('paused')}<div><p><b>${p.kind}</b> is paused since ${time(p.paused_at)}${p.reason ? ':' : '.'} ${p.reason}</p><p class="sm">${n ? `${count(n, 'job')} ${n === 1 ? 'waits' : 'wait'} for it.` : 'No job waits for it.'} What runs goes on.</p></div><div class="acts">${resume(p.kind)}</div></li>`; })}</ul></section>`;
}

const done = async (el, work, title) => busy(el, async () => { try { return await work(); } catch (p) { toastProblem(title, p); } });
export const queueActs = {
  pauseKind: async el => {
    const { kind } = el.dataset;
    const answer = await confirm({ title: `Pause ${kind}?`, body: html`<p>No job of it is begun until it is resumed, also after a restart. What runs goes on.</p>`, verb: 'Pause the kind', bad: false, field: { label: 'Reason', most: 400 } });
    if (!answer) return;
    await done(el, async () => { await call('POST', 'kinds/pause', { kind, ...answer.text && { reason: answer.text } }); toast({ tone: 'warn', title: `${kind} is paused` }); }, 'Not paused');
  },
  resumeKind: el => done(el, async () => { const r = await call('POST', 'kinds/resume', { kind: el.dataset.kind }); toast({ tone: 'now', title: `${r.kind} goes on`, note: r.was_paused ? '' : 'It was not paused any more.' }); }, 'Not resumed'),
  removeSchedule: async el => {
    const s = model.schedules.get(el.dataset.id);
    if (!s || !await confirm({ title: `Remove schedule ${s.id}?`, body: html`<p>It enqueues no more jobs of ${s.kind}. The jobs that it enqueued stay.</p>`, verb: 'Remove the schedule' })) return;
    await done(el, async () => { await call('DELETE', `schedule/${s.id}`); toast({ tone: 'warn', title: `Schedule ${s.id} is removed` }); }, 'Not removed');
  },
};
