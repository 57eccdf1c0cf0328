// The page's script: asks for the overview every second and shows it. Whatever comes from a scene becomes text of a
// node, never markup.

const EVERY_MS = 1000;
/** Dark enough for white letters (a contrast of at least 4.5). */
const COLOURS = [
  '#1f5fa8',
  '#2f7d32',
  '#a8430f',
  '#8e3aa8',
  '#0f7373',
  '#a8283a',
  '#6b5b00',
  '#3d4fb8',
  '#b0357a',
  '#5a5a66',
];

let wantedRegion = new URLSearchParams(location.hash.slice(1)).get('region') ?? '';
/** Each image keeps its letter and colour for as long as the page is open. */
const imageNumbers = new Map();
/** What each part of the page showed last, as JSON: a part that stays the same is not drawn again. */
const drawn = new Map();
let timer;

const byId = (id) => document.getElementById(id);

/** An element with properties and children; strings become text. */
function element(tag, properties, ...children) {
  const node = document.createElement(tag);
  Object.assign(node, properties);
  node.append(...children);
  return node;
}

const text = (className, content) => element('span', { className }, content);

/** Draws a part of the page, unless nothing has changed in it. */
function draw(id, data, nodes) {
  const json = JSON.stringify(data);
  if (drawn.get(id) === json) return;
  drawn.set(id, json);
  byId(id).replaceChildren(...nodes());
}

function show(overview) {
  showClock(overview.clock);
  const { region } = overview;
  draw('regions', [overview.regions, region?.name], () =>
    overview.regions.length < 2 ? [] : overview.regions.map((each) => regionButton(each, region.name)),
  );
  for (const { id } of region?.images ?? []) {
    if (!imageNumbers.has(id)) imageNumbers.set(id, imageNumbers.size);
  }
  draw('images', region?.images, () => (region?.images ?? []).map(legendEntry));
  showGroups(region?.groups ?? []);
  showList('alarms', region?.alarms ?? [], alarmItem, true);
  showList('faults', overview.faults, (fault) => element('li', {}, fault), true);
  showList('refreshes', region?.refreshes ?? [], refreshItem);
  showList('activities', region?.activities ?? [], activityItem);
  draw('calls-count', overview.callsSoFar, () => [`${overview.callsSoFar} so far`]);
  draw('calls', overview.calls, () => overview.calls.map(callRow));
}

function showClock({ now, scale }) {
  byId('time').textContent = `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  byId('speed').textContent = scale === 0 ? 'stands still until it is moved' : `${scale} × real time`;
  for (const button of document.querySelectorAll('[data-scale]')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.scale) === scale));
  }
}

function regionButton({ name, groups }, shown) {
  const button = element('button', { type: 'button' }, `${name} (${groups})`);
  button.setAttribute('aria-current', String(name === shown));
  button.addEventListener('click', () => {
    wantedRegion = name;
    history.replaceState(null, '', `#region=${encodeURIComponent(name)}`);
    refresh();
  });
  return button;
}

// ---- images and groups

/** A, B, … Z, AA, AB, … */
function letters(number) {
  const last = String.fromCharCode(65 + (number % 26));
  return number < 26 ? last : letters(Math.floor(number / 26) - 1) + last;
}

function square(imageId, className) {
  const number = imageNumbers.get(imageId) ?? 0;
  const node = element('span', { className: `square ${className}` }, letters(number));
  node.style.setProperty('--image', COLOURS[number % COLOURS.length]);
  return node;
}

function legendEntry({ id, name, commit, version, boot, instances }) {
  const marks = [version, commit && `commit ${commit}`].filter(Boolean).join(', ');
  return element(
    'li',
    {},
    square(id, ''),
    element(
      'span',
      {},
      element('strong', {}, name || id),
      ` ${marks} `,
      element('code', { className: 'quiet' }, id),
      ` × ${instances} `,
      ...(boot ? [text('bad-text', `sandbox:boot = ${boot}`)] : []),
    ),
  );
}

const groupNodes = new Map();

