// What people read of a job: its name, how far it is, how long it takes.
import { state, time, fmt } from './dom.js';
import { model } from './client.js';

export const name = j => j.kind.split('/').pop();
export const isLive = j => /^(running|dispatched)$/.test(j.status);
export const share = j => j.progress?.total > 0 ? j.progress.done / j.progress.total : null;
export const brief = j => { const t = JSON.stringify(j.payload); return t === '{}' ? 'no settings' : t.slice(1, -1).replace(/"/g, '').replace(/:/g, ' ').replace(/,/g, ', ').slice(0, 160); };
/** What tells one job of a kind from another: bench and lane where it has them, else its settings. */
export const short = j => [j.payload?.bench_id, j.payload?.lane_id].filter(x => typeof x === 'string').join(' · ') || brief(j);
export const stateOf = j => j.cancel_requested_at && isLive(j) ? state('stopping', 'Cancelling') : j.status === 'queued' && model.paused.has(j.kind) ? state('deferred', 'Kind paused') : state(j.status, j.reason === 'cancelled' ? 'Cancelled' : undefined);
export const span = ms => ms == null || ms < 0 ? '' : ms < 1000 ? `${Math.round(ms)} ms` : ms < 10000 ? `${(ms / 1000).toFixed(1)} s` : fmt.dur(ms / 1000);
/** How long its latest attempt works, or worked. */
export const took = j => span(j.run_ms ?? (isLive(j) && j.dispatched_at ? Date.now() - Date.parse(j.dispatched_at) : null));
/** Until when a job that waits may not begin. */
export const notBefore = j => j.status === 'queued' && Date.parse(j.run_after) > Date.now() ? time(j.run_after) : '';
/** What is left of a job that runs, counted on from when it last said how far it is. */
export function left(j) {
  const p = j.progress;
  if (p?.eta_s == null || j.status !== 'running') return '';
  const s = p.eta_s - (Date.now() - Date.parse(p.at)) / 1000;
  return s < 1 ? '' : `${fmt.dur(s)} left`;
}
