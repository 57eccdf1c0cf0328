export const id = 58;
export const ids = [58,929];
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
    // Of Systems Manager.
    'commands',
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
        const text = JSON.stringify(entry, (key, value) => HIDDEN.has(key) && (typeof value === 'string' || Array.isArray(value)) ? '(not logged)' : value);
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

/***/ 6235:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ inParallel)
/* harmony export */ });
/** Calls `work` for every item, at most `limit` at a time, and gives the results in the order of the items. */
async function inParallel(items, limit, work) {
    const results = [];
    const waiting = [...items.entries()].values();
    const worker = async () => {
        for (const [index, item] of waiting)
            results[index] = await work(item);
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    return results;
}


/***/ }),

/***/ 1575:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dy: () => (/* binding */ names),
/* harmony export */   Ey: () => (/* binding */ describeConfiguration),
/* harmony export */   IC: () => (/* binding */ imagesOf),
/* harmony export */   MP: () => (/* binding */ describeVersion),
/* harmony export */   Pp: () => (/* binding */ choosesByAttributes),
/* harmony export */   Qi: () => (/* binding */ savedConfiguration),
/* harmony export */   bz: () => (/* binding */ configurationWith),
/* harmony export */   dT: () => (/* binding */ imageOf),
/* harmony export */   i3: () => (/* binding */ specificationsOf),
/* harmony export */   kD: () => (/* binding */ launchesSame),
/* harmony export */   vY: () => (/* binding */ isFloating),
/* harmony export */   zM: () => (/* binding */ hasParameterImage)
/* harmony export */ });
/** Every template specification that the group names, the base first. */
function specificationsOf(group) {
    const policy = group.MixedInstancesPolicy?.LaunchTemplate;
    const base = policy?.LaunchTemplateSpecification ?? group.LaunchTemplate;
    const overrides = (policy?.Overrides ?? []).flatMap(({ LaunchTemplateSpecification }) => LaunchTemplateSpecification ?? []);
    return base ? [base, ...overrides] : overrides;
}
/** Types are chosen by attributes: such a group takes no desired configuration, and AWS cannot roll it back. */
const choosesByAttributes = ({ policy }) => overridesOf(policy).some(({ InstanceRequirements }) => InstanceRequirements !== undefined);
const overridesOf = (policy) => policy?.LaunchTemplate?.Overrides ?? [];
/** The images that instances of the group are launched from, with the place that names each. */
function imagesOf({ base, versions, policy, }) {
    const overrides = overridesOf(policy);
    // A base that every override replaces launches nothing.
    const isBaseUsed = overrides.length === 0 ||
        overrides.some((override) => !override.ImageId && !override.LaunchTemplateSpecification);
    const used = versions.filter((version) => version !== base || isBaseUsed);
    return [
        ...used.map((version) => ({ place: describeVersion(version), imageId: imageOf(version) })),
        ...overrides.flatMap((override, index) => override.ImageId ? [{ place: describeOverride(override, index), imageId: override.ImageId }] : []),
    ];
}
/** The image that instances of the version have. */
const imageOf = ({ data, resolvedImageId }) => resolvedImageId ?? data.ImageId;
/** The template takes its image from a parameter: what it launches changes with the parameter. */
const hasParameterImage = ({ data }) => data.ImageId?.startsWith('resolve:ssm:') ?? false;
/** What the group launches changes without anybody changing the group: AWS cannot go back to that. */
const isFloating = (running) => running.versions.some((version) => version.named.startsWith('$') || hasParameterImage(version));
const describeVersion = ({ launchTemplateName, number, }) => `version ${number} of ${launchTemplateName}`;
const describeOverride = ({ InstanceType }, index) => `override ${index + 1}${InstanceType === undefined ? '' : ` (${InstanceType})`}`;
/** The group's configuration with other versions and images in the same places. */
function configurationWith({ base, versions, policy }, numberOf, imageFor) {
    const specification = (present) => {
        const version = versions.find((candidate) => names(present, candidate)) ?? base;
        return { LaunchTemplateId: version.launchTemplateId, Version: numberOf(version) };
    };
    if (!policy)
        return { LaunchTemplate: specification(undefined) };
    return {
        MixedInstancesPolicy: {
            ...policy,
            LaunchTemplate: {
                LaunchTemplateSpecification: specification(policy.LaunchTemplate?.LaunchTemplateSpecification),
                Overrides: overridesOf(policy).map((override) => ({
                    ...override,
                    ...(override.LaunchTemplateSpecification && {
                        LaunchTemplateSpecification: specification(override.LaunchTemplateSpecification),
                    }),
                    ...(override.ImageId === undefined ? {} : { ImageId: imageFor(override.ImageId) }),
                })),
            },
        },
    };
}
function names(specification, version) {
    return (specification?.LaunchTemplateId === version.launchTemplateId &&
        (specification.Version ?? '$Default') === version.named);
}
/** What the group has saved, in the form of a desired configuration. */
function savedConfiguration(group) {
    return {
        ...(group.LaunchTemplate ? { LaunchTemplate: group.LaunchTemplate } : {}),
        ...(group.MixedInstancesPolicy ? { MixedInstancesPolicy: group.MixedInstancesPolicy } : {}),
    };
}
/** Whether two configurations launch the same: names of templates and purchase options do not count. */
function launchesSame(a, b) {
    return JSON.stringify(essence(a)) === JSON.stringify(essence(b));
}
function essence(configuration) {
    const policy = configuration?.MixedInstancesPolicy;
    return {
        base: identity(configuration?.LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification),
        overrides: overridesOf(policy).map((override) => ({
            type: override.InstanceType ?? null,
            image: override.ImageId ?? null,
            template: identity(override.LaunchTemplateSpecification),
        })),
    };
}
const identity = (specification) => specification && [specification.LaunchTemplateId, specification.Version ?? '$Default'];
/** In one line for the log: `lt-1 version 7`, with the number of overrides. */
function describeConfiguration(configuration) {
    const policy = configuration?.MixedInstancesPolicy;
    const base = configuration?.LaunchTemplate ?? policy?.LaunchTemplate?.LaunchTemplateSpecification;
    const overrides = overridesOf(policy).length;
    const more = overrides === 0 ? '' : ` with ${overrides} ${overrides === 1 ? 'override' : 'overrides'}`;
    return `${base?.LaunchTemplateName ?? base?.LaunchTemplateId} version ${base?.Version ?? '$Default'}${more}`;
}


