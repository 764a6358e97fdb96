// Draws the whole colony as the monitor's own JSON says, once a second.
import {
  age,
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
  shape,
  share,
  standingClass,
  time,
} from './drawing.js';

/** The way from an instance to the page of its service. */
function serviceLink({ instance, service }) {
  return element('a', { href: `service?name=${encodeURIComponent(service)}` }, instance);
}

function linkRow({ caller, target, state, traffic }) {
  const { last10s, last60s } = traffic;
  const codes = Object.entries(last60s.codes).map(([code, count]) => `${code} ${count}`);
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, caller.instance),
    cell(target.instance || `no usable ${target.service}`),
    cell(state === 'unknown' ? '–' : state, { up: 'good', suspect: 'warn', down: 'bad' }[state] ?? 'soft'),
    cell(number(last10s.perSecond), 'number'),
    cell(share(last10s.errors, last10s.calls), `number ${errorClass(last10s)}`),
    // A call that found no instance took no time anywhere.
    cell(latency(target.instance ? last10s.p50Ms : null), 'number'),
    cell(latency(target.instance ? last10s.p99Ms : null), 'number'),
    cell(codes.join(', ') || '–', 'soft'),
  );
}

function alarmCard(alarm) {
  const since =
    { firing: alarm.firingAt, pending: alarm.pendingAt, resolved: alarm.resolvedAt }[alarm.state] ?? alarm.pendingAt;
  const steps = alarm.history.map(({ state, at, summary }) => element('li', {}, `${time(at)} ${state}: ${summary}`));
  const facts = Object.entries(alarm.facts).map(([name, value]) => element('li', {}, `${name}: ${value}`));
  return element(
    'article',
    { className: `alarm ${alarm.state}` },
    element('strong', {}, `${alarm.name}: ${alarm.instance || alarm.service}`),
    element('span', { className: 'soft' }, ` ${alarm.state} since ${time(since)}`),
    element('p', {}, alarm.summary),
    element(
      'details',
      { 'data-key': `${alarm.fingerprint} ${alarm.pendingAt}` },
      element('summary', {}, 'History'),
      element('ul', {}, ...facts, ...steps),
    ),
  );
}

function drawAlarms({ active, resolved }) {
  const cards = [...active, ...resolved.slice(0, 5)].map(alarmCard);
  const calm = active.length === 0 ? [element('p', { className: 'calm' }, 'No alarm is on.')] : [];
  replaceIfChanged(byId('alarm-list'), [...calm, ...cards]);
}

/** Columns by how far a service is from those that nobody calls. */
function columnsOf(instances, links) {
  const column = new Map(instances.map(({ service }) => [service, 0]));
  for (let round = 0; round < column.size; round++) {
    for (const { caller, target } of links) {
      const next = (column.get(caller.service) ?? 0) + 1;
      if (caller.service !== target.service && next < column.size && (column.get(target.service) ?? 0) < next) {
        column.set(target.service, next);
      }
    }
  }
  return column;
}

function placesOf(instances, links) {
  const columns = columnsOf(instances, links);
  const rows = new Map();
  const places = new Map();
  for (const instance of instances) {
    const column = columns.get(instance.service) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places.set(instance.instance, { x: 20 + column * 330, y: 14 + row * 62 });
  }
  return {
    places,
    height: 30 + 62 * Math.max(1, ...rows.values()),
    width: 240 + 330 * Math.max(0, ...columns.values()),
  };
}

function wayShape({ caller, target, state, traffic }, places) {
  const from = places.get(caller.instance);
  const to = places.get(target.instance);
  if (!from || !to || from === to) return [];
  const { perSecond, calls, faults } = traffic.last10s;
  const isBad = state === 'down' || state === 'suspect' || (calls > 0 && faults / calls >= 0.05);
  const start = `${from.x + 200} ${from.y + 22}`;
  const middle = (from.x + 200 + to.x) / 2;
  const label = `${caller.instance} calls ${target.instance}: ${number(perSecond)} calls/s, ${share(faults, calls)} faults`;
  return [
    shape(
      'path',
      {
        class: `way ${isBad ? 'bad' : calls === 0 ? 'soft' : ''}`,
        d: `M ${start} C ${middle} ${from.y + 22}, ${middle} ${to.y + 22}, ${to.x} ${to.y + 22}`,
        'stroke-width': 1 + Math.min(5, Math.log2(1 + perSecond) / 1.5),
      },
      shape('title', {}, label),
    ),
  ];
}

