export const id = 11;
export const ids = [11,929];
export const modules = {

/***/ 3305:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ failedOperation),
/* harmony export */   z: () => (/* binding */ CallLog)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);

/** Members whose values may hold secrets, or are long and of no use in a log. */
const HIDDEN = new Set([
    'UserData',
    'WebIdentityToken',
    'Value',
    'Message',
    'KeyMaterial',
    'SecretAccessKey',
    'SessionToken',
]);
const operations = new WeakMap();
/** The operation whose call failed with this error, e.g. `ec2:DescribeImages`; `undefined` when it was none. */
function failedOperation(error) {
    return typeof error === 'object' && error !== null ? operations.get(error) : undefined;
}
/** Writes one JSON line for every AWS call: time, operation, input, duration, attempts, and how it ended. */
class CallLog {
    path;
    #clock;
    constructor(path, clock) {
        this.path = path;
        this.#clock = clock;
    }
    attach(client) {
        client.middlewareStack.add((next, context) => async (args) => {
            const operation = `${serviceOf(context.clientName)}:${(context.commandName ?? '').replace(/Command$/, '')}`;
            const started = Date.now();
            const entry = { time: new Date(this.#clock.now()).toISOString(), operation, input: args.input };
            try {
                const result = await next(args);
                const { requestId, attempts } = result.output.$metadata;
                this.#write({ ...entry, ms: Date.now() - started, requestId, attempts });
                return result;
            }
            catch (error) {
                if (typeof error === 'object' && error !== null)
                    operations.set(error, operation);
                const failure = error instanceof Error ? { error: error.name, message: error.message } : { error: String(error) };
                this.#write({ ...entry, ms: Date.now() - started, ...failure });
                throw error;
            }
        }, { step: 'initialize', name: 'immutableDeployCallLog' });
    }
    #write(entry) {
        const text = JSON.stringify(entry, (key, value) => HIDDEN.has(key) && typeof value === 'string' ? '(not logged)' : value);
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(this.path, `${text}\n`);
    }
}
/** `EC2Client` → `ec2`, as IAM names the service. */
function serviceOf(client = '') {
    const name = client.replace(/Client$/, '').toLowerCase();
    return name === 'elasticloadbalancingv2' ? 'elasticloadbalancing' : name;
}


/***/ }),

/***/ 6929:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   explained: () => (/* binding */ explained),
/* harmony export */   isAccessDenied: () => (/* binding */ isAccessDenied),
/* harmony export */   isTransient: () => (/* binding */ isTransient)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _call_log_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3305);


const ACCESS_DENIED = new Set([
    'AccessDenied',
    'AccessDeniedException',
    'UnauthorizedOperation',
    'AuthorizationError',
]);
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const THROTTLED = new Set([
    'Throttling',
    'ThrottlingException',
    'RequestLimitExceeded',
    'TooManyRequestsException',
]);
const isAccessDenied = (error) => ACCESS_DENIED.has((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error));
/** Errors after which the same call can succeed a little later: the work that is watched goes on meanwhile. */
function isTransient(error) {
    const code = (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error);
    if (THROTTLED.has(code) || EXPIRED.has(code))
        return true;
    if (/^(TimeoutError|NetworkingError|ServiceUnavailable|InternalError|InternalFailure|ResourceContention)/.test(code))
        return true;
    if (typeof error !== 'object' || error === null)
        return false;
    if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code))
        return true;
    const status = '$metadata' in error ? Reflect.get(Object(error.$metadata), 'httpStatusCode') : undefined;
    return typeof status === 'number' && status >= 500;
}
/** An AWS error as a sentence that names the fix, where there is one for the user; otherwise the error itself. */
function explained(error) {
    const operation = (0,_call_log_js__WEBPACK_IMPORTED_MODULE_1__/* .failedOperation */ .f)(error);
    if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) === 'CredentialsProviderError') {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .PermissionError */ .i_('There are no AWS credentials. Set the input role-to-assume (with "permissions: id-token: write"), or run aws-actions/configure-aws-credentials before this step.', { cause: error });
    }
    if (isAccessDenied(error)) {
        const permission = operation ? `Allow ${operation} in the policy of the role. ` : '';
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .PermissionError */ .i_(`AWS refused the call: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(error)} ${permission}`.trim(), {
            cause: error,
        });
    }
    if (EXPIRED.has((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error))) {
        return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .PermissionError */ .i_('The AWS credentials have expired. With the input role-to-assume the action renews them by itself; otherwise ask for a longer session.', { cause: error });
    }
    return error;
}


/***/ }),

/***/ 2687:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hu: () => (/* binding */ describeImage),
/* harmony export */   ll: () => (/* binding */ newestFirst),
/* harmony export */   mn: () => (/* binding */ imageFrom)
/* harmony export */ });
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6073);

function imageFrom(image) {
    return {
        id: image.ImageId ?? '',
        name: image.Name ?? '',
        state: image.State ?? '',
        created: Date.parse(image.CreationDate ?? ''),
        architecture: image.Architecture ?? '',
        ownerId: image.OwnerId ?? '',
        rootDeviceName: image.RootDeviceName ?? '',
        tags: (0,_tags_js__WEBPACK_IMPORTED_MODULE_0__/* .tagsOf */ .Fg)(image),
    };
}
/** Newest first; images of the same second by their ids, so that the order is always the same. */
function newestFirst(a, b) {
    return b.created - a.created || (a.id < b.id ? -1 : 1);
}
/** The image in a few words for the log: id, commit, version or branch. */
function describeImage(image) {
    const commit = image.tags[_tags_js__WEBPACK_IMPORTED_MODULE_0__/* .TAG */ .Dk.commit]?.slice(0, 12);
    const origin = image.tags[_tags_js__WEBPACK_IMPORTED_MODULE_0__/* .TAG */ .Dk.version] ?? image.tags[_tags_js__WEBPACK_IMPORTED_MODULE_0__/* .TAG */ .Dk.branch];
    const known = [commit && `commit ${commit}`, origin].filter(Boolean).join(', ');
    return known === '' ? image.id : `${image.id} (${known})`;
}


/***/ }),

/***/ 2162:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   G: () => (/* binding */ isFor),
/* harmony export */   c: () => (/* binding */ actionFor)
/* harmony export */ });
/** Decides what a group needs; a running refresh to something else is a problem. */
function actionFor(target, running, image, version) {
    const { activeRefresh } = target;
    if (activeRefresh) {
        if (version !== undefined && isFor(activeRefresh, running.launchTemplateId, version)) {
            return { kind: 'adopt', version, refreshId: activeRefresh.InstanceRefreshId ?? '' };
        }
        return {
            problem: `The group "${target.name}" has an instance refresh under way (${activeRefresh.InstanceRefreshId}, ${activeRefresh.Status}). Wait for it or cancel it, then run this again.`,
        };
    }
    const instances = target.group.Instances ?? [];
    const allThere = instances.every(({ LaunchTemplate }) => LaunchTemplate?.LaunchTemplateId === running.launchTemplateId &&
        LaunchTemplate?.Version === running.number);
    if (running.data.ImageId === image.id && allThere)
        return { kind: 'nothing' };
    return { kind: 'refresh', version };
}
/** Whether a refresh has this version as its desired configuration. */
function isFor(refresh, launchTemplateId, version) {
    const desired = refresh.DesiredConfiguration?.LaunchTemplate;
    return desired?.LaunchTemplateId === launchTemplateId && desired?.Version === version;
}


/***/ }),

/***/ 2822:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $m: () => (/* binding */ isActive),
/* harmony export */   C3: () => (/* binding */ pauseSeconds),
/* harmony export */   Pr: () => (/* binding */ meaningOf),
/* harmony export */   jL: () => (/* binding */ canRollBack),
/* harmony export */   p1: () => (/* binding */ sightOf),
/* harmony export */   qE: () => (/* binding */ isKnown),
/* harmony export */   y1: () => (/* binding */ lineFor)
/* harmony export */ });
/** What an instance refresh's status means for its watcher (guide "Check the status of an instance refresh"). */
const MEANINGS = {
    Pending: 'active',
    InProgress: 'active',
    Baking: 'active',
    Cancelling: 'active',
    RollbackInProgress: 'active',
    Successful: 'successful',
    Failed: 'failed',
    Cancelled: 'cancelled',
    // A rollback that succeeded is a deployment that failed.
    RollbackSuccessful: 'rolled-back',
    RollbackFailed: 'rollback-failed',
};
/** A status that is not known yet counts as active: the watcher goes on, and says so. */
function meaningOf(status) {
    return Object.entries(MEANINGS).find(([name]) => name === status)?.[1] ?? 'active';
}
const isKnown = (status) => status !== undefined && status in MEANINGS;
const isActive = (status) => meaningOf(status) === 'active';
/** Statuses in which AWS takes a rollback; while Pending only a cancel. */
const canRollBack = (status) => status === 'InProgress' || status === 'Baking';
function sightOf(refresh) {
    return {
        status: refresh.Status ?? 'unknown',
        // Absent while Pending: that is not 0 %.
        percentage: refresh.PercentageComplete,
        left: refresh.InstancesToUpdate,
        reason: refresh.StatusReason ?? '',
    };
}
/** The line to print when something changed since the last sight; `undefined` when nothing did. */
function lineFor(before, now) {
    const same = before &&
        before.status === now.status &&
        before.percentage === now.percentage &&
        kindOf(before.reason) === kindOf(now.reason);
    if (same)
        return undefined;
    const progress = now.percentage === undefined ? '' : `, ${now.percentage} %`;
    const left = now.left === undefined ? '' : `, ${now.left} ${now.left === 1 ? 'instance' : 'instances'} to go`;
    return `${now.status}${progress}${left}${now.reason === '' ? '' : `. ${now.reason}`}`;
}
/** Reasons name instances and count seconds down: what differs only in them is the same reason. */
const kindOf = (reason) => reason.replace(/i-[0-9a-f]+|\d+/g, '#');
/** Seconds until the next look: often at first, then at the pace of a rollout. */
function pauseSeconds(elapsedMs) {
    if (elapsedMs < 60_000)
        return 5;
    return elapsedMs < 30 * 60_000 ? 15 : 30;
}


