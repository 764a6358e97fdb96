// Draws one service as the monitor's own JSON says, once a second, and the actors of those instances that somebody looks into.
import {
  byId,
  cell,
  drawStatus,
  element,
  emptyRow,
  errorClass,
  instanceRow,
  keepDrawing,
  latency,
  number,
  read,
  replaceIfChanged,
  share,
} from './drawing.js';

const service = new URLSearchParams(location.search).get('name') ?? '';

const count = (value, one, many = `${one}s`) => `${value.toLocaleString('en')} ${value === 1 ? one : many}`;

/** By instance: where its actors are shown, and of which part. */
const panels = new Map();

function methodRow({ method, own, seenByCallers }) {
  const seen = seenByCallers.last10s;
  const counted = own.last10s;
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, method),
    cell(`${number(seen.perSecond)} (${number(counted.perSecond)})`, 'number'),
    cell(
      `${share(seen.errors, seen.calls)} (${share(counted.errors, counted.calls)})`,
      `number ${errorClass(seen.calls > 0 ? seen : counted)}`,
    ),
    cell(latency((seen.calls > 0 ? seen : counted).p50Ms), 'number'),
    cell(latency((seen.calls > 0 ? seen : counted).p99Ms), 'number'),
  );
}

function actorLine({ childCount, id, isBusy, mailboxLength, restarts, state }, isRoot) {
  const facts = [
    ...(state === 'running' ? [] : [state]),
    ...(isBusy ? ['busy'] : []),
    ...(mailboxLength > 0 ? [`${count(mailboxLength, 'message')} waiting`] : []),
    ...(restarts > 0 ? [`restarted ${count(restarts, 'time')}`] : []),
    ...(childCount > 0 ? [count(childCount, 'child', 'children')] : []),
  ];
  const name = isRoot ? id : id.slice(id.lastIndexOf('/') + 1);
  const isIll = state !== 'running' || restarts > 0;
  return [
    element('span', { title: id }, name),
    element('span', { className: isIll ? 'warn' : 'soft' }, facts.length > 0 ? ` ${facts.join(', ')}` : ''),
  ];
}

/** Ends with how many are left out, and a way to those that are. */
function actorNode(panel, actor, isRoot) {
  const { childCount, children, id } = actor;
  if (childCount === 0) return element('li', {}, ...actorLine(actor, isRoot));
  const missing = childCount - children.length;
  const more =
    missing > 0
      ? [
          element(
            'li',
            { className: 'soft' },
            `${count(missing, 'more', 'more')} `,
            ...(id === panel.under ? [] : [showing(id)]),
          ),
        ]
      : [];
  return element(
    'li',
    {},
    element(
      'details',
      { 'data-key': id },
      element('summary', {}, ...actorLine(actor, isRoot)),
      element('ul', {}, ...children.map((child) => actorNode(panel, child, false)), ...more),
    ),
  );
}

/** Its clicks are heard by the panel: the tree is drawn anew each time. */
function showing(under) {
  const text = under === undefined ? 'Show all from the root' : 'Show this part alone';
  return element('button', { type: 'button', 'data-key': `show ${under ?? ''}`, 'data-under': under }, text);
}

function actorsOf(panel, { activations, actorCount, rootCount, roots, shownCount }) {
  const grains = Object.entries(activations).map(([kind, active]) => `${kind} ${active.toLocaleString('en')}`);
  const missing = panel.under === undefined ? rootCount - roots.length : 0;
  const nothing = panel.under === undefined ? 'No actor is alive.' : `There is no actor ${panel.under} any more.`;
  return [
    element('p', { className: 'hint' }, `${count(actorCount, 'actor')}, ${shownCount} shown.`),
    ...(grains.length > 0 ? [element('p', { className: 'hint' }, `Active grains: ${grains.join(', ')}`)] : []),
    ...(panel.under === undefined ? [] : [showing(undefined)]),
    ...(roots.length === 0 ? [element('p', { className: 'calm' }, nothing)] : []),
    element(
      'ul',
      { className: 'tree' },
      ...roots.map((actor) => actorNode(panel, actor, true)),
      ...(missing > 0 ? [element('li', { className: 'soft' }, `${count(missing, 'more', 'more')}`)] : []),
    ),
  ];
}

/** Asks for the actors while the panel is open, one question at a time. */
async function look(panel) {
  if (!panel.node.open || panel.isAsking) return;
  panel.isAsking = true;
  const { instance, under } = panel;
  const question = new URLSearchParams({ service, instance, ...(under === undefined ? {} : { under }) });
  try {
    const answer = await read(`actors?${question}`);
    if (under === panel.under) replaceIfChanged(panel.body, actorsOf(panel, answer));
  } catch (error) {
    replaceIfChanged(panel.body, [element('p', { className: 'bad' }, `No actors to show: ${error.message}.`)]);
  } finally {
    panel.isAsking = false;
  }
}

function panelOf(instance) {
  const body = element('div', {}, element('p', { className: 'calm' }, 'Asking…'));
  const node = element('details', { className: 'actors' }, element('summary', {}, instance), body);
  const panel = { instance, node, body, under: undefined, isAsking: false };
  node.addEventListener('toggle', () => void look(panel));
  body.addEventListener('click', ({ target }) => {
    if (target.tagName !== 'BUTTON') return;
    panel.under = target.dataset.under;
    void look(panel);
  });
  return panel;
}

/** Panels stay as they are as long as their instances are there. */
function drawPanels(instances) {
  const names = instances.filter(({ hasActors }) => hasActors).map(({ instance }) => instance);
  for (const name of panels.keys()) if (!names.includes(name)) panels.delete(name);
  for (const name of names) if (!panels.has(name)) panels.set(name, panelOf(name));
  const nodes = names.map((name) => panels.get(name).node);
  const list = byId('actor-list');
  const isSame = nodes.length === list.children.length && nodes.every((node, index) => node === list.children[index]);
  const calm = element('p', { className: 'calm' }, 'No listed instance of this service has actors.');
  if (nodes.length === 0) replaceIfChanged(list, [calm]);
  else if (!isSame) list.replaceChildren(...nodes);
  for (const panel of panels.values()) void look(panel);
}

async function refresh() {
  const [{ instances }, { services }, { active }] = await Promise.all(['instances', 'services', 'alarms'].map(read));
  const mine = instances.filter((instance) => instance.service === service);
  const firing = active.filter((alarm) => alarm.service === service && alarm.state === 'firing').length;
  const pending = active.filter((alarm) => alarm.service === service && alarm.state === 'pending').length;
  drawStatus({ firing, pending });
  const rows = mine.map((instance) => instanceRow(instance));
  byId('instance-rows').replaceChildren(...(rows.length > 0 ? rows : [emptyRow(11, 'Nobody knows this service.')]));
  const methods = (services.find((one) => one.service === service)?.methods ?? []).map(methodRow);
  byId('method-rows').replaceChildren(
    ...(methods.length > 0 ? methods : [emptyRow(5, 'No calls within the last minute.')]),
  );
  drawPanels(mine);
}

document.title = `${service} – Rookery monitor`;
byId('service').textContent = service;
void keepDrawing(refresh);