/***/ }),

/***/ 2347:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   MQ: () => (/* binding */ timeReport),
/* harmony export */   mt: () => (/* binding */ isPartial),
/* harmony export */   mu: () => (/* binding */ checkpointSeconds)
/* harmony export */ });
/* unused harmony export estimatedSeconds */
/** From a launch to an instance in service, besides the warm-up. A guess: it depends on the image. Seconds. */
const LAUNCH_SECONDS = 60;
/**
 * How long AWS will need at least for a refresh, in seconds: batches as large as the healthy percentages allow, one
 * launch and one warm-up each, and the waits at checkpoints and for the bake time. An estimate: AWS decides the
 * batches, and draining comes on top.
 */
function estimatedSeconds(preferences, { instances, policy, launchSeconds = LAUNCH_SECONDS }) {
    if (instances === 0)
        return 0;
    const min = preferences.MinHealthyPercentage ?? policy?.min ?? 90;
    const max = preferences.MaxHealthyPercentage ?? policy?.max;
    const extra = max === undefined ? 0 : Math.floor((instances * (max - 100)) / 100);
    const missing = instances - Math.ceil((instances * min) / 100);
    // At least one instance moves at a time, whatever the percentages say.
    const batches = Math.ceil(goalOf(preferences, instances) / Math.max(1, extra + missing));
    return (batches * (launchSeconds + (preferences.InstanceWarmup ?? 0)) +
        checkpointSeconds(preferences) +
        (preferences.BakeTime ?? 0));
}
/** Whether a refresh can be over in the time that it has: a problem when its waits alone take longer, else a warning. */
function timeReport(group, preferences, minutes) {
    const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = group.InstanceMaintenancePolicy ?? {};
    const policy = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
    const fleet = { instances: group.Instances?.length ?? 0, policy };
    const least = Math.ceil(estimatedSeconds(preferences, { ...fleet, launchSeconds: 0 }) / 60);
    const likely = Math.ceil(estimatedSeconds(preferences, fleet) / 60);
    const name = group.AutoScalingGroupName;
    if (least > minutes)
        return {
            problems: [
                `The refresh of "${name}" takes ${least} minutes for its warm-ups, checkpoints and bake time alone, but "timeout-minutes" is ${minutes}. Give it more time, or replace more instances at once (max-healthy-percentage).`,
            ],
            warnings: [],
        };
    if (likely <= minutes)
        return { problems: [], warnings: [] };
    return {
        problems: [],
        warnings: [
            `The refresh of "${name}" will probably take ${likely} minutes or more, but "timeout-minutes" is ${minutes}.`,
        ],
    };
}
/** A last checkpoint below 100 % is where the refresh ends. */
const goalOf = ({ CheckpointPercentages: percentages = [] }, instances) => Math.ceil((instances * (percentages.at(-1) ?? 100)) / 100);
/** The wait at every checkpoint but the last one, which is the end. */
function checkpointSeconds({ CheckpointPercentages: percentages = [], CheckpointDelay: delay = 3600, }) {
    return Math.max(0, percentages.length - 1) * delay;
}
/** The refresh ends below 100 %: old instances are meant to stay. */
const isPartial = ({ CheckpointPercentages: percentages = [] }) => (percentages.at(-1) ?? 100) < 100;