/***/ }),

/***/ 8011:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  promote: () => (/* binding */ promote)
});

// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/image.js
var src_image = __webpack_require__(2687);
// EXTERNAL MODULE: ./lib/src/tags.js
var tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/promote/choose-image.js


function choiceOf(inputs, runCommit) {
    if (inputs.amiId !== undefined)
        return { by: 'ami-id', imageId: inputs.amiId };
    if (inputs.commit !== undefined)
        return { by: 'commit', commit: inputs.commit, given: true };
    if (inputs.version !== undefined)
        return { by: 'version', version: inputs.version };
    if (inputs.rollback)
        return { by: 'previous' };
    return { by: 'commit', commit: runCommit, given: false };
}
/**
 * Picks one image from the candidates that AWS returned. An automatic choice (`rollback: true` alone) skips what was
 * rejected in this environment; an explicit one only warns. `presentIds` are the images that the groups run.
 */
function pickImage(choice, candidates, facts) {
    const usable = candidates.filter((image) => image.state === 'available' && image.tags[tags/* TAG */.Dk.quarantined] === undefined);
    switch (choice.by) {
        case 'ami-id':
            return pickById(choice.imageId, candidates, facts);
        case 'previous':
            return pickPrevious(usable, facts);
        case 'commit':
        case 'version': {
            const [image, ...others] = usable.toSorted(src_image/* newestFirst */.ll);
            if (!image)
                return { problem: nothingFound(choice, candidates, facts) };
            const notes = others.length === 0
                ? []
                : [
                    `Several images fit; the newest is taken. The others: ${others.map((other) => other.id).join(', ')}.`,
                ];
            return { image, notes: [...notes, ...rejectedNote(image, facts.environment)] };
        }
    }
}
function pickById(id, candidates, facts) {
    const image = candidates.find((candidate) => candidate.id === id);
    if (!image)
        return {
            problem: `There is no image ${id} in ${facts.region} that this account may use. Check the inputs "ami-id" and "aws-region".`,
        };
    const quarantined = image.tags[tags/* TAG */.Dk.quarantined];
    if (quarantined !== undefined)
        return {
            problem: `The image ${id} is quarantined (${quarantined}) and is never promoted. Bake a new one.`,
        };
    if (image.state !== 'available')
        return { problem: `The image ${id} is ${image.state}, not available. ${advice(image.state)}` };
    return { image, notes: rejectedNote(image, facts.environment) };
}
const advice = (state) => state === 'pending'
    ? 'Wait until the bake is finished.'
    : state === 'disabled'
        ? 'Enable it first, or bake again.'
        : 'Bake it again.';