function showGroups(groups) {
  byId('groups-count').textContent = groups.length === 0 ? '' : String(groups.length);
  const old = new Map(groupNodes);
  groupNodes.clear();
  for (const group of groups) {
    const json = JSON.stringify(group);
    const known = old.get(group.name);
    groupNodes.set(group.name, known?.json === json ? known : { json, node: groupNode(group) });
  }
  const nodes = [...groupNodes.values()].map(({ node }) => node);
  const place = byId('groups');
  if (nodes.length === 0) {
    place.replaceChildren(
      element('p', { className: 'quiet' }, 'There is no Auto Scaling group in this Region yet.'),
    );
  } else if (
    nodes.length !== place.children.length ||
    nodes.some((node, index) => node !== place.children[index])
  ) {
    updateChildren(place, nodes);
  }
}

/** Leaves the nodes that stay where they are: 100 groups are not drawn again because one has changed. */
function updateChildren(place, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...place.children]) if (!wanted.has(child)) child.remove();
  for (const [index, node] of nodes.entries()) {
    if (place.children[index] !== node) place.insertBefore(node, place.children[index] ?? null);
  }
}

function groupNode(group) {
  const unhealthy = group.instances.filter((instance) => !instance.healthy).length;
  const node = element(
    'article',
    { className: unhealthy > 0 || (group.targets.unhealthy ?? 0) > 0 ? 'group bad' : 'group' },
    element(
      'div',
      { className: 'facts' },
      element('h3', {}, group.name),
      element('span', {}, element('strong', {}, String(group.desired)), ` desired`),
      text('quiet', `min ${group.min}, max ${group.max}`),
      element('span', {}, group.launches),
      targetCounts(group.targets),
      ...(unhealthy > 0 ? [text('bad-text', `${unhealthy} unhealthy`)] : []),
      ...(group.deleting ? [text('bad-text', 'being deleted')] : []),
      ...(group.suspended.length > 0 ? [text('bad-text', `suspended: ${group.suspended.join(', ')}`)] : []),
    ),
    instanceSquares(group),
  );
  if (group.refresh) node.append(activeRefresh(group.refresh));
  return node;
}

function targetCounts(targets) {
  const parts = Object.entries(targets).map(([state, count]) =>
    text(
      state === 'unhealthy' ? 'bad-text' : state === 'healthy' ? 'good-text' : 'quiet',
      `${count} ${state} `,
    ),
  );
  return element('span', {}, ...(parts.length > 0 ? ['targets: ', ...parts] : []));
}

function instanceSquares({ name, instances }) {
  const list = element('ul', { className: 'squares' });
  list.setAttribute('aria-label', `Instances of ${name}`);
  for (const instance of instances) {
    const node = square(instance.imageId, stateClasses(instance));
    const words = [
      instance.id,
      instance.state,
      instance.healthy ? 'healthy' : 'unhealthy',
      instance.target && `target ${instance.target}`,
      `image ${instance.imageId}`,
      instance.version && `version ${instance.version}`,
    ];
    node.title = words.filter(Boolean).join(', ');
    list.append(element('li', {}, node));
  }
  return list;
}

function stateClasses({ state, healthy, target }) {
  const classes = [];
  if (/^Pending/.test(state)) classes.push('pending');
  else if (/^(Terminat|Detach)/.test(state)) classes.push('terminating');
  else if (/^(Standby|EnteringStandby|Warmed)/.test(state)) classes.push('standby');
  else if (target === 'initial' || target === 'unused') classes.push('unready');
  if (!healthy || target === 'unhealthy') classes.push('unhealthy');
  return classes.join(' ');
}

// ---- what happens

const FAILED = /Fail|Rollback|Cancel/;

function statusText(status) {
  const kind = status === 'Successful' ? 'good-text' : FAILED.test(status) ? 'bad-text' : 'busy-text';
  return text(kind, status);
}

