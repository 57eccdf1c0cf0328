export const id = 315;
export const ids = [315];
export const modules = {

/***/ 4315:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  givenInputs: () => (/* binding */ givenInputs),
  parseInputs: () => (/* binding */ parseInputs)
});

// EXTERNAL MODULE: ./node_modules/fastest-levenshtein/mod.js
var mod = __webpack_require__(1916);
// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
;// CONCATENATED MODULE: ./lib/src/inputs/fields.js

/**
 * Building blocks for inputs: each turns the text of an input into a value, or says in one sentence what it must be.
 * The sentences are completed with the input's name and its text by the parser.
 */
const fields_text = dist/* string */.YjP();
const fields_boolean = dist/* pipe */.FsL(dist/* string */.YjP(), dist/* picklist */.KIO(['true', 'false'], 'must be true or false'), dist/* transform */.pdi((value) => value === 'true'));
function integer(least, most = Number.MAX_SAFE_INTEGER) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    const message = `must be a whole number ${range}`;
    return dist/* pipe */.FsL(dist/* string */.YjP(), dist/* regex */.yGV(/^\d{1,15}$/, message), dist/* transform */.pdi(Number), dist/* minValue */.Wwf(least, message), dist/* maxValue */.cGV(most, message));
}
/** Whole numbers separated by commas or line breaks. */
function integers(least, most) {
    const message = `must be a list of whole numbers from ${least} to ${most}`;
    return dist/* pipe */.FsL(dist/* string */.YjP(), dist/* transform */.pdi(itemsOf), dist/* everyItem */.l5M((item) => /^\d{1,15}$/.test(item) && Number(item) >= least && Number(item) <= most, message), dist/* transform */.pdi((items) => items.map(Number)));
}
function oneOf(choices) {
    return dist/* picklist */.KIO(choices, `must be one of ${choices.join(', ')}`);
}
function matching(pattern, what) {
    return dist/* pipe */.FsL(dist/* string */.YjP(), dist/* regex */.yGV(pattern, `must be ${what}`));
}
/** Items separated by commas or line breaks. */
const list = dist/* pipe */.FsL(dist/* string */.YjP(), dist/* transform */.pdi(itemsOf));
function listOf(pattern, what) {
    return dist/* pipe */.FsL(list, dist/* everyItem */.l5M((item) => pattern.test(item), `must be a list of ${what}`));
}
/** One item a line, so that items may contain commas. */
const lines = dist/* pipe */.FsL(dist/* string */.YjP(), dist/* transform */.pdi(linesOf));
/** `KEY=VALUE`, one a line. */
const keyValues = dist/* pipe */.FsL(lines, dist/* everyItem */.l5M((line) => /^[^=\s][^=]*=/.test(line), 'must have KEY=VALUE on each line'), dist/* transform */.pdi((items) => Object.fromEntries(items.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]))));
function itemsOf(value) {
    return value
        .split(/[,\n]/)
        .map((item) => item.trim())
        .filter((item) => item !== '');
}
function linesOf(value) {
    return value
        .split('\n')
        .map((item) => item.trim())
        .filter((item) => item !== '');
}
const AMI_ID = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const COMMIT = /^[0-9a-f]{7,40}$/;

;// CONCATENATED MODULE: ./lib/src/inputs/schema.js


/**
 * Every input, by mode: its form, and its default where the code does not have to decide. An input that is absent or
 * empty is "not given". action.yml describes each of them for people; a test keeps both in step.
 */