/** The image promoted to the environment most recently, other than the present ones, that was not rejected there. */
function pickPrevious(candidates, facts) {
    const promotedAt = (image) => (0,tags/* readMark */.Mp)(image.tags[(0,tags/* markKey */.rI)('promoted', facts.environment)])?.time ?? 0;
    const [image] = candidates
        .filter((candidate) => promotedAt(candidate) > 0 && !facts.presentIds.includes(candidate.id))
        .filter((candidate) => candidate.tags[(0,tags/* markKey */.rI)('rejected', facts.environment)] === undefined)
        .toSorted((a, b) => promotedAt(b) - promotedAt(a) || (0,src_image/* newestFirst */.ll)(a, b));
    if (image)
        return { image, notes: [] };
    return {
        problem: `No image of "${facts.application}" was promoted to "${facts.environment}" before the present one and not rejected since: there is nothing to roll back to. Name one with "ami-id" or "commit".`,
    };
}
function rejectedNote(image, environment) {
    const rejected = (0,tags/* readMark */.Mp)(image.tags[(0,tags/* markKey */.rI)('rejected', environment)]);
    if (!rejected)
        return [];
    return [
        `${(0,src_image/* describeImage */.hu)(image)} was rejected in ${environment} on ${new Date(rejected.time).toISOString()}: ${rejected.text}`,
    ];
}
function nothingFound(choice, candidates, facts) {
    const wanted = choice.by === 'commit' ? `commit ${choice.commit}` : `version ${choice.version}`;
    const [unusable] = candidates;
    if (unusable) {
        const why = unusable.tags[tags/* TAG */.Dk.quarantined] === undefined
            ? `is ${unusable.state}`
            : `is quarantined (${unusable.tags[tags/* TAG */.Dk.quarantined]})`;
        return `The image of ${wanted}, ${unusable.id}, ${why}. Wait for the bake, or bake again.`;
    }
    const fix = choice.by === 'commit' && !choice.given
        ? 'Run the mode bake first, or name an image with "ami-id", "commit" or "version".'
        : 'Check the input, and that the mode bake ran for it in this Region.';
    return `There is no image of "${facts.application}" for ${wanted} in ${facts.region}. ${fix}`;
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
;// CONCATENATED MODULE: ./lib/src/promote/find-images.js



/** The images that a choice could mean, and the present ones, which a rollback needs. */
async function findImages(aws, choice, facts) {
    const asked = choice.by === 'ami-id' ? [choice.imageId, ...facts.presentIds] : facts.presentIds;
    const [byId, byTags] = await Promise.all([
        imagesWithIds(aws, asked),
        choice.by === 'ami-id' ? [] : ownImages(aws, tagFilters(choice, facts)),
    ]);
    const isCandidate = (image) => choice.by === 'ami-id' && image.id === choice.imageId;
    return {
        candidates: [...byId.filter(isCandidate), ...byTags],
        present: byId.filter((image) => facts.presentIds.includes(image.id)),
    };
}
function tagFilters(choice, facts) {
    const application = (0,tags/* tagFilter */.fB)(tags/* TAG */.Dk.application, facts.application);
    switch (choice.by) {
        case 'commit':
            // A short SHA stands for any commit that begins with it.
            return [
                application,
                {
                    Name: `tag:${tags/* TAG */.Dk.commit}`,
                    Values: [choice.commit.length < 40 ? `${choice.commit}*` : choice.commit],
                },
            ];
        case 'version':
            return [application, (0,tags/* tagFilter */.fB)(tags/* TAG */.Dk.version, choice.version)];
        case 'previous':
            return [application, { Name: 'tag-key', Values: [(0,tags/* markKey */.rI)('promoted', facts.environment)] }];
    }
}
async function ownImages(aws, filters) {
    const images = [];
    for await (const page of (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, { Owners: ['self'], Filters: filters })) {
        images.push(...(page.Images ?? []).map(src_image/* imageFrom */.mn));
    }
    return images;
}
/** A filter instead of a list of ids: an id that does not exist is then an absent image and no error. */
async function imagesWithIds(aws, ids) {
    if (ids.length === 0)
        return [];
    const images = [];
    for await (const page of (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, { Filters: [{ Name: 'image-id', Values: [...new Set(ids)] }], IncludeDisabled: true })) {
        images.push(...(page.Images ?? []).map(src_image/* imageFrom */.mn));
    }
    return images;
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./lib/src/version-description.js
var version_description = __webpack_require__(7709);
;// CONCATENATED MODULE: ./lib/src/promote/launch-template.js




/**
 * The number of an existing version that can be used for the image: the running one when it has the image already, or
 * an earlier one of ours with equal data. `undefined` when one has to be made.
 */
async function findVersion(aws, running, imageId, application) {
    if (running.data.ImageId === imageId)
        return running.number;
    const wanted = canonical({ ...running.data, ImageId: imageId });
    const known = (await versionsWithImage(aws, running.launchTemplateId, imageId)).find((version) => version.VersionDescription === (0,version_description/* versionDescription */.R)(application, imageId) &&
        canonical(version.LaunchTemplateData) === wanted);
    return known && String(known.VersionNumber);
}
/**
 * Makes a version that is the running one with only the image changed, and returns its number. Safe to repeat when an
 * answer was lost: the client token is derived from everything in the request.
 */
async function createVersion(aws, running, imageId, application) {
    const description = (0,version_description/* versionDescription */.R)(application, imageId);
    const content = [running.launchTemplateId, running.number, canonical(running.data), description];
    const { LaunchTemplateVersion: version, Warning } = await aws.ec2.send(new dist_cjs/* CreateLaunchTemplateVersionCommand */.B_$({
        LaunchTemplateId: running.launchTemplateId,
        // What is not given is inherited from the source, so the image is all that changes.
        SourceVersion: running.number,
        VersionDescription: description,
        LaunchTemplateData: { ImageId: imageId },
        ClientToken: (0,external_node_crypto_.createHash)('sha256').update(content.join('\n')).digest('hex'),
    }));
    const number = String(version?.VersionNumber ?? '');
    const [invalid] = Warning?.Errors ?? [];
    if (!invalid)
        return number;
    throw new errors/* DeploymentError */.gt(`EC2 warns that version ${number} of ${running.launchTemplateName} cannot work: ${invalid.Message} (${invalid.Code}). No refresh was started; correct version ${running.number}, from which it was made.`);
}
async function versionsWithImage(aws, launchTemplateId, imageId) {
    const versions = [];
    const request = { LaunchTemplateId: launchTemplateId, Filters: [{ Name: 'image-id', Values: [imageId] }] };
    for await (const page of (0,dist_cjs/* paginateDescribeLaunchTemplateVersions */.ZY3)({ client: aws.ec2 }, request))
        versions.push(...(page.LaunchTemplateVersions ?? []));
    return versions;
}
/** JSON with the members of every object in order, so that equal data is equal text. */
function canonical(data) {
    return JSON.stringify(data, (_key, value) => typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value);
}

// EXTERNAL MODULE: ./lib/src/promote/plan.js
var plan = __webpack_require__(2162);
;// CONCATENATED MODULE: ./lib/src/promote/preferences.js
/**
 * The preferences for a refresh of this group. Inputs win; what is neither an input nor named below is left to AWS.
 *
 * Healthy percentages: a group with an instance maintenance policy keeps it. Otherwise new instances are launched
 * before old ones are terminated, with less extra capacity the larger the group is.
 */
function preferencesFor(inputs, group, targetGroups) {
    return {
        ...healthyPercentages(inputs, group),
        InstanceWarmup: inputs.instanceWarmup ?? warmup(group, targetGroups),
        SkipMatching: true,
        AutoRollback: true,
        StandbyInstances: 'Ignore',
        ...(inputs.bakeTime === undefined ? {} : { BakeTime: inputs.bakeTime }),
    };
}
function healthyPercentages(inputs, group) {
    const { minHealthyPercentage: min, maxHealthyPercentage: max } = inputs;
    if (min !== undefined)
        return { MinHealthyPercentage: min, ...(max === undefined ? {} : { MaxHealthyPercentage: max }) };
    if (group.InstanceMaintenancePolicy?.MinHealthyPercentage !== undefined)
        return {};
    const size = group.DesiredCapacity ?? 0;
    return { MinHealthyPercentage: 100, MaxHealthyPercentage: size <= 1 ? 200 : size < 10 ? 150 : 110 };
}
/**
 * At least the time that the load balancer needs to find a new instance healthy or unhealthy: with a shorter warm-up
 * a refresh goes on before the first health check has spoken. Seconds.
 */
function warmup(group, targetGroups) {
    return Math.max(group.DefaultInstanceWarmup ?? group.HealthCheckGracePeriod ?? 0, healthCheckSeconds(targetGroups));
}
function healthCheckSeconds(targetGroups) {
    const times = targetGroups.map((group) => (group.HealthCheckIntervalSeconds ?? 30) *
        Math.max(group.HealthyThresholdCount ?? 5, group.UnhealthyThresholdCount ?? 2));
    return Math.max(0, ...times);
}
/** The preferences in words for the log and the plan. */
function describePreferences(preferences) {
    const { MinHealthyPercentage: min, MaxHealthyPercentage: max, InstanceWarmup: warmup, BakeTime: bake, } = preferences;
    const percentages = min === undefined
        ? "healthy percentages of the group's maintenance policy"
        : `${min} % healthy${max === undefined ? '' : `, ${max} % at most`}`;
    return `${percentages}, ${warmup} s warm-up${bake === undefined ? '' : `, ${bake} s bake time`}, rollback by AWS`;
}

;// CONCATENATED MODULE: ./lib/src/promote/preflight.js


/** All reasons why the promotion must not begin, and what deserves a warning. Empty problems: it may. */
function preflight(facts) {
    const problems = [];
    const warnings = [];
    for (const target of facts.targets) {
        problems.push(...groupProblems(target));
        if (target.running) {
            problems.push(...imageProblems(facts, target));
            problems.push(...staleProblems(facts, target));
        }
        warnings.push(...groupWarnings(target));
    }
    return { problems, warnings };
}
/** Processes without which a refresh never moves, or never sees that an instance is ill. */
const NEEDED_PROCESSES = [
    'Launch',
    'Terminate',
    'InstanceRefresh',
    'HealthCheck',
    'ReplaceUnhealthy',
    'AddToLoadBalancer',
];
function groupProblems({ name, group, running }) {
    const problems = [];
    if (group.Status !== undefined)
        problems.push(`The group "${name}" is being deleted (${group.Status}).`);
    if (group.MixedInstancesPolicy) {
        problems.push(`The group "${name}" has a mixed instances policy, which this version cannot promote yet. Give it a launch template alone.`);
    }
    else if (group.LaunchConfigurationName !== undefined) {
        problems.push(`The group "${name}" uses the launch configuration ${group.LaunchConfigurationName}. Instance refreshes with rollback need a launch template: copy it to one and set that on the group.`);
    }
    else if (!running) {
        problems.push(`The group "${name}" has no launch template.`);
    }
    else {
        problems.push(...versionProblems(name, running.named, running.number, running.data.ImageId));
    }
    const suspended = (group.SuspendedProcesses ?? [])
        .flatMap(({ ProcessName }) => ProcessName ?? [])
        .filter((process) => NEEDED_PROCESSES.includes(process));
    if (suspended.length > 0) {
        problems.push(`The group "${name}" has suspended processes without which a refresh does not work: ${suspended.join(', ')}. Resume them first.`);
    }
    const protectedIds = (group.Instances ?? [])
        .filter((instance) => instance.ProtectedFromScaleIn)
        .flatMap(({ InstanceId }) => InstanceId ?? []);
    if (protectedIds.length > 0) {
        problems.push(`The group "${name}" has instances that are protected from scale-in, for which a refresh would wait an hour and fail: ${protectedIds.join(', ')}. Remove the protection.`);
    }
    return problems;
}
/** AWS cannot roll back a group that follows an alias: it has no fixed configuration to go back to. */
function versionProblems(name, named, number, imageId) {
    if (named.startsWith('$')) {
        return [
            `The group "${name}" follows ${named} of its launch template: AWS cannot roll that back, and a new version would go live unchecked. Set the group to the version number it runs, ${number}.`,
        ];
    }
    if (imageId === undefined)
        return [
            `Version ${number} of the launch template of "${name}" names no image: there is nothing to replace.`,
        ];
    if (imageId.startsWith('resolve:ssm:')) {
        return [
            `The launch template of "${name}" takes its image from ${imageId}: AWS cannot roll that back. Put an AMI id into the version that the group uses.`,
        ];
    }
    return [];
}
function imageProblems({ image, present }, { name, running }) {
    const presentId = running?.data.ImageId ?? '';
    if (!presentId.startsWith('ami-'))
        return [];
    const old = present.find((candidate) => candidate.id === presentId);
    if (!old) {
        return [
            `The image ${presentId} that the group "${name}" runs no longer exists: a rollback to it would fail, and so would every scale-out now. Set the group to a version with an existing image first.`,
        ];
    }
    const problems = [];
    if (old.architecture !== image.architecture) {
        problems.push(`The image ${image.id} is ${image.architecture}, but the group "${name}" runs ${old.architecture}. Bake for that architecture.`);
    }
    if (old.rootDeviceName !== image.rootDeviceName &&
        running?.data.BlockDeviceMappings?.some((mapping) => mapping.DeviceName === old.rootDeviceName)) {
        problems.push(`The launch template of "${name}" sets up the root device ${old.rootDeviceName}, but the image ${image.id} has its root at ${image.rootDeviceName}.`);
    }
    return problems;
}
/** A late approval must not put an older commit over a newer one. */
function staleProblems({ inputs, image, comparisons, present }, { name, running }) {
    if (comparisons.get(name) !== 'behind' || inputs.allowOlder || inputs.rollback)
        return [];
    const old = present.find((candidate) => candidate.id === running?.data.ImageId);
    return [
        `The group "${name}" already runs a newer commit: ${old ? (0,src_image/* describeImage */.hu)(old) : 'unknown'} is ahead of ${(0,src_image/* describeImage */.hu)(image)}. To go back on purpose, set "rollback: true" or "allow-older: true".`,
    ];
}
function groupWarnings({ name, group }) {
    const warnings = [];
    if ((group.TargetGroupARNs ?? []).length > 0 && group.HealthCheckType === 'EC2') {
        warnings.push(`The group "${name}" is behind a load balancer but its health check type is EC2: AWS will call the refresh successful whatever the targets say. Their health is verified afterwards; the type ELB would stop a bad image earlier.`);
    }
    return warnings;
}
/** The commit of an image, when it is known. */
const commitOf = (image) => image?.tags[tags/* TAG */.Dk.commit];

// EXTERNAL MODULE: ./lib/src/aws/errors.js
var aws_errors = __webpack_require__(6929);
;// CONCATENATED MODULE: ./lib/src/promote/result.js
const GOOD = ['promoted', 'already-there', 'not-verified', 'planned'];
const isGood = (result) => GOOD.includes(result.status);
/** Worst first: what the promotion is called when its groups differ and none has the image. */
const BY_WEIGHT = [
    'unknown',
    'failed',
    'cancelled',
    'rolled-back',
    'not-verified',
    'planned',
    'promoted',
    'already-there',
];
function overallStatus(results) {
    const statuses = results.map((result) => result.status);
    const arrived = statuses.some((status) => status === 'promoted' || status === 'already-there' || status === 'not-verified');
    if (arrived && !results.every(isGood))
        return 'partial';
    return BY_WEIGHT.find((status) => statuses.includes(status)) ?? 'already-there';
}
/** The `targets` output: one entry a group, with the names that the README has. */
function targetsOutput(results) {
    return results.map((result) => ({
        group: result.group,
        status: result.status,
        'launch-template-id': result.launchTemplateId,
        'launch-template-version': result.version ?? '',
        'previous-launch-template-version': result.previousVersion,
        'previous-ami-id': result.previousImageId,
        'instance-refresh-id': result.refreshId ?? '',
        instances: result.instances,
        reason: result.reason,
    }));
}

;// CONCATENATED MODULE: ./lib/src/promote/record.js





/** Says on the image that it is on its way into an environment, so that prune takes it for in use. The first write. */
async function markPromoting({ aws, clock, run }, image, environment) {
    await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({
        Resources: [image.id],
        Tags: (0,tags/* toTagList */.s3)({ [(0,tags/* markKey */.rI)('promoting', environment)]: (0,tags/* markValue */.nj)(clock.now(), run.url) }),
    }));
}
/**
 * Writes the outcome on the images: promoted, or rejected when the image's own health was the cause; on a rollback by
 * hand, the image that was left becomes rejected. The `promoting` mark stays while the state is not known.
 */
async function recordOutcome(context, promotion, results) {
    const { aws, clock, run, log } = context;
    const { image, environment } = promotion;
    const key = {
        promoting: (0,tags/* markKey */.rI)('promoting', environment),
        promoted: (0,tags/* markKey */.rI)('promoted', environment),
        rejected: (0,tags/* markKey */.rI)('rejected', environment),
    };
    const status = overallStatus(results);
    const set = {};
    const remove = [];
    if (status === 'promoted' || status === 'already-there') {
        set[key.promoted] = (0,tags/* markValue */.nj)(clock.now(), run.url);
        if (image.tags[key.rejected] !== undefined)
            remove.push(key.rejected);
    }
    const fault = results.find((result) => result.imageAtFault);
    if (fault)
        set[key.rejected] = (0,tags/* markValue */.nj)(clock.now(), `${fault.reason} ${run.url}`);
    if (!results.some((result) => result.status === 'unknown' || result.status === 'cancelled'))
        remove.push(key.promoting);
    try {
        if (Object.keys(set).length > 0)
            await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: [image.id], Tags: (0,tags/* toTagList */.s3)(set) }));
        if (remove.length > 0)
            await aws.ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [image.id], Tags: remove.map((Key) => ({ Key })) }));
        const left = promotion.left.filter((id) => id !== image.id);
        if (promotion.byHand && status === 'promoted' && left.length > 0) {
            const value = (0,tags/* markValue */.nj)(clock.now(), `rolled back by hand to ${image.id} ${run.url}`);
            await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: left, Tags: (0,tags/* toTagList */.s3)({ [key.rejected]: value }) }));
        }
    }
    catch (error) {
        // The groups are as reported; only the note about it is missing.
        log.warning(`The outcome could not be written on the image's tags: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}`);
    }
}