function activeRefresh({ status, reason, percentage, toUpdate, checkpoints, preferences }) {
  const bar = element('progress', { max: 100, value: percentage ?? 0 });
  bar.setAttribute('aria-label', 'Progress of the instance refresh');
  return element(
    'div',
    { className: 'refresh' },
    element(
      'div',
      { className: 'facts' },
      element('span', {}, 'instance refresh ', statusText(status)),
      element('span', {}, bar, ` ${percentage ?? 0} %`),
      ...(toUpdate === undefined ? [] : [element('span', {}, `${toUpdate} to update`)]),
      ...(checkpoints.length > 0 ? [text('quiet', `checkpoints at ${checkpoints.join(', ')} %`)] : []),
      text('quiet', preferences),
    ),
    ...(reason ? [element('p', { className: 'quiet' }, reason)] : []),
  );
}

function refreshItem({ group, status, reason, percentage, startedAt, endedAt }) {
  const minutes = endedAt === undefined ? '' : `, took ${Math.round((endedAt - startedAt) / 60000)} min`;
  return element(
    'li',
    { className: FAILED.test(status) ? 'bad' : '' },
    element('strong', {}, group),
    ' ',
    statusText(status),
    text('quiet', ` ${percentage ?? 0} %, began ${timeOfDay(startedAt)}${minutes}`),
    ...(reason ? [element('p', { className: 'quiet' }, reason)] : []),
  );
}

function activityItem({ group, at, status, description, cause }) {
  const failed = status === 'Failed' || status === 'Cancelled';
  const item = element(
    'li',
    { className: failed ? 'bad' : '' },
    text('quiet', `${timeOfDay(at)} `),
    element('strong', {}, group),
    ' ',
    failed ? '' : `${description} `,
    statusText(status),
  );
  item.title = cause;
  if (failed) item.append(element('p', {}, cause));
  return item;
}

function alarmItem({ name, state, reason }) {
  return element(
    'li',
    { className: state === 'ALARM' ? 'bad' : '' },
    element('strong', {}, name),
    ' ',
    text(state === 'ALARM' ? 'bad-text' : state === 'OK' ? 'good-text' : 'quiet', state),
    text('quiet', ` ${reason}`),
  );
}

function callRow({ time, service, operation, region, resource, status, error }) {
  const result = status === 200 ? 'ok' : error;
  return element(
    'tr',
    {},
    element('td', {}, timeOfDay(time)),
    element('td', { title: `${service}, ${region}` }, operation),
    element('td', {}, resource),
    element('td', { className: status === 200 ? 'quiet' : 'bad-text' }, result ?? String(status)),
  );
}

/** A list; without entries its section is hidden, or says that there are none. */
function showList(id, entries, item, hideEmpty = false) {
  if (hideEmpty) byId(`${id}-section`).hidden = entries.length === 0;
  draw(id, entries, () =>
    entries.length === 0 ? [element('li', { className: 'quiet' }, 'None so far.')] : entries.map(item),
  );
}

const timeOfDay = (time) => new Date(time).toISOString().slice(11, 19);

// ---- the sandbox

async function refresh() {
  clearTimeout(timer);
  const trouble = byId('trouble');
  try {
    const response = await fetch(`/_sandbox/overview?region=${encodeURIComponent(wantedRegion)}`);
    if (!response.ok) throw new Error(await response.text());
    show(await response.json());
    trouble.hidden = true;
    setEnabled(true);
    clearTimeout(timer);
    timer = setTimeout(refresh, EVERY_MS);
  } catch (error) {
    // No more requests: nobody is there to answer them. The last picture stays.
    trouble.hidden = false;
    setEnabled(false);
    const again = element('button', { type: 'button' }, 'Try again');
    again.addEventListener('click', refresh);
    const gone = error instanceof TypeError;
    trouble.replaceChildren(
      gone ? 'The sandbox does not answer any more: it was ended. Below is its last state. ' : String(error),
      again,
    );
  }
}

function setEnabled(enabled) {
  for (const button of document.querySelectorAll('header button')) button.disabled = !enabled;
}

for (const button of document.querySelectorAll('header button')) {
  button.addEventListener('click', async () => {
    const { advance, scale } = button.dataset;
    const change = advance === undefined ? { scale: Number(scale) } : { advance: Number(advance) };
    await fetch('/_sandbox/clock', { method: 'POST', body: JSON.stringify(change) }).catch(() => {});
    refresh();
  });
}

// A page that nobody looks at asks for nothing.
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(timer);
  else refresh();
});
refresh();
