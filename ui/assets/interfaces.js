// What people call the interfaces. One that is not here still works: its name is made from its id.
const KNOWN = {
  'arena.job_kind/1': ['Job kind', 'Job kinds', 'J', 'Work that runs in the queue'],
  'arena.scorer/1': ['Scorer', 'Scorers', 'S', 'Judges an answer'],
  'arena.scorer.aggregate/1': ['Aggregate', 'Aggregates', 'A', 'One figure for a whole run'],
  'arena.rubric/1': ['Rubric', 'Rubrics', 'R', 'Weighs several checks of an answer'],
  'arena.lane_type.engine/1': ['Engine', 'Engines', 'E', 'Runs a model in a plugin'],
  'arena.lane_type.codec/1': ['Codec', 'Codecs', 'C', 'Speaks a model server’s protocol'],
  'arena.exporter/1': ['Exporter', 'Exporters', 'X', 'Writes results for other programs'],
};
const ORDER = Object.keys(KNOWN);
export function iface(id) {
  const word = id.replace(/^arena\./, '').replace(/\/\d+$/, '').replace(/[._]/g, ' ');
  const [name, plural, letter, does] = KNOWN[id] ?? [word, word, (word[0] ?? '?').toUpperCase(), id];
  return { id, name, plural, letter, does };
}
export const sortInterfaces = ids => [...new Set(ids)].sort((a, b) => (ORDER.indexOf(a) + 1 || 99) - (ORDER.indexOf(b) + 1 || 99) || a.localeCompare(b)).map(iface);