// EXTERNAL MODULE: ./lib/src/promote/refresh.js
var promote_refresh = __webpack_require__(1634);
;// CONCATENATED MODULE: ./lib/src/promote/troubles.js
/** Collects troubles from scaling activities, whichever of them a look returns again. */
class TroubleList {
    launchFailures = [];
    unhealthy = [];
    #seen = new Set();
    /** Takes in activities, newest first as AWS gives them; returns a sentence for each trouble that is new. */
    add(activities) {
        const news = [];
        for (const activity of activities.toReversed()) {
            const key = `${activity.ActivityId} ${activity.StatusCode}`;
            if (this.#seen.has(key))
                continue;
            this.#seen.add(key);
            const sentence = this.#take(activity);
            if (sentence !== undefined)
                news.push(sentence);
        }
        return news;
    }
    #take({ StatusCode, StatusMessage = '', Description = '', Cause = '' }) {
        if (StatusCode === 'Failed') {
            const cause = StatusMessage || Description;
            if (this.launchFailures.includes(cause))
                return undefined;
            this.launchFailures.push(cause);
            return cause;
        }
        const [instanceId] = /i-[0-9a-f]+/.exec(Description) ?? [];
        // "… was taken out of service in response to an ELB system health check failure." (or an EC2 health check)
        if (!/health[ -]check/.test(Cause) || !Description.startsWith('Terminating') || instanceId === undefined)
            return undefined;
        if (this.unhealthy.includes(instanceId))
            return undefined;
        this.unhealthy.push(instanceId);
        return `${instanceId} failed its health checks and is replaced. ${Cause.replace(/^At \S+ an instance was taken out of service in response to /, 'Cause: ')}`;
    }
}
/** The troubles in one or two sentences for the result; empty when there were none. */
function describeTroubles({ unhealthy, launchFailures }) {
    const ill = unhealthy.length === 0
        ? []
        : [
            `${unhealthy.length} new ${unhealthy.length === 1 ? 'instance' : 'instances'} failed the health checks, the last one ${unhealthy.at(-1)}: look at the application's start in its log.`,
        ];
    return [...ill, ...launchFailures.slice(-3)].join(' ');
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-auto-scaling/dist-cjs/index.js
var client_auto_scaling_dist_cjs = __webpack_require__(8932);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-cjs/index.js
var client_elastic_load_balancing_v2_dist_cjs = __webpack_require__(586);
;// CONCATENATED MODULE: ./lib/src/promote/verify.js



const PAUSE_MS = 10_000;
/**
 * Whether the group really runs the image: its saved version, the real image of every instance in service, and the
 * health of its targets. Waits up to `timeoutSeconds` for it to become true, because targets need a moment.
 */
async function verify(context, expected, timeoutSeconds) {
    const { aws, clock, signal } = context;
    const deadline = clock.now() + timeoutSeconds * 1000;
    for (;;) {
        const verification = await look(aws, expected);
        if (verification.kind !== 'wrong' || clock.now() >= deadline)
            return verification;
        await clock.sleep(PAUSE_MS, signal);
    }
}
async function look(aws, expected) {
    const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeAutoScalingGroupsCommand */.NkQ({ AutoScalingGroupNames: [expected.group] }));
    if (!group)
        return { kind: 'wrong', reason: `the group "${expected.group}" is gone` };
    const saved = group.LaunchTemplate;
    if (saved?.LaunchTemplateId !== expected.launchTemplateId || saved?.Version !== expected.version) {
        return {
            kind: 'wrong',
            reason: `the group is set to ${saved?.LaunchTemplateId} version ${saved?.Version}, not to ${expected.launchTemplateId} version ${expected.version}`,
        };
    }
    const instances = group.Instances ?? [];
    const inService = instances
        .filter((instance) => instance.LifecycleState === 'InService')
        .flatMap(({ InstanceId }) => InstanceId ?? []);
    if (inService.length === 0) {
        return (group.DesiredCapacity ?? 0) === 0
            ? { kind: 'empty' }
            : { kind: 'wrong', reason: 'no instance is in service' };
    }
    const strangers = await instancesOfOtherImages(aws, inService, expected.imageId);
    if (strangers.length > 0)
        return { kind: 'wrong', reason: `these instances run another image: ${strangers.join(', ')}` };
    const ill = instances.filter((instance) => instance.LifecycleState === 'InService' && instance.HealthStatus !== 'Healthy');
    if (ill.length > 0) {
        const list = ill.map(({ InstanceId, HealthStatus }) => `${InstanceId} (${HealthStatus})`).join(', ');
        return { kind: 'wrong', reason: `the group calls these instances ill: ${list}` };
    }
    const targets = await checkTargets(aws, group, inService);
    if (targets.problem !== undefined)
        return { kind: 'wrong', reason: targets.problem };
    const standby = instances
        .filter((instance) => instance.LifecycleState === 'Standby')
        .flatMap(({ InstanceId }) => InstanceId ?? []);
    const exempt = standby.length === 0 ? [] : [`Not replaced, because they are in Standby: ${standby.join(', ')}.`];
    return { kind: 'verified', instances: inService.length, notes: [...exempt, ...targets.notes] };
}
async function instancesOfOtherImages(aws, ids, imageId) {
    const strangers = [];
    for await (const page of (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2 }, { InstanceIds: ids })) {
        for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
            if (instance.ImageId !== imageId)
                strangers.push(`${instance.InstanceId} (${instance.ImageId})`);
        }
    }
    return strangers;
}
/** Every instance has to be healthy in every target group. `unused`: no listener sends it traffic, so nothing is known. */
async function checkTargets(aws, group, instanceIds) {
    const notes = [];
    for (const arn of group.TargetGroupARNs ?? []) {
        const { TargetHealthDescriptions = [] } = await aws.elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetHealthCommand */.qyg({ TargetGroupArn: arn }));
        const name = arn.split('/')[1] ?? arn;
        const health = new Map(TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth]));
        const states = instanceIds.map((id) => ({
            id,
            state: health.get(id)?.State ?? 'not registered',
            why: health.get(id)?.Description,
        }));
        if (states.every(({ state }) => state === 'unused')) {
            notes.push(`Target group ${name} is in no listener: the health of its targets is unknown.`);
            continue;
        }
        const bad = states.filter(({ state }) => state !== 'healthy' && state !== 'unused');
        if (bad.length === 0)
            continue;
        const list = bad
            .map(({ id, state, why }) => `${id} ${state}${why === undefined ? '' : ` (${why})`}`)
            .join(', ');
        return { problem: `targets of ${name} are not healthy: ${list}`, notes };
    }
    return { notes };
}

