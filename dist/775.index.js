export const id = 775;
export const ids = [775,508,605,472];
export const modules = {

/***/ 9508:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CLOCK_VARIABLE: () => (/* binding */ CLOCK_VARIABLE),
/* harmony export */   clockFrom: () => (/* binding */ clockFrom)
/* harmony export */ });
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8500);

/** The variable with which a rehearsal on the local AWS makes the action live in the sandbox's time. */
const CLOCK_VARIABLE = 'IMMUTABLE_DEPLOY_CLOCK';
/**
 * The machine's clock; or, with `IMMUTABLE_DEPLOY_CLOCK=<real ms>,<virtual ms>,<scale>` (printed by
 * `npm run sandbox`), one that stood at `<virtual ms>` when the machine's stood at `<real ms>` and runs
 * `<scale>` times as fast.
 */
function clockFrom(variable) {
    if (!variable)
        return scaledClock(0, 0, 1);
    const [real, virtual, scale] = variable.split(',').map(Number);
    if (real === undefined ||
        virtual === undefined ||
        scale === undefined ||
        !(scale > 0) ||
        Number.isNaN(real + virtual)) {
        throw new Error(`${CLOCK_VARIABLE} must be <real ms>,<virtual ms>,<scale>, as the sandbox prints it; it is "${variable}".`);
    }
    return scaledClock(real, virtual, scale);
}
function scaledClock(real, virtual, scale) {
    return {
        now: () => virtual + (Date.now() - real) * scale,
        sleep: async (ms, signal) => {
            await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_0__.setTimeout)(ms / scale, undefined, signal ? { signal } : {});
        },
    };
}


/***/ }),

/***/ 5071:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CA: () => (/* binding */ errorCode),
/* harmony export */   bD: () => (/* binding */ messageOf),
/* harmony export */   gt: () => (/* binding */ DeploymentError),
/* harmony export */   i_: () => (/* binding */ PermissionError),
/* harmony export */   j1: () => (/* binding */ ConfigurationError),
/* harmony export */   p4: () => (/* binding */ InterruptedError)
/* harmony export */ });
/**
 * What can go wrong, in the words that the user reads: what happened, to which resource, and what to change.
 * `cause` keeps the original error.
 */
/** Something the user can correct, found before anything was written: inputs, missing resources. */
class ConfigurationError extends Error {
    name = 'ConfigurationError';
    /** Every problem that was found, one sentence each. */
    problems;
    constructor(problems, options) {
        super(problems.length === 1
            ? problems[0]
            : `${problems.length} problems:\n${problems.map((p) => `- ${p}`).join('\n')}`, options);
        this.problems = problems;
    }
}
/** AWS or GitHub did not let us: credentials or permissions to change. It can happen before or after a write. */
class PermissionError extends Error {
    name = 'PermissionError';
}
/** The work was started and did not succeed: a failed build, a refresh that was rolled back, a failed verification. */
class DeploymentError extends Error {
    name = 'DeploymentError';
}
/** The step was cancelled, or ran out of its time, before the outcome was known. */
class InterruptedError extends Error {
    name = 'InterruptedError';
}
/** The error's message, whatever was thrown. */
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/**
 * The error's name as AWS's wire format has it: the JS SDK appends `Fault` to some
 * (`InstanceRefreshInProgressFault`), the CLI and boto3 do not (`InstanceRefreshInProgress`).
 */
function errorCode(error) {
    if (!(error instanceof Error))
        return '';
    return error.name.replace(/Fault$/, '');
}


/***/ }),

/***/ 5605:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   runFactsFrom: () => (/* binding */ runFactsFrom)
/* harmony export */ });
/** Reads the variables that the runner sets for every step. */
function runFactsFrom(env) {
    const repository = env.GITHUB_REPOSITORY ?? '';
    const id = env.GITHUB_RUN_ID ?? '';
    const name = env.GITHUB_REF_NAME ?? '';
    // In a pull request the ref is "<number>/merge": the branch that it comes from is the useful name.
    const branch = env.GITHUB_HEAD_REF || name;
    const repositoryUrl = `${env.GITHUB_SERVER_URL ?? 'https://github.com'}/${repository}`;
    return {
        repository,
        repositoryUrl,
        commit: env.GITHUB_SHA ?? '',
        ...(env.GITHUB_REF_TYPE === 'tag' ? { version: name } : branch === '' ? {} : { branch }),
        url: `${repositoryUrl}/actions/runs/${id}`,
        id,
        attempt: Number(env.GITHUB_RUN_ATTEMPT ?? '1'),
        workspace: env.GITHUB_WORKSPACE ?? process.cwd(),
        temp: env.RUNNER_TEMP ?? '/tmp',
    };
}