/***/ }),

/***/ 2822:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $m: () => (/* binding */ isActive),
/* harmony export */   GR: () => (/* binding */ isTurning),
/* harmony export */   Lv: () => (/* binding */ describeSight),
/* harmony export */   Ms: () => (/* binding */ isNews),
/* harmony export */   Pe: () => (/* binding */ expectedRest),
/* harmony export */   Pr: () => (/* binding */ meaningOf),
/* harmony export */   jL: () => (/* binding */ canRollBack),
/* harmony export */   p1: () => (/* binding */ sightOf),
/* harmony export */   qE: () => (/* binding */ isKnown),
/* harmony export */   rF: () => (/* binding */ waitBegun)
/* harmony export */ });
/* harmony import */ var _estimate_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2347);

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
/** It is on its way back, or being cancelled. */
const isTurning = (status) => status === 'RollbackInProgress' || status === 'Cancelling';
/** Statuses in which AWS takes a rollback; while Pending only a cancel. */
const canRollBack = (status) => status === 'InProgress' || status === 'Baking';
function sightOf(refresh) {
    const rollbackReason = refresh.RollbackDetails?.RollbackReason;
    return {
        ...(rollbackReason === undefined ? {} : { rollbackReason }),
        status: refresh.Status ?? 'unknown',
        // Absent while Pending: that is not 0 %.
        percentage: refresh.PercentageComplete,
        left: refresh.InstancesToUpdate,
        reason: refresh.StatusReason ?? '',
    };
}
/** Whether a second look at a refresh tells anything that the first one did not. */
function isNews(before, now) {
    return (before?.status !== now.status ||
        before.percentage !== now.percentage ||
        before.left !== now.left ||
        kindOf(before.reason) !== kindOf(now.reason));
}
/** Reasons name instances and count seconds down: what differs only in them is the same reason. */
const kindOf = (reason) => reason.replace(/i-[0-9a-f]+|\d+/g, '#');
/** A look in one line: how far it is, and what it waits for. `total`: how many instances there were to replace. */
function describeSight({ status, percentage, left, reason }, total) {
    const parts = [status];
    if (left !== undefined && total > 0)
        parts.push(`${total - left} of ${total} ${total === 1 ? 'instance' : 'instances'} replaced`);
    if (percentage !== undefined)
        parts.push(`${percentage} %`);
    return `${parts.join(', ')}${reason === '' ? '' : `. ${reason}`}`;
}
/**
 * The wait that began with this look, if one did. AWS says in the reason how many seconds are left; without that, the
 * wait counts from now.
 */
function waitBegun(before, refresh, now) {
    const { status, percentage = 0, reason } = sightOf(refresh);
    const { CheckpointPercentages: checkpoints = [], CheckpointDelay, BakeTime } = refresh.Preferences ?? {};
    const secondsLeft = Number(/(\d+) seconds? left/.exec(reason)?.[1] ?? Number.NaN);
    const until = (seconds) => now + (Number.isNaN(secondsLeft) ? seconds : secondsLeft) * 1000;
    if (status === 'Baking' && before?.status !== 'Baking')
        return { what: 'for the bake time', until: until(BakeTime ?? 0) };
    // At the last checkpoint nothing is waited for: it is the end.
    const reached = checkpoints.slice(0, -1).findLast((checkpoint) => checkpoint <= percentage);
    const isNew = reached !== undefined && (before?.percentage ?? 0) < reached;
    if (status !== 'InProgress' || !isNew)
        return undefined;
    return { what: `at the checkpoint of ${reached} %`, until: until(CheckpointDelay ?? 3600) };
}
/**
 * The time that a refresh will probably take from now, in seconds: at its pace so far, with the waits that are still
 * to come; `undefined` as long as there is no pace.
 */