// EXTERNAL MODULE: ./lib/src/promote/progress.js
var progress = __webpack_require__(2822);
;// CONCATENATED MODULE: ./lib/src/promote/watch.js






/** Troubles that become annotations on the run's page; the log has all of them. */
const MOST_WARNINGS = 3;
/** How long AWS may be unreachable before the watcher gives up, in milliseconds. */
const LONGEST_SILENCE_MS = 15 * 60_000;
/**
 * Watches one refresh until it is over or the deadline (milliseconds since 1970) has passed. Says what changed, not
 * every look; survives errors of single looks. Rejects when the step is cancelled, and when AWS cannot be asked for
 * a quarter of an hour: the refresh goes on then. `troubles` are those of an earlier watch of the same refresh.
 */
async function watchRefresh(context, refresh, deadline, troubles = new TroubleList()) {
    const { aws, clock, log, signal } = context;
    const started = clock.now();
    let warnings = 0;
    let before;
    let lastAnswer = started;
    for (;;) {
        try {
            const seen = await (0,promote_refresh/* describeRefresh */.ZP)(aws, refresh.group, refresh.refreshId);
            lastAnswer = clock.now();
            for (const news of troubles.add(await activitiesSince(context, refresh.group, seen.StartTime))) {
                // The runner shows ten annotations a step; a fleet that keeps failing would use them all up.
                if (warnings++ < MOST_WARNINGS)
                    log.warning(`${refresh.group}: ${news}`);
                else
                    log.info(`${refresh.group}: ${news}`);
            }
            const sight = (0,progress/* sightOf */.p1)(seen);
            const line = (0,progress/* lineFor */.y1)(before, sight);
            if (line !== undefined)
                log.info(`${clockTime(clock.now())} ${refresh.group}: ${line}`);
            if (!(0,progress/* isKnown */.qE)(seen.Status) && before?.status !== sight.status)
                log.warning(`The status "${seen.Status}" is not known; the refresh is taken for running.`);
            before = sight;
            const meaning = (0,progress/* meaningOf */.Pr)(seen.Status);
            if (meaning !== 'active')
                return { outcome: meaning, refresh: seen, troubles };
            if (clock.now() >= deadline)
                return { outcome: 'timed-out', refresh: seen, troubles };
        }
        catch (error) {
            signal.throwIfAborted();
            if (!(0,aws_errors.isTransient)(error))
                throw error;
            if (clock.now() - lastAnswer > LONGEST_SILENCE_MS) {
                throw new errors/* DeploymentError */.gt(`AWS could not be asked about the instance refresh ${refresh.refreshId} of "${refresh.group}" for 15 minutes: its state is unknown.`, { cause: error });
            }
            log.info(`${clockTime(clock.now())} ${refresh.group}: a look failed (${(0,errors/* messageOf */.bD)(error)}); trying again.`);
        }
        await clock.sleep((0,progress/* pauseSeconds */.C3)(clock.now() - started) * 1000, signal);
    }
}
/** The group's scaling activities since the refresh began: they say why an instance did not stay. */
async function activitiesSince({ aws }, group, start) {
    if (!start)
        return [];
    const { Activities = [] } = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeScalingActivitiesCommand */.hM1({
        AutoScalingGroupName: group,
        Filters: [{ Name: 'StartTimeLowerBound', Values: [start.toISOString()] }],
    }));
    return Activities;
}
const clockTime = (time) => new Date(time).toISOString().slice(11, 19);

;// CONCATENATED MODULE: ./lib/src/promote/roll-out.js







