// Schedules: what is enqueued again and again, and the form that adds one.
import { html, icon, state, time, fmt, $ } from './dom.js';
import { model, call } from './client.js';
import { link } from './shell.js';

const every = s => s % 86400 === 0 ? `${s / 86400} d` : s % 3600 === 0 ? `${s / 3600} h` : s % 60 === 0 ? `${s / 60} min` : fmt.dur(s);
const CATCH_UP = { once: 'once for all it missed', all: 'once for each it missed', skip: 'never for what it missed' };
const row = s => html`<tr data-row="schedule:${s.id}"><td><b class="ink">${s.id}</b><a class="under cut" href="${link('plugins', { kind: s.kind, of: 'arena.job_kind/1', again: JSON.stringify(s.payload) })}" data-k="sk-${s.id}">${s.kind}</a></td><td>${s.cron ? html`<code class="ink nowrap">${s.cron}</code>` : html`<span class="ink nowrap">every ${every(s.every_s)}</span>`}<span class="under c3">${s.cron && `${s.tz}, `}${CATCH_UP[s.catch_up]}</span></td><td>${s.error ? html`<span class="t-bad">${s.error.message}</span>` : !s.enabled ? state('disabled') : html`<span class="n">${time(s.next_run_at)}</span><span class="under c2">${s.next_runs.slice(1).map((t, i) => html`${i ? ', ' : 'then '}${time(t)}`)}</span>`}</td><td class="c3 dim">${s.last_fired_at ? time(s.last_fired_at) : 'never'}</td><td class="num"><button class="btn quiet s ico" data-act="removeSchedule" data-id="${s.id}" data-k="rm-${s.id}" aria-label="Remove schedule ${s.id}" title="Remove">${icon('x')}</button></td></tr>`;

export function scheduleTable() {
  const all = [...model.schedules.values()].sort((a, b) => a.id.localeCompare(b.id));
  return all.length ? html`<div class="panel" data-k="schedules"><table class="tbl plans"><caption class="vh">Schedules, by name</caption><thead><tr><th scope="col">Schedule</th><th scope="col">When</th><th scope="col">Next</th><th scope="col" class="c3">Last</th><th scope="col"><span class="vh">Remove</span></th></tr></thead><tbody>${all.map(row)}</tbody></table></div>` : html`<div class="panel" data-k="no-schedules"><div class="empty">${icon('clock')}<h2>No schedules yet</h2><p>A schedule enqueues a job of one kind at times. Choose a job kind, fill in its form and open “Again and again”.</p><a class="btn" href="${link('plugins', { interface: 'arena.job_kind/1' })}">See the job kinds</a></div></div>`;
}

// ── The form, below that of a job ─────────────────────────────────────────
const UNITS = [['60', 'minutes'], ['3600', 'hours'], ['86400', 'days'], ['1', 'seconds']];
export const scheduleForm = () => html`<details class="again"><summary class="dim sm">Again and again</summary><div class="col g3"><div class="field"><label for="sc-cron">At times <span class="opt">cron</span></label><input class="in" id="sc-cron" autocomplete="off" spellcheck="false" placeholder="30 2 * * mon-fri" aria-describedby="sc-cron-h"><p class="hint" id="sc-cron-h">Minute, hour, day of month, month, day of week; or @daily.</p></div><div class="field"><label for="sc-every">Or every</label><div class="row"><input class="in short" id="sc-every" inputmode="numeric" autocomplete="off"><label class="vh" for="sc-unit">Unit</label><select class="in short" id="sc-unit">${UNITS.map(([s, w]) => html`<option value="${s}">${w}</option>`)}</select></div></div><div class="field"><label for="sc-tz">Time zone of cron</label><input class="in" id="sc-tz" autocomplete="off" spellcheck="false" value="${Intl.DateTimeFormat().resolvedOptions().timeZone}"></div><div class="field"><label for="sc-id">Name <span class="opt">optional</span></label><input class="in" id="sc-id" autocomplete="off" spellcheck="false" placeholder="nightly"></div><div><button class="btn" data-act="addSchedule">${icon('clock')}Add schedule</button></div></div></details>`;
/** What the form says, or a sentence that says what is missing. */
function wish(place) {
  const text = id => $(`#sc-${id}`, place).value.trim(), cron = text('cron'), n = Number(text('every'));
  if (!cron === !text('every')) return { wrong: 'Give either times or an interval.' };
  if (!cron && !(n > 0 && Number.isInteger(n * text('unit')))) return { wrong: `An interval is a number above 0; you gave ${text('every')}.` };
  return { ...cron ? { cron, tz: text('tz') || 'UTC' } : { every_s: n * text('unit') }, ...text('id') && { id: text('id') } };
}
/** Adds the schedule that the form describes. Throws a problem that can be shown. */
export async function addSchedule(place, kind, payload) {
  const { wrong, ...rule } = wish(place);
  if (wrong) throw { message: wrong, code: 'page.no_time' };
  return (await call('POST', 'schedule', { kind, payload, ...rule })).schedule;
}
