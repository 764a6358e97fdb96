// What the pages share. Everything from outside becomes a text node or an attribute value, never markup.

const PERIOD_MS = 1000;
const SVG = 'http://www.w3.org/2000/svg';

export const byId = (id) => document.getElementById(id);

export function element(tag, { className, ...attributes } = {}, ...children) {
  return fill(document.createElement(tag), { class: className, ...attributes }, children);
}

export function shape(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

export const number = (value) =>
  value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(1).replace(/\.0$/, '');
export const share = (part, whole) =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part > 0 && part / whole < 0.1 ? 1 : 0)} %`;
export const time = (wall) => new Date(wall).toLocaleTimeString('en-GB');

export function latency(ms) {
  if (ms === null) return '–';
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms >= 10 ? Math.round(ms) : ms.toFixed(1)} ms`;
}

export function age(ms) {
  if (ms === null) return 'never';
  return ms < 90_000 ? `${(ms / 1000).toFixed(1)} s ago` : `${Math.round(ms / 60_000)} min ago`;
}

const memory = (bytes) => `${Math.round(bytes / 1e6)} MB`;

export function errorClass({ calls, faults, errors }) {
  if (faults > 0 && faults / calls >= 0.05) return 'bad';
  return errors > 0 ? 'warn' : 'soft';
}

export const standingClass = {
  reporting: 'good',
  silent: 'bad',
  replaced: 'soft',
  gone: 'soft',
  left: 'soft',
  'not-reporting': 'soft',
};

function standingText({ standing, isListed, isInMaintenance, replacedBy, unreported }) {
  const parts = [standing === 'replaced' ? `replaced by ${replacedBy}` : standing.replace('-', ' ')];
  if (isInMaintenance) parts.push('maintenance');
  else if (!isListed && standing === 'reporting') parts.push('not in the registry');
  if (unreported === 'unknown') parts.push('last counts unknown');
  return parts.join(', ');
}

export function cell(text, className) {
  return element('td', { className }, text);
}

/** `name` is what stands in its first cell. */
export function instanceRow(instance, name = instance.instance) {
  const seen = instance.seenByCallers.last10s;
  const own = instance.own.last10s;
  const figures = seen.calls > 0 ? seen : own;
  const { vitals } = instance;
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row', title: `${instance.service}, incarnation ${instance.incarnation}, version ${instance.version}` },
      name,
    ),
    cell(standingText(instance), `state ${standingClass[instance.standing]}`),
    cell(`${number(seen.perSecond)} (${number(own.perSecond)})`, 'number'),
    cell(`${share(seen.errors, seen.calls)} (${share(own.errors, own.calls)})`, `number ${errorClass(figures)}`),
    cell(latency(figures.p50Ms), 'number'),
    cell(latency(figures.p90Ms), 'number'),
    cell(latency(figures.p99Ms), 'number'),
    cell(vitals ? share(vitals.cpuShare, 1) : '–', 'number'),
    cell(vitals ? latency(vitals.eventLoopDelayP99Ms) : '–', 'number'),
    cell(vitals ? memory(vitals.residentBytes) : '–', 'number'),
    cell(age(instance.lastReportAgeMs), `number ${instance.standing === 'silent' ? 'bad' : ''}`),
  );
}

export function emptyRow(columns, text) {
  return element('tr', {}, element('td', { colspan: columns, className: 'soft' }, text));
}

/**
 * Leaves the page alone when nothing changed, so that screen readers are not told the same again. What is open stays open, and
 * what has the focus keeps it, by their keys.
 */
export function replaceIfChanged(parent, children) {
  const next = element('div', {}, ...children);
  const current = parent.cloneNode(true);
  for (const node of current.querySelectorAll('details[open]')) node.removeAttribute('open');
  if (next.innerHTML === current.innerHTML) return;
  const open = new Set([...parent.querySelectorAll('details[open]')].map((node) => node.dataset.key));
  const { activeElement } = document;
  const focused = parent.contains(activeElement) ? activeElement.closest('[data-key]')?.dataset.key : undefined;
  parent.replaceChildren(...next.childNodes);
  for (const node of parent.querySelectorAll('[data-key]')) {
    if (node.tagName === 'DETAILS') node.open = open.has(node.dataset.key);
    if (node.dataset.key === focused) (node.querySelector('summary') ?? node).focus();
  }
}

/** How many alarms fire or are about to, for all or for one service. */
export function drawStatus({ firing, pending }) {
  const node = byId('status');
  const calm = pending > 0 ? ['warn', `${pending} pending`] : ['good', 'All calm'];
  const [className, text] = firing > 0 ? ['bad', `${firing} firing`] : calm;
  node.className = `status ${className}`;
  if (node.textContent !== text) node.textContent = text;
}

/** One of the monitor's own answers. Throws what the monitor says instead, where it does. */
export async function read(name) {
  const response = await fetch(`api/${name}`, { signal: AbortSignal.timeout(5000) });
  if (response.ok) return response.json();
  const { message = `api/${name} answered ${response.status}` } = await response.json().catch(() => ({}));
  throw new Error(message);
}

/** Calls `refresh` once a second as long as somebody looks. */
export async function keepDrawing(refresh) {
  try {
    if (!document.hidden) await refresh();
  } catch (error) {
    byId('status').className = 'status bad';
    byId('status').textContent = `The monitor does not answer (${error.message}); what is below is old.`;
  }
  setTimeout(keepDrawing, PERIOD_MS, refresh);
}
