export const id = 472;
export const ids = [472];
export const modules = {

/***/ 8485:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JI: () => (/* binding */ SHARED_WITH),
/* harmony export */   K7: () => (/* binding */ keyValues),
/* harmony export */   Mn: () => (/* binding */ lines),
/* harmony export */   Qq: () => (/* binding */ text),
/* harmony export */   Zg: () => (/* binding */ REGION),
/* harmony export */   c3: () => (/* binding */ listOf),
/* harmony export */   cJ: () => (/* binding */ COMMIT),
/* harmony export */   iB: () => (/* binding */ AMI_ID),
/* harmony export */   mp: () => (/* binding */ integers),
/* harmony export */   nd: () => (/* binding */ integer),
/* harmony export */   p_: () => (/* binding */ list),
/* harmony export */   q$: () => (/* binding */ amounts),
/* harmony export */   sY: () => (/* binding */ BASE_IMAGE),
/* harmony export */   wC: () => (/* binding */ matching),
/* harmony export */   yL: () => (/* binding */ oneOf),
/* harmony export */   zM: () => (/* binding */ boolean)
/* harmony export */ });
/* harmony import */ var valibot__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7934);

/**
 * Building blocks for inputs: each turns the text of an input into a value, or says in one sentence what it must be.
 * The sentences are completed with the input's name and its text by the parser.
 */
const text = valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP();
const boolean = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .picklist */ .KIO(['true', 'false'], 'must be true or false'), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi((value) => value === 'true'));
function integer(least, most = Number.MAX_SAFE_INTEGER) {
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    const message = `must be a whole number ${range}`;
    return valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .regex */ .yGV(/^\d{1,15}$/, message), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi(Number), valibot__WEBPACK_IMPORTED_MODULE_0__/* .minValue */ .Wwf(least, message), valibot__WEBPACK_IMPORTED_MODULE_0__/* .maxValue */ .cGV(most, message));
}
/** Whole numbers separated by commas or line breaks. */
function integers(least, most) {
    const message = `must be a list of whole numbers from ${least} to ${most}`;
    return valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi(itemsOf), valibot__WEBPACK_IMPORTED_MODULE_0__/* .everyItem */ .l5M((item) => /^\d{1,15}$/.test(item) && Number(item) >= least && Number(item) <= most, message), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi((items) => items.map(Number)));
}
function oneOf(choices) {
    return valibot__WEBPACK_IMPORTED_MODULE_0__/* .picklist */ .KIO(choices, `must be one of ${choices.join(', ')}`);
}
function matching(pattern, what) {
    return valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .regex */ .yGV(pattern, `must be ${what}`));
}
/** Items separated by commas or line breaks. */
const list = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi(itemsOf));
function listOf(pattern, what) {
    return valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(list, valibot__WEBPACK_IMPORTED_MODULE_0__/* .everyItem */ .l5M((item) => pattern.test(item), `must be a list of ${what}`));
}
/** One item a line, so that items may contain commas. */
const lines = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(valibot__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP(), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi(linesOf));
/** `KEY=VALUE`, one a line. */
const keyValues = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(lines, valibot__WEBPACK_IMPORTED_MODULE_0__/* .everyItem */ .l5M((line) => /^[^=\s][^=]*=/.test(line), 'must have KEY=VALUE on each line'), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi((items) => Object.fromEntries(items.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]))));
/** One amount for all, under the key '', or `KEY=AMOUNT` items. */
const amounts = valibot__WEBPACK_IMPORTED_MODULE_0__/* .pipe */ .FsL(list, valibot__WEBPACK_IMPORTED_MODULE_0__/* .everyItem */ .l5M((item) => /^([a-z0-9-]+=)?\d{1,6}(\.\d{1,6})?$/.test(item), 'must be an amount such as 0.05, or a list of REGION=AMOUNT'), valibot__WEBPACK_IMPORTED_MODULE_0__/* .transform */ .pdi((items) => Object.fromEntries(items.map((item) => {
    const [amount = '', key = ''] = item.split('=').toReversed();
    return [key, Number(amount)];
}))));
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
const REGION = /^[a-z]{2,}(-[a-z]+)+-\d+$/;
/** Whom an image can be shared with. */
const SHARED_WITH = /^(\d{12}|arn:aws[a-z-]*:organizations::\d{12}:(organization\/o-[a-z0-9]+|ou\/o-[a-z0-9]+\/ou-[a-z0-9-]+))$/;
/** The four ways to name a base image. */
const BASE_IMAGE = /^(ami-([0-9a-f]{8}|[0-9a-f]{17})|ssm:\/?[\w./-]+(:[\w.-]+)?|(\d{12}|amazon|aws-marketplace|self):.+|application:\S+)$/;