/***/ }),

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


/***/ }),

/***/ 2775:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runStep: () => (/* binding */ runStep)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(3838);
// EXTERNAL MODULE: ./lib/src/clean-up-state.js
var clean_up_state = __webpack_require__(1665);
// EXTERNAL MODULE: ./lib/src/clock.js
var src_clock = __webpack_require__(9508);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
;// CONCATENATED MODULE: ./lib/src/github/actions-log.js

/** The runner's log: workflow commands on standard output. Groups show how long they took. */
const actionsLog = {
    info: (message) => core/* info */.pq(message),
    notice: (message, title) => core/* notice */.lm(message, title === undefined ? {} : { title }),
    warning: (message, title) => core/* warning */.$e(message, title === undefined ? {} : { title }),
    error: (message, title, place) => core/* error */.z3(message, {
        ...(title === undefined ? {} : { title }),
        ...(place === undefined ? {} : { file: place.file, startLine: place.line }),
    }),
    secret: (value) => core/* setSecret */.Pq(value),
    async group(title, work) {
        const end = startGroup(title);
        try {
            return await work();
        }
        finally {
            end();
        }
    },
    startGroup,
};
function startGroup(title) {
    const started = Date.now();
    core/* startGroup */.Oh(title);
    return () => {
        core/* endGroup */.N4();
        const seconds = (Date.now() - started) / 1000;
        if (seconds >= 1)
            core/* info */.pq(`${title}: ${seconds.toFixed(1)} s`);
    };
}

;// CONCATENATED MODULE: ./lib/src/github/github.js
/** One page of GitHub's. */
const MOST_COMMITS = 100;
/** GitHub's REST API with the job's token; the client is loaded when it is needed. */
function githubApi(token, repository) {
    const [owner = '', repo = ''] = repository.split('/');
    const repos = async () => {
        if (token === '')
            throw new Error('there is no github-token');
        const { getOctokit } = await __webpack_require__.e(/* import() */ 413).then(__webpack_require__.bind(__webpack_require__, 2413));
        return getOctokit(token).rest.repos;
    };
    return {
        async compare(base, head) {
            const { compareCommitsWithBasehead } = await repos();
            const { data } = await compareCommitsWithBasehead({
                owner,
                repo,
                basehead: `${base}...${head}`,
                per_page: MOST_COMMITS,
            });
            return {
                status: data.status,
                total: data.status === 'behind' ? data.behind_by : data.ahead_by,
                commits: data.commits.map(({ sha, author, commit }) => ({
                    sha,
                    subject: commit.message.split('\n')[0] ?? '',
                    author: author?.login ?? commit.author?.name ?? 'unknown',
                })),
            };
        },
        async createDeployment({ ref, environment, payload }) {
            const { createDeployment } = await repos();
            // The checks of the commit were made when its image was baked; merging something would deploy another commit.
            const checks = { auto_merge: false, required_contexts: [] };
            const { data } = await createDeployment({ owner, repo, ref, environment, payload, ...checks });
            if ('id' in data)
                return data.id;
            throw new Error(data.message ?? 'no deployment was created');
        },
        async setDeploymentState(id, state, { logUrl, environmentUrl }) {
            const { createDeploymentStatus } = await repos();
            await createDeploymentStatus({
                owner,
                repo,
                deployment_id: id,
                state,
                log_url: logUrl,
                ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
            });
        },
    };
}

// EXTERNAL MODULE: ./lib/src/github/run.js
var github_run = __webpack_require__(5605);
// EXTERNAL MODULE: ./lib/src/inputs/inputs.js + 1 modules
var inputs_inputs = __webpack_require__(6472);
// EXTERNAL MODULE: ./lib/src/report.js
var src_report = __webpack_require__(1502);
;// CONCATENATED MODULE: ./lib/src/main.js