/** After the time is over, a rollback is watched for this long at most. */
const ROLLBACK_MS = 30 * 60_000;
/** Brings the image into one group. Never rejects: whatever happens becomes the group's result. */
async function rollOut(context, promotion, plan) {
    const result = {
        group: plan.target.name,
        status: 'already-there',
        launchTemplateId: plan.running.launchTemplateId,
        version: plan.running.number,
        previousVersion: plan.running.number,
        previousImageId: plan.running.data.ImageId ?? '',
        instances: plan.target.group.Instances?.length ?? 0,
        reason: '',
        imageAtFault: false,
    };
    if (plan.action.kind === 'nothing')
        return result;
    try {
        return await refreshGroup(context, promotion, plan, result);
    }
    catch (error) {
        if (context.signal.aborted || error instanceof errors/* InterruptedError */.p4) {
            return { ...result, status: 'cancelled', reason: `The step was cancelled. ${whatFollows(promotion)}` };
        }
        // An answer that never came does not say that nothing was started.
        const intended = promotion.cleanUp.refreshes.some(({ group }) => group === result.group);
        const mayRun = result.refreshId !== undefined || (intended && (0,aws_errors.isTransient)(error));
        if (intended)
            forget(context, promotion, result.group);
        const outlook = mayRun
            ? ' The instance refresh may be running: look at it in the console, then run this again.'
            : '';
        return {
            ...result,
            status: mayRun ? 'unknown' : 'failed',
            reason: `${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}${outlook}`,
        };
    }
}
function whatFollows({ inputs }) {
    return inputs.onCancel === 'leave'
        ? 'The instance refresh goes on.'
        : `The post step is asked to stop the instance refresh (on-cancel: ${inputs.onCancel}).`;
}
async function refreshGroup(context, promotion, plan, result) {
    const { aws, log } = context;
    const { image, running, action } = plan;
    if (action.kind === 'nothing')
        return result;
    const version = action.version ?? (await createVersion(aws, running, image.id, promotion.application));
    result.version = version;
    const desired = { group: result.group, launchTemplateId: running.launchTemplateId, version };
    log.info(`${result.group}: ${running.launchTemplateName} version ${running.number} (${result.previousImageId}) → version ${version} (${image.id})`);
    const started = action.kind === 'adopt'
        ? { refreshId: action.refreshId, adopted: true }
        : await startOurs(context, promotion, desired, plan);
    result.refreshId = started.refreshId;
    log.info(`${result.group}: instance refresh ${started.refreshId}${started.adopted ? ' was under way already and is watched' : ' started'}. ${consoleUrl(aws.region, result.group)}`);
    const watched = await watchRefresh(context, { group: result.group, refreshId: started.refreshId }, promotion.deadline);
    const ended = watched.outcome === 'timed-out'
        ? await afterTimeOut(context, promotion, desired, started, watched)
        : judged(watched);
    forget(context, promotion, result.group);
    if (ended.status !== 'promoted')
        return { ...result, ...ended };
    return await verified(context, promotion, plan, { ...result, status: 'promoted' });
}
/** The intent is saved before the call, the id after it: a killed step leaves enough behind to stop what it started. */
async function startOurs(context, promotion, desired, plan) {
    const ours = { ...desired, since: context.clock.now() };
    remember(context, promotion, ours);
    const started = await (0,promote_refresh/* startRefresh */.QY)(context.aws, desired, plan.preferences);
    if (started.adopted)
        forget(context, promotion, desired.group);
    else
        remember(context, promotion, { ...ours, refreshId: started.refreshId });
    return started;
}
function remember(context, { cleanUp }, ours) {
    cleanUp.refreshes = [...cleanUp.refreshes.filter(({ group }) => group !== ours.group), ours];
    context.saveCleanUp(cleanUp);
}
function forget(context, { cleanUp }, group) {
    cleanUp.refreshes = cleanUp.refreshes.filter((ours) => ours.group !== group);
    context.saveCleanUp(cleanUp.refreshes.length === 0 ? undefined : cleanUp);
}
function judged({ outcome, refresh, troubles }) {
    const details = [
        refresh.RollbackDetails?.RollbackReason ?? refresh.StatusReason,
        describeTroubles(troubles),
    ]
        .filter(Boolean)
        .join(' ');
    // A launch that failed has its cause outside of the image: capacity, quota, permissions.
    const imageAtFault = troubles.unhealthy.length > 0 || troubles.launchFailures.length === 0;
    switch (outcome) {
        case 'successful':
            return { status: 'promoted', reason: '', imageAtFault: false };
        case 'rolled-back':
            return { status: 'rolled-back', reason: `AWS rolled the group back. ${details}`.trim(), imageAtFault };
        case 'failed':
            return {
                status: 'failed',
                reason: `The instance refresh failed and was not rolled back: the group has instances of both images. ${details}`.trim(),
                imageAtFault,
            };
        case 'rollback-failed':
            return {
                status: 'failed',
                reason: `The rollback failed as well: the group has instances of both images. ${details}`.trim(),
                imageAtFault,
            };
        case 'cancelled':
            return {
                status: 'cancelled',
                reason: `The instance refresh was cancelled by somebody: the group may have instances of both images. ${details}`.trim(),
                imageAtFault: false,
            };
    }
}
async function afterTimeOut(context, promotion, desired, started, { refresh, troubles }) {
    const { inputs } = promotion;
    const late = `The instance refresh did not finish within timeout-minutes (${inputs.timeoutMinutes}); it was at ${refresh.PercentageComplete ?? 0} %.`;
    if (started.adopted)
        return {
            status: 'unknown',
            reason: `${late} It was started by somebody else and goes on.`,
            imageAtFault: false,
        };
    const stopped = await (0,promote_refresh/* stopRefresh */.AB)(context.aws, { ...desired, since: 0, refreshId: started.refreshId }, inputs.onTimeout);
    context.log.warning(`${desired.group}: ${late} on-timeout: ${inputs.onTimeout} (${stopped}).`);
    if (stopped === 'left')
        return { status: 'unknown', reason: `${late} It goes on (on-timeout: leave).`, imageAtFault: false };
    const end = await watchRefresh(context, { group: desired.group, refreshId: started.refreshId }, context.clock.now() + ROLLBACK_MS, troubles);
    if (end.outcome === 'timed-out')
        return { status: 'unknown', reason: `${late} Stopping it is still under way.`, imageAtFault: false };
    // That AWS stopped it "due to user request" was our request: what matters is why it had not finished.
    const { status, reason } = judged(end);
    const after = status === 'rolled-back' ? `The group was rolled back. ${describeTroubles(troubles)}` : reason;
    return { status, reason: `${late} ${after}`.trim(), imageAtFault: false };
}
/** AWS calls a refresh successful by the group's own health checks; what counts is what really runs behind the load balancer. */
async function verified(context, promotion, plan, result) {
    const { log } = context;
    const version = result.version ?? '';
    const expected = {
        group: result.group,
        launchTemplateId: result.launchTemplateId,
        version,
        imageId: plan.image.id,
    };
    const verification = await verify(context, expected, promotion.inputs.verifyTimeout);
    switch (verification.kind) {
        case 'verified':
            for (const note of verification.notes)
                log.warning(`${result.group}: ${note}`);
            log.info(`${result.group}: all ${verification.instances} instances in service run ${plan.image.id} and are healthy.`);
            return { ...result, instances: verification.instances, reason: verification.notes.join(' ') };
        case 'empty':
            return {
                ...result,
                status: 'not-verified',
                instances: 0,
                reason: 'The group is empty: the image will be used by its next instance, and was not tried.',
            };
        case 'wrong':
            log.error(`${result.group}: the refresh succeeded, but ${verification.reason}. Rolling back.`);
            return await undo(context, promotion, plan, {
                ...result,
                reason: `The refresh succeeded, but ${verification.reason}.`,
                imageAtFault: true,
            });
    }
}
/** A finished refresh cannot be rolled back: a new one brings the previous version back. */
async function undo(context, promotion, plan, result) {
    const desired = {
        group: result.group,
        launchTemplateId: result.launchTemplateId,
        version: result.previousVersion,
    };
    const { refreshId } = await (0,promote_refresh/* startRefresh */.QY)(context.aws, desired, plan.preferences);
    const back = await watchRefresh(context, { group: result.group, refreshId }, Math.max(promotion.deadline, context.clock.now() + ROLLBACK_MS));
    if (back.outcome === 'successful')
        return {
            ...result,
            status: 'rolled-back',
            reason: `${result.reason} The group was brought back to version ${result.previousVersion}.`,
        };
    return {
        ...result,
        status: 'failed',
        reason: `${result.reason} Going back to version ${result.previousVersion} did not succeed either (${refreshId}, ${back.outcome}).`,
    };
}
function consoleUrl(region, group) {
    return `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
}

// EXTERNAL MODULE: ./lib/src/report.js
var report = __webpack_require__(1502);
;// CONCATENATED MODULE: ./lib/src/promote/summary.js


const HEADLINES = {
    promoted: '✅ Promoted',
    'already-there': '✅ Already there',
    'not-verified': '⚠️ Promoted, not verified',
    planned: '📝 Plan',
    partial: '❌ Partly promoted',
    'rolled-back': '↩️ Rolled back',
    failed: '❌ Failed',
    cancelled: '⏹️ Cancelled',
    unknown: '❓ State unknown',
};
/** The promotion as Markdown for the job summary. */
function promotionSummary(promotion) {
    const { status, environment, image, results, seconds } = promotion;
    const rows = results.map((result) => [
        result.group,
        result.status,
        `\`${result.previousImageId}\` → \`${image.id}\``,
        result.version === undefined || result.version === result.previousVersion
            ? result.previousVersion
            : `${result.previousVersion} → ${result.version}`,
        String(result.instances),
        result.reason === '' ? '' : result.reason,
    ]);
    return [
        `## ${HEADLINES[status]}: ${environment}`,
        `${(0,src_image/* describeImage */.hu)(image)}, ${(0,report/* duration */.p0)(seconds)}`,
        (0,report/* table */.tp)(['Group', 'Status', 'Image', 'Launch template version', 'Instances', 'What happened'], rows),
    ].join('\n\n');
}

// EXTERNAL MODULE: ./lib/src/promote/target.js
var target = __webpack_require__(1272);
;// CONCATENATED MODULE: ./lib/src/promote/promote.js