function expectedRest(refresh, now) {
    const { PercentageComplete: done = 0, StartTime, Preferences = {}, Status } = refresh;
    if (Status !== 'InProgress' || StartTime === undefined || done < 10 || done >= 100)
        return undefined;
    const { CheckpointPercentages: checkpoints = [], CheckpointDelay: delay = 3600 } = Preferences;
    const passed = checkpoints.filter((checkpoint) => checkpoint < done).length;
    const waited = Math.min(passed * delay, (0,_estimate_js__WEBPACK_IMPORTED_MODULE_0__/* .checkpointSeconds */ .mu)(Preferences));
    const working = Math.max(0, (now - StartTime.getTime()) / 1000 - waited);
    const goal = checkpoints.at(-1) ?? 100;
    const ahead = (working / done) * Math.max(0, goal - done);
    return ahead + (0,_estimate_js__WEBPACK_IMPORTED_MODULE_0__/* .checkpointSeconds */ .mu)(Preferences) - waited + (Preferences.BakeTime ?? 0);
}


/***/ }),

/***/ 1634:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AB: () => (/* binding */ stopRefresh),
/* harmony export */   QY: () => (/* binding */ startRefresh),
/* harmony export */   ZP: () => (/* binding */ describeRefresh),
/* harmony export */   tr: () => (/* binding */ RefreshGone),
/* harmony export */   xN: () => (/* binding */ setConfiguration)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8932);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _configuration_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1575);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2822);
/* harmony import */ var _target_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1272);





/** Sets the group itself: only where AWS allows nothing else. */
async function setConfiguration(aws, group, configuration) {
    await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .UpdateAutoScalingGroupCommand */ .Idg({ AutoScalingGroupName: group, ...configuration }));
}
/**
 * Starts a refresh. The call has no client token: when an answer was lost and the SDK repeated it, AWS says that a
 * refresh is in progress. That one is ours if it has our desired configuration and this was not the first attempt;
 * otherwise somebody else started the same, and it is adopted.
 */
async function startRefresh(aws, desired, preferences) {
    try {
        const { InstanceRefreshId = '' } = await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .StartInstanceRefreshCommand */ .Wkp({
            AutoScalingGroupName: desired.group,
            ...(desired.before ? {} : { DesiredConfiguration: desired.configuration }),
            Preferences: preferences,
        }));
        return { refreshId: InstanceRefreshId, adopted: false };
    }
    catch (error) {
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) !== 'InstanceRefreshInProgress')
            throw error;
        const active = await (0,_target_js__WEBPACK_IMPORTED_MODULE_2__/* .findActiveRefresh */ .D)(aws, desired.group);
        if (!active || !hasGoal(active, desired)) {
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeploymentError */ .gt(`Another instance refresh of the group "${desired.group}" was started at the same moment. Run this again when it is over.`, { cause: error });
        }
        return { refreshId: active.InstanceRefreshId ?? '', adopted: attemptsOf(error) < 2 };
    }
}
/** Whether a refresh leads to the configuration, as far as its description tells. */
function hasGoal({ DesiredConfiguration }, desired) {
    if (desired.before)
        return DesiredConfiguration === undefined;
    return (0,_configuration_js__WEBPACK_IMPORTED_MODULE_4__/* .launchesSame */ .kD)(DesiredConfiguration, desired.configuration);
}
function attemptsOf(error) {
    const metadata = Reflect.get(Object(error), '$metadata');
    const attempts = Reflect.get(Object(metadata), 'attempts');
    return typeof attempts === 'number' ? attempts : 1;
}
async function describeRefresh(aws, group, refreshId) {
    const request = new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .DescribeInstanceRefreshesCommand */ .XcR({
        AutoScalingGroupName: group,
        InstanceRefreshIds: [refreshId],
    });
    const { InstanceRefreshes: [refresh] = [] } = await aws.autoScaling
        .send(request)
        .catch((error) => {
        // The request is right: what is not valid in it can only be a group that is gone.
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error) === 'ValidationError')
            throw new RefreshGone(`The group "${group}" was deleted while its instances were refreshed.`, {
                cause: error,
            });
        throw error;
    });
    if (refresh)
        return refresh;
    throw new RefreshGone(`AWS no longer knows the instance refresh ${refreshId} of the group "${group}".`);
}
/** There is nothing to be watched any more. */
class RefreshGone extends _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .DeploymentError */ .gt {
    name = 'RefreshGone';
}
/** How far the machine's clock may be ahead of AWS's. */
const CLOCK_SKEW_MS = 60_000;
function isOurs(active, ours) {
    if (ours.refreshId !== undefined)
        return active.InstanceRefreshId === ours.refreshId;
    // Without the id: the same desired configuration, and not started before we were about to. Pending has no start time.
    const startedAt = active.StartTime?.getTime() ?? Number.POSITIVE_INFINITY;
    return hasGoal(active, ours) && startedAt >= ours.since - CLOCK_SKEW_MS;
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
        if (how === 'rollback' && !ours.before && (0,_progress_js__WEBPACK_IMPORTED_MODULE_1__/* .canRollBack */ .jL)(active.Status)) {
            await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .RollbackInstanceRefreshCommand */ .c8H({ AutoScalingGroupName: ours.group }));
            return 'rolling-back';
        }
        await aws.autoScaling.send(new _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .CancelInstanceRefreshCommand */ .SMi({ AutoScalingGroupName: ours.group }));
        if (how === 'rollback' && ours.before)
            await setConfiguration(aws, ours.group, ours.before);
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
/* harmony import */ var _aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8932);
/* harmony import */ var _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(5193);
/* harmony import */ var _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__ = __webpack_require__(586);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5071);
/* harmony import */ var _parallel_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6235);
/* harmony import */ var _configuration_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(1575);
/* harmony import */ var _progress_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2822);







