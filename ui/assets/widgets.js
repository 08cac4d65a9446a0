import { html, text, glyph, icon, $, $$ } from './dom.js';

/** <ar-bar v="0.4">: how far something is. The policy of the page allows no style attribute, so the width is set here. */
customElements.define('ar-bar', class extends HTMLElement {
  static observedAttributes = ['v'];
  connectedCallback() { if (!this.firstChild) this.innerHTML = '<i></i>'; this.draw(); }
  attributeChangedCallback() { if (this.firstChild) this.draw(); }
  draw() { this.firstChild.style.setProperty('--v', `${Math.round(1000 * Math.min(1, Math.max(0, +this.getAttribute('v') || 0))) / 10}%`); }
});

/** Toasts: results of what you did. Errors stay; the rest leave after 6 s, not while a pointer or the focus is on them. */
customElements.define('ar-toasts', class extends HTMLElement {
  add({ tone = 'ok', title, note, code, act }) {
    const t = document.createElement('div');
    t.className = `toast ${tone}`;
    const sign = { ok: 'done', bad: 'failed', warn: 'waiting', now: 'running' }[tone];
    t.innerHTML = text(html`${glyph(sign)}<div><p>${title}</p>${note && html`<p class="sm">${note}</p>`}${code && html`<p class="xs"><code>${code}</code></p>`}</div><div class="row g1">${act && html`<button class="btn s">${act.label}</button>`}<button class="btn quiet s ico" aria-label="Dismiss">${icon('x')}</button></div>`);
    const buttons = $$('button', t);
    buttons.at(-1).onclick = () => t.remove();
    if (act) buttons[0].onclick = () => { act.run(); t.remove(); };
    this.append(t);
    while (this.children.length > 3) this.firstChild.remove();
    if (tone === 'bad') return;
    const leave = () => setTimeout(() => { if (t.matches(':hover, :focus-within')) leave(); else t.remove(); }, 6000);
    leave();
  }
});
export const toast = o => $('ar-toasts').add(o);
export const toastProblem = (title, p) => toast({ tone: 'bad', title: `${title}: ${p.message}`, note: p.hint, code: p.code });

/** Asks with the blast radius: the title asks, the text says what happens, the button repeats the verb. With a field the answer is `{text}`. */
export function confirm({ title, body, verb, bad = true, field }) {
  return new Promise(resolve => {
    const d = document.createElement('dialog');
    d.className = 'confirm';
    d.setAttribute('aria-labelledby', 'cf-t');
    d.innerHTML = text(html`<form method="dialog" class="col g3"><h1 id="cf-t">${title}</h1>${body}${field && html`<div class="field"><label for="cf-f">${field.label} <span class="opt">optional</span></label><input class="in" id="cf-f" autocomplete="off" maxlength="${field.most}"></div>`}<div class="row ends"><button class="btn" type="button" data-keep>Keep as is</button><button class="btn ${bad ? 'bad' : 'go'}" value="y">${verb}</button></div></form>`);
    const from = document.activeElement;
    document.body.append(d);
    // No submit button: the enter key in a field means the verb.
    $('[data-keep]', d).onclick = () => d.close();
    d.showModal();
    d.onclose = () => { d.remove(); from?.focus?.(); resolve(d.returnValue === 'y' && (field ? { text: $('#cf-f', d).value.trim() } : true)); };
  });
}
