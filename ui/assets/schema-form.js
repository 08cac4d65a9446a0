// <ar-schema-form>.schema = JSON Schema of an object. Draws fields, checks them, gives .value and .problems.
import { html, raw, text, icon, $, $$ } from './dom.js';

let forms = 0;
const words = key => { const w = key.replace(/[_-]+/g, ' ').trim(); return w[0].toUpperCase() + w.slice(1); };
const typeOf = p => Array.isArray(p.type) ? p.type.find(t => t !== 'null') : p.type ?? (p.properties ? 'object' : typeof p.const === 'string' ? 'string' : undefined);
const isNumber = p => /^(integer|number)$/.test(typeOf(p) ?? '');

/** What draws and reads a property: one of the plain fields, else JSON text. */
function form(p) {
  if (Array.isArray(p.enum)) return 'choice';
  switch (typeOf(p)) {
  case 'boolean': return 'check';
  case 'integer': case 'number': return 'number';
  case 'string': return 'text';
  case 'array': return Array.isArray(p.items?.enum) ? 'checks' : typeOf(p.items ?? {}) === 'string' ? 'lines' : 'json';
  case 'object': return p.properties ? 'group' : 'json';
  default: return 'json';
  }
}
const bounds = p => {
  const lo = p.minimum ?? p.exclusiveMinimum, hi = p.maximum ?? p.exclusiveMaximum;
  return lo != null && hi != null ? `${lo} to ${hi}` : lo != null ? `at least ${lo}` : hi != null ? `at most ${hi}` : '';
};