/** Groups that are read at the same time: Elastic Load Balancing refuses more than 40 calls at once. */
const AT_ONCE = 8;
/** Reads the groups that the inputs name or select, in the order of their names, so that every run has the same. */
async function readTargets(aws, inputs) {
    const groups = await findGroups(aws, inputs);
    const sorted = groups.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
    return await (0,_parallel_js__WEBPACK_IMPORTED_MODULE_2__/* .inParallel */ .H)(sorted, AT_ONCE, (group) => readTarget(aws, group));
}
const nameOf = (group) => group.AutoScalingGroupName ?? '';
/** Throws one error that lists all names that do not exist, or says that no group has the tags. */
async function findGroups(aws, inputs) {
    const { autoScalingGroups: asked, autoScalingGroupTags: tags } = inputs;
    if (tags) {
        const Filters = Object.entries(tags).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));
        const groups = await describeGroups(aws, { Filters });
        if (groups.length > 0)
            return groups;
        const list = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigurationError */ .j1([
            `No Auto Scaling group in ${aws.region} has the tags ${list.join(', ')}. Check the inputs "auto-scaling-group-tags" and "aws-region".`,
        ]);
    }
    const wanted = [...new Set(asked)];
    const groups = await describeGroups(aws, { AutoScalingGroupNames: wanted });
    const missing = wanted.filter((name) => !groups.some((group) => nameOf(group) === name));
    if (missing.length === 0)
        return groups;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .ConfigurationError */ .j1(missing.map((name) => `There is no Auto Scaling group "${name}" in ${aws.region}. Check the inputs "auto-scaling-groups" and "aws-region".`));
}
async function describeGroups(aws, request) {
    const groups = [];
    for await (const page of (0,_aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeAutoScalingGroups */ .ZJr)({ client: aws.autoScaling }, request))
        groups.push(...(page.AutoScalingGroups ?? []));
    return groups;
}
async function readTarget(aws, group) {
    const name = nameOf(group);
    const [{ running, unreadable }, warm, targetGroups, activeRefresh] = await Promise.all([
        readRunning(aws, group),
        group.WarmPoolConfiguration ? readWarmPool(aws, name) : [],
        readTargetGroups(aws, group.TargetGroupARNs ?? []),
        findActiveRefresh(aws, name),
    ]);
    return { name, group, running, unreadable, warm, targetGroups, activeRefresh };
}
async function readRunning(aws, group) {
    const [first, ...others] = (0,_configuration_js__WEBPACK_IMPORTED_MODULE_4__/* .specificationsOf */ .i3)(group);
    if (!first)
        return { running: undefined, unreadable: [] };
    const versions = [];
    const unreadable = [];
    for (const specification of [first, ...others]) {
        if (versions.some((version) => (0,_configuration_js__WEBPACK_IMPORTED_MODULE_4__/* .names */ .Dy)(specification, version)))
            continue;
        const version = await readVersion(aws, specification, group.Instances ?? []);
        if (typeof version === 'string')
            unreadable.push(`The group "${nameOf(group)}" is set to ${version}`);
        else
            versions.push(version);
    }
    const [base] = versions;
    if (!base || unreadable.length > 0)
        return { running: undefined, unreadable };
    const policy = group.MixedInstancesPolicy;
    return { running: { base, versions, ...(policy ? { policy } : {}) }, unreadable };
}
/**
 * A version with the number that it means: of a group on an alias the one that its instances in service run, if they
 * agree. A string says what is wrong with a version that is gone.
 */