/** Runs the step from the runner's environment. Never rejects: a failure becomes exit code 1 and a sentence. */
async function runStep(env) {
    const report = new src_report/* Report */.pl();
    const cancel = cancelOnSignal();
    let failure;
    try {
        const { inputs, warnings } = (0,inputs_inputs.parseInputs)((0,inputs_inputs.givenInputs)(env));
        for (const warning of warnings)
            core/* warning */.$e(warning);
        await untilCancelled(runMode(env, inputs, report, cancel.signal), cancel.signal);
    }
    catch (error) {
        failure = cancel.signal.aborted ? cancel.signal.reason : error;
    }
    cancel.release();
    // A mode that came to its report has told the failure there.
    if (failure !== undefined && report.summary === '')
        report.write(failureSummary(failure));
    await writeReport(report);
    if (failure !== undefined)
        fail(failure);
    // What a cancelled step left open, such as a download, must not keep it alive: the runner kills it after 7.5 s.
    if (cancel.signal.aborted)
        process.exit();
}
/** The runner interrupts a cancelled step and kills it 7.5 seconds later: every wait ends at once. */
function cancelOnSignal() {
    const controller = new AbortController();
    const abort = () => controller.abort(new errors/* InterruptedError */.p4('The step was cancelled.'));
    process.once('SIGINT', abort);
    process.once('SIGTERM', abort);
    return {
        signal: controller.signal,
        release() {
            process.off('SIGINT', abort);
            process.off('SIGTERM', abort);
        },
    };
}
/** After a cancel the mode may still say what it knows, but a call that hangs is not waited for. Milliseconds. */
const LAST_WORDS_MS = 4000;
async function untilCancelled(work, signal) {
    const outOfTime = new Promise((_resolve, reject) => {
        const later = () => setTimeout(() => reject(signal.reason), LAST_WORDS_MS);
        signal.addEventListener('abort', later, { once: true });
    });
    await Promise.race([work, outOfTime]);
}
async function runMode(env, inputs, report, signal) {
    const [{ connect, refuseOtherAccounts }, { explained }] = await Promise.all([
        Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(736), __webpack_require__.e(932), __webpack_require__.e(586), __webpack_require__.e(175), __webpack_require__.e(797), __webpack_require__.e(506)]).then(__webpack_require__.bind(__webpack_require__, 2506)),
        __webpack_require__.e(/* import() */ 929).then(__webpack_require__.bind(__webpack_require__, 6929)),
    ]);
    const run = (0,github_run.runFactsFrom)(env);
    const clock = (0,src_clock.clockFrom)(env.IMMUTABLE_DEPLOY_CLOCK);
    const folder = (0,external_node_path_.join)(run.temp, 'immutable-deploy');
    (0,external_node_fs_.mkdirSync)(folder, { recursive: true });
    const { aws, logPath, webIdentity } = connect(env, inputs, { clock, folder, run });
    report.set({ log: logPath });
    const [{ processRunner }, { checkedOutCommit }] = await Promise.all([
        __webpack_require__.e(/* import() */ 44).then(__webpack_require__.bind(__webpack_require__, 6044)),
        __webpack_require__.e(/* import() */ 210).then(__webpack_require__.bind(__webpack_require__, 210)),
    ]);
    const context = {
        aws,
        ...(webIdentity ? { webIdentity } : {}),
        clock,
        log: actionsLog,
        report,
        github: githubApi(inputs.githubToken, run.repository),
        run: { ...run, temp: folder },
        processes: processRunner,
        fetch,
        checkedOut: (path) => checkedOutCommit(run.workspace, path),
        env,
        signal,
        saveCleanUp: (cleanUp) => core/* saveState */.LZ(clean_up_state/* CLEAN_UP_STATE */.m, cleanUp === undefined ? '' : JSON.stringify(cleanUp)),
    };
    try {
        if (inputs.expectedAccountIds)
            await refuseOtherAccounts(aws, inputs.expectedAccountIds);
        await dispatch(inputs, context);
        await tell(context, inputs);
    }
    catch (error) {
        const known = explained(error);
        await tell(context, inputs, known);
        throw known;
    }
}
/** Each mode is loaded only when it is asked for. */
async function dispatch(inputs, context) {
    switch (inputs.mode) {
        case 'bake':
            return await (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(736), __webpack_require__.e(902), __webpack_require__.e(495)]).then(__webpack_require__.bind(__webpack_require__, 2495))).bake(inputs, context);
        case 'promote':
            return await (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(932), __webpack_require__.e(586), __webpack_require__.e(175), __webpack_require__.e(58), __webpack_require__.e(757)]).then(__webpack_require__.bind(__webpack_require__, 8757))).promote(inputs, context);
        case 'prune':
            return await (await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(193), __webpack_require__.e(736), __webpack_require__.e(932), __webpack_require__.e(582)]).then(__webpack_require__.bind(__webpack_require__, 9582))).prune(inputs, context);
    }
}
/** What the mode announces; when it did not come so far, that it failed. */
async function tell(context, inputs, failure) {
    if (inputs.snsTopicArn === undefined)
        return;
    const { notify } = await Promise.all(/* import() */[__webpack_require__.e(861), __webpack_require__.e(797), __webpack_require__.e(763)]).then(__webpack_require__.bind(__webpack_require__, 1763));
    const where = inputs.mode === 'promote' ? ` to ${inputs.environment}` : '';
    const plain = failure === undefined
        ? { title: `✅ ${inputs.mode}${where}`, text: 'Done.' }
        : { title: `❌ ${inputs.mode}${where}`, text: (0,errors/* messageOf */.bD)(failure) };
    await notify(context, inputs.snsTopicArn, {
        ...(context.report.announcement ?? plain),
        event: inputs.mode,
        application: [inputs.application ?? context.run.repository].flat().join(', '),
    });
}
function failureSummary(error) {
    if (error instanceof errors/* ConfigurationError */.j1)
        return ['## ❌ Nothing was changed', ...error.problems.map((problem) => `- ${problem}`)].join('\n');
    return `**${error instanceof errors/* InterruptedError */.p4 ? 'Cancelled' : 'Failed'}**: ${(0,errors/* messageOf */.bD)(error)}`;
}
/** A step summary over 1 MiB is refused whole by the runner. */
const LONGEST_SUMMARY = 1024 * 1024 - 1024;
async function writeReport(report) {
    for (const [name, value] of report.outputs)
        core/* setOutput */.uH(name, value);
    if (report.summary === '' || !process.env.GITHUB_STEP_SUMMARY)
        return;
    const whole = Buffer.from(`${report.summary}\n`);
    const text = whole.length <= LONGEST_SUMMARY
        ? whole.toString()
        : `${whole.subarray(0, LONGEST_SUMMARY).toString()}\n\n(cut at 1 MiB)`;
    await core/* summary */.z.addRaw(text, true).write();
}
function fail(error) {
    core/* setFailed */.C1((0,errors/* messageOf */.bD)(error));
    for (let cause = error instanceof Error ? error.cause : undefined; cause !== undefined; cause = cause instanceof Error ? cause.cause : undefined) {
        core/* info */.pq(`  because: ${(0,errors/* messageOf */.bD)(cause)}`);
    }
}