customElements.define('ar-schema-form', class extends HTMLElement {
  set schema(schema) {
    this.s = schema ?? {};
    this.stem = `sf${++forms}`;
    this.fields = [];
    const body = this.group(this.s, [], this.initial ?? {});
    this.innerHTML = text(this.fields.length ? html`<div class="col g4">${body}</div>` : this.s.properties && this.s.additionalProperties === false ? html`<p class="dim sm">It takes no settings.</p>` : html`<div class="col g4">${this.whole()}</div>`);
    this.oninput = () => this.dispatchEvent(new CustomEvent('change-value', { bubbles: true }));
    this.addEventListener('focusout', e => { const f = this.fieldOf(e.target); if (f) this.check(f); });
  }

  whole() {
    this.fields.push({ id: `${this.stem}-all`, path: [], p: { description: 'Its schema names no fields: give the object as JSON.' }, form: 'json', required: true, title: 'Settings as JSON' });
    return this.draw(this.fields[0], this.initial ?? {});
  }
  group(schema, path, given) {
    const required = new Set(schema.required ?? []);
    return Object.entries(schema.properties ?? {}).map(([key, p]) => {
      const field = { id: `${this.stem}-${[...path, key].join('-')}`, path: [...path, key], p, form: form(p), required: required.has(key), title: p.title ?? words(key) };
      const value = given?.[key] ?? p.default;
      if (field.form === 'group') return html`<fieldset class="field group"><legend class="lbl">${field.title}</legend>${p.description && html`<p class="hint">${p.description}</p>`}<div class="col g3">${this.group(p, field.path, value ?? {})}</div></fieldset>`;
      this.fields.push(field);
      return this.draw(field, value);
    });
  }
  draw(f, value) {
    const { p, id } = f, described = raw(`aria-describedby="${id}-h ${id}-e"`), needed = raw(f.required ? 'aria-required="true"' : '');
    const hint = html`<p class="hint" id="${id}-h">${p.description ?? ''}</p>`, error = html`<p class="err" id="${id}-e" hidden>${icon('warn')}<span></span></p>`;
    const label = html`<label for="${id}">${f.title}${!f.required && html` <span class="opt">optional</span>`}</label>`;
    switch (f.form) {
    case 'check': return html`<div class="field"><label class="check"><input type="checkbox" id="${id}" ${value === true && raw('checked')} ${described}><span>${f.title}</span></label>${hint}${error}</div>`;
    case 'checks': return html`<fieldset class="field" id="${id}"><legend class="lbl">${f.title}</legend><div class="row wrap g3">${p.items.enum.map(v => html`<label class="check"><input type="checkbox" name="${id}" value="${JSON.stringify(v)}" ${(value ?? []).includes(v) && raw('checked')}>${String(v)}</label>`)}</div>${hint}${error}</fieldset>`;
    case 'choice': return html`<div class="field">${label}<select class="in" id="${id}" ${described} ${needed}>${!f.required && html`<option value="">–</option>`}${p.enum.map(v => html`<option value="${JSON.stringify(v)}" ${JSON.stringify(v) === JSON.stringify(value) && raw('selected')}>${String(v)}</option>`)}</select>${hint}${error}</div>`;
    case 'number': return html`<div class="field">${label}<div class="row"><input class="in short" id="${id}" inputmode="decimal" autocomplete="off" value="${value ?? ''}" ${described} ${needed}><span class="u">${bounds(p)}</span></div>${hint}${error}</div>`;
    case 'text': return (p.maxLength ?? 0) > 400 || p.format === 'multiline' ? html`<div class="field">${label}<textarea class="in" id="${id}" rows="3" ${described} ${needed}>${value ?? ''}</textarea>${hint}${error}</div>` : html`<div class="field">${label}<input class="in" id="${id}" autocomplete="off" spellcheck="false" value="${value ?? ''}" placeholder="${p.examples?.[0] ?? ''}" ${described} ${needed}>${hint}${error}</div>`;
    case 'lines': return html`<div class="field">${label}<textarea class="in" id="${id}" rows="2" ${described} ${needed}>${(value ?? []).join('\n')}</textarea><p class="hint" id="${id}-h">One a line. ${p.description ?? ''}</p>${error}</div>`;
    default: return html`<div class="field">${label}<textarea class="in mono" id="${id}" rows="2" spellcheck="false" placeholder="JSON" ${described} ${needed}>${value === undefined ? '' : JSON.stringify(value, null, 1)}</textarea>${hint}${error}</div>`;
    }
  }

  /** Lets the text fields of that name offer what is known; any other text is taken too. */
  offer(name, known) {
    for (const f of this.fields.filter(f => f.form === 'text' && f.path.at(-1) === name)) {
      const el = this.control(f);
      if (!known.length || el.localName !== 'input') continue;
      el.setAttribute('list', `${f.id}-l`);
      el.insertAdjacentHTML('afterend', text(html`<datalist id="${f.id}-l">${[...new Set(known)].map(v => html`<option value="${v}"></option>`)}</datalist>`));
    }
  }
  fieldOf(el) { return this.fields?.find(f => f.id === el.id || f.id === el.name); }
  control(f) { return $(`#${CSS.escape(f.id)}`, this); }

  /** What a field says: its value, `undefined` where it is empty, or a sentence that says what is wrong. */
  read(f) {
    const el = this.control(f), { p } = f, given = el.value?.trim() ?? '';
    const need = `${f.title} is needed.`;
    switch (f.form) {
    case 'check': return { value: el.checked || f.required || p.default !== undefined ? el.checked : undefined };
    case 'checks': { const on = $$('input:checked', el).map(x => JSON.parse(x.value)); return on.length || f.required ? { value: on } : {}; }
    case 'choice': return given === '' ? f.required ? { wrong: need } : {} : { value: JSON.parse(given) };
    case 'lines': { const lines = el.value.split('\n').filter(l => l.trim()); return lines.length ? { value: lines } : f.required ? { wrong: need } : {}; }
    case 'number': {
      if (given === '') return f.required ? { wrong: need } : {};
      const n = Number(given.replace(',', '.'));
      if (!Number.isFinite(n)) return { wrong: `A number is needed; you gave “${given}”.` };
      if (typeOf(p) === 'integer' && !Number.isInteger(n)) return { wrong: `A whole number is needed; you gave ${given}.` };
      if (p.minimum != null && n < p.minimum) return { wrong: `At least ${p.minimum}; you gave ${given}.` };
      if (p.exclusiveMinimum != null && n <= p.exclusiveMinimum) return { wrong: `More than ${p.exclusiveMinimum}; you gave ${given}.` };
      if (p.maximum != null && n > p.maximum) return { wrong: `At most ${p.maximum}; you gave ${given}.` };
      if (p.exclusiveMaximum != null && n >= p.exclusiveMaximum) return { wrong: `Less than ${p.exclusiveMaximum}; you gave ${given}.` };
      return { value: n };
    }
    case 'text': {
      if (el.value === '') return f.required && (p.minLength ?? 1) > 0 ? { wrong: need } : f.required ? { value: '' } : {};
      const n = [...el.value].length;
      if (n < (p.minLength ?? 0)) return { wrong: `At least ${p.minLength} characters; you gave ${n}.` };
      if (n > (p.maxLength ?? Infinity)) return { wrong: `At most ${p.maxLength} characters; you gave ${n}.` };
      if (p.pattern) try { if (!new RegExp(p.pattern, 'u').test(el.value)) return { wrong: `It must match ${p.pattern}.` }; } catch { /* The server judges a pattern of another dialect. */ }
      return { value: el.value };
    }
    default:
      if (given === '') return f.required ? { wrong: need } : {};
      try { return { value: JSON.parse(given) }; } catch (e) { return { wrong: `This is no JSON: ${e.message}` }; }
    }
  }
  check(f) {
    const { wrong } = this.read(f), el = this.control(f), note = $(`#${CSS.escape(f.id)}-e`, this);
    note.hidden = !wrong;
    $('span', note).textContent = wrong ?? '';
    if (wrong) el.setAttribute('aria-invalid', 'true'); else el.removeAttribute('aria-invalid');
    return wrong;
  }
  get value() {
    const out = {};
    for (const f of this.fields) {
      const { value } = this.read(f);
      if (value === undefined) continue;
      if (!f.path.length) return value;
      let at = out;
      for (const key of f.path.slice(0, -1)) at = at[key] ??= {};
      at[f.path.at(-1)] = value;
    }
    return out;
  }
  /** Checks all fields, shows what is wrong beside each and puts the focus on the first. */
  get problems() {
    const wrong = this.fields.map(f => [f, this.check(f)]).filter(([, m]) => m);
    if (wrong.length) this.control(wrong[0][0]).focus();
    return wrong.map(([f, m]) => `${f.title}: ${m}`);
  }
});