/** Long names differ at their ends. */
function shortened(name) {
  return name.length > 24 ? `${name.slice(0, 9)}…${name.slice(-14)}` : name;
}

function nodeShape(instance, place, alarmed) {
  const kind =
    alarmed.has(instance.instance) || instance.standing === 'silent' ? 'bad' : standingClass[instance.standing];
  const figures = instance.seenByCallers.last10s;
  return shape(
    'g',
    {},
    shape('rect', { class: `node ${kind}`, x: place.x, y: place.y, width: 200, height: 44, rx: 8 }),
    shape('text', { x: place.x + 12, y: place.y + 18 }, shortened(instance.instance)),
    shape(
      'text',
      { x: place.x + 12, y: place.y + 35, class: 'small' },
      figures.calls > 0
        ? `${number(figures.perSecond)}/s · p90 ${latency(figures.p90Ms)}`
        : instance.standing.replace('-', ' '),
    ),
  );
}

/** The map leaves out who left, and the reports themselves: everybody sends those. */
function drawMap(allInstances, allLinks, alarms) {
  const instances = allInstances
    .filter(({ standing }) => !['left', 'gone', 'replaced'].includes(standing))
    .slice(0, 60);
  const links = allLinks.filter(({ target }) => target.service !== 'monitor');
  const alarmed = new Set(alarms.active.filter(({ state }) => state === 'firing').map(({ instance }) => instance));
  const { places, width, height } = placesOf(instances, links);
  const map = shape(
    'svg',
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': 'Instances and the calls between them; the table of links says the same.',
    },
    ...links.flatMap((link) => wayShape(link, places)),
    ...instances.map((instance) => nodeShape(instance, places.get(instance.instance), alarmed)),
  );
  byId('map').replaceChildren(map);
}

function drawOverview({ services, instances, traffic, alarms }) {
  drawStatus(alarms);
  const { last10s } = traffic;
  const figures = [
    ['services', services],
    ['reporting', instances.reporting ?? 0],
    ['calls/s', number(last10s.perSecond)],
    ['faults', share(last10s.faults, last10s.calls)],
    ['p99', latency(last10s.p99Ms)],
  ];
  byId('figures').replaceChildren(...figures.map(figure));
}

function figure([name, value]) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, String(value)));
}

/** Of each instance that counts something of its own: since its start. */
function drawCounting(instances) {
  byId('counting').hidden = instances.length === 0;
  const counts = instances.map(({ figures, instance, problem, service }) =>
    element(
      'div',
      {},
      serviceLink({ instance, service }),
      problem === null
        ? element(
            'dl',
            { className: 'figures' },
            ...figures.map(({ name, value }) => figure([name, value.toLocaleString('en')])),
          )
        : element('p', { className: 'warn' }, problem),
    ),
  );
  byId('counting-list').replaceChildren(...counts);
}

async function refresh() {
  const [overview, { instances }, { links }, alarms, counting] = await Promise.all(
    ['overview', 'instances', 'links', 'alarms', 'figures'].map(read),
  );
  drawOverview(overview);
  drawAlarms(alarms);
  drawCounting(counting.instances);
  drawMap(instances, links, alarms);
  const rows = instances.map((instance) => instanceRow(instance, serviceLink(instance)));
  byId('instance-rows').replaceChildren(
    ...(rows.length > 0 ? rows : [emptyRow(11, 'Nobody has reported and the registry lists nobody.')]),
  );
  const ways = links.map(linkRow);
  byId('link-rows').replaceChildren(...(ways.length > 0 ? ways : [emptyRow(8, 'No calls within the last minute.')]));
}

void keepDrawing(refresh);