const common = {
    application: dist/* optional */.lqM(matching(/^[^\s]{1,256}$/, 'a name of at most 256 characters without blanks')),
    'aws-region': dist/* optional */.lqM(matching(/^[a-z]{2,}(-[a-z]+)+-\d+$/, 'a Region such as eu-west-1')),
    'role-to-assume': dist/* optional */.lqM(matching(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of an IAM role')),
    'role-duration-seconds': dist/* optional */.lqM(integer(900, 43200), '3600'),
    'expected-account-ids': dist/* optional */.lqM(listOf(/^\d{12}$/, '12-digit account ids')),
    'timeout-minutes': dist/* optional */.lqM(integer(1, 1440), '120'),
    'sns-topic-arn': dist/* optional */.lqM(matching(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[^\s]+$/, 'the ARN of an SNS topic')),
    'github-token': dist/* optional */.lqM(fields_text, ''),
};
const bake = dist/* object */.Ikc({
    mode: dist/* literal */.euz('bake'),
    ...common,
    'dry-run': dist/* optional */.lqM(fields_boolean, 'false'),
    template: fields_text,
    'working-directory': dist/* optional */.lqM(fields_text, '.'),
    variables: dist/* optional */.lqM(keyValues, ''),
    'variable-files': dist/* optional */.lqM(lines, ''),
    only: dist/* optional */.lqM(list, ''),
    except: dist/* optional */.lqM(list, ''),
    'packer-version': dist/* optional */.lqM(matching(/^(system|\d+\.\d+\.\d+)$/, 'system or an exact version such as 1.14.2'), '1.14.2'),
    'packer-mirror': dist/* optional */.lqM(matching(/^https?:\/\/\S+$/, 'an http or https address')),
});
/** The longest checkpoint delay and bake time that AWS takes, in seconds. */
const TWO_DAYS = 172_800;
const STOP = ['rollback', 'cancel', 'leave'];
const promote = dist/* object */.Ikc({
    mode: dist/* literal */.euz('promote'),
    ...common,
    'dry-run': dist/* optional */.lqM(fields_boolean, 'false'),
    environment: matching(/^[^\n]{1,255}$/, 'the name of an environment'),
    'auto-scaling-groups': dist/* optional */.lqM(dist/* pipe */.FsL(list, dist/* minLength */.BpQ(1, 'must name at least one group'))),
    'auto-scaling-group-tags': dist/* optional */.lqM(keyValues),
    'ami-id': dist/* optional */.lqM(listOf(AMI_ID, 'AMI ids such as ami-0123456789abcdef0, one for each architecture')),
    commit: dist/* optional */.lqM(matching(COMMIT, 'a commit SHA of 7 to 40 hexadecimal digits')),
    version: dist/* optional */.lqM(fields_text),
    branch: dist/* optional */.lqM(fields_text),
    'image-owners': dist/* optional */.lqM(listOf(/^\d{12}$/, '12-digit account ids'), ''),
    rollback: dist/* optional */.lqM(fields_boolean, 'false'),
    'allow-older': dist/* optional */.lqM(fields_boolean, 'false'),
    'allow-no-rollback': dist/* optional */.lqM(fields_boolean, 'false'),
    'pin-version': dist/* optional */.lqM(fields_boolean, 'false'),
    'source-version': dist/* optional */.lqM(matching(/^(running|default|latest|[1-9]\d*)$/, 'running, default, latest or a version number'), 'running'),
    'min-healthy-percentage': dist/* optional */.lqM(integer(0, 100)),
    'max-healthy-percentage': dist/* optional */.lqM(integer(100, 200)),
    'instance-warmup': dist/* optional */.lqM(integer(0)),
    'checkpoint-percentages': dist/* optional */.lqM(integers(1, 100)),
    'checkpoint-delay': dist/* optional */.lqM(integer(0, TWO_DAYS)),
    'bake-time': dist/* optional */.lqM(integer(0, TWO_DAYS)),
    'skip-matching': dist/* optional */.lqM(fields_boolean),
    'auto-rollback': dist/* optional */.lqM(fields_boolean),
    'standby-instances': dist/* optional */.lqM(oneOf(['Terminate', 'Ignore', 'Wait'])),
    'scale-in-protected-instances': dist/* optional */.lqM(oneOf(['Refresh', 'Ignore', 'Wait'])),
    alarms: dist/* optional */.lqM(dist/* pipe */.FsL(list, dist/* maxLength */.Ru6(10, 'must name 10 alarms at most'))),
    incident: dist/* optional */.lqM(fields_boolean, 'false'),
    'preferences-file': dist/* optional */.lqM(fields_text),
    'when-busy': dist/* optional */.lqM(oneOf(['wait', 'fail']), 'wait'),
    'on-failure': dist/* optional */.lqM(oneOf(['rollback', 'leave']), 'rollback'),
    'on-timeout': dist/* optional */.lqM(oneOf(STOP), 'rollback'),
    'on-cancel': dist/* optional */.lqM(oneOf(STOP), 'rollback'),
    'max-failed-instances': dist/* optional */.lqM(integer(1), '3'),
    'unhealthy-grace': dist/* optional */.lqM(integer(0, 86400), '300'),
    'max-parallel': dist/* optional */.lqM(integer(1, 100), '10'),
    'verify-url': dist/* optional */.lqM(matching(/^https?:\/\/\S+$/, 'an http or https address')),
    'verify-timeout': dist/* optional */.lqM(integer(0, 86400), '600'),
    'update-default-version': dist/* optional */.lqM(fields_boolean, 'false'),
    'github-deployment': dist/* optional */.lqM(oneOf(['auto', 'own', 'none']), 'auto'),
    'environment-url': dist/* optional */.lqM(matching(/^https?:\/\/\S+$/, 'an http or https address')),
});
const prune = dist/* object */.Ikc({
    mode: dist/* literal */.euz('prune'),
    ...common,
    'dry-run': dist/* optional */.lqM(fields_boolean, 'true'),
    keep: dist/* optional */.lqM(integer(2), '10'),
    'keep-promoted': dist/* optional */.lqM(integer(1), '5'),
    'min-age-days': dist/* optional */.lqM(integer(0), '35'),
    'in-use-ami-ids': dist/* optional */.lqM(listOf(AMI_ID, 'AMI ids such as ami-0123456789abcdef0'), ''),
    'keep-launch-template-versions': dist/* optional */.lqM(integer(2), '10'),
    'max-deletions': dist/* optional */.lqM(integer(1), '50'),
    'max-deletion-percent': dist/* optional */.lqM(integer(1, 100), '50'),
});
const schemas = { bake, promote, prune };
const MODES = ['bake', 'promote', 'prune'];

;// CONCATENATED MODULE: ./lib/src/inputs/inputs.js




const PREFIX = 'INPUT_';
/** The inputs that were given, by name; the runner passes them as INPUT_* variables, empty when not given. */
function givenInputs(env) {
    const given = new Map();
    for (const [key, value] of Object.entries(env)) {
        if (key.startsWith(PREFIX) && value !== undefined && value.trim() !== '') {
            given.set(key.slice(PREFIX.length).toLowerCase(), value.trim());
        }
    }
    return given;
}
/**
 * Checks every input and returns them as one of the modes' types, with warnings for names that nobody knows.
 * Throws a ConfigurationError with all problems at once; nothing was called by then.
 */
function parseInputs(given) {
    const mode = given.get('mode');
    switch (mode) {
        case 'bake':
        case 'promote':
        case 'prune':
            return parseMode(mode, given);
        default: {
            const { problems } = strangers(given, undefined);
            const choices = MODES.join(', ');
            const problem = mode === undefined
                ? `The input "mode" is missing: it must be one of ${choices}.`
                : `The input "mode" must be one of ${choices}, but is "${mode}".`;
            throw new errors/* ConfigurationError */.j1([problem, ...problems]);
        }
    }
}
function parseMode(mode, given) {
    const { problems, warnings } = strangers(given, mode);
    const own = Object.fromEntries([...given].filter(([name]) => name in schemas[mode].entries));
    const result = dist/* safeParse */.xLC(schemas[mode], own);
    problems.push(...(result.issues ?? []).map(problemOf), ...combinations(mode, given));
    if (problems.length > 0 || !result.success)
        throw new errors/* ConfigurationError */.j1(problems);
    // The schema's output with the names that the code uses: what CamelKeys says of it.
    const inputs = Object.fromEntries(Object.entries(result.output).map(([name, value]) => [camel(name), value]));
    return { inputs, warnings };
}
function problemOf(issue) {
    const name = String(issue.path?.[0]?.key ?? '');
    const text = Reflect.get(Object(issue.path?.[0]?.input), name);
    if (text === undefined)
        return `The input "${name}" is missing.`;
    return `The input "${name}" ${issue.message}, but is "${shortened(String(text))}".`;
}
const shortened = (value) => (value.length > 80 ? `${value.slice(0, 77)}...` : value);
const camel = (name) => name.replace(/-([a-z])/g, (_all, letter) => letter.toUpperCase());
/** Inputs that do not belong: of another mode, or of no mode at all. */
function strangers(given, mode) {
    const problems = [];
    const warnings = [];
    const known = new Set(MODES.flatMap((each) => Object.keys(schemas[each].entries)));
    for (const name of given.keys()) {
        if (mode !== undefined && name in schemas[mode].entries)
            continue;
        const owners = MODES.filter((each) => name in schemas[each].entries);
        if (owners.length > 0) {
            if (mode !== undefined)
                problems.push(`The input "${name}" belongs to the mode ${owners.join(' or ')}, not to ${mode}.`);
            continue;
        }
        const near = nearest(name, known);
        if (near)
            problems.push(`There is no input "${name}". Did you mean "${near}"?`);
        else
            warnings.push(`There is no input "${name}": it is ignored.`);
    }
    return { problems, warnings };
}
/** The known name that this one was probably meant to be: at most a quarter of its letters differ. */
function nearest(name, known) {
    const closest = [...known]
        .map((other) => ({ other, steps: (0,mod/* distance */.Io)(name, other) }))
        .toSorted((a, b) => a.steps - b.steps)[0];
    return closest && closest.steps <= Math.max(1, Math.floor(name.length / 4)) ? closest.other : undefined;
}
/** Rules about several inputs together. */
function combinations(mode, given) {
    if (mode !== 'promote')
        return [];
    const problems = [];
    const [named, tagged] = [given.has('auto-scaling-groups'), given.has('auto-scaling-group-tags')];
    // A plan can do without groups: it then compares images alone.
    if (named ? tagged : !tagged && given.get('dry-run') !== 'true') {
        problems.push('Say which groups: give either "auto-scaling-groups" (names) or "auto-scaling-group-tags" (KEY=VALUE, one a line).');
    }
    const choices = ['commit', 'version', 'branch'].filter((name) => given.has(name));
    if (!given.has('ami-id') && choices.length > 1) {
        problems.push(`The inputs ${choices.map((name) => `"${name}"`).join(' and ')} each choose an image: give one of them (beside "ami-id" they only describe it).`);
    }
    for (const name of choices.filter((choice) => choice !== 'commit')) {
        if (given.get('rollback') === 'true' && !given.has('ami-id'))
            problems.push(`The input "rollback" goes back to the image promoted before, or to "ami-id" or "commit": it cannot be combined with "${name}".`);
    }
    return problems;
}


/***/ })

};