/** Puts one image into the groups of one environment: the steps, in order. Rejects when it did not get there. */
async function promote(inputs, context) {
    const { log, clock } = context;
    const started = clock.now();
    const application = inputs.application ?? context.run.repository;
    const targets = await log.group('Groups', () => readGroups(context, inputs));
    const { image, present } = await log.group('Image', () => chooseImage(context, inputs, application, targets));
    const plans = await log.group('Preflight', () => makePlans(context, inputs, application, image, present, targets));
    if (inputs.dryRun)
        return reportPlan(context, inputs, image, plans, started);
    const results = await log.group(`Promote ${image.id} to ${inputs.environment}`, () => rollOutAll(context, inputs, application, image, plans, started));
    await recordOutcome(context, { image, environment: inputs.environment, left: plans.map(presentImageId), byHand: inputs.rollback }, results);
    reportResults(context, inputs, image, results, started);
}
async function readGroups({ aws, log }, inputs) {
    const targets = await (0,target/* readTargets */.R)(aws, [...new Set(inputs.autoScalingGroups)]);
    for (const { name, group, running } of targets) {
        const runs = running
            ? `${running.launchTemplateName} version ${running.number} (${running.data.ImageId})`
            : 'no launch template';
        log.info(`${name}: ${group.Instances?.length ?? 0} instances, desired ${group.DesiredCapacity}, ${runs}`);
    }
    return targets;
}
async function chooseImage(context, inputs, application, targets) {
    const { aws, log, run } = context;
    const presentIds = targets.flatMap(({ running }) => running?.data.ImageId ?? []);
    const facts = { application, environment: inputs.environment, region: aws.region, presentIds };
    const choice = choiceOf(inputs, run.commit);
    const { candidates, present } = await findImages(aws, choice, facts);
    const chosen = pickImage(choice, candidates, facts);
    if ('problem' in chosen)
        throw new errors/* ConfigurationError */.j1([chosen.problem]);
    log.info(`${(0,src_image/* describeImage */.hu)(chosen.image)}, made ${new Date(chosen.image.created).toISOString()}`);
    for (const note of chosen.notes)
        log.warning(note);
    return { image: chosen.image, present };
}
/** Everything that could stand in the way, found before the first write and reported together. */
async function makePlans(context, inputs, application, image, present, targets) {
    const { aws, log } = context;
    const comparisons = await compareCommits(context, image, present, targets);
    const { problems, warnings } = preflight({ inputs, image, targets, present, comparisons });
    const plans = [];
    for (const target of targets) {
        const { running } = target;
        if (!running)
            continue;
        const action = (0,plan/* actionFor */.c)(target, running, image, await findVersion(aws, running, image.id, application));
        if ('problem' in action)
            problems.push(action.problem);
        else
            plans.push({
                target,
                running,
                image,
                action,
                preferences: preferencesFor(inputs, target.group, target.targetGroups),
            });
    }
    for (const warning of warnings)
        log.warning(warning);
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
    for (const plan of plans)
        log.info(describePlan(plan));
    return plans;
}
/** How the image's commit stands to what each group runs. No answer from GitHub is a warning, not an obstacle. */
async function compareCommits({ github, log }, image, present, targets) {
    const comparisons = new Map();
    const head = commitOf(image);
    for (const { name, running } of targets) {
        const base = commitOf(present.find((candidate) => candidate.id === running?.data.ImageId));
        if (head === undefined || base === undefined || head === base)
            continue;
        try {
            const comparison = await github.compare(base, head);
            comparisons.set(name, comparison);
            if (comparison === 'diverged')
                log.warning(`${name} runs commit ${base}, which is on another line than ${head}.`);
        }
        catch (error) {
            log.warning(`GitHub could not tell whether ${name} already runs a newer commit (${(0,errors/* messageOf */.bD)(error)}).`);
        }
    }
    return comparisons;
}
function describePlan({ target, running, image, action, preferences }) {
    switch (action.kind) {
        case 'nothing':
            return `${target.name}: runs ${image.id} already, in every instance.`;
        case 'adopt':
            return `${target.name}: the instance refresh ${action.refreshId} to version ${action.version} is under way and will be watched.`;
        case 'refresh': {
            const version = action.version === undefined
                ? `a new version made from version ${running.number}, with only the image changed`
                : `version ${action.version}`;
            return `${target.name}: ${running.data.ImageId} → ${image.id}, by ${version} of ${running.launchTemplateName}; ${describePreferences(preferences)}`;
        }
    }
}
const presentImageId = (plan) => plan.running.data.ImageId ?? '';
async function rollOutAll(context, inputs, application, image, plans, started) {
    const cleanUp = {
        mode: 'promote',
        region: context.aws.region,
        onCancel: inputs.onCancel,
        environment: inputs.environment,
        imageId: image.id,
        refreshes: [],
    };
    const promotion = {
        inputs,
        application,
        deadline: started + inputs.timeoutMinutes * 60_000,
        cleanUp,
    };
    if (plans.some((plan) => plan.action.kind !== 'nothing'))
        await markPromoting(context, image, inputs.environment);
    return await Promise.all(plans.map((plan) => rollOut(context, promotion, plan)));
}
function reportPlan(context, inputs, image, plans, started) {
    const results = plans.map((plan) => ({
        group: plan.target.name,
        status: 'planned',
        launchTemplateId: plan.running.launchTemplateId,
        ...(plan.action.kind === 'nothing' || plan.action.version === undefined
            ? {}
            : { version: plan.action.version }),
        previousVersion: plan.running.number,
        previousImageId: presentImageId(plan),
        instances: 0,
        reason: describePlan(plan),
        imageAtFault: false,
    }));
    reportResults(context, inputs, image, results, started);
}
/** Outputs and summary, and the error that makes the step fail when a group did not get the image. */
function reportResults({ report, clock, log }, inputs, image, results, started) {
    const status = overallStatus(results);
    const seconds = Math.round((clock.now() - started) / 1000);
    const [first] = results;
    report.set({
        'ami-id': image.id,
        'previous-ami-id': first?.previousImageId,
        'launch-template-id': first?.launchTemplateId,
        'launch-template-version': first?.version,
        'previous-launch-template-version': first?.previousVersion,
        'instance-refresh-id': first?.refreshId,
        status,
        targets: targetsOutput(results),
        'duration-seconds': seconds,
    });
    report.write(promotionSummary({ status, environment: inputs.environment, image, results, seconds }));
    const failed = results.filter((result) => !isGood(result));
    if (failed.length > 0) {
        throw new errors/* DeploymentError */.gt(`${image.id} did not get into ${inputs.environment} (${status}). ${failed.map((result) => `${result.group}: ${result.reason}`).join(' ')}`);
    }
    for (const result of results.filter(({ status }) => status === 'not-verified'))
        log.warning(`${result.group}: ${result.reason}`);
}


/***/ }),

/***/ 1634:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AB: () => (/* binding */ stopRefresh),
/* harmony export */   QY: () => (/* binding */ startRefresh),
/* harmony export */   ZP: () => (/* binding */ describeRefresh)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8932);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _plan_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(2162);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2822);
/* harmony import */ var _target_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1272);





/**
 * Starts a refresh. The call has no client token: when an answer was lost and the SDK repeated it, AWS says that a
 * refresh is in progress. That one is ours if it has our desired configuration and this was not the first attempt;
 * otherwise somebody else started the same, and it is adopted.
 */
async function startRefresh(aws, desired, preferences) {
    try {
        const { InstanceRefreshId = '' } = await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .StartInstanceRefreshCommand */ .Wkp({
            AutoScalingGroupName: desired.group,
            DesiredConfiguration: {
                LaunchTemplate: { LaunchTemplateId: desired.launchTemplateId, Version: desired.version },
            },
            Preferences: preferences,
        }));
        return { refreshId: InstanceRefreshId, adopted: false };
    }
    catch (error) {
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) !== 'InstanceRefreshInProgress')
            throw error;
        const active = await (0,_target_js__WEBPACK_IMPORTED_MODULE_2__/* .findActiveRefresh */ .D)(aws, desired.group);
        if (!active || !(0,_plan_js__WEBPACK_IMPORTED_MODULE_4__/* .isFor */ .G)(active, desired.launchTemplateId, desired.version)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeploymentError */ .gt(`Another instance refresh of the group "${desired.group}" was started at the same moment. Run this again when it is over.`, { cause: error });
        }
        return { refreshId: active.InstanceRefreshId ?? '', adopted: attemptsOf(error) < 2 };
    }
}
function attemptsOf(error) {
    const metadata = Reflect.get(Object(error), '$metadata');
    const attempts = Reflect.get(Object(metadata), 'attempts');
    return typeof attempts === 'number' ? attempts : 1;
}
async function describeRefresh(aws, group, refreshId) {
    const { InstanceRefreshes: [refresh] = [] } = await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .DescribeInstanceRefreshesCommand */ .XcR({ AutoScalingGroupName: group, InstanceRefreshIds: [refreshId] }));
    if (refresh)
        return refresh;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeploymentError */ .gt(`AWS no longer knows the instance refresh ${refreshId} of the group "${group}".`);
}
/** How far the machine's clock may be ahead of AWS's. */
const CLOCK_SKEW_MS = 60_000;
function isOurs(active, ours) {
    if (ours.refreshId !== undefined)
        return active.InstanceRefreshId === ours.refreshId;
    // Without the id: the same desired version, and not started before we were about to. Pending has no start time.
    const startedAt = active.StartTime?.getTime() ?? Number.POSITIVE_INFINITY;
    return (0,_plan_js__WEBPACK_IMPORTED_MODULE_4__/* .isFor */ .G)(active, ours.launchTemplateId, ours.version) && startedAt >= ours.since - CLOCK_SKEW_MS;
}
/**
 * Stops our own refresh and nothing else: AWS's calls act on the group, so the active refresh is looked at first.
 * While Pending there is nothing to roll back and it is cancelled.
 */
