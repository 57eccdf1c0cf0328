export const id = 349;
export const ids = [349,929];
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

/***/ 349:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   stopPromotion: () => (/* binding */ stopPromotion)
/* harmony export */ });
/* harmony import */ var _aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6929);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5071);
/* harmony import */ var _refresh_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1634);



/** Stops what a promotion that did not come to its end had started, group by group; returns a sentence for each. */
async function stopPromotion(aws, work) {
    return await Promise.all(work.refreshes.map(async (ours) => {
        try {
            return sentence(work, ours.group, await (0,_refresh_js__WEBPACK_IMPORTED_MODULE_2__/* .stopRefresh */ .AB)(aws, ours, work.onCancel));
        }
        catch (error) {
            return `${ours.group}: the instance refresh to ${work.imageId} could not be stopped and may go on: ${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .bD)((0,_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__.explained)(error))}`;
        }
    }));
}
function sentence({ imageId, environment, onCancel }, group, stopped) {
    const what = `the instance refresh to ${imageId} (${environment})`;
    switch (stopped) {
        case 'rolling-back':
            return `${group}: ${what} is being rolled back by AWS. Look at the group's instance refreshes for its end.`;
        case 'cancelling':
            return `${group}: ${what} is being cancelled. Instances that were replaced already stay.`;
        case 'left':
            return `${group}: ${what} goes on (on-cancel: ${onCancel}).`;
        case 'nothing-to-do':
            return `${group}: ${what} was over already, or another one runs now: nothing was stopped.`;
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


/***/ })

};