async function readVersion(aws, specification, instances) {
    const { LaunchTemplateId: id = '', LaunchTemplateName: name, Version: named = '$Default' } = specification;
    const inService = instances.filter((instance) => instance.LifecycleState === 'InService' && instance.LaunchTemplate?.LaunchTemplateId === id);
    const numbers = [...new Set(inService.flatMap(({ LaunchTemplate }) => LaunchTemplate?.Version ?? []))];
    const [only, ...more] = numbers;
    const asked = named.startsWith('$') && only !== undefined && more.length === 0 ? only : named;
    try {
        const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(new _aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_5__/* .DescribeLaunchTemplateVersionsCommand */ .Ptd({ LaunchTemplateId: id, Versions: [asked] }));
        const found = {
            launchTemplateId: id,
            launchTemplateName: name ?? id,
            named,
            number: String(version?.VersionNumber ?? asked),
            data: version?.LaunchTemplateData ?? {},
        };
        const resolvedImageId = (0,_configuration_js__WEBPACK_IMPORTED_MODULE_4__/* .hasParameterImage */ .zM)(found) ? await commonImage(aws, inService) : undefined;
        return resolvedImageId === undefined ? found : { ...found, resolvedImageId };
    }
    catch (error) {
        if (!/^InvalidLaunchTemplate/.test((0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .errorCode */ .CA)(error)))
            throw error;
        return `version ${named} of the launch template ${name ?? id}, which no longer exists: it cannot launch anything now, and could not be rolled back. Set it to an existing version first.`;
    }
}
/** The image that all these instances run; `undefined` when there are none, or they differ. */
async function commonImage(aws, instances) {
    const ids = instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    if (ids.length === 0)
        return undefined;
    const images = new Set();
    for await (const page of (0,_aws_sdk_client_ec2__WEBPACK_IMPORTED_MODULE_5__/* .paginateDescribeInstances */ .H0T)({ client: aws.ec2 }, { InstanceIds: ids })) {
        for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []))
            images.add(instance.ImageId ?? '');
    }
    const [only, ...more] = images;
    return more.length === 0 ? only : undefined;
}
async function readWarmPool(aws, group) {
    const instances = [];
    for await (const page of (0,_aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeWarmPool */ .QKR)({ client: aws.autoScaling }, { AutoScalingGroupName: group }))
        instances.push(...(page.Instances ?? []));
    return instances;
}
async function readTargetGroups(aws, arns) {
    if (arns.length === 0)
        return [];
    const { TargetGroups = [] } = await aws.elb.send(new _aws_sdk_client_elastic_load_balancing_v2__WEBPACK_IMPORTED_MODULE_6__/* .DescribeTargetGroupsCommand */ .sC7({ TargetGroupArns: arns }));
    return TargetGroups;
}
/** The refresh of the group that is not over. They come newest first, and only the newest can be active. */
async function findActiveRefresh(aws, group) {
    for await (const page of (0,_aws_sdk_client_auto_scaling__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeInstanceRefreshes */ .nlG)({ client: aws.autoScaling, pageSize: 1 }, { AutoScalingGroupName: group })) {
        const [newest] = page.InstanceRefreshes ?? [];
        return newest && (0,_progress_js__WEBPACK_IMPORTED_MODULE_1__/* .isActive */ .$m)(newest.Status) ? newest : undefined;
    }
    return undefined;
}


/***/ })

};