async function stopRefresh(aws, ours, how) {
    if (how === 'leave')
        return 'left';
    const active = await (0,_target_js__WEBPACK_IMPORTED_MODULE_2__/* .findActiveRefresh */ .D)(aws, ours.group);
    if (!active || !isOurs(active, ours))
        return 'nothing-to-do';
    if (active.Status === 'RollbackInProgress')
        return 'rolling-back';
    try {
        if (how === 'rollback' && (0,_progress_js__WEBPACK_IMPORTED_MODULE_1__/* .canRollBack */ .jL)(active.Status)) {
            await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .RollbackInstanceRefreshCommand */ .c8H({ AutoScalingGroupName: ours.group }));
            return 'rolling-back';
        }
        await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .CancelInstanceRefreshCommand */ .SMi({ AutoScalingGroupName: ours.group }));
        return 'cancelling';
    }
    catch (error) {
        // It ended between the look and the call.
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) === 'ActiveInstanceRefreshNotFound')
            return 'nothing-to-do';
        throw error;
    }
}


/***/ }),

/***/ 1272:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   D: () => (/* binding */ findActiveRefresh),
/* harmony export */   R: () => (/* binding */ readTargets)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8932);
/* harmony import */ var _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5193);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(586);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2822);





/** Reads the groups in the order in which they were named; throws one error that lists all that do not exist. */
async function readTargets(aws, names) {
    const found = new Map();
    for await (const page of (0,_aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_2__/* .paginateDescribeAutoScalingGroups */ .ZJr)({ client: aws.autoScaling }, { AutoScalingGroupNames: [...names] })) {
        for (const group of page.AutoScalingGroups ?? [])
            found.set(group.AutoScalingGroupName ?? '', group);
    }
    const missing = names.filter((name) => !found.has(name));
    if (missing.length > 0) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigurationError */ .j1(missing.map((name) => `There is no Auto Scaling group "${name}" in ${aws.region}. Check the inputs "auto-scaling-groups" and "aws-region".`));
    }
    return await Promise.all(names.flatMap((name) => found.get(name) ?? []).map((group) => readTarget(aws, group)));
}
async function readTarget(aws, group) {
    const name = group.AutoScalingGroupName ?? '';
    const [running, targetGroups, activeRefresh] = await Promise.all([
        readRunningVersion(aws, group),
        readTargetGroups(aws, group.TargetGroupARNs ?? []),
        findActiveRefresh(aws, name),
    ]);
    return { name, group, running, targetGroups, activeRefresh };
}
async function readRunningVersion(aws, group) {
    const specification = group.LaunchTemplate;
    if (!specification?.LaunchTemplateId)
        return undefined;
    const named = specification.Version ?? '$Default';
    const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(new _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_3__/* .DescribeLaunchTemplateVersionsCommand */ .Ptd({
        LaunchTemplateId: specification.LaunchTemplateId,
        Versions: [named],
    }));
    return {
        launchTemplateId: specification.LaunchTemplateId,
        launchTemplateName: specification.LaunchTemplateName ?? specification.LaunchTemplateId,
        named,
        number: String(version?.VersionNumber ?? named),
        data: version?.LaunchTemplateData ?? {},
    };
}
async function readTargetGroups(aws, arns) {
    if (arns.length === 0)
        return [];
    const { TargetGroups = [] } = await aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_4__/* .DescribeTargetGroupsCommand */ .sC7({ TargetGroupArns: arns }));
    return TargetGroups;
}
/** The refresh of the group that is not over. They come newest first, and only the newest can be active. */
async function findActiveRefresh(aws, group) {
    for await (const page of (0,_aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_2__/* .paginateDescribeInstanceRefreshes */ .nlG)({ client: aws.autoScaling, pageSize: 1 }, { AutoScalingGroupName: group })) {
        const [newest] = page.InstanceRefreshes ?? [];
        return newest && (0,_progress_js__WEBPACK_IMPORTED_MODULE_1__/* .isActive */ .$m)(newest.Status) ? newest : undefined;
    }
    return undefined;
}


/***/ }),

/***/ 6073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dk: () => (/* binding */ TAG),
/* harmony export */   EZ: () => (/* binding */ tagValue),
/* harmony export */   Fg: () => (/* binding */ tagsOf),
/* harmony export */   Mp: () => (/* binding */ readMark),
/* harmony export */   Ok: () => (/* binding */ marksOf),
/* harmony export */   _z: () => (/* binding */ identityTags),
/* harmony export */   fB: () => (/* binding */ tagFilter),
/* harmony export */   nj: () => (/* binding */ markValue),
/* harmony export */   rI: () => (/* binding */ markKey),
/* harmony export */   s3: () => (/* binding */ toTagList)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/**
 * The tags that immutable-deploy reads and writes on images and snapshots; nothing else knows their keys.
 * Keys have at most 127 characters without `/` or blanks, values at most 256, and a resource has at most 50 tags.
 */
const PREFIX = 'immutable-deploy:';
const TAG = {
    application: `${PREFIX}application`,
    commit: `${PREFIX}commit`,
    branch: `${PREFIX}branch`,
    version: `${PREFIX}version`,
    built: `${PREFIX}built`,
    run: `${PREFIX}run`,
    quarantined: `${PREFIX}quarantined`,
    keep: `${PREFIX}keep`,
};
const LONGEST_VALUE = 256;
const LONGEST_ENVIRONMENT = 90;
/** The tag that marks an image for an environment, e.g. `immutable-deploy:promoted:production`. */
function markKey(mark, environment) {
    return `${PREFIX}${mark}:${environmentInKey(environment)}`;
}
/** Lower case, unsafe characters as `_` and their hex code; too long ones are hashed. */
function environmentInKey(environment) {
    const safe = environment
        .toLowerCase()
        .replace(/[^a-z0-9.-]/g, (character) => `_${(character.codePointAt(0) ?? 0).toString(16)}`);
    if (safe.length <= LONGEST_ENVIRONMENT)
        return safe;
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(environment.toLowerCase()).digest('hex');
}
/** The value of a mark: when, and a short text. */
function markValue(time, text = '') {
    return tagValue(`${new Date(time).toISOString()} ${text}`.trim());
}
/** A text cut to what fits a tag's value. */
function tagValue(text) {
    return text.slice(0, LONGEST_VALUE);
}
/** Reads a mark back; `undefined` when it is not there or has no time. */
function readMark(value) {
    if (value === undefined)
        return undefined;
    const [first = '', ...rest] = value.split(' ');
    const time = Date.parse(first);
    return Number.isNaN(time) ? undefined : { time, text: rest.join(' ') };
}
/** The marks of one kind on an image, by environment as written in the key. */
function marksOf(tags, mark) {
    const prefix = `${PREFIX}${mark}:`;
    return Object.entries(tags).flatMap(([key, value]) => {
        const content = key.startsWith(prefix) ? readMark(value) : undefined;
        return content ? [{ environment: key.slice(prefix.length), ...content }] : [];
    });
}
function tagsOf(resource) {
    return Object.fromEntries((resource.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
}
function toTagList(tags) {
    return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
/** A filter for resources with exactly this tag. AWS takes the values of filters for patterns: `shop*` is not meant so. */
function tagFilter(key, value) {
    return { Name: `tag:${key}`, Values: [tagValue(value).replace(/[\\*?]/g, '\\$&')] };
}
function identityTags(identity) {
    return {
        [TAG.application]: tagValue(identity.application),
        [TAG.commit]: identity.commit,
        [TAG.built]: new Date(identity.built).toISOString(),
        [TAG.run]: tagValue(identity.run),
        ...(identity.branch === undefined ? {} : { [TAG.branch]: tagValue(identity.branch) }),
        ...(identity.version === undefined ? {} : { [TAG.version]: tagValue(identity.version) }),
    };
}


/***/ }),

/***/ 7709:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ imageOfDescription),
/* harmony export */   R: () => (/* binding */ versionDescription)
/* harmony export */ });
/**
 * The description of a launch template version that immutable-deploy made: promote writes it, prune recognises its own
 * versions by it. EC2 takes at most 255 characters.
 */
const LONGEST_DESCRIPTION = 255;
const IMAGE_ID = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const LONG_IMAGE_ID = /^ami-[0-9a-f]{17}$/;
const prefixFor = (application) => `immutable-deploy ${application} `;
/** The description of a version with this image, for this application; cut at 255 characters. */
function versionDescription(application, imageId) {
    return `${prefixFor(application)}${imageId}`.slice(0, LONGEST_DESCRIPTION);
}
/**
 * The image that a description names, when it is one that `versionDescription` wrote for this application; otherwise
 * `undefined`, also when the application's name is so long that the image's id was cut off.
 */
function imageOfDescription(application, description) {
    const prefix = prefixFor(application);
    if (!description?.startsWith(prefix))
        return undefined;
    const imageId = description.slice(prefix.length);
    // Of a description of full length the end may be missing: an id with 17 digits, cut, looks like one with 8.
    const whole = description.length < LONGEST_DESCRIPTION ? IMAGE_ID : LONG_IMAGE_ID;
    return whole.test(imageId) ? imageId : undefined;
}


/***/ })

};