/***/ }),

/***/ 1502:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p0: () => (/* binding */ duration),
/* harmony export */   pl: () => (/* binding */ Report),
/* harmony export */   tp: () => (/* binding */ table)
/* harmony export */ });
/**
 * What a mode tells the workflow besides its log: outputs, the job summary, and what is announced. Collected while
 * it works, and written once at its end, however it ends.
 */
class Report {
    outputs = new Map();
    #summary = [];
    #announcement;
    /** Sets outputs; objects and lists become JSON. */
    set(outputs) {
        for (const [name, value] of Object.entries(outputs)) {
            if (value !== undefined)
                this.outputs.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
        }
    }
    /** Adds Markdown to the job summary. */
    write(markdown) {
        this.#summary.push(markdown);
    }
    /** Says what a notification is to say; the last word counts. */
    announce(announcement) {
        this.#announcement = announcement;
    }
    get announcement() {
        return this.#announcement;
    }
    get summary() {
        return this.#summary.join('\n\n');
    }
}
/** A Markdown table; bars and line breaks in cells are made harmless. */
function table(head, rows) {
    const line = (cells) => `| ${cells.map(cell).join(' | ')} |`;
    return [line(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
function cell(text) {
    return text.replaceAll('|', '\\|').replaceAll(/\r?\n/g, '<br>');
}
/** `754` → `12 min 34 s`. */
function duration(seconds) {
    const minutes = Math.floor(seconds / 60);
    return minutes === 0 ? `${Math.round(seconds)} s` : `${minutes} min ${Math.round(seconds % 60)} s`;
}


/***/ })

};