/***/ }),

/***/ 6472:
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
// EXTERNAL MODULE: ./lib/src/inputs/fields.js
var fields = __webpack_require__(8485);
;// CONCATENATED MODULE: ./lib/src/inputs/schema.js


/**
 * Every input, by mode: its form, and its default where the code does not have to decide. An input that is absent or
 * empty is "not given". action.yml describes each of them for people; a test keeps both in step.
 */
const APPLICATION = /^[^\s]{1,256}$/;
const common = {
    application: dist/* optional */.lqM((0,fields/* matching */.wC)(APPLICATION, 'a name of at most 256 characters without blanks')),
    'aws-region': dist/* optional */.lqM((0,fields/* matching */.wC)(fields/* REGION */.Zg, 'a Region such as eu-west-1')),
    'role-to-assume': dist/* optional */.lqM((0,fields/* matching */.wC)(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'the ARN of an IAM role')),
    'role-duration-seconds': dist/* optional */.lqM((0,fields/* integer */.nd)(900, 43200), '3600'),
    'expected-account-ids': dist/* optional */.lqM((0,fields/* listOf */.c3)(/^\d{12}$/, '12-digit account ids')),
    'timeout-minutes': dist/* optional */.lqM((0,fields/* integer */.nd)(1, 1440), '120'),
    'sns-topic-arn': dist/* optional */.lqM((0,fields/* matching */.wC)(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[^\s]+$/, 'the ARN of an SNS topic')),
    'github-token': dist/* optional */.lqM(fields/* text */.Qq, ''),
};
/** The farthest deprecation date that AWS takes, in days. */
const TEN_YEARS = 3650;
const bake = dist/* object */.Ikc({
    mode: dist/* literal */.euz('bake'),
    ...common,
    'dry-run': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    template: fields/* text */.Qq,
    'working-directory': dist/* optional */.lqM(fields/* text */.Qq, '.'),
    variables: dist/* optional */.lqM(fields/* keyValues */.K7, ''),
    'variable-files': dist/* optional */.lqM(fields/* lines */.Mn, ''),
    only: dist/* optional */.lqM(fields/* list */.p_, ''),
    except: dist/* optional */.lqM(fields/* list */.p_, ''),
    'packer-version': dist/* optional */.lqM(
    // HashiCorp's "~> 1.14" is left out: version ranges read it as 1.14.x, HashiCorp as 1.14 and all that follow.
    (0,fields/* matching */.wC)(/^(system|latest|(?=.*\d)(?!.*~>)[\d.xX*^~<>=|\s-]+)$/, 'system, latest, a version such as 1.14.2 or a range such as 1.x or >=1.10 <2'), '1.14.2'),
    'packer-mirror': dist/* optional */.lqM((0,fields/* matching */.wC)(/^https?:\/\/\S+$/, 'an http or https address')),
    'fingerprint-paths': dist/* optional */.lqM(fields/* list */.p_, ''),
    reuse: dist/* optional */.lqM(fields/* boolean */.zM, 'true'),
    rebuild: dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'reuse-max-age-days': dist/* optional */.lqM((0,fields/* integer */.nd)(1), '30'),
    'base-image': dist/* optional */.lqM((0,fields/* matching */.wC)(fields/* BASE_IMAGE */.sY, 'an AMI id, ssm:<parameter>, <owner>:<name pattern> (owner: account id, amazon, aws-marketplace or self) or application:<name>')),
    'base-image-variable': dist/* optional */.lqM((0,fields/* matching */.wC)(/^[A-Za-z_][\w-]*$/, "a variable's name"), 'source_ami'),
    tags: dist/* optional */.lqM(fields/* keyValues */.K7, ''),
    'copy-to-regions': dist/* optional */.lqM((0,fields/* listOf */.c3)(fields/* REGION */.Zg, 'Regions such as eu-west-1'), ''),
    'kms-key-ids': dist/* optional */.lqM(fields/* keyValues */.K7, ''),
    'share-with': dist/* optional */.lqM((0,fields/* listOf */.c3)(fields/* SHARED_WITH */.JI, '12-digit account ids and ARNs of organisations or organisational units'), ''),
    'share-snapshots': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'ssm-parameter': dist/* optional */.lqM((0,fields/* matching */.wC)(/^\/?(?!aws|ssm)[\w.-][\w./-]{0,1000}$/i, "a parameter's name such as /shop/ami")),
    'deprecate-after-days': dist/* optional */.lqM((0,fields/* integer */.nd)(1, TEN_YEARS)),
    'deregistration-protection': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'smoke-test': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['none', 'status', 'ssm', 'http']), 'none'),
    'smoke-test-launch-template': dist/* optional */.lqM((0,fields/* matching */.wC)(/^[\w()./-]{3,128}(:([1-9]\d*|\$Default|\$Latest))?$/, 'the id or name of a launch template, with or without :<version>')),
    'smoke-test-subnet': dist/* optional */.lqM((0,fields/* matching */.wC)(/^subnet-[0-9a-f]+$/, "a subnet's id")),
    'smoke-test-instance-type': dist/* optional */.lqM((0,fields/* matching */.wC)(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type such as t3.small')),
    'smoke-test-instance-profile': dist/* optional */.lqM((0,fields/* matching */.wC)(/^(arn:aws[a-z-]*:iam::\d{12}:instance-profile\/)?[\w+=,.@/-]+$/, 'the name or ARN of an instance profile')),
    'smoke-test-command': dist/* optional */.lqM(fields/* text */.Qq),
    'smoke-test-url': dist/* optional */.lqM((0,fields/* matching */.wC)(/^(\/\S*|https?:\/\/\S*\{(private|public)-ip\}\S*)$/, 'a path, or an address with {private-ip} or {public-ip} in it')),
    'smoke-test-user-data': dist/* optional */.lqM(fields/* text */.Qq),
});
/** The longest checkpoint delay and bake time that AWS takes, in seconds. */
const TWO_DAYS = 172_800;
const STOP = ['rollback', 'cancel', 'leave'];
const promote = dist/* object */.Ikc({
    mode: dist/* literal */.euz('promote'),
    ...common,
    'dry-run': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    environment: (0,fields/* matching */.wC)(/^[^\n]{1,255}$/, 'the name of an environment'),
    'auto-scaling-groups': dist/* optional */.lqM(dist/* pipe */.FsL(fields/* list */.p_, dist/* minLength */.BpQ(1, 'must name at least one group'))),
    'auto-scaling-group-tags': dist/* optional */.lqM(fields/* keyValues */.K7),
    'ami-id': dist/* optional */.lqM((0,fields/* listOf */.c3)(fields/* AMI_ID */.iB, 'AMI ids such as ami-0123456789abcdef0, one for each architecture')),
    commit: dist/* optional */.lqM((0,fields/* matching */.wC)(fields/* COMMIT */.cJ, 'a commit SHA of 7 to 40 hexadecimal digits')),
    version: dist/* optional */.lqM(fields/* text */.Qq),
    branch: dist/* optional */.lqM(fields/* text */.Qq),
    'image-owners': dist/* optional */.lqM((0,fields/* listOf */.c3)(/^\d{12}$/, '12-digit account ids'), ''),
    rollback: dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'allow-older': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'allow-no-rollback': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'pin-version': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'source-version': dist/* optional */.lqM((0,fields/* matching */.wC)(/^(running|default|latest|[1-9]\d*)$/, 'running, default, latest or a version number'), 'running'),
    'min-healthy-percentage': dist/* optional */.lqM((0,fields/* integer */.nd)(0, 100)),
    'max-healthy-percentage': dist/* optional */.lqM((0,fields/* integer */.nd)(100, 200)),
    'instance-warmup': dist/* optional */.lqM((0,fields/* integer */.nd)(0)),
    'checkpoint-percentages': dist/* optional */.lqM((0,fields/* integers */.mp)(1, 100)),
    'checkpoint-delay': dist/* optional */.lqM((0,fields/* integer */.nd)(0, TWO_DAYS)),
    'bake-time': dist/* optional */.lqM((0,fields/* integer */.nd)(0, TWO_DAYS)),
    'skip-matching': dist/* optional */.lqM(fields/* boolean */.zM),
    'auto-rollback': dist/* optional */.lqM(fields/* boolean */.zM),
    'standby-instances': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['Terminate', 'Ignore', 'Wait'])),
    'scale-in-protected-instances': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['Refresh', 'Ignore', 'Wait'])),
    alarms: dist/* optional */.lqM(dist/* pipe */.FsL(fields/* list */.p_, dist/* maxLength */.Ru6(10, 'must name 10 alarms at most'))),
    incident: dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'preferences-file': dist/* optional */.lqM(fields/* text */.Qq),
    'when-busy': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['wait', 'fail']), 'wait'),
    'on-failure': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['rollback', 'leave']), 'rollback'),
    'on-timeout': dist/* optional */.lqM((0,fields/* oneOf */.yL)(STOP), 'rollback'),
    'on-cancel': dist/* optional */.lqM((0,fields/* oneOf */.yL)(STOP), 'rollback'),
    'max-failed-instances': dist/* optional */.lqM((0,fields/* integer */.nd)(1), '3'),
    'unhealthy-grace': dist/* optional */.lqM((0,fields/* integer */.nd)(0, 86400), '300'),
    'max-parallel': dist/* optional */.lqM((0,fields/* integer */.nd)(1, 100), '10'),
    'verify-url': dist/* optional */.lqM((0,fields/* matching */.wC)(/^https?:\/\/\S+$/, 'an http or https address')),
    'verify-timeout': dist/* optional */.lqM((0,fields/* integer */.nd)(0, 86400), '600'),
    'update-default-version': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'github-deployment': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['auto', 'own', 'none']), 'auto'),
    'environment-url': dist/* optional */.lqM((0,fields/* matching */.wC)(/^https?:\/\/\S+$/, 'an http or https address')),
});
const prune = dist/* object */.Ikc({
    mode: dist/* literal */.euz('prune'),
    ...common,
    application: dist/* optional */.lqM((0,fields/* listOf */.c3)(APPLICATION, 'names of at most 256 characters without blanks')),
    'dry-run': dist/* optional */.lqM(fields/* boolean */.zM, 'true'),
    keep: dist/* optional */.lqM((0,fields/* integer */.nd)(2), '10'),
    'group-by': dist/* optional */.lqM(dist/* pipe */.FsL((0,fields/* listOf */.c3)(/^[^\s]{1,127}$/, 'branch or keys of tags'), dist/* minLength */.BpQ(1, 'must name at least one tag')), 'branch'),
    'stale-days': dist/* optional */.lqM((0,fields/* integer */.nd)(1), '90'),
    'keep-promoted': dist/* optional */.lqM((0,fields/* integer */.nd)(1), '5'),
    'min-age-days': dist/* optional */.lqM((0,fields/* integer */.nd)(0), '35'),
    'in-use-ami-ids': dist/* optional */.lqM((0,fields/* listOf */.c3)(fields/* AMI_ID */.iB, 'AMI ids such as ami-0123456789abcdef0'), ''),
    'prune-shared': dist/* optional */.lqM(fields/* boolean */.zM, 'false'),
    'launch-templates': dist/* optional */.lqM(fields/* list */.p_, ''),
    'keep-launch-template-versions': dist/* optional */.lqM((0,fields/* integer */.nd)(2), '10'),
    'unused-launch-templates': dist/* optional */.lqM((0,fields/* oneOf */.yL)(['keep', 'delete']), 'keep'),
    removal: dist/* optional */.lqM((0,fields/* oneOf */.yL)(['delete', 'deprecate', 'disable']), 'delete'),
    'grace-days': dist/* optional */.lqM((0,fields/* integer */.nd)(1, 3650), '7'),
    orphans: dist/* optional */.lqM(fields/* boolean */.zM, 'true'),
    'max-deletions': dist/* optional */.lqM((0,fields/* integer */.nd)(1), '50'),
    'max-deletion-percent': dist/* optional */.lqM((0,fields/* integer */.nd)(1, 100), '50'),
    pace: dist/* optional */.lqM((0,fields/* oneOf */.yL)(['shared', 'full']), 'shared'),
    regions: dist/* optional */.lqM((0,fields/* listOf */.c3)(fields/* REGION */.Zg, 'Regions such as eu-west-1'), ''),
    'price-per-gib-month': dist/* optional */.lqM(fields/* amounts */.q$, ''),
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
