export const id = 582;
export const ids = [582,929];
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

/***/ 2687:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   hu: () => (/* binding */ describeImage),
/* harmony export */   ll: () => (/* binding */ newestFirst),
/* harmony export */   mn: () => (/* binding */ imageFrom)
/* harmony export */ });
/* harmony import */ var _tags_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6073);

function imageFrom(image) {
    const root = image.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === image.RootDeviceName);
    const rootGiB = root?.Ebs?.VolumeSize;
    return {
        ...(rootGiB === undefined ? {} : { rootGiB }),
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

/***/ 9582:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  prune: () => (/* binding */ prune)
});

;// CONCATENATED MODULE: ./lib/src/aws/pace.js
/** EC2's published buckets: per account, Region and action. Others are of their category below. */
const EC2_ACTIONS = {
    CreateTags: { capacity: 100, refill: 10 },
    DeleteTags: { capacity: 100, refill: 10 },
    DeregisterImage: { capacity: 100, refill: 5 },
    DeleteSnapshot: { capacity: 100, refill: 5 },
    TerminateInstances: { capacity: 100, refill: 5 },
    DescribeSpotFleetRequests: { capacity: 50, refill: 3 },
};
/** Reads that this action makes are always filtered or in pages: those have the larger bucket. */
const READ = { capacity: 100, refill: 20 };
const WRITE = { capacity: 50, refill: 5 };
const isRead = (action) => /^(Describe|Get|List)/.test(action);
/** Calls arrive less evenly than they are sent: a little of each bucket stays untouched. */
const MARGIN = 0.98;
/** So many writes may catch up after a pause, such as a look at the account; they take no notice of a bucket of 50. */
const CATCHING_UP = 5;
/**
 * The bucket that calls of an action are taken from. Of a `shared` budget reads use half of everything; writes use
 * half of what comes back and no burst, because a person's `terminate` in an incident wants the full bucket.
 */
function bucketFor(action, pace) {
    const whole = EC2_ACTIONS[action] ?? (isRead(action) ? READ : WRITE);
    const capacity = whole.capacity * MARGIN;
    if (pace === 'full')
        return { capacity, refill: whole.refill * MARGIN };
    return { capacity: isRead(action) ? capacity / 2 : CATCHING_UP, refill: (whole.refill * MARGIN) / 2 };
}
/** Takes a token at `now`; calls that have to wait get their turns in the order in which they came. */
function take({ capacity, refill }, last, now) {
    const before = last ? Math.min(capacity, last.tokens + ((now - last.at) / 1000) * refill) : capacity;
    const tokens = before - 1;
    return { tokens, at: now, waitMs: tokens >= 0 ? 0 : Math.ceil((-tokens / refill) * 1000) };
}
/**
 * Makes every call of an EC2 client wait for its turn. A wait ends at once when the signal is aborted: the call is
 * not made, and rejects with the signal's reason.
 */
function keepPace(client, pace, clock, signal) {
    const buckets = new Map();
    client.middlewareStack.add((next, { commandName = '' }) => async (args) => {
        const action = commandName.replace(/Command$/, '');
        const taken = take(bucketFor(action, pace), buckets.get(action), clock.now());
        buckets.set(action, taken);
        if (taken.waitMs > 0)
            await wait(clock, taken.waitMs, signal);
        return await next(args);
    }, 
    // Outermost, so that nobody else's clock of a call counts the wait; a client has one pace.
    { step: 'initialize', priority: 'high', name: 'immutableDeployPace', override: true });
}
async function wait(clock, ms, signal) {
    try {
        await clock.sleep(ms, signal);
    }
    catch (error) {
        signal.throwIfAborted();
        throw error;
    }
}

// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./lib/src/image.js
var src_image = __webpack_require__(2687);
// EXTERNAL MODULE: ./lib/src/parallel.js
var parallel = __webpack_require__(6235);
// EXTERNAL MODULE: ./lib/src/tags.js
var src_tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/prune/lists.js
/** The items in lists of at most `size`. */
function inBatches(items, size) {
    const batches = [];
    for (let start = 0; start < items.length; start += size)
        batches.push(items.slice(start, start + size));
    return batches;
}
/** The items by their keys, both in the order in which they came. An item can have several keys. */
function groupedBy(items, keysOf) {
    const groups = new Map();
    for (const item of items) {
        for (const key of keysOf(item)) {
            const group = groups.get(key);
            if (group)
                group.push(item);
            else
                groups.set(key, [item]);
        }
    }
    return groups;
}
/** The first few in words, and how many more there are. */
function shortList(items, most) {
    const more = items.length - most;
    return `${items.slice(0, most).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

// EXTERNAL MODULE: ./lib/src/aws/errors.js
var aws_errors = __webpack_require__(6929);
;// CONCATENATED MODULE: ./lib/src/prune/sources.js


const SOURCES = {
    instances: {
        title: 'EC2 instances',
        permissions: ['ec2:DescribeInstances'],
        holds: ['images', 'versions'],
    },
    groups: {
        title: 'Auto Scaling groups',
        permissions: ['autoscaling:DescribeAutoScalingGroups'],
        holds: ['images', 'versions'],
    },
    refreshes: {
        title: 'instance refreshes',
        permissions: ['autoscaling:DescribeInstanceRefreshes'],
        holds: ['images', 'versions'],
    },
    launchConfigurations: {
        title: 'launch configurations',
        permissions: ['autoscaling:DescribeLaunchConfigurations'],
        holds: ['images'],
    },
    fleets: { title: 'EC2 Fleets', permissions: ['ec2:DescribeFleets'], holds: ['images', 'versions'] },
    spotFleets: {
        title: 'Spot Fleet requests',
        permissions: ['ec2:DescribeSpotFleetRequests'],
        holds: ['images', 'versions'],
    },
    spotRequests: {
        title: 'Spot requests',
        permissions: ['ec2:DescribeSpotInstanceRequests'],
        holds: ['images'],
    },
    launchTemplates: {
        title: 'launch template versions',
        permissions: ['ec2:DescribeLaunchTemplateVersions'],
        holds: ['images', 'versions'],
    },
    parameters: {
        title: 'SSM parameters of data type aws:ec2:image',
        permissions: ['ssm:DescribeParameters'],
        holds: ['images'],
    },
    aliases: {
        title: 'values of SSM parameters that name images',
        permissions: ['ssm:GetParameters'],
        holds: ['images'],
    },
    launchPermissions: {
        title: 'launch permissions of images',
        permissions: ['ec2:DescribeImageAttribute'],
        // Read image by image: one that cannot be read counts as shared, and says nothing of the others.
        holds: [],
    },
    references: {
        title: 'image references',
        permissions: ['ec2:DescribeImageReferences'],
        // Asked for the images that are about to go: those that it was asked for stay.
        holds: [],
    },
    usageReports: {
        title: 'usage reports of shared images',
        permissions: [
            'ec2:CreateImageUsageReport',
            'ec2:DescribeImageUsageReports',
            'ec2:DescribeImageUsageReportEntries',
            'ec2:DeleteImageUsageReport',
        ],
        holds: [],
    },
    builders: { title: 'builders', permissions: ['ec2:DescribeInstances'], holds: [] },
    keyPairs: { title: 'key pairs', permissions: ['ec2:DescribeKeyPairs'], holds: [] },
    securityGroups: { title: 'security groups', permissions: ['ec2:DescribeSecurityGroups'], holds: [] },
    volumes: { title: 'volumes', permissions: ['ec2:DescribeVolumes'], holds: [] },
    buildTemplates: {
        title: 'launch templates of builds',
        permissions: ['ec2:DescribeLaunchTemplates'],
        holds: [],
    },
    snapshots: { title: 'snapshots', permissions: ['ec2:DescribeSnapshots'], holds: [] },
    snapshotShares: {
        title: 'permissions of snapshots',
        permissions: ['ec2:DescribeSnapshotAttribute'],
        holds: [],
    },
    recycleBin: {
        title: 'images in the Recycle Bin',
        permissions: ['ec2:ListImagesInRecycleBin'],
        holds: [],
    },
    locks: { title: 'locks of snapshots', permissions: ['ec2:DescribeLockedSnapshots'], holds: [] },
};
function readerInto(unreadable, { signal, log }) {
    return async (source, read, otherwise) => {
        try {
            return await read();
        }
        catch (error) {
            // A cancel makes every call fail: that says nothing about the source.
            signal.throwIfAborted();
            noteUnreadable(unreadable, log, { source, error });
            return otherwise;
        }
    };
}
/** Notes a source once, however often it fails. */
function noteUnreadable(unreadable, log, failed) {
    if (unreadable.some(({ source }) => source === failed.source))
        return;
    unreadable.push(failed);
    log.error(describeUnreadable(failed));
}
/** What happened, what follows from it, and what to change, in one or two sentences. */
function describeUnreadable({ source, error }) {
    const code = (0,errors/* errorCode */.CA)(error);
    const cause = `${code === '' || code === 'Error' ? '' : `${code}: `}${(0,errors/* messageOf */.bD)(error)}`.replace(/\.$/, '');
    const fix = (0,aws_errors.isAccessDenied)(error)
        ? `Allow ${source.permissions.join(' and ')} in the policy of the role.`
        : 'Run prune again.';
    return `The ${source.title} could not be read (${cause}), so nothing that they may hold was removed. ${fix}`;
}

;// CONCATENATED MODULE: ./lib/src/prune/doubts.js



/** Members of a group that have an instance for certain; one that is only just launched may not be listed yet. */
const SETTLED = new Set([
    'InService',
    'Standby',
    'Warmed:Stopped',
    'Warmed:Running',
]);
/** Instances that go may outlive the group that they belonged to. */
const LEAVING = new Set(['shutting-down', 'terminated']);
/**
 * Lists that contradict each other: a page is missing, an answer is empty, or the role sees only a part. A list that
 * is not whole is as good as one that could not be read.
 */
function contradictions(instances, groups) {
    const groupNames = new Set(groups.map(({ AutoScalingGroupName }) => AutoScalingGroupName));
    const instanceIds = new Set(instances.map(({ InstanceId }) => InstanceId));
    const missingGroups = instances.flatMap((instance) => {
        const name = (0,src_tags/* tagsOf */.Fg)(instance)['aws:autoscaling:groupName'];
        if (name === undefined || groupNames.has(name) || LEAVING.has(instance.State?.Name))
            return [];
        return `${name} (of instance ${instance.InstanceId})`;
    });
    const missingInstances = groups.flatMap(({ AutoScalingGroupName, Instances = [] }) => Instances.filter(({ InstanceId, LifecycleState }) => SETTLED.has(LifecycleState) && !instanceIds.has(InstanceId)).map(({ InstanceId }) => `${InstanceId} (of Auto Scaling group ${AutoScalingGroupName})`));
    return [...lacking(SOURCES.groups, missingGroups), ...lacking(SOURCES.instances, missingInstances)];
}
function lacking(source, missing) {
    if (missing.length === 0)
        return [];
    return [{ source, error: new Error(`the list lacks ${shortList(missing, 3)}`) }];
}

;// CONCATENATED MODULE: ./lib/src/prune/inventory.js



/** All images of the account in this Region, whatever their application and state, newest first. */
const readAllImages = async (reading) => await readImages(reading, []);
/** The application's images as they are now. */
const readImagesOf = async (reading, application) => 
// Asked once more: whatever the filter's pattern matched, nothing else may be removed.
imagesOf(await readImages(reading, [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, application)]), application);
/** These images as they are now, at most 200; those that are gone are left out. */
const readImagesById = async (reading, ids) => await readImages(reading, [{ Name: 'image-id', Values: [...ids] }]);
/** The images with exactly the application's tag. Images without it are never touched. */
const imagesOf = (images, application) => images.filter((image) => isOfApplication(image, application));
const isOfApplication = ({ tags }, application) => tags[src_tags/* TAG */.Dk.application] === (0,src_tags/* tagValue */.EZ)(application);
async function readImages({ aws, signal }, Filters) {
    const request = {
        Owners: ['self'],
        ...(Filters.length > 0 ? { Filters } : {}),
        IncludeDisabled: true,
        IncludeDeprecated: true,
    };
    const images = [];
    const pages = (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2, pageSize: 1000 }, request, { abortSignal: signal });
    for await (const page of pages)
        images.push(...(page.Images ?? []).map(prunableImage));
    return images.filter(({ state }) => state !== 'deregistered').toSorted(src_image/* newestFirst */.ll);
}
function prunableImage(image) {
    const protection = image.DeregistrationProtection ?? 'disabled';
    const { SourceImageId: id, SourceImageRegion: region = '' } = image;
    const deprecation = Date.parse(image.DeprecationTime ?? '');
    return {
        ...(0,src_image/* imageFrom */.mn)(image),
        snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId === undefined ? [] : [{ id: Ebs.SnapshotId, gib: Ebs.VolumeSize ?? 0 }]),
        deregistrationProtection: protection !== 'disabled',
        ...(id === undefined ? {} : { source: { id, region } }),
        ...(Number.isNaN(deprecation) ? {} : { deprecation }),
    };
}

;// CONCATENATED MODULE: ./lib/src/prune/references/use.js
const isVersionUse = (use) => 'template' in use;
const isImageUse = (use) => 'imageId' in use;
const isSnapshotUse = (use) => 'snapshotId' in use;
const isBuildUse = (use) => 'run' in use;
const describeReference = ({ holder, via }) => via === undefined ? holder : `${holder} (${via})`;
/** The use of a launch template as Auto Scaling writes it; a version that is not given means `$Default`. */
function specificationUse(holder, specification) {
    if (!specification)
        return [];
    const { LaunchTemplateId: id, LaunchTemplateName: name, Version } = specification;
    return [{ holder, template: { id, name }, version: Version ?? '$Default' }];
}
/** What a launch needs by its own words: an image, and snapshots to make more volumes of. */
function launchUses(holder, launch) {
    return [
        ...(launch?.ImageId ? [{ holder, imageId: launch.ImageId }] : []),
        ...snapshotsOf(launch?.BlockDeviceMappings).map((snapshotId) => ({ holder, snapshotId })),
    ];
}
const snapshotsOf = (mappings) => (mappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId || []);

;// CONCATENATED MODULE: ./lib/src/prune/references/fleets.js


/** Nothing is launched for them any more. In every other state, also one that is not known here, they count. */
const ENDED = new Set([
    'deleted',
    'deleted_terminating',
    'failed',
    'cancelled',
    'cancelled_terminating',
    'closed',
]);
/** What the EC2 Fleets of the Region launch. */
async function readFleets({ aws, signal }) {
    const uses = [];
    const pages = (0,dist_cjs/* paginateDescribeFleets */.Ci0)({ client: aws.ec2, pageSize: 100 }, {}, { abortSignal: signal });
    for await (const { Fleets = [] } of pages)
        uses.push(...Fleets.flatMap(fleetUses));
    return uses;
}
/** Each configuration names a version, and an override can have an image of its own. */
function fleetUses({ FleetId, FleetState, LaunchTemplateConfigs = [] }) {
    if (ENDED.has(FleetState))
        return [];
    const holder = `EC2 Fleet ${FleetId}`;
    return LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification, Overrides = [] }) => [
        ...specificationUse(holder, LaunchTemplateSpecification),
        ...Overrides.flatMap((override) => launchUses(holder, override)),
    ]);
}
/** What the Spot Fleets of the Region launch. */
async function readSpotFleets({ aws, signal }) {
    const uses = [];
    const pages = (0,dist_cjs/* paginateDescribeSpotFleetRequests */.vnk)({ client: aws.ec2, pageSize: 100 }, {}, { abortSignal: signal });
    for await (const { SpotFleetRequestConfigs = [] } of pages)
        uses.push(...SpotFleetRequestConfigs.flatMap(spotFleetUses));
    return uses;
}
/** A Spot Fleet has launch specifications, which name images themselves, or launch templates. */
function spotFleetUses(request) {
    if (ENDED.has(request.SpotFleetRequestState))
        return [];
    const holder = `Spot Fleet request ${request.SpotFleetRequestId}`;
    const { LaunchSpecifications = [], LaunchTemplateConfigs = [] } = request.SpotFleetRequestConfig ?? {};
    return [
        ...LaunchSpecifications.flatMap((launch) => launchUses(holder, launch)),
        ...LaunchTemplateConfigs.flatMap(({ LaunchTemplateSpecification }) => specificationUse(holder, LaunchTemplateSpecification)),
    ];
}
/** What the open and persistent Spot requests of the Region launch. */
async function readSpotRequests({ aws, signal }) {
    const uses = [];
    const pages = (0,dist_cjs/* paginateDescribeSpotInstanceRequests */.cBT)({ client: aws.ec2, pageSize: 1000 }, {}, { abortSignal: signal });
    for await (const { SpotInstanceRequests = [] } of pages)
        uses.push(...SpotInstanceRequests.flatMap(spotRequestUses));
    return uses;
}
/** A cancelled request can still have its instance, which counts by itself. */
function spotRequestUses({ SpotInstanceRequestId, State, LaunchSpecification, }) {
    return ENDED.has(State) ? [] : launchUses(`Spot request ${SpotInstanceRequestId}`, LaunchSpecification);
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-auto-scaling/dist-cjs/index.js
var client_auto_scaling_dist_cjs = __webpack_require__(8932);
;// CONCATENATED MODULE: ./lib/src/prune/references/groups.js


/** All Auto Scaling groups of the Region. */
async function readGroups({ aws, signal }) {
    const groups = [];
    const pages = (0,client_auto_scaling_dist_cjs/* paginateDescribeAutoScalingGroups */.ZJr)({ client: aws.autoScaling, pageSize: 100 }, {}, { abortSignal: signal });
    for await (const page of pages)
        groups.push(...(page.AutoScalingGroups ?? []));
    return groups;
}
/**
 * What a group launches next: its launch template, or its mixed instances policy. A launch configuration holds its
 * image by itself. The image of a root volume that was replaced only Auto Scaling knows.
 */
function groupUses(group) {
    const holder = `Auto Scaling group ${group.AutoScalingGroupName}`;
    return [
        ...specificationUse(holder, group.LaunchTemplate),
        ...policyUses(holder, group.MixedInstancesPolicy),
        ...(group.Instances ?? []).flatMap(({ InstanceId, ImageId }) => ImageId === undefined ? [] : [{ holder: `instance ${InstanceId}`, imageId: ImageId }]),
    ];
}
/** An override can have a launch template of its own, or an image of its own; the others use the policy's. */
function policyUses(holder, policy) {
    const { LaunchTemplateSpecification: base, Overrides = [] } = policy?.LaunchTemplate ?? {};
    return [
        ...specificationUse(holder, base),
        ...Overrides.flatMap((override) => [
            ...specificationUse(holder, override.LaunchTemplateSpecification),
            ...(override.ImageId === undefined ? [] : [{ holder, imageId: override.ImageId }]),
        ]),
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/references/instances.js



/** Any state but terminated: a stopped instance is started again from its volumes, but stands for its image. */
const STATES = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'];
/** All instances of the Region that are not terminated. */
async function readInstances({ aws, signal }) {
    const request = {
        Filters: [{ Name: 'instance-state-name', Values: STATES }],
        // Instances that an AWS service manages can be hidden from lists, and run images like others.
        IncludeManagedResources: true,
    };
    const instances = [];
    const pages = (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2, pageSize: 1000 }, request, {
        abortSignal: signal,
    });
    for await (const page of pages) {
        for (const { Instances = [] } of page.Reservations ?? [])
            instances.push(...Instances);
    }
    return instances;
}
/**
 * Its image, the launch template version that it was launched from (EC2 writes the real one into a tag, also for
 * instances that were launched with `$Latest`), and the build that it is the builder of, by the tag of our run.
 */
function instanceUses(instance) {
    const holder = `instance ${instance.InstanceId}`;
    const tags = (0,src_tags/* tagsOf */.Fg)(instance);
    const run = (0,src_tags/* runOf */.ng)(tags);
    const [id, version] = [tags['aws:ec2launchtemplate:id'], tags['aws:ec2launchtemplate:version']];
    return [
        ...(instance.ImageId === undefined ? [] : [{ holder, imageId: instance.ImageId }]),
        ...(id === undefined || version === undefined
            ? []
            : specificationUse(holder, { LaunchTemplateId: id, Version: version })),
        ...(run === undefined ? [] : [{ holder: `builder ${holder}`, run }]),
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/references/launch-configurations.js


/** The images and snapshots of all launch configurations of the Region, whether a group uses them now or not. */
async function readLaunchConfigurations({ aws, signal }) {
    const uses = [];
    const pages = (0,client_auto_scaling_dist_cjs/* paginateDescribeLaunchConfigurations */.JMU)({ client: aws.autoScaling, pageSize: 100 }, {}, { abortSignal: signal });
    for await (const { LaunchConfigurations = [] } of pages) {
        for (const configuration of LaunchConfigurations)
            uses.push(...launchUses(`launch configuration ${configuration.LaunchConfigurationName}`, configuration));
    }
    return uses;
}

;// CONCATENATED MODULE: ./lib/src/prune/references/launch-templates.js





const CALLS_AT_ONCE = 5;
/** The `$Default` and `$Latest` versions of every launch template of the Region: one call for 200 of them. */
async function readCurrentVersions(context) {
    const versions = await readVersions(context, { Versions: ['$Default', '$Latest'] });
    const latest = latestNumbers(versions);
    const current = new Map();
    for (const version of versions) {
        const { LaunchTemplateId = '', VersionNumber = 0 } = version;
        // A version that is both is answered twice.
        const isLatest = latest.get(LaunchTemplateId) === VersionNumber;
        current.set(`${LaunchTemplateId}:${VersionNumber}`, templateVersion(version, isLatest));
    }
    return [...current.values()];
}
/** `$Latest` is the highest number of a template. */
function latestNumbers(versions) {
    const latest = new Map();
    for (const { LaunchTemplateId = '', VersionNumber = 0 } of versions) {
        latest.set(LaunchTemplateId, Math.max(VersionNumber, latest.get(LaunchTemplateId) ?? 0));
    }
    return latest;
}
/**
 * The other versions of the templates that have any: at least one call a template. Numbers are not used again, so the
 * current versions tell which templates cannot have others.
 */
async function readOtherVersions(context, current) {
    const known = groupedBy(current, ({ templateId }) => [templateId]);
    const larger = [...known].filter(([, versions]) => versions.length < Math.max(...versions.map(({ number }) => number)));
    const others = await (0,parallel/* inParallel */.H)(larger, CALLS_AT_ONCE, async ([LaunchTemplateId, versions]) => {
        const numbers = new Set(versions.map(({ number }) => number));
        const all = await unlessGone(readVersions(context, { LaunchTemplateId }));
        return all.filter(({ VersionNumber }) => !numbers.has(VersionNumber));
    });
    return others.flat().map((version) => templateVersion(version, false));
}
/** A version that something names and that is not known yet: made a moment ago, or deleted (then the list is empty). */
async function readVersionOf(context, { template, version }) {
    const by = template.id === undefined ? { LaunchTemplateName: template.name } : { LaunchTemplateId: template.id };
    const versions = await unlessGone(readVersions(context, { ...by, Versions: [version] }));
    return versions.map((found) => templateVersion(found, version === '$Latest'));
}
async function readVersions({ aws, signal }, request) {
    const versions = [];
    const pages = (0,dist_cjs/* paginateDescribeLaunchTemplateVersions */.ZY3)({ client: aws.ec2, pageSize: 200 }, 
    // Templates that an AWS service manages can be hidden from lists, and name images like others.
    { ...request, IncludeManagedResources: true }, { abortSignal: signal });
    for await (const page of pages)
        versions.push(...(page.LaunchTemplateVersions ?? []));
    return versions;
}
const GONE = new Set([
    'InvalidLaunchTemplateId.NotFound',
    'InvalidLaunchTemplateId.VersionNotFound',
    'InvalidLaunchTemplateName.NotFoundException',
]);
async function unlessGone(versions) {
    try {
        return await versions;
    }
    catch (error) {
        if (GONE.has((0,errors/* errorCode */.CA)(error)))
            return [];
        throw error;
    }
}
function templateVersion(version, isLatest) {
    const { LaunchTemplateId, LaunchTemplateName, VersionNumber, VersionDescription } = version;
    const { ImageId: imageId, BlockDeviceMappings } = version.LaunchTemplateData ?? {};
    const snapshotIds = snapshotsOf(BlockDeviceMappings);
    return {
        templateId: LaunchTemplateId ?? '',
        templateName: LaunchTemplateName ?? '',
        number: VersionNumber ?? 0,
        isDefault: version.DefaultVersion ?? false,
        isLatest,
        created: version.CreateTime?.getTime() ?? Number.NaN,
        ...(VersionDescription === undefined ? {} : { description: VersionDescription }),
        ...(imageId ? { imageId } : {}),
        ...(snapshotIds.length > 0 ? { snapshotIds } : {}),
    };
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ssm/dist-cjs/index.js
var client_ssm_dist_cjs = __webpack_require__(4736);
;// CONCATENATED MODULE: ./lib/src/prune/references/parameters.js



/** How an image is named through an SSM parameter: `resolve:ssm:/x`, `resolve:ssm:/x:3`, `resolve:ssm:arn:…`. */
const ALIAS = 'resolve:ssm:';
/** AWS's own public parameters never name an image of ours. */
const PUBLIC = '/aws/service/';
/** `GetParameters` takes ten names. */
const NAMES_A_CALL = 10;
const parameters_CALLS_AT_ONCE = 5;
/** The account's parameters whose data type says that they name an image, each as a use of an alias. */
async function readImageParameters({ aws, signal }) {
    const request = { ParameterFilters: [{ Key: 'DataType', Values: ['aws:ec2:image'] }] };
    const uses = [];
    const pages = (0,client_ssm_dist_cjs/* paginateDescribeParameters */.d8_)({ client: aws.ssm, pageSize: 50 }, request, {
        abortSignal: signal,
    });
    for await (const { Parameters = [] } of pages) {
        for (const { Name = '' } of Parameters) {
            uses.push({ holder: `SSM parameter ${Name}`, imageId: `${ALIAS}${Name}` });
        }
    }
    return uses;
}
/**
 * The images that aliases mean now, by alias. An alias whose parameter does not exist is absent: nothing can be
 * launched through it.
 *
 * @param imageIds as they stand in launch templates: ids of images are passed over
 */
async function readAliases({ aws, signal }, imageIds) {
    const names = [...new Set(imageIds)]
        .filter((imageId) => imageId.startsWith(ALIAS))
        .map((alias) => alias.slice(ALIAS.length))
        .filter((name) => !name.startsWith(PUBLIC));
    const images = new Map();
    await (0,parallel/* inParallel */.H)(inBatches(names, NAMES_A_CALL), parameters_CALLS_AT_ONCE, async (batch) => {
        const { Parameters = [], InvalidParameters = [] } = await aws.ssm.send(new client_ssm_dist_cjs/* GetParametersCommand */.AFe({ Names: batch }), { abortSignal: signal });
        const values = new Map(Parameters.flatMap(namesOf));
        for (const name of batch) {
            const value = values.get(name);
            if (value !== undefined)
                images.set(`${ALIAS}${name}`, value);
            // Neither found nor missing: an answer that is not understood must not free an image.
            else if (!InvalidParameters.includes(name))
                throw new Error(`SSM did not answer for the parameter ${name}.`);
        }
    });
    return images;
}
/** A parameter under every name that it can have been asked by: its name or ARN, with the version or label. */
function namesOf({ Name, ARN, Selector = '', Value = '' }) {
    return [Name, ARN].flatMap((name) => name === undefined ? [] : [[`${name}${Selector}`, Value]]);
}

;// CONCATENATED MODULE: ./lib/src/prune/references/refreshes.js





/** A refresh that is over still counts for a day: it may be looked into, repeated or undone by hand. */
const RECENT_MS = 24 * 3600 * 1000;
const refreshes_ENDED = new Set([
    'Successful',
    'Failed',
    'Cancelled',
    'RollbackSuccessful',
    'RollbackFailed',
]);
const refreshes_CALLS_AT_ONCE = 5;
/**
 * The desired configurations of the active and recent instance refreshes of these groups; one call a group. A group
 * that was deleted since it was listed has none.
 */
async function readRefreshes(context, groups) {
    const now = context.clock.now();
    const uses = await (0,parallel/* inParallel */.H)(groups, refreshes_CALLS_AT_ONCE, async (group) => {
        try {
            return await readRefreshesOf(context, group, now);
        }
        catch (error) {
            // The code is that of any bad request: only the list of groups tells whether it is gone.
            if ((0,errors/* errorCode */.CA)(error) === 'ValidationError' && !(await exists(context, group)))
                return [];
            throw error;
        }
    });
    return uses.flat();
}
async function exists({ aws, signal }, group) {
    const { AutoScalingGroups = [] } = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeAutoScalingGroupsCommand */.NkQ({ AutoScalingGroupNames: [group] }), { abortSignal: signal });
    return AutoScalingGroups.length > 0;
}
async function readRefreshesOf({ aws, signal }, group, now) {
    const uses = [];
    const pages = (0,client_auto_scaling_dist_cjs/* paginateDescribeInstanceRefreshes */.nlG)({ client: aws.autoScaling, pageSize: 100 }, { AutoScalingGroupName: group }, { abortSignal: signal });
    for await (const { InstanceRefreshes: refreshes = [] } of pages) {
        uses.push(...refreshes.filter((refresh) => counts(refresh, now)).flatMap(refreshUses));
        // Active ones come first, then the newest: after one that is long over there are only older ones.
        const last = refreshes.at(-1);
        if (last && !counts(last, now))
            break;
    }
    return uses;
}
/** Whether a refresh holds its image: it is active (also in a status that is not known here), or ended lately. */
function counts(refresh, now) {
    if (!refreshes_ENDED.has(refresh.Status))
        return true;
    // One that was cancelled while it was pending may have no times at all: in doubt it counts.
    const ended = refresh.EndTime ?? refresh.StartTime;
    return ended === undefined || now - ended.getTime() < RECENT_MS;
}
function refreshUses(refresh) {
    const holder = `instance refresh ${refresh.InstanceRefreshId} of Auto Scaling group ${refresh.AutoScalingGroupName}`;
    const desired = refresh.DesiredConfiguration;
    return [
        ...specificationUse(holder, desired?.LaunchTemplate),
        ...policyUses(holder, desired?.MixedInstancesPolicy),
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/template-versions.js
/** `lt-…:7`, as the outputs have it. */
const versionId = ({ templateId, number }) => `${templateId}:${number}`;
const describeVersion = ({ templateId, number }) => `launch template ${templateId} version ${number}`;
/** The versions of a Region, found by what groups and instances write: id or name, and number or alias. */
class TemplateVersions {
    #byId;
    #idsByName;
    #aliases = new Map();
    constructor(versions) {
        this.#byId = new Map(versions.map((version) => [versionId(version), version]));
        this.#idsByName = new Map(versions.map(({ templateName, templateId }) => [templateName, templateId]));
        for (const version of versions) {
            if (version.isDefault)
                this.#aliases.set(`${version.templateId}:$Default`, version);
            if (version.isLatest)
                this.#aliases.set(`${version.templateId}:$Latest`, version);
        }
    }
    idOf(name) {
        return this.#idsByName.get(name);
    }
    find({ template, version }) {
        const templateId = template.id ?? this.idOf(template.name ?? '') ?? '';
        const key = `${templateId}:${version}`;
        return this.#byId.get(key) ?? this.#aliases.get(key);
    }
}
/**
 * What is known now, from a new look at the `$Default` and `$Latest` versions and what was known before: a version
 * that lost one of these roles stays known as a number.
 */
function withCurrent(known, current) {
    const now = new Set(current.map(versionId));
    const others = known.filter((version) => !now.has(versionId(version)));
    return [...current, ...others.map((version) => ({ ...version, isDefault: false, isLatest: false }))];
}

;// CONCATENATED MODULE: ./lib/src/prune/facts.js















async function readCheap(context, read, unreadable) {
    // Groups before instances: what a group launches in between is no contradiction, it is one instance more.
    const groups = read(SOURCES.groups, () => readGroups(context), undefined);
    const [instances, launchConfigurations, fleets, spotFleets, spotRequests, parameters, currentVersions] = await Promise.all([
        groups.then(() => read(SOURCES.instances, () => readInstances(context), undefined)),
        read(SOURCES.launchConfigurations, () => readLaunchConfigurations(context), []),
        read(SOURCES.fleets, () => readFleets(context), []),
        read(SOURCES.spotFleets, () => readSpotFleets(context), []),
        read(SOURCES.spotRequests, () => readSpotRequests(context), []),
        read(SOURCES.parameters, () => readImageParameters(context), []),
        read(SOURCES.launchTemplates, () => readCurrentVersions(context), []),
    ]);
    const cheap = {
        instances,
        groups: await groups,
        launchConfigurations,
        fleets,
        spotFleets,
        spotRequests,
        parameters,
        currentVersions,
    };
    if (cheap.instances && cheap.groups) {
        for (const doubt of contradictions(cheap.instances, cheap.groups))
            noteUnreadable(unreadable, context.log, doubt);
    }
    return cheap;
}
/**
 * Reads all images of the Region and everything that can hold one.
 *
 * @param inUseAmiIds images that the user says are in use
 */
async function readFacts(context, inUseAmiIds) {
    const unreadable = [];
    const read = readerInto(unreadable, context);
    const [images, cheap] = await Promise.all([readAllImages(context), readCheap(context, read, unreadable)]);
    const [refreshes, otherVersions] = await Promise.all([
        read(SOURCES.refreshes, () => readRefreshes(context, facts_namesOf(cheap)), []),
        read(SOURCES.launchTemplates, () => readOtherVersions(context, cheap.currentVersions), []),
    ]);
    const given = inUseAmiIds.map((imageId) => ({ holder: 'input in-use-ami-ids', imageId }));
    return await resolved(context, read, {
        images,
        uses: { ...usesOf(cheap), refreshes, given },
        versions: [...cheap.currentVersions, ...otherVersions],
        aliases: new Map(),
        shared: [],
        more: [],
        refreshesRead: context.clock.now(),
        missing: new Set(),
        unreadable,
    });
}
/** A call for every group: not at each look, of which there may be one every few seconds. */
const REFRESHES_FRESH_MS = 60_000;
/**
 * Looks again at what may have changed since: images with their tags, and all sources but the versions that were not
 * `$Default` or `$Latest`, and refreshes only once a minute. A promotion of ours that began meanwhile shows as a mark on
 * its image.
 */
async function lookAgain(context, again, before) {
    const unreadable = [...before.unreadable];
    const read = readerInto(unreadable, context);
    const [images, cheap] = await Promise.all([
        imagesAgain(context, again, before.images),
        readCheap(context, read, unreadable),
    ]);
    const now = context.clock.now();
    const isFresh = now - before.refreshesRead < REFRESHES_FRESH_MS;
    const refreshes = isFresh
        ? before.uses.refreshes
        : await read(SOURCES.refreshes, () => readRefreshes(context, facts_namesOf(cheap)), before.uses.refreshes);
    return await resolved(context, read, {
        ...before,
        images,
        refreshesRead: isFresh ? before.refreshesRead : now,
        uses: { ...before.uses, ...usesOf(cheap), refreshes },
        versions: withCurrent(before.versions, cheap.currentVersions),
        unreadable,
    });
}
/** Images of a filter of EC2. */
const IDS_A_CALL = 200;
async function imagesAgain(context, again, before) {
    if ('application' in again) {
        const now = await readImagesOf(context, again.application);
        const others = before.filter((image) => !isOfApplication(image, again.application));
        return [...now, ...others].toSorted(src_image/* newestFirst */.ll);
    }
    const asked = new Set(again.imageIds);
    const batches = inBatches(again.imageIds, IDS_A_CALL);
    const now = (await Promise.all(batches.map((batch) => readImagesById(context, batch)))).flat();
    return [...now, ...before.filter(({ id }) => !asked.has(id))].toSorted(src_image/* newestFirst */.ll);
}
const facts_namesOf = ({ groups }) => groups?.flatMap(({ AutoScalingGroupName: name }) => name ?? []) ?? [];
const usesOf = ({ instances, groups, currentVersions: _versions, ...others }) => ({
    ...others,
    instances: instances?.flatMap(instanceUses) ?? [],
    groups: groups?.flatMap(groupUses) ?? [],
});
/** Looks up what the sources only name: launch template versions that are not known yet, and SSM parameters. */
async function resolved(context, read, facts) {
    const nothing = { found: [], missing: facts.missing };
    const { found, missing } = await read(SOURCES.launchTemplates, () => readUnknownVersions(context, facts), nothing);
    const versions = [...facts.versions, ...found];
    const uses = Object.values(facts.uses).flat();
    const named = [
        ...versions.flatMap(({ imageId }) => imageId ?? []),
        ...uses.filter(isImageUse).map(({ imageId }) => imageId),
    ];
    const aliases = await read(SOURCES.aliases, () => readAliases(context, named), new Map());
    return { ...facts, versions, missing, aliases };
}
const facts_CALLS_AT_ONCE = 5;
/** Versions that groups, fleets and refreshes name and that were made after the versions were read, or are gone. */
async function readUnknownVersions(context, { uses, versions, missing, unreadable }) {
    // When the versions could not be read, all are unknown, and nothing is removed anyway.
    if (unreadable.some(({ source }) => source === SOURCES.launchTemplates))
        return { found: [], missing };
    const known = new TemplateVersions(versions);
    const unknown = new Map();
    const named = [...uses.groups, ...uses.refreshes, ...uses.fleets, ...uses.spotFleets].filter(isVersionUse);
    for (const use of named) {
        const key = `${use.template.id ?? use.template.name} version ${use.version}`;
        if (!known.find(use) && !missing.has(key))
            unknown.set(key, use);
    }
    const gone = new Set(missing);
    const found = await (0,parallel/* inParallel */.H)([...unknown], facts_CALLS_AT_ONCE, async ([key, use]) => {
        const answer = await readVersionOf(context, use);
        if (answer.length > 0)
            return answer;
        gone.add(key);
        context.log.warning(`${use.holder} names launch template ${key}, which does not exist.`);
        return [];
    });
    return { found: found.flat(), missing: gone };
}

;// CONCATENATED MODULE: ./lib/src/prune/orphans/leftovers.js

/**
 * `<attempt's address> until <time> <id>`: what a bake gives to Packer for `run_tags`. An image's own tag has only the
 * run's address, and may have been handed on to instances that were launched from it: it is no such mark.
 */
const BUILD_MARK = /^https?:\/\/[^/]+\/(.+)\/actions\/runs\/(\d+)\/attempts\/\d+ until (\S+) \S+$/;
/** A build that has run out of its time still cleans up for a while. */
const GRACE_MS = 3600_000;
/** What builds of the application left behind: whose build must have ended by its own word, an hour ago at least. */
function leftoversOf(application, found, now) {
    return found.flatMap(({ kind, id, tags }) => {
        const [, repository, run, until = ''] = BUILD_MARK.exec(tags[src_tags/* TAG */.Dk.run] ?? '') ?? [];
        const ours = [tags[src_tags/* TAG */.Dk.application], repository].includes((0,src_tags/* tagValue */.EZ)(application));
        // A member of a group is no builder, whatever its tags say.
        if (!ours || tags[src_tags/* TAG */.Dk.keep] !== undefined || tags['aws:autoscaling:groupName'] !== undefined)
            return [];
        const end = Date.parse(until);
        if (Number.isNaN(end) || now < end + GRACE_MS)
            return [];
        return [{ kind, id, why: `its build (run ${run}) was over by ${new Date(end).toISOString()}` }];
    });
}

;// CONCATENATED MODULE: ./lib/src/prune/orphans/snapshots.js

const DAY_MS = 24 * 3600 * 1000;
/** As EC2 describes snapshots of CreateImage and CopyImage. */
const MADE_FOR = /^(?:Created by CreateImage\(i-[0-9a-f]+\) for|Copied for DestinationAmi) (ami-[0-9a-f]+)\b/;
/**
 * The application's snapshots whose image is gone. Only those count of which AWS's own description says for which
 * image they were made: a snapshot that somebody made by hand is no leftover.
 */
function orphanedSnapshots(application, found, holders, now) {
    const orphans = [];
    const held = [];
    for (const { id, gib, state, started, description, archived, tags } of found) {
        const imageId = MADE_FOR.exec(description)?.[1];
        const settled = ['completed', 'error'].includes(state) && now - started >= DAY_MS;
        const ours = tags[src_tags/* TAG */.Dk.application] === (0,src_tags/* tagValue */.EZ)(application) && !isManaged(tags);
        if (!ours || !settled || imageId === undefined)
            continue;
        if (holders.used.has(id) || holders.images.has(imageId) || holders.recycled.has(imageId))
            continue;
        const lock = holders.locks.get(id);
        if (tags[src_tags/* TAG */.Dk.keep] !== undefined)
            held.push({ id, why: `tagged ${src_tags/* TAG */.Dk.keep}` });
        else if (lock !== undefined)
            held.push({ id, why: lock });
        else if (archived)
            held.push({ id, why: 'somebody archived it' });
        else
            orphans.push({ kind: 'snapshot', id, gib, why: `its image ${imageId} is gone` });
    }
    return { orphans, held };
}
/** Backups have rules of their own. */
const isManaged = (tags) => Object.keys(tags).some((key) => /^(aws:backup:|aws:dlm:|dlm:)/.test(key));

;// CONCATENATED MODULE: ./lib/src/prune/orphans/plan.js







const NO_ORPHANS = { orphans: [], held: [] };
/** What of the application is left over, by what was seen: a source that could not be read frees no snapshot. */
function planOrphans(application, { leftovers, snapshots }, facts, now) {
    const builds = leftoversOf(application, leftovers, now);
    const blocked = facts.unreadable.some(({ source }) => source.holds.includes('images'));
    if (snapshots === undefined || blocked)
        return { orphans: builds, held: [] };
    const holders = {
        images: new Set(facts.images.map(({ id }) => id)),
        used: usedSnapshots(facts),
        recycled: snapshots.recycled,
        locks: snapshots.locks,
    };
    const { orphans, held } = orphanedSnapshots(application, snapshots.found, holders, now);
    return { orphans: [...builds, ...orphans], held };
}
/** The snapshots that came to be used since, by a new look at the account: all of them when that failed. */
function nowUsed({ orphans }, facts) {
    const blocked = facts.unreadable.some(({ source }) => source.holds.includes('images'));
    const used = usedSnapshots(facts);
    return orphans.filter(({ kind, id }) => kind === 'snapshot' && (blocked || used.has(id)));
}
/** The snapshots that images have, and those that launches make volumes of. */
function usedSnapshots({ images, uses, versions }) {
    return new Set([
        ...images.flatMap(({ snapshots }) => snapshots.map(({ id }) => id)),
        ...Object.values(uses)
            .flat()
            .filter(isSnapshotUse)
            .map(({ snapshotId }) => snapshotId),
        ...versions.flatMap(({ snapshotIds = [] }) => snapshotIds),
    ]);
}
const plan_CALLS_AT_ONCE = 5;
/** Holds back what other accounts may make volumes of; one call a snapshot, therefore last. */
async function withoutShared(context, { orphans, held }, unreadable) {
    const snapshots = orphans.filter(({ kind }) => kind === 'snapshot');
    const reasons = new Map();
    await (0,parallel/* inParallel */.H)(snapshots, plan_CALLS_AT_ONCE, async ({ id }) => {
        try {
            const why = await sharesOf(context, id);
            if (why !== undefined)
                reasons.set(id, why);
        }
        catch (error) {
            context.signal.throwIfAborted();
            if ((0,errors/* errorCode */.CA)(error) === 'InvalidSnapshot.NotFound')
                return;
            noteUnreadable(unreadable, context.log, { source: SOURCES.snapshotShares, error });
            reasons.set(id, 'its permissions could not be read');
        }
    });
    const shared = [...reasons].map(([id, why]) => ({ id, why }));
    return { orphans: orphans.filter(({ id }) => !reasons.has(id)), held: [...held, ...shared] };
}
async function sharesOf({ aws, signal }, SnapshotId) {
    const { CreateVolumePermissions = [] } = await aws.ec2.send(new dist_cjs/* DescribeSnapshotAttributeCommand */.x0J({ SnapshotId, Attribute: 'createVolumePermission' }), { abortSignal: signal });
    if (CreateVolumePermissions.length === 0)
        return undefined;
    const users = CreateVolumePermissions.map(({ UserId }) => UserId === undefined ? 'everybody' : `account ${UserId}`);
    return `shared with ${users.join(', ')}`;
}

;// CONCATENATED MODULE: ./lib/src/prune/orphans/remove.js




const INSTANCES_A_CALL = 100;
const POLL_MS = 10_000;
/** An instance takes less; what it still holds then goes with the next run. */
const LONGEST_END_MS = 5 * 60_000;
/** Groups and volumes only when the instances that hold them are gone. */
const ORDER = [
    'snapshot',
    'key pair',
    'launch template',
    'volume',
    'security group',
];
/**
 * Removes leftovers one by one, and writes down what became of each. Never rejects but for a cancel.
 *
 * @param goOn called between two; throws when it has to stop
 */
async function removeOrphans(context, orphans, removal, goOn) {
    const builders = orphans.filter(({ kind }) => kind === 'instance');
    for (const batch of inBatches(builders, INSTANCES_A_CALL)) {
        goOn();
        await terminate(context, batch, removal);
    }
    if (builders.length > 0 && orphans.some(({ kind }) => kind === 'security group' || kind === 'volume'))
        await untilGone(context, builders);
    for (const kind of ORDER) {
        for (const orphan of orphans.filter((each) => each.kind === kind)) {
            goOn();
            await remove(context, [orphan], removal, () => deletion(context, orphan));
        }
    }
}
const terminate = (context, batch, removal) => remove(context, batch, removal, () => context.aws.ec2.send(new dist_cjs/* TerminateInstancesCommand */.NaF({ InstanceIds: batch.map(({ id }) => id) })));
const PERMISSIONS = {
    instance: 'ec2:TerminateInstances',
    snapshot: 'ec2:DeleteSnapshot',
    'key pair': 'ec2:DeleteKeyPair',
    'launch template': 'ec2:DeleteLaunchTemplate',
    volume: 'ec2:DeleteVolume',
    'security group': 'ec2:DeleteSecurityGroup',
};
async function deletion({ aws }, { kind, id }) {
    switch (kind) {
        case 'instance':
            return await aws.ec2.send(new dist_cjs/* TerminateInstancesCommand */.NaF({ InstanceIds: [id] }));
        case 'snapshot':
            return await aws.ec2.send(new dist_cjs/* DeleteSnapshotCommand */.tZN({ SnapshotId: id }));
        case 'key pair':
            return await aws.ec2.send(new dist_cjs/* DeleteKeyPairCommand */.EWB({ KeyPairId: id }));
        case 'launch template':
            return await aws.ec2.send(new dist_cjs/* DeleteLaunchTemplateCommand */.s9K({ LaunchTemplateId: id }));
        case 'volume':
            return await aws.ec2.send(new dist_cjs/* DeleteVolumeCommand */.Pbn({ VolumeId: id }));
        case 'security group':
            return await aws.ec2.send(new dist_cjs/* DeleteSecurityGroupCommand */.yEh({ GroupId: id }));
    }
}
const isGone = (error) => /NotFound/.test((0,errors/* errorCode */.CA)(error));
/** Something came to use it after all: EC2 itself protects it. */
const isInUse = (error) => ['InvalidSnapshot.InUse', 'DependencyViolation', 'VolumeInUse'].includes((0,errors/* errorCode */.CA)(error));
async function remove({ log, signal }, orphans, removal, work) {
    try {
        await work();
        for (const { kind, id, gib } of orphans) {
            if (kind === 'snapshot')
                removal.snapshots.push({ id, gib: gib ?? 0 });
            removal.orphans.push({ kind, id });
            log.info(`Removed the ${kind} ${id}`);
        }
    }
    catch (error) {
        if (signal.aborted && error === signal.reason)
            throw error;
        const ids = orphans.map(({ id }) => id);
        const note = isGone(error)
            ? 'was gone already'
            : isInUse(error)
                ? `kept: ${(0,errors/* messageOf */.bD)(error)}`
                : undefined;
        const permissions = [...new Set(orphans.map(({ kind }) => PERMISSIONS[kind]))].join(', ');
        const fix = (0,aws_errors.isAccessDenied)(error)
            ? ` Allow ${permissions} in the policy of the role, or set "orphans" to false.`
            : '';
        for (const id of ids)
            removal.notes.set(id, note ?? `not removed: ${(0,errors/* messageOf */.bD)(error)}${fix}`);
        if (note !== undefined)
            return;
        const problem = `The leftover ${ids.join(', ')} could not be removed: ${(0,errors/* messageOf */.bD)(error)}${fix}`;
        removal.problems.push(problem);
        log.error(problem);
    }
}
async function untilGone({ aws, clock, signal, log }, builders) {
    const end = clock.now() + LONGEST_END_MS;
    const Filters = [
        { Name: 'instance-id', Values: builders.map(({ id }) => id) },
        {
            Name: 'instance-state-name',
            Values: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
        },
    ];
    while (clock.now() < end) {
        let left = 0;
        const pages = (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2, pageSize: 1000 }, { Filters }, { abortSignal: signal });
        for await (const { Reservations = [] } of pages)
            left += Reservations.length;
        if (left === 0)
            return;
        log.info(`${left} builders are being terminated`);
        await clock.sleep(POLL_MS, signal);
    }
}

// EXTERNAL MODULE: ./lib/src/version-description.js
var version_description = __webpack_require__(7709);
;// CONCATENATED MODULE: ./lib/src/prune/decide-versions.js



/**
 * Which launch template versions stay: everything that somebody else made (but in a template that was named),
 * `$Default`, `$Latest`, what is used, what a promotion may be about to use, and the newest in every template. Highest
 * number first in each template.
 */
function decideVersions(versions, rules) {
    const promoting = groupedBy(rules.promotions, ({ imageId }) => [imageId]);
    const byTemplate = groupedBy(versions, ({ templateId }) => [templateId]);
    return [...byTemplate.values()].flatMap((ofTemplate) => {
        const newer = [];
        return ofTemplate
            .toSorted((a, b) => b.number - a.number)
            .map((version) => {
            const ours = isOurs(version, rules.application);
            const prunable = ours || isNamed(version, rules.launchTemplates);
            const users = rules.users.get(versionId(version)) ?? [];
            const merits = [
                ...(prunable ? [] : ['made by somebody else']),
                ...(version.isDefault ? ['$Default'] : []),
                ...(version.isLatest ? ['$Latest'] : []),
                ...(prunable && newer.length < rules.keepLaunchTemplateVersions
                    ? [`one of the newest ${rules.keepLaunchTemplateVersions}`]
                    : []),
                // A promotion uses an existing version with its image again.
                ...(promoting.get(version.imageId ?? '') ?? []).map(({ holder }) => holder),
            ];
            const reasons = merits.length + users.length > 0 ? merits : rules.unreadable;
            if (prunable)
                newer.push(version);
            if (reasons.length + users.length > 0)
                return { version, decision: 'keep', ours, prunable, users, reasons };
            const why = `nothing uses it, and there are ${newer.length - 1} newer ones`;
            return { version, decision: 'remove', ours, prunable, users, reasons: [why] };
        });
    });
}
const isNamed = ({ templateId, templateName }, names) => names.includes(templateId) || names.includes(templateName);
/** A description that was copied to a version with another image does not make that version ours. */
function isOurs({ description, imageId }, application) {
    const described = (0,version_description/* imageOfDescription */.L)(application, description);
    return described !== undefined && described === imageId;
}
/**
 * What the versions that stay hold: each user of a version holds its image through it, and a version that stays for
 * other reasons holds its image itself. A snapshot in its block device mappings is held like its image.
 *
 * @param owners the images that a snapshot belongs to
 */
function versionReferences(staying, owners) {
    return staying.flatMap(({ version, users, reasons }) => {
        const label = describeVersion(version);
        const held = [
            ...(version.imageId === undefined ? [] : [{ imageId: version.imageId, label }]),
            ...(version.snapshotIds ?? []).flatMap((snapshotId) => owners(snapshotId).map((imageId) => ({ imageId, label: `${label} with its snapshot ${snapshotId}` }))),
        ];
        return held.flatMap(({ imageId, label: what }) => [
            ...users.map((holder) => ({ imageId, holder, via: what })),
            ...(reasons.length === 0 ? [] : [{ imageId, holder: what, via: reasons.join(', ') }]),
        ]);
    });
}

;// CONCATENATED MODULE: ./lib/src/prune/lineage.js



/**
 * What images that stay need of others: their base images, and the origin of a copy that is under way. Only images of
 * ours count: a backup of an instance names its image too, and can be restored without it. An image that stays only
 * as a base does not hold its own base, or the chain would have no end.
 *
 * @param images all images of the Region
 * @param decided the decisions about those of the application
 */
function basesOf(images, decided) {
    const going = new Set(decided.flatMap(({ decision, image }) => (decision === 'remove' ? image.id : [])));
    return images
        .filter(({ id, state, tags }) => tags[src_tags/* TAG */.Dk.application] !== undefined && !going.has(id) && state !== 'failed')
        .flatMap(({ id, state, source, tags }) => [
        ...(tags[src_tags/* TAG */.Dk.baseImage] === undefined
            ? []
            : [reference(tags[src_tags/* TAG */.Dk.baseImage] ?? '', id, 'is built on it')]),
        ...(source !== undefined && state === 'pending'
            ? [reference(source.id, id, 'is being copied from it')]
            : []),
    ]);
}
const reference = (imageId, id, why) => ({
    imageId,
    holder: `image ${id}`,
    via: why,
});
/**
 * An image and its copies in other Regions go together: what keeps one of them keeps the others. By Region, the
 * references from the ones that stay.
 */
function relatives(regions, application) {
    const all = regions.flatMap(({ region, images }) => images.map((decided) => ({ region, ...decided })));
    const byPlace = new Map(all.map((member) => [place(member.region, member.image.id), member]));
    const families = groupedBy(all, ({ region, image }) => [rootOf(region, image, byPlace)]);
    const holds = new Map(regions.map(({ region }) => [region, []]));
    for (const family of families.values()) {
        const staying = family.find(({ decision }) => decision === 'keep');
        if (!staying || family.length === 1)
            continue;
        for (const { region, image, decision } of family) {
            if (decision === 'keep' || !isOfApplication(image, application))
                continue;
            const holder = `${staying.image.id} in ${staying.region}, which stays and is ${image.source?.id === staying.image.id ? 'its origin' : 'its copy'}`;
            holds.get(region)?.push({ imageId: image.id, holder });
        }
    }
    return holds;
}
const place = (region, id) => `${region} ${id}`;
/** The first image of a chain of copies, as far as it is known: a copy has the commit of what it was copied from. */
function rootOf(region, image, byPlace) {
    const seen = new Set();
    let at = { region, image };
    for (;;) {
        const here = place(at.region, at.image.id);
        const { source, tags } = at.image;
        const origin = source && byPlace.get(place(source.region || at.region, source.id));
        if (!origin || seen.has(here) || origin.image.tags[src_tags/* TAG */.Dk.commit] !== tags[src_tags/* TAG */.Dk.commit])
            return here;
        seen.add(here);
        at = origin;
    }
}

;// CONCATENATED MODULE: ./lib/src/prune/references/promotions.js

/** A promotion ends within 14 days, the longest that an instance refresh takes; an older mark was left behind. */
const LONGEST_PROMOTION_MS = 15 * 24 * 3600 * 1000;
/** The images that a promotion is putting somewhere at this moment, by the marks that it sets before anything else. */
function promotionsUnderWay(images, now) {
    return images.flatMap(({ id, tags }) => {
        const marks = (0,src_tags/* marksOf */.Ok)(tags, 'promoting');
        const prefix = (0,src_tags/* markKey */.rI)('promoting', '');
        const unreadable = Object.keys(tags).filter((key) => key.startsWith(prefix) && !marks.some((mark) => key === `${prefix}${mark.environment}`));
        return [
            ...marks.filter(({ time }) => now - time < LONGEST_PROMOTION_MS).map(({ environment }) => environment),
            // Without a time nobody knows whether it is over.
            ...unreadable.map((key) => key.slice(prefix.length)),
        ].map((environment) => ({ holder: `promotion under way in ${environment}`, imageId: id }));
    });
}

;// CONCATENATED MODULE: ./lib/src/prune/groups.js


const groups_DAY_MS = 24 * 3600 * 1000;
/** When the image was made or, later, used again by a commit instead of a bake; milliseconds since 1970. */
const lastBaked = ({ created, tags }) => Math.max(created, ...(0,src_tags/* commitAliases */.A3)(tags).map(({ time }) => time));
/**
 * The images that have fewer than `keep` newer ones in a group, by their ids with the groups; and the groups that
 * have lost this because nothing was baked for them.
 */
function newestOfGroups(images, { keep, groupBy, staleDays, now }) {
    const memberships = images
        .flatMap((image) => groupsOf(image, groupBy).map((membership) => ({ image, ...membership })))
        // Images without a date are looked at by a person: they keep their places at the front.
        .toSorted((a, b) => (Number.isNaN(a.time) ? -1 : Number.isNaN(b.time) ? 1 : b.time - a.time));
    const stale = new Set([...groupedBy(memberships, ({ group }) => [group])]
        .filter(([, [newest]]) => newest !== undefined && now - newest.time > staleDays * groups_DAY_MS)
        .map(([group]) => group));
    return {
        kept: placesOf(memberships.filter(({ group }) => !stale.has(group)), keep),
        stale,
    };
}
/**
 * The groups of an image. Of the branches it can have several: its own, and those whose commits used it again. The
 * images of git tags have no branch and are one group, so that releases do not push each other's branches out; and so
 * are images without either. A branch's name has no blanks.
 */
function groupsOf(image, groupBy) {
    let groups = [{ parts: [], time: image.created }];
    for (const key of groupBy) {
        const values = key === 'branch' ? branchesOf(image) : [{ value: tagGroup(image, key), time: image.created }];
        groups = groups.flatMap(({ parts, time }) => values.map((value) => ({ parts: [...parts, value.value], time: Math.max(time, value.time) })));
    }
    return groups.map(({ parts, time }) => ({ group: parts.join(', '), time }));
}
const tagGroup = ({ tags }, key) => tags[key] === undefined ? `without ${key}` : `${key} ${tags[key]}`;
function branchesOf(image) {
    const { tags, created } = image;
    const own = tags[src_tags/* TAG */.Dk.branch] !== undefined
        ? `branch ${tags[src_tags/* TAG */.Dk.branch]}`
        : tags[src_tags/* TAG */.Dk.version] === undefined
            ? 'images without branch'
            : 'images of git tags';
    const newest = new Map([[own, created]]);
    for (const { branch, time } of (0,src_tags/* commitAliases */.A3)(tags)) {
        const name = branch === '' ? 'images without branch' : `branch ${branch}`;
        newest.set(name, Math.max(time, newest.get(name) ?? 0));
    }
    return [...newest].map(([value, time]) => ({ value, time }));
}
/** The first `places` usable images of each group, by their ids with the groups; the entries are in order. */
function placesOf(entries, places) {
    const groups = new Map();
    const taken = new Map();
    for (const { image, group } of entries) {
        const before = taken.get(group) ?? 0;
        if (before < places)
            groups.set(image.id, [...(groups.get(image.id) ?? []), group]);
        // A disabled image is kept like others, and takes nobody's place: nothing is launched from it.
        if (image.state === 'available')
            taken.set(group, before + 1);
    }
    return groups;
}

;// CONCATENATED MODULE: ./lib/src/prune/retention.js





const retention_DAY_MS = 24 * 3600 * 1000;
/** An image that is being made or changed is never touched, and one in a state that is not known here neither. */
const retention_SETTLED = new Set(['available', 'disabled', 'failed', 'error', 'invalid']);
/** Nothing can ever be launched from them: they do not count as images of a branch or an environment. */
const BROKEN = new Set(['failed', 'error', 'invalid']);
/**
 * Decides for every image of the application whether it stays. Newest first; the same images and holders always give
 * the same decisions, and what is kept is kept again when the rest is gone.
 */
function decideImages(images, holders, rules) {
    const sorted = images.toSorted(src_image/* newestFirst */.ll);
    const byImage = (references) => groupedBy(references, ({ imageId }) => [imageId]);
    const inUse = byImage(holders.inUse);
    const promoting = byImage(holders.promoting);
    const building = byImage(holders.building);
    const shared = byImage(holders.shared);
    const usable = sorted.filter(canBeLaunched);
    const newest = newestOfGroups(usable, rules);
    const promoted = lastPromoted(usable, rules.keepPromoted);
    return sorted.map((image) => {
        const reasons = [
            ...because('in-use', references(inUse, image).map((text) => `in use by ${text}`)),
            ...because('promoting', references(promoting, image)),
            ...because('building', [...references(building, image), ...unfinished(image, rules.now)]),
            ...because('shared', references(shared, image)),
            ...because('state', retention_SETTLED.has(image.state) ? [] : [`its state is ${image.state}`]),
            ...because('newest', (newest.kept.get(image.id) ?? []).map((group) => `one of the newest ${rules.keep} (${group})`)),
            ...because('promoted', promoted.get(image.id) ?? []),
            ...because('young', youth(image, rules)),
            ...because('keep-tag', image.tags[src_tags/* TAG */.Dk.keep] === undefined ? [] : [`tagged ${src_tags/* TAG */.Dk.keep}`]),
            ...because('protected', image.deregistrationProtection ? ['protected from deregistration'] : []),
            ...because('managed', managers(image)),
        ];
        if (reasons.length > 0)
            return { image, decision: 'keep', reasons };
        // Only what could have gone is held back by a source that could not be read.
        if (holders.unreadable.length > 0)
            return { image, decision: 'keep', reasons: because('unreadable', holders.unreadable) };
        return { image, decision: 'remove', reasons: whyRemoved(image, rules, newest.stale) };
    });
}
const because = (rule, texts) => texts.map((text) => ({ rule, text }));
/** The references in words; a holder that names the image itself is not told again through a template. */
function references(byImage, { id }) {
    const told = new Map();
    for (const reference of byImage.get(id) ?? []) {
        if (!told.has(reference.holder))
            told.set(reference.holder, describeReference(reference));
    }
    return [...told.values()];
}
/** Something can be launched from it; an image that was found bad takes nobody's place and has none of its own. */
const canBeLaunched = ({ state, tags }) => !BROKEN.has(state) && tags[src_tags/* TAG */.Dk.quarantined] === undefined;
/** Of every environment the images with fewer than `keepPromoted` later promotions to choose from. */
function lastPromoted(usable, keepPromoted) {
    const entries = usable
        .flatMap((image) => (0,src_tags/* marksOf */.Ok)(image.tags, 'promoted').map(({ environment, time }) => ({ image, group: environment, time })))
        .toSorted((a, b) => b.time - a.time);
    return new Map([...placesOf(entries, keepPromoted)].map(([id, environments]) => [
        id,
        environments.map((environment) => `one of the last ${keepPromoted} promoted to ${environment}`),
    ]));
}
const ageInDays = (image, now) => (now - image.created) / retention_DAY_MS;
/** An image that a commit used again is as young as that commit's run, which may still wait for an approval. */
function youth(image, { minAgeDays, now }) {
    const age = ageInDays(image, now);
    if (Number.isNaN(age))
        return ['of unknown age'];
    if (age < minAgeDays)
        return [`younger than ${minAgeDays} days`];
    const reused = (now - lastBaked(image)) / retention_DAY_MS;
    return reused < minAgeDays ? [`used again by a commit less than ${minAgeDays} days ago`] : [];
}
/** A bake ends within a day (`timeout-minutes`), and quarantines what it makes until then. */
const LONGEST_BAKE_DAYS = 1;
function unfinished(image, now) {
    const quarantine = image.tags[src_tags/* TAG */.Dk.quarantined] ?? '';
    const isPending = (0,src_tags/* isUnfinished */.ui)(quarantine, 'build') || (0,src_tags/* isUnfinished */.ui)(quarantine, 'smoke test');
    return isPending && ageInDays(image, now) < LONGEST_BAKE_DAYS ? ['its bake may not be over'] : [];
}
/** Other services that made an image remove it themselves, by rules of their own. */
function managers({ tags }) {
    const keys = Object.keys(tags);
    return [
        ...(keys.some((key) => key.startsWith('aws:backup:')) ? ['managed by AWS Backup'] : []),
        ...(keys.some((key) => key.startsWith('aws:dlm:') || key.startsWith('dlm:'))
            ? ['managed by Data Lifecycle Manager']
            : []),
        ...(tags.Ec2ImageBuilderArn !== undefined || tags.CreatedBy === 'EC2 Image Builder'
            ? ['managed by EC2 Image Builder']
            : []),
    ];
}
function whyRemoved(image, { keep, keepPromoted, staleDays, now, groupBy }, stale) {
    const environments = (0,src_tags/* marksOf */.Ok)(image.tags, 'promoted').map(({ environment }) => environment);
    const general = ['not in use', `${Math.floor(ageInDays(image, now))} days old`];
    if (BROKEN.has(image.state))
        return [...general, `its state is ${image.state}`];
    const quarantine = image.tags[src_tags/* TAG */.Dk.quarantined];
    if (quarantine !== undefined)
        return [...general, `quarantined: ${quarantine}`];
    const groups = groupsOf(image, groupBy).map(({ group }) => stale.has(group) ? `no bake for ${staleDays} days (${group})` : `at least ${keep} newer ones (${group})`);
    return [
        ...general,
        shortList(groups, 3),
        environments.length === 0
            ? 'never promoted'
            : `at least ${keepPromoted} later promotions to ${environments.join(', ')}`,
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/plan.js









/** The plan that follows from what was seen: versions first, because an image that only they hold goes with them. */
function makePlan(facts, rules) {
    const versions = decideVersions(facts.versions, versionRules(facts, rules));
    const staying = versions.filter(({ decision }) => decision === 'keep');
    return { versions, images: decide(facts, staying, rules) };
}
/**
 * The same question once the versions are dealt with: those that are still there hold their images now, also when they
 * were to go and could not be deleted.
 */
function decideImagesNow(facts, rules) {
    const versions = decideVersions(facts.versions, versionRules(facts, rules)).map((version) => version.decision === 'keep'
        ? version
        : { ...version, decision: 'keep', reasons: ['it is still there'] });
    return decide(facts, versions, rules);
}
/** Twice, because what stays keeps its base image. */
function decide(facts, staying, rules) {
    const images = imagesOf(facts.images, rules.application);
    const holders = holdersOf(facts, staying, rules);
    const decided = decideImages(images, holders, rules);
    const bases = basesOf(facts.images, decided);
    if (bases.length === 0)
        return decided;
    return decideImages(images, { ...holders, inUse: [...holders.inUse, ...bases] }, rules);
}
function versionRules(facts, { application, keepLaunchTemplateVersions, launchTemplates, now }) {
    const known = new TemplateVersions(facts.versions);
    const used = Object.values(facts.uses)
        .flat()
        .filter(isVersionUse)
        .flatMap((use) => {
        const version = known.find(use);
        return version ? [{ id: versionId(version), holder: use.holder }] : [];
    });
    const users = groupedBy(used, ({ id }) => [id]);
    return {
        application,
        keepLaunchTemplateVersions,
        launchTemplates,
        users: new Map([...users].map(([id, uses]) => [id, [...new Set(uses.map(({ holder }) => holder))]])),
        promotions: promotionsUnderWay(facts.images, now),
        unreadable: blockers(facts, 'versions'),
    };
}
function holdersOf(facts, staying, { now }) {
    const uses = Object.values(facts.uses).flat();
    const bySnapshot = groupedBy(facts.images, ({ snapshots }) => snapshots.map(({ id }) => id));
    const owners = (snapshotId) => (bySnapshot.get(snapshotId) ?? []).map(({ id }) => id);
    const byRun = groupedBy(facts.images, ({ tags }) => {
        const run = (0,src_tags/* runOf */.ng)(tags);
        return run === undefined ? [] : [run];
    });
    const named = [
        ...uses.filter(isImageUse),
        ...facts.more,
        ...uses
            .filter(isSnapshotUse)
            .flatMap(({ holder, snapshotId }) => owners(snapshotId).map((imageId) => ({ imageId, holder, via: `snapshot ${snapshotId}` }))),
    ];
    return {
        inUse: [...named, ...versionReferences(staying, owners)].flatMap((reference) => resolve(reference, facts.aliases)),
        promoting: promotionsUnderWay(facts.images, now),
        building: uses.filter(isBuildUse).flatMap(({ holder, run }) => (byRun.get(run) ?? []).map(({ id }) => ({
            imageId: id,
            holder: `its build is not over (${holder})`,
        }))),
        shared: facts.shared,
        unreadable: blockers(facts, 'images'),
    };
}
const blockers = ({ unreadable }, what) => unreadable
    .filter(({ source }) => source.holds.includes(what))
    .map(({ source }) => `${source.title} could not be read`);
/** A reference through an SSM parameter becomes one to the image that the parameter names now. */
function resolve(reference, aliases) {
    if (!reference.imageId.startsWith('resolve:'))
        return [reference];
    const imageId = aliases.get(reference.imageId);
    return imageId === undefined ? [] : [{ ...reference, imageId }];
}
/** The images that a plan removes: quarantined ones first, then the oldest, what was needed least. */
function imagesToRemove({ images }) {
    const going = images.flatMap(({ decision, image }) => (decision === 'remove' ? image : [])).toReversed();
    const isBad = ({ tags }) => tags[src_tags/* TAG */.Dk.quarantined] !== undefined;
    return [...going.filter(isBad), ...going.filter((image) => !isBad(image))];
}
const versionsToRemove = ({ versions }) => versions.filter(({ decision }) => decision === 'remove').map(({ version }) => version);

// EXTERNAL MODULE: ./lib/src/aws/call-log.js
var call_log = __webpack_require__(3305);
;// CONCATENATED MODULE: ./lib/src/prune/references/launch-permissions.js




const launch_permissions_CALLS_AT_ONCE = 5;
/**
 * The accounts and organisations that these images are shared with: what runs there cannot be seen from here.
 * One call an image, therefore only for images that are about to go. An image whose permissions cannot be read counts
 * as shared.
 */
async function readLaunchPermissions(context, images) {
    const result = { uses: [] };
    await (0,parallel/* inParallel */.H)(images, launch_permissions_CALLS_AT_ONCE, async (image) => {
        try {
            // A role that may not read one may read none: no more calls than needed to know it.
            if ((0,aws_errors.isAccessDenied)(result.error))
                throw result.error;
            result.uses.push(...(await permissionUses(context, image)));
        }
        catch (error) {
            context.signal.throwIfAborted();
            if (launch_permissions_isGone(error))
                return;
            result.error ??= error;
            result.uses.push({ holder: 'its launch permissions could not be read', imageId: image.id });
        }
    });
    return result;
}
async function permissionUses({ aws, signal }, image) {
    const { LaunchPermissions = [] } = await aws.ec2.send(new dist_cjs/* DescribeImageAttributeCommand */.OkE({ ImageId: image.id, Attribute: 'launchPermission' }), { abortSignal: signal });
    return LaunchPermissions.filter(({ UserId }) => UserId === undefined || UserId !== image.ownerId).map((permission) => ({ holder: describePermission(permission), imageId: image.id }));
}
function describePermission(permission) {
    const { UserId, OrganizationArn, OrganizationalUnitArn } = permission;
    if (UserId !== undefined)
        return `shared with account ${UserId}`;
    return `shared with ${OrganizationArn ?? OrganizationalUnitArn ?? 'everybody'}`;
}
/** The image was deregistered in the meantime. */
const launch_permissions_isGone = (error) => ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'].includes((0,errors/* errorCode */.CA)(error));

;// CONCATENATED MODULE: ./lib/src/prune/remove-images.js






/**
 * Deregisters one image together with its snapshots, and writes down what became of it. Never rejects but for a
 * cancel: a failure is a problem of the removal, and the next image has its own chance.
 */
async function removeImage(context, image, removal) {
    const { aws, log } = context;
    await attempt(context, image, DEREGISTERED, removal, async () => {
        const { DeleteSnapshotResults = [] } = await aws.ec2.send(new dist_cjs/* DeregisterImageCommand */.x2c({ ImageId: image.id, DeleteAssociatedSnapshots: true }));
        removal.images.push(image.id);
        log.info(`Deregistered ${(0,src_image/* describeImage */.hu)(image)}`);
        for (const { SnapshotId = '', ReturnCode } of DeleteSnapshotResults)
            await noteSnapshot(context, image, SnapshotId, ReturnCode, removal);
    });
}
const DEREGISTERED = { done: 'deregistered', permission: 'ec2:DeregisterImage' };
/** Does something to one image. That it is gone already is fine; any other failure is written down. */
async function attempt({ log, signal }, image, { done, permission }, removal, work) {
    try {
        await work();
    }
    catch (error) {
        // The call was still waiting for its turn.
        if (signal.aborted && error === signal.reason)
            throw error;
        if (launch_permissions_isGone(error)) {
            removal.notes.set(image.id, 'was gone already');
            return;
        }
        if ((0,errors/* errorCode */.CA)(error) === 'OperationNotPermitted') {
            // Its owner's protection, whose cooldown goes on for a day after it was taken off.
            removal.notes.set(image.id, `kept: ${(0,errors/* messageOf */.bD)(error)}`);
            log.warning(`Image ${image.id} is kept: ${(0,errors/* messageOf */.bD)(error)}`);
            return;
        }
        const operation = (0,call_log/* failedOperation */.f)(error) ?? permission;
        const fix = (0,aws_errors.isAccessDenied)(error) ? ` Allow ${operation} in the policy of the role.` : '';
        const why = `${(0,errors/* messageOf */.bD)(error)}${fix}`;
        removal.notes.set(image.id, `not ${done}: ${why}`);
        problem(`Image ${image.id} could not be ${done}: ${why}`, removal, log);
    }
}
/** The call succeeds whatever became of the snapshots. */
async function noteSnapshot(context, image, id, code, removal) {
    const { log } = context;
    switch (code) {
        case 'success':
            removal.snapshots.push({ id, gib: image.snapshots.find((snapshot) => snapshot.id === id)?.gib ?? 0 });
            // With the last image that uses it a shared snapshot goes after all.
            removal.sharedSnapshots = removal.sharedSnapshots.filter((shared) => shared.id !== id);
            return;
        case 'skipped':
            removal.sharedSnapshots.push({ id, imageId: image.id });
            return;
        default: {
            const until = code === 'missing-permissions' ? undefined : await lockOf(context, id);
            if (until !== undefined) {
                // Somebody wanted it so: it goes as a leftover when the lock has ended.
                removal.lockedSnapshots.push({ id, imageId: image.id, until });
                log.warning(`Snapshot ${id} of ${image.id} stays: it is locked until ${until}`);
                return;
            }
            const fix = code === 'missing-permissions'
                ? 'Allow ec2:DeleteSnapshot in the policy of the role, and delete it by hand.'
                : 'The event DeleteSnapshot in CloudTrail says why; delete it by hand.';
            problem(`Snapshot ${id} of ${image.id} is left over (${code}). ${fix}`, removal, log);
        }
    }
}
/** Until when a snapshot is locked; `undefined` when it is not, or nobody may know. */
async function lockOf({ aws, signal }, id) {
    try {
        const { Snapshots: [lock] = [] } = await aws.ec2.send(new dist_cjs/* DescribeLockedSnapshotsCommand */.WiS({ SnapshotIds: [id] }), { abortSignal: signal });
        return lock === undefined || lock.LockState === 'expired'
            ? undefined
            : (lock.LockExpiresOn?.toISOString().slice(0, 10) ?? 'it is unlocked');
    }
    catch {
        return undefined;
    }
}
function problem(text, removal, log) {
    removal.problems.push(text);
    log.error(text);
}

;// CONCATENATED MODULE: ./lib/src/prune/remove-templates.js



/** Deletes a launch template with all its versions. Never rejects but for a cancel. */
async function removeTemplate({ aws, log, signal }, { id, name }, removal) {
    try {
        await aws.ec2.send(new dist_cjs/* DeleteLaunchTemplateCommand */.s9K({ LaunchTemplateId: id }));
        removal.templates.push(id);
        log.info(`Deleted the launch template ${id} (${name})`);
    }
    catch (error) {
        if (signal.aborted && error === signal.reason)
            throw error;
        if ((0,errors/* errorCode */.CA)(error) === 'InvalidLaunchTemplateId.NotFound') {
            removal.notes.set(id, 'was gone already');
            return;
        }
        const fix = (0,aws_errors.isAccessDenied)(error) ? ' Allow ec2:DeleteLaunchTemplate in the policy of the role.' : '';
        const problem = `Launch template ${id} (${name}) could not be deleted: ${(0,errors/* messageOf */.bD)(error)}${fix}`;
        removal.notes.set(id, `not deleted: ${(0,errors/* messageOf */.bD)(error)}`);
        removal.problems.push(problem);
        log.error(problem);
    }
}

;// CONCATENATED MODULE: ./lib/src/prune/remove-versions.js





/** What one call of DeleteLaunchTemplateVersions takes. */
const VERSIONS_A_CALL = 200;
/** Of a single version in an answer with status 200, and of a call for a template that was deleted meanwhile. */
const remove_versions_GONE = new Set(['launchTemplateVersionDoesNotExist', 'InvalidLaunchTemplateId.NotFound']);
/**
 * Deletes launch template versions and writes down what became of each. EC2 does not protect versions that a group
 * uses: the caller has to have looked. Resolves with the ids of those that do not exist any more.
 *
 * @throws the signal's reason when the step was cancelled, between two calls
 */
async function removeVersions(context, versions, removal) {
    const absent = new Set();
    for (const [templateId, ofTemplate] of groupedBy(versions, (version) => [version.templateId])) {
        for (const batch of inBatches(ofTemplate, VERSIONS_A_CALL)) {
            context.signal.throwIfAborted();
            const outcome = await deleteVersions(context, templateId, batch);
            note(context, templateId, outcome, removal);
            for (const number of [...outcome.deleted, ...outcome.gone])
                absent.add(versionId({ templateId, number }));
        }
    }
    return absent;
}
/** The call succeeds although single versions were not deleted; it fails as a whole when one became the default. */
async function deleteVersions({ aws }, templateId, batch) {
    const numbers = batch.map(({ number }) => number);
    try {
        const answer = await aws.ec2.send(new dist_cjs/* DeleteLaunchTemplateVersionsCommand */.p7t({
            LaunchTemplateId: templateId,
            Versions: numbers.map(String),
        }));
        const failures = (answer.UnsuccessfullyDeletedLaunchTemplateVersions ?? []).map(({ VersionNumber = 0, ResponseError: { Code = '', Message = '' } = {} }) => ({
            number: VersionNumber,
            gone: remove_versions_GONE.has(Code),
            why: `${Code}: ${Message}`,
        }));
        return {
            deleted: (answer.SuccessfullyDeletedLaunchTemplateVersions ?? []).map(({ VersionNumber = 0 }) => VersionNumber),
            gone: failures.filter(({ gone }) => gone).map(({ number }) => number),
            failed: failures.filter(({ gone }) => !gone).map(({ number, why }) => ({ numbers: [number], why })),
        };
    }
    catch (error) {
        if (remove_versions_GONE.has((0,errors/* errorCode */.CA)(error)))
            return { deleted: [], gone: numbers, failed: [] };
        const fix = (0,aws_errors.isAccessDenied)(error)
            ? ' Allow ec2:DeleteLaunchTemplateVersions in the policy of the role.'
            : '';
        return { deleted: [], gone: [], failed: [{ numbers, why: `${(0,errors/* messageOf */.bD)(error)}${fix}` }] };
    }
}
function note({ log }, templateId, { deleted, gone, failed }, removal) {
    const ids = (numbers) => numbers.map((number) => versionId({ templateId, number }));
    removal.versions.push(...ids(deleted));
    if (deleted.length > 0)
        log.info(`${templateId}: deleted versions ${shortList(deleted.map(String), 20)}`);
    for (const id of ids(gone))
        removal.notes.set(id, 'was gone already');
    for (const { numbers, why } of failed) {
        for (const id of ids(numbers))
            removal.notes.set(id, `not deleted: ${why}`);
        const which = `${numbers.length === 1 ? 'Version' : 'Versions'} ${shortList(numbers.map(String), 20)}`;
        const problem = `${which} of launch template ${templateId} could not be deleted: ${why}`;
        removal.problems.push(problem);
        log.error(problem);
    }
}

;// CONCATENATED MODULE: ./lib/src/prune/steps.js

const steps_DAY_MS = 24 * 3600 * 1000;
/** A deprecation that prune asks for begins two minutes later. */
const SOON_MS = 5 * 60_000;
const steps_BROKEN = new Set(['failed', 'error', 'invalid']);
/**
 * The next step for an image that is to go. An image that nothing can be launched from goes at once; any other is
 * deprecated or disabled first, when that was asked for, and deleted when it has been so for the days of grace.
 */
function nextStep(image, { removal, graceDays, now }) {
    if (removal === 'delete' || steps_BROKEN.has(image.state))
        return { kind: 'delete' };
    const since = (0,src_tags/* readMark */.Mp)(image.tags[src_tags/* TAG */.Dk.removing])?.time;
    // A step that was killed left the mark without the deed, or somebody undid it: the days of grace begin anew.
    if (since === undefined || !isSoftened(image, removal, now))
        return { kind: removal };
    const until = since + graceDays * steps_DAY_MS;
    return now >= until ? { kind: 'delete' } : { kind: 'wait', until };
}
/** A disabled image counts as deprecated too: nothing can be launched from it. */
const isSoftened = ({ state, deprecation }, removal, now) => state === 'disabled' ||
    (removal === 'deprecate' && deprecation !== undefined && deprecation <= now + SOON_MS);
/** An image that stays and was deprecated or disabled by prune: that is undone. */
const isToRestore = ({ tags }) => tags[src_tags/* TAG */.Dk.removing] !== undefined;
/** What the mark of an image says: the deprecation that it had before, when it had one. */
function formerDeprecation({ tags }) {
    const text = (0,src_tags/* readMark */.Mp)(tags[src_tags/* TAG */.Dk.removing])?.text ?? '';
    const time = Date.parse(text.split(' ')[1] ?? '');
    return Number.isNaN(time) ? undefined : time;
}
/** What is added to the reasons in lists; nothing for an image that is deleted now. */
function describeStep(step) {
    switch (step?.kind) {
        case undefined:
        case 'delete':
            return '';
        case 'wait':
            return `; to be deleted from ${new Date(step.until).toISOString().slice(0, 10)} on`;
        case 'deprecate':
        case 'disable':
            return `; to be ${step.kind}d first`;
    }
}

;// CONCATENATED MODULE: ./lib/src/prune/two-steps.js





/** EC2 takes no time in the past, and whole minutes. */
const two_steps_SOON_MS = 2 * 60_000;
const DEEDS = {
    deprecate: { done: 'deprecated', permission: 'ec2:EnableImageDeprecation' },
    disable: { done: 'disabled', permission: 'ec2:DisableImage' },
    restore: { done: 'restored', permission: 'ec2:EnableImage and ec2:DisableImageDeprecation' },
};
/**
 * Deprecates or disables an image that is to go. The mark comes first: killed in between, the next run sees what was
 * begun. Never rejects but for a cancel.
 */
async function softenImage(context, image, kind, removal) {
    const { aws, clock, log } = context;
    await attempt(context, image, DEEDS[kind], removal, async () => {
        await mark(context, image, kind);
        if (kind === 'disable' && image.state !== 'disabled')
            await aws.ec2.send(new dist_cjs/* DisableImageCommand */.LLh({ ImageId: image.id }));
        const deprecated = image.deprecation !== undefined && image.deprecation <= clock.now();
        if (kind === 'deprecate' && image.state === 'available' && !deprecated)
            await aws.ec2.send(new dist_cjs/* EnableImageDeprecationCommand */.cJk({
                ImageId: image.id,
                DeprecateAt: new Date(clock.now() + two_steps_SOON_MS),
            }));
        removal.softened.push(image.id);
        log.info(`${kind === 'disable' ? 'Disabled' : 'Deprecated'} ${(0,src_image/* describeImage */.hu)(image)}`);
    });
}
async function mark({ aws, clock }, image, kind) {
    const deprecation = formerDeprecation(image) ?? image.deprecation;
    const former = deprecation === undefined ? '' : new Date(deprecation).toISOString();
    const value = (0,src_tags/* markValue */.nj)(clock.now(), `${kind} ${former}`.trim());
    const tooMany = (0,src_tags/* tagsToMakeRoom */.M5)(image.tags, { [src_tags/* TAG */.Dk.removing]: value });
    if (tooMany.length > 0)
        await aws.ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [image.id], Tags: tooMany.map((Key) => ({ Key })) }));
    await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: [image.id], Tags: [{ Key: src_tags/* TAG */.Dk.removing, Value: value }] }));
}
/**
 * Undoes what `softenImage` did: the image is used again, or a rule keeps it now. The mark goes last. Never rejects
 * but for a cancel.
 */
async function restoreImage(context, image, removal) {
    const { aws, clock, log } = context;
    await attempt(context, image, DEEDS.restore, removal, async () => {
        if (image.state === 'disabled')
            await aws.ec2.send(new dist_cjs/* EnableImageCommand */.M3m({ ImageId: image.id }));
        const former = formerDeprecation(image);
        if (former === undefined && image.deprecation !== undefined)
            await aws.ec2.send(new dist_cjs/* DisableImageDeprecationCommand */.DuX({ ImageId: image.id }));
        // A time that has passed cannot be set again, and need not be: the image is deprecated, as it would be by now.
        if (former !== undefined && former !== image.deprecation && former > clock.now() + two_steps_SOON_MS)
            await aws.ec2.send(new dist_cjs/* EnableImageDeprecationCommand */.cJk({ ImageId: image.id, DeprecateAt: new Date(former) }));
        await aws.ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [image.id], Tags: [{ Key: src_tags/* TAG */.Dk.removing }] }));
        removal.restored.push(image.id);
        log.info(`Restored ${(0,src_image/* describeImage */.hu)(image)}: it is kept now`);
    });
}

;// CONCATENATED MODULE: ./lib/src/prune/unused-templates.js




const unused_templates_DAY_MS = 24 * 3600 * 1000;
/**
 * Launch templates of which prunable versions exist (ours, or named by the user) and that no group, instance, fleet,
 * Spot request or refresh uses: nobody but a person knows whether they are still wanted. A young one may only be about
 * to be used, and one whose users could not be read is not unused.
 */
function unusedTemplates({ versions }, facts, { minAgeDays, now }) {
    if (facts.unreadable.some(({ source }) => source.holds.includes('versions')))
        return [];
    const known = new TemplateVersions(facts.versions);
    const uses = Object.values(facts.uses).flat().filter(isVersionUse);
    const used = new Set(uses.flatMap((use) => {
        // Also a version that is gone: the group that names it has a problem of its own.
        const templateId = use.template.id ?? known.idOf(use.template.name ?? '');
        return templateId ?? [];
    }));
    const promoting = new Set(promotionsUnderWay(facts.images, now).map(({ imageId }) => imageId));
    const byTemplate = groupedBy(versions, ({ version }) => [version.templateId]);
    return [...byTemplate].flatMap(([id, all]) => {
        const isWanted = all.some(({ version, users }) => users.length > 0 ||
            promoting.has(version.imageId ?? '') ||
            !(now - version.created >= minAgeDays * unused_templates_DAY_MS));
        const [newest] = all;
        if (used.has(id) || isWanted || !newest || !all.some(({ prunable }) => prunable))
            return [];
        return [{ id, name: newest.version.templateName, versions: all.length }];
    });
}

;// CONCATENATED MODULE: ./lib/src/prune/carry-out.js














/** So many images are deregistered before the account is looked at again. */
const IMAGES_A_LOOK = 50;
/** Of a list by ids. */
const carry_out_IDS_A_CALL = 200;
/** A call takes longer than a turn at the full pace. */
const carry_out_CALLS_AT_ONCE = 5;
/**
 * Deletes the versions of the plan that are still free in a second look. They go before the images, because an image
 * that only they hold is free then.
 *
 * @throws the signal's reason when the step was cancelled
 */
async function removeOldVersions(pruning) {
    const { context, plan, removal, rules } = pruning;
    const planned = versionsToRemove(plan);
    if (planned.length === 0)
        return;
    await context.log.group(`Delete ${planned.length} launch template versions`, async () => {
        pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
        const free = new Set(versionsToRemove(makePlan(pruning.facts, rules)).map(versionId));
        const going = planned.filter((version) => free.has(versionId(version)));
        for (const version of planned) {
            if (!free.has(versionId(version)))
                spare(versionId(version), 'it is in use now', pruning);
        }
        const gone = await removeVersions(context, going, removal);
        pruning.facts = {
            ...pruning.facts,
            versions: pruning.facts.versions.filter((version) => !gone.has(versionId(version))),
        };
    });
}
/**
 * Takes the next step with each image of the plan that goes. Each batch is looked at once more right before: state,
 * tags, and what uses the images now, through versions that could not be deleted too.
 *
 * @throws the signal's reason when the step was cancelled, between two images
 */
async function removeOldImages(pruning) {
    const { context, plan, steps } = pruning;
    const planned = imagesToRemove(plan).filter(({ id }) => steps.get(id)?.kind !== 'wait');
    if (planned.length === 0)
        return;
    await context.log.group(titleOf(pruning, planned.length), async () => {
        const progress = progressOf(pruning, planned.length);
        for (const batch of inBatches(planned, IMAGES_A_LOOK)) {
            stopWhenOver(pruning);
            await removeBatch(pruning, batch);
            progress(batch.length);
        }
    });
}
/**
 * Images that prune deprecated or disabled and that a rule keeps now are as before again. That something could not be
 * read is no rule: their days of grace go on.
 */
async function restoreImages(pruning) {
    const { context, plan, removal } = pruning;
    const staying = plan.images.filter(({ decision, image, reasons }) => decision === 'keep' && isToRestore(image) && reasons.some(({ rule }) => rule !== 'unreadable'));
    for (const { image } of staying) {
        stopWhenOver(pruning);
        await restoreImage(context, image, removal);
    }
}
/** Launch templates that were unused, and still are in a look right before; only when this was asked for. */
async function removeUnusedTemplates(pruning) {
    const { context, removal, rules, unusedTemplates: planned } = pruning;
    if (planned.length === 0 || rules.unusedLaunchTemplates === 'keep')
        return;
    await context.log.group(`Delete ${planned.length} unused launch templates`, async () => {
        pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
        const plan = makePlan(pruning.facts, rules);
        const unused = new Set(unusedTemplates(plan, pruning.facts, rules).map(({ id }) => id));
        for (const template of planned) {
            stopWhenOver(pruning);
            if (unused.has(template.id))
                await removeTemplate(context, template, removal);
            else
                spare(template.id, 'it is in use now', pruning);
        }
    });
}
/** Looks which of the deleted snapshots a rule of the Recycle Bin still keeps: they are not free yet. */
async function lookIntoRecycleBin({ context, removal }) {
    const { aws, signal, log } = context;
    try {
        for (const batch of inBatches(removal.snapshots.map(({ id }) => id), carry_out_IDS_A_CALL)) {
            const { Snapshots = [] } = await aws.ec2.send(new dist_cjs/* ListSnapshotsInRecycleBinCommand */.ApR({ SnapshotIds: batch }), { abortSignal: signal });
            removal.recycledSnapshots.push(...Snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []));
        }
    }
    catch (error) {
        signal.throwIfAborted();
        log.info(`Whether the Recycle Bin keeps some of the snapshots is not known: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
/** What builds left behind, and snapshots without an image, if nothing has come to use them since. */
async function removeLeftovers(pruning) {
    const { context, orphans, removal } = pruning;
    if (orphans.orphans.length === 0)
        return;
    await context.log.group(`Remove ${orphans.orphans.length} leftovers`, async () => {
        if (orphans.orphans.some(({ kind }) => kind === 'snapshot'))
            pruning.facts = await lookAgain(context, { application: pruning.application }, pruning.facts);
        const used = new Set(nowUsed(orphans, pruning.facts).map(({ id }) => id));
        for (const id of used)
            spare(id, 'it may be in use now', pruning);
        const free = orphans.orphans.filter(({ id }) => !used.has(id));
        await removeOrphans(context, free, removal, () => stopWhenOver(pruning));
    });
}
const titleOf = ({ rules: { removal }, application, region }, count) => `${removal === 'delete' ? 'Deregister' : `Deregister or ${removal}`} ${count} images of ${application} in ${region}`;
async function removeBatch(pruning, batch) {
    const { context, rules } = pruning;
    pruning.facts = await lookAgain(context, { imageIds: batch.map(({ id }) => id) }, pruning.facts);
    const now = new Map(decideImagesNow(pruning.facts, rules).map((decided) => [decided.image.id, decided]));
    await untilOver(batch, pruning, async ({ id }) => {
        const decided = now.get(id);
        if (!decided)
            pruning.removal.notes.set(id, 'was gone already');
        else if (decided.decision === 'remove')
            await takeStep(pruning, decided.image);
        else
            spare(id, decided.reasons.map(({ text }) => text).join(', '), pruning);
    });
}
async function takeStep({ context, rules, removal }, image) {
    const step = nextStep(image, rules);
    switch (step.kind) {
        case 'delete':
            return await removeImage(context, image, removal);
        case 'deprecate':
        case 'disable':
            return await softenImage(context, image, step.kind, removal);
        case 'wait':
            removal.notes.set(image.id, 'somebody else began with it meanwhile');
    }
}
function stopWhenOver({ deadline }) {
    deadline.check();
    deadline.signal.throwIfAborted();
}
/** A few at once. After a cancel no further one is begun, and those that are under way are waited for: they count. */
async function untilOver(items, { deadline }, work) {
    const waiting = items.values();
    const worker = async () => {
        for (const item of waiting) {
            deadline.check();
            if (deadline.signal.aborted)
                return;
            await work(item);
        }
    };
    const workers = await Promise.allSettled(Array.from({ length: carry_out_CALLS_AT_ONCE }, worker));
    deadline.signal.throwIfAborted();
    for (const result of workers)
        if (result.status === 'rejected')
            throw result.reason;
}
/** Says how far it is after each batch, and how long the rest takes at this speed. */
function progressOf({ context: { clock, log } }, all) {
    const started = clock.now();
    let done = 0;
    return (count) => {
        done += count;
        const minutes = Math.ceil(((clock.now() - started) / done) * ((all - done) / 60_000));
        if (done < all)
            log.info(`${done} of ${all} images are done; about ${minutes} min left`);
    };
}
function spare(id, why, { removal, context: { log } }) {
    removal.notes.set(id, `kept after all: ${why}`);
    log.warning(`${id} is kept after all: ${why}`);
}

;// CONCATENATED MODULE: ./lib/src/prune/deadline.js

/** A deadline from now on. */
function deadlineIn(minutes, { clock, signal }) {
    const end = clock.now() + minutes * 60_000;
    const over = new AbortController();
    return {
        signal: AbortSignal.any([signal, over.signal]),
        check() {
            if (clock.now() >= end)
                over.abort(new errors/* InterruptedError */.p4(`The time of "timeout-minutes" (${minutes}) is used up.`));
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/prune/narrate.js






/** What prune says in the log about what it found and what it is about to do. */
const MOST_LINES = 200;
const USERS = [
    'instances',
    'groups',
    'refreshes',
    'launchConfigurations',
    'fleets',
    'spotFleets',
    'spotRequests',
    'parameters',
];
function logFacts(log, { images, uses, versions }) {
    log.info(`Images of the account, of all applications: ${images.length}`);
    for (const name of USERS) {
        const holders = new Set(uses[name].map(({ holder }) => holder));
        log.info(`${SOURCES[name].title}: ${holders.size} that use images`);
    }
    log.info(`${SOURCES.launchTemplates.title}: ${versions.length}`);
    if (uses.given.length > 0)
        log.info(`in-use-ami-ids: ${uses.given.length}`);
}
/** The images and versions that go, with reasons; for the others how many stay under each rule. */
function logPlan({ context: { log }, plan, steps, orphans, objections }) {
    if (plan.images.length === 0)
        log.info('There are no images of the application.');
    const going = imagesToRemove(plan);
    const staying = plan.images.flatMap((decided) => (decided.decision === 'keep' ? [decided] : []));
    const rules = groupedBy(staying, ({ reasons }) => [...new Set(reasons.map(({ rule }) => rule))]);
    const counts = [...rules].map(([rule, images]) => `${images.length} ${rule}`);
    log.info(`${going.length} ${going.length === 1 ? 'image goes' : 'images go'}, ${staying.length} stay${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`);
    const lines = plan.images.flatMap((decided) => decided.decision === 'remove'
        ? [
            `- ${(0,src_image/* describeImage */.hu)(decided.image)}: ${decided.reasons.join(', ')}${describeStep(steps.get(decided.image.id))}`,
        ]
        : []);
    for (const line of lines.toReversed().slice(0, MOST_LINES))
        log.info(line);
    if (lines.length > MOST_LINES)
        log.info(`… and ${lines.length - MOST_LINES} more`);
    const versions = versionsToRemove(plan).map(versionId);
    log.info(`${versions.length} launch template versions go${versions.length > 0 ? `: ${shortList(versions, 50)}` : ''}`);
    for (const { kind, id, why } of orphans.orphans.slice(0, MOST_LINES))
        log.info(`- ${kind} ${id} is left over: ${why}`);
    for (const objection of objections)
        log.warning(objection);
}

;// CONCATENATED MODULE: ./lib/src/prune/orphans/read.js



const MARKED = [{ Name: 'tag-key', Values: [src_tags/* TAG */.Dk.run] }];
/**
 * Reads what may be left over. A list that could not be read is noted in `unreadable`, and nothing of it goes.
 *
 * @param images those that are registered: their snapshots, nearly all that there are, are passed over at once
 */
async function readOrphans(context, applications, images, unreadable) {
    const read = readerInto(unreadable, context);
    const [leftovers, found, recycled, locks] = await Promise.all([
        readLeftovers(context, read),
        read(SOURCES.snapshots, () => readSnapshots(context, applications, images), undefined),
        read(SOURCES.recycleBin, () => readRecycledImages(context), undefined),
        read(SOURCES.locks, () => readLocks(context), undefined),
    ]);
    return { leftovers, snapshots: found && recycled && locks ? { found, recycled, locks } : undefined };
}
async function readLeftovers(context, read) {
    const lists = await Promise.all([
        read(SOURCES.builders, () => readBuilders(context), []),
        read(SOURCES.keyPairs, () => readKeyPairs(context), []),
        read(SOURCES.securityGroups, () => readSecurityGroups(context), []),
        read(SOURCES.volumes, () => readVolumes(context), []),
        read(SOURCES.buildTemplates, () => readBuildTemplates(context), []),
    ]);
    return lists.flat();
}
async function readBuilders({ aws, signal }) {
    const states = ['pending', 'running', 'stopping', 'stopped'];
    const pages = (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2, pageSize: 1000 }, { Filters: [...MARKED, { Name: 'instance-state-name', Values: states }] }, { abortSignal: signal });
    const found = [];
    for await (const { Reservations = [] } of pages) {
        for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances))
            found.push({ kind: 'instance', id: instance.InstanceId ?? '', tags: (0,src_tags/* tagsOf */.Fg)(instance) });
    }
    return found;
}
async function readKeyPairs({ aws, signal }) {
    const { KeyPairs = [] } = await aws.ec2.send(new dist_cjs/* DescribeKeyPairsCommand */.DRu({ Filters: MARKED }), {
        abortSignal: signal,
    });
    return KeyPairs.map((pair) => ({ kind: 'key pair', id: pair.KeyPairId ?? '', tags: (0,src_tags/* tagsOf */.Fg)(pair) }));
}
async function readSecurityGroups({ aws, signal }) {
    const found = [];
    const pages = (0,dist_cjs/* paginateDescribeSecurityGroups */.nYn)({ client: aws.ec2, pageSize: 1000 }, { Filters: MARKED }, { abortSignal: signal });
    for await (const { SecurityGroups = [] } of pages) {
        for (const group of SecurityGroups)
            found.push({ kind: 'security group', id: group.GroupId ?? '', tags: (0,src_tags/* tagsOf */.Fg)(group) });
    }
    return found;
}
/** Only those that no instance has: the others go with it, or are somebody's. */
async function readVolumes({ aws, signal }) {
    const found = [];
    const pages = (0,dist_cjs/* paginateDescribeVolumes */.cpp)({ client: aws.ec2, pageSize: 500 }, { Filters: [...MARKED, { Name: 'status', Values: ['available'] }] }, { abortSignal: signal });
    for await (const { Volumes = [] } of pages) {
        for (const volume of Volumes)
            found.push({ kind: 'volume', id: volume.VolumeId ?? '', tags: (0,src_tags/* tagsOf */.Fg)(volume) });
    }
    return found;
}
/** Packer makes a launch template for a builder on Spot capacity. */
async function readBuildTemplates({ aws, signal }) {
    const found = [];
    const pages = (0,dist_cjs/* paginateDescribeLaunchTemplates */.dij)({ client: aws.ec2, pageSize: 200 }, { Filters: MARKED }, { abortSignal: signal });
    for await (const { LaunchTemplates = [] } of pages) {
        for (const template of LaunchTemplates)
            found.push({ kind: 'launch template', id: template.LaunchTemplateId ?? '', tags: (0,src_tags/* tagsOf */.Fg)(template) });
    }
    return found;
}
async function readSnapshots({ aws, signal }, applications, images) {
    const registered = new Set(images.flatMap(({ snapshots }) => snapshots.map(({ id }) => id)));
    const found = [];
    const Values = applications.flatMap((application) => (0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, application).Values);
    const pages = (0,dist_cjs/* paginateDescribeSnapshots */.CdA)({ client: aws.ec2, pageSize: 1000 }, { OwnerIds: ['self'], Filters: [{ Name: `tag:${src_tags/* TAG */.Dk.application}`, Values }] }, { abortSignal: signal });
    for await (const { Snapshots = [] } of pages) {
        for (const snapshot of Snapshots) {
            const id = snapshot.SnapshotId ?? '';
            if (registered.has(id))
                continue;
            found.push({
                id,
                gib: snapshot.VolumeSize ?? 0,
                state: snapshot.State ?? '',
                started: snapshot.StartTime?.getTime() ?? Number.NaN,
                description: snapshot.Description ?? '',
                archived: snapshot.StorageTier === 'archive',
                tags: (0,src_tags/* tagsOf */.Fg)(snapshot),
            });
        }
    }
    return found;
}
async function readRecycledImages({ aws, signal }) {
    const ids = new Set();
    const pages = (0,dist_cjs/* paginateListImagesInRecycleBin */.Rh3)({ client: aws.ec2, pageSize: 1000 }, {}, { abortSignal: signal });
    for await (const { Images = [] } of pages)
        for (const { ImageId } of Images)
            ids.add(ImageId ?? '');
    return ids;
}
/** The SDK has no paginator for this list. */
async function readLocks({ aws, signal }) {
    const locks = new Map();
    let NextToken;
    do {
        const page = await aws.ec2.send(new dist_cjs/* DescribeLockedSnapshotsCommand */.WiS({ MaxResults: 1000, NextToken }), { abortSignal: signal });
        for (const { SnapshotId, LockState, LockExpiresOn } of page.Snapshots ?? []) {
            if (LockState === 'expired' || SnapshotId === undefined)
                continue;
            const until = LockExpiresOn === undefined ? '' : ` until ${LockExpiresOn.toISOString().slice(0, 10)}`;
            locks.set(SnapshotId, `locked (${LockState})${until}`);
        }
        NextToken = page.NextToken;
    } while (NextToken);
    return locks;
}

;// CONCATENATED MODULE: ./lib/src/prune/references/second-opinion.js





const IMAGES_A_CALL = 10;
const second_opinion_CALLS_AT_ONCE = 5;
/** Terminated instances are listed for an hour, and hold nothing. Versions are asked for as far back as AWS looks. */
const TYPES = [
    {
        ResourceType: 'ec2:Instance',
        ResourceTypeOptions: [
            {
                OptionName: 'state-name',
                OptionValues: ['pending', 'running', 'shutting-down', 'stopping', 'stopped'],
            },
        ],
    },
    {
        ResourceType: 'ec2:LaunchTemplate',
        ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['10000'] }],
    },
    { ResourceType: 'ssm:Parameter' },
    { ResourceType: 'imagebuilder:ImageRecipe' },
    { ResourceType: 'imagebuilder:ContainerRecipe' },
];
/** Regions and partitions without the operation say so in one of these ways. */
const NOT_OFFERED = new Set(['InvalidAction', 'UnsupportedOperation', 'OptInRequired']);
/**
 * Asks AWS what refers to these images: it knows Image Builder's recipes as well, and finds what this action might
 * have missed. A launch template counts only when `explained` does not know it as one whose versions go as well: the
 * answer does not say which versions it means.
 */
async function readSecondOpinion(context, imageIds, explained) {
    const opinion = { uses: [] };
    await (0,parallel/* inParallel */.H)(inBatches(imageIds, IMAGES_A_CALL), second_opinion_CALLS_AT_ONCE, async (batch) => {
        if (opinion.missing)
            return;
        try {
            for (const { ImageId: imageId = '', ResourceType, Arn = '' } of await readReferences(context, batch)) {
                const name = Arn.slice(Arn.indexOf('/') + 1);
                if (ResourceType === 'ec2:LaunchTemplate' && explained(imageId, name))
                    continue;
                opinion.uses.push({ imageId, holder: `${ResourceType} ${name} (AWS's own search)` });
            }
        }
        catch (error) {
            context.signal.throwIfAborted();
            if ((0,aws_errors.isAccessDenied)(error))
                opinion.missing = 'not allowed';
            else if (NOT_OFFERED.has((0,errors/* errorCode */.CA)(error)))
                opinion.missing = 'not offered';
            else {
                opinion.error ??= error;
                opinion.uses.push(...batch.map((imageId) => ({ imageId, holder: 'what AWS did not answer' })));
            }
        }
    });
    return opinion;
}
async function readReferences({ aws, signal }, ImageIds) {
    const references = [];
    const pages = (0,dist_cjs/* paginateDescribeImageReferences */.q6F)({ client: aws.ec2, pageSize: 1000 }, { ImageIds, ResourceTypes: TYPES }, { abortSignal: signal });
    for await (const page of pages)
        references.push(...(page.ImageReferences ?? []));
    return references;
}

;// CONCATENATED MODULE: ./lib/src/prune/references/usage-reports.js


const REPORTS_AT_ONCE = 5;
const usage_reports_POLL_MS = 15_000;
/** AWS promises no time. What has no report by then counts as used. */
const LONGEST_MS = 30 * 60_000;
/**
 * Who uses shared images in other accounts, by AWS's usage reports: instances and launch templates, the only answer
 * that there is from here. An image without a whole report counts as used; `error` is the first one.
 */
async function readUsageElsewhere(context, images) {
    const result = { uses: [] };
    await (0,parallel/* inParallel */.H)(images, REPORTS_AT_ONCE, async (image) => {
        try {
            result.uses.push(...(await usageOf(context, image)));
        }
        catch (error) {
            context.signal.throwIfAborted();
            result.error ??= error;
            result.uses.push({ imageId: image.id, holder: 'shared, and there is no usage report' });
        }
    });
    return result;
}
async function usageOf(context, { id: imageId, ownerId }) {
    const { aws } = context;
    const { ReportId } = await aws.ec2.send(new dist_cjs/* CreateImageUsageReportCommand */.C_u({
        ImageId: imageId,
        ResourceTypes: [
            { ResourceType: 'ec2:Instance' },
            {
                ResourceType: 'ec2:LaunchTemplate',
                ResourceTypeOptions: [{ OptionName: 'version-depth', OptionValues: ['10000'] }],
            },
        ],
    }));
    if (ReportId === undefined)
        throw new Error(`AWS made no usage report of ${imageId}.`);
    try {
        await untilAvailable(context, ReportId);
        const entries = await readEntries(context, ReportId);
        return entries
            .filter(({ AccountId, UsageCount = 0 }) => AccountId !== ownerId && UsageCount > 0)
            .map(({ AccountId, ResourceType, UsageCount }) => ({
            imageId,
            holder: `shared with account ${AccountId}, which uses it (${UsageCount} of ${ResourceType})`,
        }));
    }
    finally {
        await aws.ec2.send(new dist_cjs/* DeleteImageUsageReportCommand */.FqB({ ReportId }));
    }
}
async function untilAvailable({ aws, clock, signal }, reportId) {
    const end = clock.now() + LONGEST_MS;
    for (;;) {
        const { ImageUsageReports = [] } = await aws.ec2.send(new dist_cjs/* DescribeImageUsageReportsCommand */.sLg({ ReportIds: [reportId] }), { abortSignal: signal });
        const [report] = ImageUsageReports;
        if (report?.State === 'available')
            return;
        if (report?.State === 'error' || clock.now() >= end)
            throw new Error(`The usage report ${reportId} is ${report?.State ?? 'gone'}: ${report?.StateReason ?? ''}`);
        await clock.sleep(usage_reports_POLL_MS, signal);
    }
}
async function readEntries({ aws, signal }, reportId) {
    const entries = [];
    const pages = (0,dist_cjs/* paginateDescribeImageUsageReportEntries */.Tv2)({ client: aws.ec2, pageSize: 1000 }, { ReportIds: [reportId] }, { abortSignal: signal });
    for await (const page of pages)
        entries.push(...(page.ImageUsageReportEntries ?? []));
    return entries;
}

;// CONCATENATED MODULE: ./lib/src/prune/candidates.js






/**
 * The sources that are asked image by image, therefore only for those that would go: with whom they are shared, and
 * AWS's own search for what refers to them.
 */
/**
 * Looks with whom images are shared, and with `byUsage` also whether anybody uses them there: who may but does not is
 * no holder then. What is shared with everybody stays, because nobody has to tell AWS about it. The same facts when
 * there is nothing new in them.
 */
async function withShares(context, facts, images, byUsage) {
    const { uses, error } = await readLaunchPermissions(context, images);
    if (uses.length === 0 && error === undefined)
        return facts;
    const unreadable = [...facts.unreadable];
    if (error !== undefined)
        noteUnreadable(unreadable, context.log, { source: SOURCES.launchPermissions, error });
    if (!byUsage)
        return { ...facts, shared: uses, unreadable };
    const byImage = groupedBy(uses, ({ imageId }) => [imageId]);
    const isCertain = (holders) => holders.some(({ holder }) => holder === 'shared with everybody' || !holder.startsWith('shared with'));
    const reported = images.filter(({ id }) => byImage.has(id) && !isCertain(byImage.get(id) ?? []));
    const usage = await readUsageElsewhere(context, reported);
    if (usage.error !== undefined)
        noteUnreadable(unreadable, context.log, { source: SOURCES.usageReports, error: usage.error });
    const answered = new Set(reported.map(({ id }) => id));
    return {
        ...facts,
        shared: [...uses.filter(({ imageId }) => !answered.has(imageId)), ...usage.uses],
        unreadable,
    };
}
/** What AWS's own search adds (the same facts when it is nothing), and what to allow when it could not be asked. */
async function withSecondOpinion(context, facts, images, goingVersions) {
    const going = new Set(goingVersions.map(versionId));
    const named = groupedBy(facts.versions, (version) => [`${version.imageId} ${version.templateId}`]);
    // It is known which versions name the image, and they all go.
    const explained = (imageId, templateId) => {
        const versions = named.get(`${imageId} ${templateId}`) ?? [];
        return versions.length > 0 && versions.every((version) => going.has(versionId(version)));
    };
    const ids = images.map(({ id }) => id);
    const { uses, missing, error } = await readSecondOpinion(context, ids, explained);
    const unreadable = [...facts.unreadable];
    if (error !== undefined)
        noteUnreadable(unreadable, context.log, { source: SOURCES.references, error });
    const blindSpots = missing === undefined
        ? []
        : [
            `Image Builder recipes (${missing === 'not allowed' ? 'allow ec2:DescribeImageReferences in the policy of the role; AWS has the managed policy AmazonEC2ImageReferencesAccessPolicy for it' : 'DescribeImageReferences is not offered here'})`,
        ];
    if (uses.length === 0 && error === undefined)
        return { facts, blindSpots };
    return { facts: { ...facts, more: [...facts.more, ...uses], unreadable }, blindSpots };
}

;// CONCATENATED MODULE: ./lib/src/prune/figures.js



/**
 * What an EBS snapshot costs at most in USD for a GiB and month, in the standard tier, in most Regions. Others are
 * given by the input `price-per-gib-month`.
 */
const LIST_PRICE = 0.05;
/** The price in a Region: its own, or the one for all, or the list price. */
function priceIn(region, given) {
    return given[region] ?? given[''] ?? LIST_PRICE;
}
/** What a prune would find in so many days. */
const FORECAST_DAYS = 30;
const MOST_GROUPS = 10;
const figures_DAY_MS = 24 * 3600 * 1000;
/** A snapshot that several images have counts once. */
function sizeOf(images, price) {
    const snapshots = new Map(images.flatMap((image) => image.snapshots.map(({ id, gib }) => [id, gib])));
    const gib = [...snapshots.values()].reduce((sum, each) => sum + each, 0);
    return { images: images.length, snapshots: snapshots.size, gib, monthlyCost: costOf(gib, price) };
}
const costOf = (gib, price) => Math.round(gib * price * 100) / 100;
function figuresOf(plan, facts, rules, price) {
    const images = plan.images.map(({ image }) => image);
    const going = imagesToRemove(plan);
    const next = nextToGo(plan, facts, rules);
    return {
        all: sizeOf(images, price),
        going: sizeOf(going, price),
        groups: biggestGroups(images, rules, price),
        next: next.map(({ id }) => id),
        nextSize: sizeOf(next, price),
    };
}
function biggestGroups(images, { groupBy }, price) {
    const groups = groupedBy(images, (image) => groupsOf(image, groupBy).map(({ group }) => group));
    return [...groups]
        .map(([group, members]) => ({ group, ...sizeOf(members, price) }))
        .toSorted((a, b) => b.gib - a.gib || b.images - a.images || (a.group < b.group ? -1 : 1))
        .slice(0, MOST_GROUPS);
}
/** The same plan some time later, without those that go now; in the order in which they will go. */
function nextToGo(plan, facts, rules) {
    const now = new Set(imagesToRemove(plan).map(({ id }) => id));
    const later = makePlan(facts, { ...rules, now: rules.now + FORECAST_DAYS * figures_DAY_MS });
    return imagesToRemove(later).filter(({ id }) => !now.has(id));
}

;// CONCATENATED MODULE: ./lib/src/prune/guards.js


/**
 * Why a plan must not be carried out, one sentence each, with what to change; none when it may. They catch what the
 * rules cannot see: a look into the wrong account or Region, a wrong input, images that are hidden from the role.
 *
 * @param leftovers how many other things are to go: leftovers of builds, and snapshots without an image
 */
function objectionsTo(plan, steps, leftovers, limits) {
    const changed = [...steps.values()].filter(({ kind }) => kind !== 'wait').length;
    if (changed + versionsToRemove(plan).length + leftovers === 0)
        return [];
    return [
        ...wrongTime(limits),
        ...nothingVisible(plan, limits),
        ...nothingInUse(plan, limits),
        ...tooMany(changed, plan.images.length, limits),
        ...tooManyLeftovers(leftovers, limits),
    ];
}
/** AWS itself refuses requests whose clock is off by more. */
const FIVE_MINUTES_MS = 5 * 60_000;
/** Every age is measured with the runner's clock, against times that AWS wrote. */
function wrongTime({ clockOffset }) {
    if (Math.abs(clockOffset) < FIVE_MINUTES_MS)
        return [];
    const minutes = Math.round(Math.abs(clockOffset) / 60_000);
    return [
        `The clock of this runner is ${minutes} minutes ${clockOffset < 0 ? 'ahead of' : 'behind'} AWS's, so the ages of images are wrong. Nothing is removed: set the runner's clock.`,
    ];
}
function nothingVisible({ images, versions }, { application, region }) {
    if (images.length > 0 || !versions.some(({ ours, decision }) => ours && decision === 'remove'))
        return [];
    return [
        `There is no image of ${application} in ${region}, but there are launch template versions of it. Nothing is removed: check the inputs "application" and "aws-region", and whether "Allowed AMIs" hides the images. Versions of an application that is gone go with their launch template.`,
    ];
}
/** Promotions leave marks; what was promoted is in use somewhere, unless this is the wrong place to look for it. */
function nothingInUse({ images }, { application, region }) {
    const promoted = images.filter(({ image }) => (0,src_tags/* marksOf */.Ok)(image.tags, 'promoted').length > 0).length;
    const inUse = images.some((decision) => decision.decision === 'keep' && decision.reasons.some(({ rule }) => rule === 'in-use'));
    if (images.length === 0 || promoted === 0 || inUse)
        return [];
    return [
        `Nothing in ${region} uses any image of ${application}, although ${promoted} were promoted. Nothing is removed: check the Region and the role, or name the images that are used elsewhere in "in-use-ami-ids".`,
    ];
}
function tooMany(count, all, { maxDeletions, maxDeletionPercent }) {
    const percent = all === 0 ? 0 : (100 * count) / all;
    return [
        ...(count > maxDeletions
            ? [
                `${count} images would be removed, more than "max-deletions" allows (${maxDeletions}). Look at the plan; if it is right, raise "max-deletions" to ${count}.`,
            ]
            : []),
        ...(percent > maxDeletionPercent
            ? [
                `${count} of ${all} images would be removed, more than "max-deletion-percent" allows (${maxDeletionPercent}). Look at the plan; if it is right, raise "max-deletion-percent" to ${Math.ceil(percent)}.`,
            ]
            : []),
    ];
}
/** Images that are hidden from the role would make leftovers of all their snapshots. */
function tooManyLeftovers(count, { maxDeletions }) {
    if (count <= maxDeletions)
        return [];
    return [
        `${count} leftovers would be removed, more than "max-deletions" allows (${maxDeletions}). Look at them; if they are right, raise "max-deletions" to ${count}, or set "orphans" to false.`,
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/pruning.js



/** Everything that makes the step fail although it went on: what could not be read, and what could not be removed. */
const problemsOf = ({ facts, removal }) => [
    ...facts.unreadable.map(describeUnreadable),
    ...removal.problems,
];
const stepsOf = (plan, rules) => new Map(imagesToRemove(plan).map((image) => [image.id, nextStep(image, rules)]));

;// CONCATENATED MODULE: ./lib/src/prune/removal.js
const nothingRemoved = () => ({
    versions: [],
    templates: [],
    images: [],
    snapshots: [],
    lockedSnapshots: [],
    recycledSnapshots: [],
    sharedSnapshots: [],
    softened: [],
    restored: [],
    orphans: [],
    notes: new Map(),
    problems: [],
});
/** Counts of what was removed, as a sentence. */
function describeRemoval({ images, snapshots, versions, templates, softened, orphans, }) {
    const more = [
        ...(templates.length > 0 ? [`${templates.length} launch templates were deleted`] : []),
        ...(softened.length > 0 ? [`${softened.length} images were deprecated or disabled`] : []),
        ...(orphans.length > 0 ? [`${orphans.length} leftovers were removed`] : []),
    ];
    return [
        `${images.length} images, ${snapshots.length} snapshots and ${versions.length} launch template versions were removed`,
        ...more,
    ].join(', ');
}
/** Nothing was changed, and nothing was tried in vain. */
const isNothing = ({ versions, templates, images, snapshots, softened, restored, orphans, problems, }) => [versions, templates, images, snapshots, softened, restored, orphans, problems].every(({ length }) => length === 0);
const freedGib = ({ snapshots }) => snapshots.reduce((sum, { gib }) => sum + gib, 0);
/** What several prunes removed together. */
const totalOf = (removals) => ({
    versions: removals.flatMap(({ versions }) => versions),
    templates: removals.flatMap(({ templates }) => templates),
    images: removals.flatMap(({ images }) => images),
    snapshots: removals.flatMap(({ snapshots }) => snapshots),
    lockedSnapshots: removals.flatMap(({ lockedSnapshots }) => lockedSnapshots),
    recycledSnapshots: removals.flatMap(({ recycledSnapshots }) => recycledSnapshots),
    sharedSnapshots: removals.flatMap(({ sharedSnapshots }) => sharedSnapshots),
    softened: removals.flatMap(({ softened }) => softened),
    restored: removals.flatMap(({ restored }) => restored),
    orphans: removals.flatMap(({ orphans }) => orphans),
    notes: new Map(removals.flatMap(({ notes }) => [...notes])),
    problems: removals.flatMap(({ problems }) => problems),
});

;// CONCATENATED MODULE: ./lib/src/prune/planning.js










/** Plans the prune of one application in all Regions: an image and its copies are decided about together. */
async function planApplication(seen, rules) {
    const drafts = [];
    for (const region of seen)
        drafts.push(await draft(region, rules));
    const regions = drafts.map(({ context, plan }) => ({ region: context.aws.region, images: plan.images }));
    const holds = relatives(regions, rules.application);
    return drafts.map((each) => {
        const added = holds.get(each.context.aws.region) ?? [];
        if (added.length === 0)
            return planned(each, rules);
        const facts = { ...each.facts, more: [...each.facts.more, ...added] };
        return planned({ ...each, facts, plan: makePlan(facts, rules) }, rules);
    });
}
/** So many images are looked at one by one in any case: a plan that is too large to be carried out is shown quickly. */
const MOST_LOOKS = 1000;
const NO_REPORTS = 'usage reports of shared images (they are made without dry-run only)';
/** What would go by all that is known so far is looked at more closely: one call or a tenth of one for an image. */
async function draft(region, rules) {
    const { context, deadline } = region;
    const { orphans, facts: seen } = await draftOrphans(region, rules);
    const first = makePlan(seen, rules);
    const count = changesOf(first, rules);
    if (count > rules.maxDeletions && count > MOST_LOOKS) {
        const why = `With whom these ${count} images are shared was not looked at, because they are more than "max-deletions" allows (${rules.maxDeletions}).`;
        return { context, deadline, orphans, facts: seen, plan: first, blindSpots: [], objections: [why] };
    }
    // Disabling takes an image's shares away for good: one that is shared stays, whether it is used or not.
    const asked = rules.pruneShared && rules.removal !== 'disable';
    // A report is made for the answer, and a dry run makes nothing.
    const byUsage = asked && !rules.dryRun;
    const shared = await withShares(context, seen, imagesToRemove(first), byUsage);
    const second = shared === seen ? first : makePlan(shared, rules);
    const { facts, blindSpots } = await withSecondOpinion(context, shared, imagesToRemove(second), versionsToRemove(second));
    const plan = facts === shared ? second : makePlan(facts, rules);
    const unasked = asked && rules.dryRun && facts.shared.length > 0 ? [NO_REPORTS] : [];
    return {
        context,
        deadline,
        orphans,
        facts,
        plan,
        blindSpots: [...blindSpots, ...unasked],
        objections: [],
    };
}
async function draftOrphans({ context, facts, orphans }, { application, now, maxDeletions }) {
    if (orphans === undefined)
        return { orphans: NO_ORPHANS, facts };
    const plan = planOrphans(application, orphans, facts, now);
    // More than that are stopped anyway.
    if (plan.orphans.length > Math.max(maxDeletions, MOST_LOOKS))
        return { orphans: plan, facts };
    const unreadable = [...facts.unreadable];
    return { orphans: await withoutShared(context, plan, unreadable), facts: { ...facts, unreadable } };
}
/** How many images would be changed now. */
const changesOf = (plan, rules) => [...stepsOf(plan, rules).values()].filter(({ kind }) => kind !== 'wait').length;
function planned({ objections: before, ...region }, rules) {
    const { context, facts, plan } = region;
    const { region: name, ec2 } = context.aws;
    const steps = stepsOf(plan, rules);
    const limits = { ...rules, region: name, clockOffset: ec2.config.systemClockOffset };
    const leftovers = region.orphans.orphans.length;
    const objections = [...objectionsTo(plan, steps, leftovers, limits), ...before];
    const { application, dryRun } = rules;
    const price = priceIn(name, rules.pricePerGibMonth);
    const figures = figuresOf(plan, facts, rules, price);
    const removal = nothingRemoved();
    const pruning = {
        ...region,
        region: name,
        application,
        rules,
        dryRun,
        steps,
        objections,
        unusedTemplates: unusedTemplates(plan, facts, rules),
        figures,
        price,
        removal,
    };
    logPlan(pruning);
    return pruning;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/report.js
var report = __webpack_require__(1502);
;// CONCATENATED MODULE: ./lib/src/prune/summary.js








/** A summary has at most 1 MiB; a row has a few hundred characters, and nobody reads more. For all prunes together. */
const MOST_ROWS = 500;
const LEAST_ROWS = 20;
const MOST_REASONS = 4;
const MOST_IDS = 200;
const MOST_RANGES = 50;
/** An organisation's ARN or a long branch in a reason; the report file has it whole. */
const LONGEST_REASON = 300;
/** What cannot be seen by this action: said in every report, because only people can know it. */
const NOT_SEEN = 'AWS Batch, EKS and other accounts. Name images that are used there in `in-use-ami-ids`, or tag them `immutable-deploy:keep`.';
/**
 * A prune as Markdown for the job summary.
 *
 * @param prunes how many of them share the summary
 */
function pruneSummary(pruning, prunes = 1) {
    const { application, region, objections, plan } = pruning;
    const problems = problemsOf(pruning);
    return [
        `## ${headline(pruning)}: ${application} in ${region}`,
        ...(objections.length === 0
            ? []
            : [list(pruning.dryRun ? 'Without dry-run this would stop:' : 'Stopped:', objections)]),
        ...(problems.length === 0 ? [] : [list('What went wrong:', problems)]),
        (0,report/* table */.tp)(['', 'Found', pruning.dryRun ? 'Would go' : 'To go', 'Removed'], countRows(plan, pruning)),
        `At ${pruning.price} USD a GiB and month; sizes are those of the volumes, and snapshots take less.`,
        imageTable(pruning, Math.max(LEAST_ROWS, Math.floor(MOST_ROWS / prunes))),
        ...groupTable(pruning),
        ...forecast(pruning),
        ...deletedVersions(pruning),
        ...sharedSnapshots(pruning),
        ...otherSnapshots(pruning),
        ...unused(pruning),
        ...leftovers(pruning),
        `Not looked at: ${[...pruning.blindSpots, NOT_SEEN].join(', ')}`,
    ].join('\n\n');
}
/** Several applications or Regions at a glance, before each by itself. */
function totalSummary(prunings) {
    const rows = prunings.map((pruning) => {
        const { application, region, figures, removal, price, dryRun, objections } = pruning;
        const freed = freedGib(removal);
        const state = dryRun ? 'dry run' : objections.length > 0 ? 'stopped' : 'done';
        return [
            application,
            region,
            problemsOf(pruning).length > 0 ? `${state}, with problems` : state,
            ...[figures.all.images, figures.going.images, removal.images.length].map(String),
            `${freed} of ${figures.all.gib}`,
            `${costOf(freed, price)} of ${figures.all.monthlyCost}`,
        ];
    });
    const head = ['Application', 'Region', '', 'Images', 'To go', 'Removed', 'GiB freed', 'USD a month'];
    return `## Prune: all applications and Regions\n\n${(0,report/* table */.tp)(head, rows)}`;
}
function headline(pruning) {
    if (pruning.dryRun)
        return '📝 Prune plan (dry run: nothing was changed)';
    if (pruning.objections.length > 0)
        return '✋ Prune stopped';
    return problemsOf(pruning).length > 0 ? '❌ Pruned with problems' : '🧹 Pruned';
}
function countRows(plan, { removal, figures: { all, going }, price }) {
    const ours = plan.versions.filter(({ prunable }) => prunable).length;
    const freed = freedGib(removal);
    return [
        ['Images', all.images, going.images, removal.images.length],
        ['Snapshots', all.snapshots, going.snapshots, removal.snapshots.length],
        ['GiB', all.gib, going.gib, freed],
        ['USD a month, at most', all.monthlyCost, going.monthlyCost, costOf(freed, price)],
        ['Launch template versions', ours, versionsToRemove(plan).length, removal.versions.length],
    ].map((row) => row.map(String));
}
/** What goes first, oldest first; then what stays, newest first. */
function imageTable({ plan, removal, steps }, mostRows) {
    const going = plan.images.filter(({ decision }) => decision === 'remove').toReversed();
    const staying = plan.images.filter(({ decision }) => decision === 'keep');
    const all = [...going, ...staying];
    const rows = all
        .slice(0, mostRows)
        .map((decision) => imageRow(decision, removal.notes.get(decision.image.id), steps.get(decision.image.id)));
    const left = all.length - rows.length;
    const more = left > 0 ? `\n\n${left} more rows are left out; the file of the output \`report\` has them all.` : '';
    return `${(0,report/* table */.tp)(['Image', 'Made', 'From', 'Decision', 'Why'], rows)}${more}`;
}
function imageRow({ image, decision, reasons }, note, step) {
    const commit = image.tags[src_tags/* TAG */.Dk.commit]?.slice(0, 12) ?? '';
    const texts = reasons.map((reason) => shortened(typeof reason === 'string' ? reason : reason.text));
    const why = `${shortList(texts, MOST_REASONS)}${describeStep(step)}`;
    return [
        `\`${image.id}\``,
        Number.isNaN(image.created) ? '' : new Date(image.created).toISOString().slice(0, 10),
        [image.tags[src_tags/* TAG */.Dk.version] ?? image.tags[src_tags/* TAG */.Dk.branch] ?? '', commit].join(' ').trim(),
        decision,
        note === undefined ? why : `${why}; **${shortened(note)}**`,
    ];
}
const shortened = (text) => text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
function groupTable({ figures: { groups } }) {
    if (groups.length < 2)
        return [];
    const rows = groups.map(({ group, images, gib, monthlyCost }) => [group, images, gib, monthlyCost].map(String).map(shortened));
    return [(0,report/* table */.tp)(['Biggest groups', 'Images', 'GiB', 'USD a month'], rows)];
}
function forecast({ figures: { next, nextSize } }) {
    if (next.length === 0)
        return [];
    const ids = shortList(next.map((id) => `\`${id}\``), MOST_REASONS);
    return [
        `Next: ${next.length} more images (${nextSize.gib} GiB) go within ${FORECAST_DAYS} days, if nothing comes to use them: ${ids}`,
    ];
}
function deletedVersions({ removal }) {
    if (removal.versions.length === 0)
        return [];
    const byTemplate = groupedBy(removal.versions, (id) => [id.slice(0, id.indexOf(':'))]);
    const texts = [...byTemplate].map(([templateId, ids]) => {
        const numbers = ids.map((id) => Number(id.slice(id.indexOf(':') + 1)));
        return `\`${templateId}\` ${shortList(ranges(numbers), MOST_RANGES)}`;
    });
    return [`Deleted launch template versions: ${shortList(texts, MOST_IDS)}`];
}
/** `[5, 2, 3, 4, 9]` → `2–5`, `9`. */
function ranges(numbers) {
    const all = [];
    for (const number of numbers.toSorted((a, b) => a - b)) {
        const last = all.at(-1);
        if (last && number === last.to + 1)
            last.to = number;
        else
            all.push({ from: number, to: number });
    }
    return all.map(({ from, to }) => (from === to ? `${from}` : `${from}–${to}`));
}
function sharedSnapshots({ removal }) {
    const snapshots = removal.sharedSnapshots.map(({ id, imageId }) => `\`${id}\` (of \`${imageId}\`)`);
    if (snapshots.length === 0)
        return [];
    return [`Snapshots that stay because other images use them: ${shortList(snapshots, MOST_IDS)}`];
}
function otherSnapshots({ removal: { lockedSnapshots, recycledSnapshots } }) {
    const locked = lockedSnapshots.map(({ id, imageId, until }) => `\`${id}\` (of \`${imageId}\`, until ${until})`);
    const recycled = recycledSnapshots.map((id) => `\`${id}\``);
    return [
        ...(locked.length > 0
            ? [`Snapshots that stay because they are locked: ${shortList(locked, MOST_IDS)}`]
            : []),
        ...(recycled.length > 0
            ? [
                `Snapshots that are in the Recycle Bin now, and cost until they leave it: ${shortList(recycled, MOST_IDS)}`,
            ]
            : []),
    ];
}
function unused({ unusedTemplates, removal }) {
    if (unusedTemplates.length === 0)
        return [];
    const gone = new Set(removal.templates);
    const templates = unusedTemplates.map(({ id, name, versions }) => `${name} (\`${id}\`, ${versions} versions${gone.has(id) ? ', deleted' : ''})`);
    return [
        `Launch templates that nothing uses: ${shortList(templates, MOST_IDS)}. \`unused-launch-templates: delete\` removes them; the images that only they hold go in the run after.`,
    ];
}
function leftovers({ orphans: { orphans, held }, removal }) {
    const done = new Set(removal.orphans.map(({ id }) => id));
    const rows = orphans.map(({ kind, id, why }) => [
        `${kind} \`${id}\``,
        removal.notes.get(id) ?? (done.has(id) ? 'removed' : 'to be removed'),
        shortened(why),
    ]);
    const staying = held.map(({ id, why }) => [`snapshot \`${id}\``, 'stays', shortened(why)]);
    const all = [...rows, ...staying];
    if (all.length === 0)
        return [];
    const more = all.length > MOST_IDS ? `\n\nand ${all.length - MOST_IDS} more` : '';
    return [`${(0,report/* table */.tp)(['Leftover', '', 'Why'], all.slice(0, MOST_IDS))}${more}`];
}
const list = (title, items) => [title, '', ...items.map((item) => `- ${item}`)].join('\n');

;// CONCATENATED MODULE: ./lib/src/prune/report.js








/** The mode's outputs; they are set on failure too. */
function setOutputs({ report }, removals) {
    const removal = totalOf(removals);
    report.set({
        'deleted-images': removal.images,
        'deleted-snapshots': removal.snapshots.map(({ id }) => id),
        'deleted-launch-template-versions': removal.versions,
        'freed-gib': freedGib(removal),
    });
}
/** Writes the report file, the summary and the outputs. */
function writeReport(context, prunings) {
    setOutputs(context, prunings.map(({ removal }) => removal));
    const path = (0,external_node_path_.join)(context.run.temp, `prune-${process.pid}.json`);
    (0,external_node_fs_.writeFileSync)(path, JSON.stringify(reportOf(prunings, context.clock.now()), undefined, 2));
    context.report.set({ report: path });
    if (prunings.length > 1)
        context.report.write(totalSummary(prunings));
    for (const pruning of prunings)
        context.report.write(pruneSummary(pruning, prunings.length));
    context.log.info(`Every image with its decision and reasons: ${path}`);
}
/** In an order that does not depend on the run, so that the reports of two runs can be compared line by line. */
const reportOf = (prunings, now) => ({
    time: new Date(now).toISOString(),
    dryRun: prunings.some(({ dryRun }) => dryRun),
    prunes: prunings.map(pruneOf),
});
function pruneOf(pruning) {
    const { application, region, removal, objections, plan, steps, blindSpots, orphans, figures, price } = pruning;
    const removed = new Set([...removal.images, ...removal.versions, ...removal.orphans.map(({ id }) => id)]);
    const outcome = (id) => ({
        removed: removed.has(id),
        ...(removal.notes.has(id) ? { note: removal.notes.get(id) } : {}),
    });
    return {
        application,
        region,
        figures: {
            found: figures.all,
            going: figures.going,
            removed: {
                images: removal.images.length,
                snapshots: removal.snapshots.length,
                gib: freedGib(removal),
                monthlyCost: costOf(freedGib(removal), price),
            },
            pricePerGibMonth: price,
        },
        biggestGroups: figures.groups,
        next: { days: FORECAST_DAYS, ...figures.nextSize, ids: figures.next },
        objections,
        problems: problemsOf(pruning),
        notLookedAt: blindSpots,
        images: plan.images.map(({ image, decision, reasons }) => ({
            id: image.id,
            name: image.name,
            state: image.state,
            created: Number.isNaN(image.created) ? undefined : new Date(image.created).toISOString(),
            commit: image.tags[src_tags/* TAG */.Dk.commit],
            branch: image.tags[src_tags/* TAG */.Dk.branch],
            version: image.tags[src_tags/* TAG */.Dk.version],
            snapshots: image.snapshots.map(({ id }) => id),
            gib: image.snapshots.reduce((sum, { gib }) => sum + gib, 0),
            decision,
            ...(decision === 'remove' ? { step: steps.get(image.id)?.kind } : {}),
            reasons: reasons.map((reason) => (typeof reason === 'string' ? reason : reason.text)),
            ...outcome(image.id),
        })),
        launchTemplateVersions: plan.versions
            .filter(({ prunable }) => prunable)
            .map(({ version, decision, users, reasons }) => ({
            id: versionId(version),
            name: version.templateName,
            imageId: version.imageId,
            decision,
            reasons: [...users.map((user) => `used by ${user}`), ...reasons],
            ...outcome(versionId(version)),
        })),
        unusedLaunchTemplates: pruning.unusedTemplates.map(({ id, name, versions }) => ({
            id,
            name,
            versions,
            removed: removal.templates.includes(id),
        })),
        snapshots: {
            deleted: removal.snapshots,
            usedByOtherImages: removal.sharedSnapshots,
            locked: removal.lockedSnapshots,
            inRecycleBin: removal.recycledSnapshots,
        },
        leftovers: [
            ...orphans.orphans.map((orphan) => ({ ...orphan, decision: 'remove', ...outcome(orphan.id) })),
            ...orphans.held.map((held) => ({ kind: 'snapshot', ...held, decision: 'keep' })),
        ],
    };
}

;// CONCATENATED MODULE: ./lib/src/prune/prune.js











/**
 * Removes old images of the applications, their snapshots and old launch template versions, and nothing that is in
 * use: the steps, in order. Rejects when a guard stopped it, when something could not be read or removed, or when the
 * step was cancelled; the report and the outputs say what was done by then.
 */
async function prune(inputs, context) {
    setOutputs(context, []);
    const seen = await lookAround(inputs, context);
    refuseUnknownTemplates(inputs, seen);
    const prunings = await planAll(inputs, context, seen);
    try {
        if (!inputs.dryRun)
            for (const pruning of prunings)
                await carryOut(pruning);
    }
    catch (error) {
        const stopped = prunings.find((pruning) => pruning.context.signal.aborted);
        throw stopped ? interrupted(stopped.context, prunings, error) : error;
    }
    finally {
        writeReport(context, prunings);
    }
    failWhenIncomplete(prunings);
    context.report.announce(announcementOf(prunings));
}
/** What a chat is told when all went well. */
function announcementOf(prunings) {
    const removed = totalOf(prunings.map(({ removal }) => removal));
    const going = prunings.reduce((sum, { steps }) => sum + steps.size, 0);
    return prunings.some(({ dryRun }) => dryRun)
        ? { title: '📝 Prune planned', text: `${going} images would go; nothing was removed.` }
        : { title: '🧹 Pruned', text: describeRemoval(removed) };
}
/** Everything is read before anything is planned, Region by Region. */
async function lookAround(inputs, context) {
    const regions = inputs.regions.length > 0 ? [...new Set(inputs.regions)] : [context.aws.region];
    const deadline = deadlineIn(inputs.timeoutMinutes, context);
    const { signal } = deadline;
    const { log } = context;
    const seen = [];
    for (const region of regions) {
        const aws = context.aws.inRegion(region);
        keepPace(aws.ec2, inputs.pace, context.clock, signal);
        const place = { ...context, aws, signal };
        await log.group(`Images, and what uses them, in ${region}`, async () => {
            const facts = await readFacts(place, inputs.inUseAmiIds).catch((error) => {
                // Whatever is there could be a copy of what is elsewhere.
                if (!signal.aborted)
                    log.error(`The images of ${region} could not be read: nothing is removed.`);
                throw error;
            });
            logFacts(log, facts);
            const unreadable = [...facts.unreadable];
            const orphans = inputs.orphans
                ? await readOrphans(place, applicationsOf(inputs, context), facts.images, unreadable)
                : undefined;
            seen.push({ context: place, deadline, facts: { ...facts, unreadable }, orphans });
        });
    }
    return seen;
}
function refuseUnknownTemplates({ launchTemplates }, seen) {
    const all = seen.flatMap(({ facts }) => facts.versions);
    const known = new Set(all.flatMap(({ templateId, templateName }) => [templateId, templateName]));
    const unreadable = seen.some(({ facts }) => facts.unreadable.length > 0);
    const unknown = launchTemplates.filter((name) => !known.has(name));
    if (unknown.length === 0 || unreadable)
        return;
    const regions = seen.map(({ context }) => context.aws.region).join(', ');
    throw new errors/* ConfigurationError */.j1(unknown.map((name) => `There is no launch template ${name} in ${regions}: check the inputs "launch-templates" and "regions".`));
}
const applicationsOf = ({ application }, { run }) => [
    ...new Set(application ?? [run.repository]),
];
async function planAll(inputs, context, seen) {
    const { clock, log } = context;
    const now = clock.now();
    const prunings = [];
    for (const application of applicationsOf(inputs, context)) {
        await log.group(`Plan for ${application}`, async () => {
            prunings.push(...(await planApplication(seen, { ...inputs, application, now })));
        });
    }
    return prunings;
}
/** A plan that a guard objects to is left alone; the others do not wait for it. */
async function carryOut(pruning) {
    if (pruning.objections.length > 0)
        return;
    await restoreImages(pruning);
    await removeOldVersions(pruning);
    await removeUnusedTemplates(pruning);
    await removeOldImages(pruning);
    await removeLeftovers(pruning);
    await lookIntoRecycleBin(pruning);
}
function interrupted({ signal, log }, prunings, cause) {
    const done = describeRemoval(totalOf(prunings.map(({ removal }) => removal)));
    const text = `${(0,errors/* messageOf */.bD)(signal.reason)} By then ${done}. Run prune again for the rest.`;
    log.warning(text);
    return new errors/* InterruptedError */.p4(text, { cause });
}
/** A plan that was stopped is a failure, and so is work that is not complete; a dry run only shows the former. */
function failWhenIncomplete(prunings) {
    const problems = new Set(prunings.flatMap((pruning) => [...(pruning.dryRun ? [] : pruning.objections), ...problemsOf(pruning)]));
    if (problems.size === 0)
        return;
    const total = totalOf(prunings.map(({ removal }) => removal));
    if (isNothing(total))
        throw new errors/* ConfigurationError */.j1([...problems]);
    const list = [...problems].map((text) => `- ${text}`).join('\n');
    throw new errors/* DeploymentError */.gt(`${describeRemoval(total)}, but not all went well:\n${list}`);
}


/***/ }),

/***/ 6073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ commitAliases),
/* harmony export */   Dk: () => (/* binding */ TAG),
/* harmony export */   EZ: () => (/* binding */ tagValue),
/* harmony export */   Fg: () => (/* binding */ tagsOf),
/* harmony export */   K2: () => (/* binding */ identityIn),
/* harmony export */   LA: () => (/* binding */ COMMIT_ALIAS),
/* harmony export */   M5: () => (/* binding */ tagsToMakeRoom),
/* harmony export */   Mp: () => (/* binding */ readMark),
/* harmony export */   N4: () => (/* binding */ aliasTag),
/* harmony export */   Ok: () => (/* binding */ marksOf),
/* harmony export */   P5: () => (/* binding */ unfinishedMark),
/* harmony export */   _z: () => (/* binding */ identityTags),
/* harmony export */   fB: () => (/* binding */ tagFilter),
/* harmony export */   jE: () => (/* binding */ aliasesToDrop),
/* harmony export */   ng: () => (/* binding */ runOf),
/* harmony export */   nj: () => (/* binding */ markValue),
/* harmony export */   rI: () => (/* binding */ markKey),
/* harmony export */   s3: () => (/* binding */ toTagList),
/* harmony export */   ui: () => (/* binding */ isUnfinished),
/* harmony export */   zw: () => (/* binding */ withoutMarks)
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
    /** Hash of everything that the image was made of. */
    fingerprint: `${PREFIX}fingerprint`,
    /** The image that it was built on. */
    baseImage: `${PREFIX}base-image`,
    /** All images of the build by Region, when its template makes several. */
    images: `${PREFIX}images`,
    /** When, and by which kind of smoke test, the image was found good. */
    smokeTested: `${PREFIX}smoke-tested`,
    quarantined: `${PREFIX}quarantined`,
    keep: `${PREFIX}keep`,
    /** Prune deprecated or disabled the image, and deletes it some days later. */
    removing: `${PREFIX}removing`,
};
/** The workflow run that a resource was made by: what belongs to a build has the attempt and more behind the address. */
const runOf = (tags) => tags[TAG.run]?.split(' ')[0]?.replace(/\/attempts\/\d+$/, '');
/** `immutable-deploy:commit:<sha>`: a commit for which the image was used again instead of building another one. */
const COMMIT_ALIAS = `${PREFIX}commit:`;
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
/** The commits that reused an image: `<time> <run id> <branch or tag>` each. */
function commitAliases(tags) {
    return Object.entries(tags).flatMap(([key, value]) => {
        const mark = key.startsWith(COMMIT_ALIAS) ? readMark(value) : undefined;
        if (!mark)
            return [];
        const [run = '', ...branch] = mark.text.split(' ');
        return [{ commit: key.slice(COMMIT_ALIAS.length), time: mark.time, run, branch: branch.join(' ') }];
    });
}
/** The tag that says that a commit reused the image. */
function aliasTag({ commit, time, run, branch }) {
    return { [`${COMMIT_ALIAS}${commit}`]: markValue(time, `${run} ${branch}`) };
}
/** How many commits that reused an image are kept on it. */
const MOST_ALIASES = 10;
/** The keys of the oldest aliases, which make room for one more. */
function aliasesToDrop(tags, added) {
    return commitAliases(tags)
        .filter(({ commit }) => commit !== added)
        .toSorted((a, b) => b.time - a.time)
        .slice(MOST_ALIASES - 1)
        .map(({ commit }) => `${COMMIT_ALIAS}${commit}`);
}
/** How many tags a resource may have; those of AWS (`aws:`) do not count. */
const MOST_TAGS = 50;
/**
 * The keys that have to go so that tags can be added: the oldest commit aliases, then the oldest promotion marks, and
 * never what an image is found or protected by.
 */
function tagsToMakeRoom(tags, added) {
    const own = Object.keys({ ...tags, ...added }).filter((key) => !key.startsWith('aws:'));
    const tooMany = own.length - MOST_TAGS;
    if (tooMany <= 0)
        return [];
    const isAlias = (key) => key.startsWith(COMMIT_ALIAS);
    const isMark = (key) => isAlias(key) || /:(promoted|rejected):/.test(key);
    return Object.entries(tags)
        .filter(([key]) => key.startsWith(PREFIX) && isMark(key) && !(key in added))
        .map(([key, value]) => ({ key, isAlias: isAlias(key), time: readMark(value)?.time ?? 0 }))
        .toSorted((a, b) => Number(b.isAlias) - Number(a.isAlias) || a.time - b.time)
        .slice(0, tooMany)
        .map(({ key }) => key);
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
        ...(identity.fingerprint === undefined ? {} : { [TAG.fingerprint]: identity.fingerprint }),
        ...(identity.baseImage === undefined ? {} : { [TAG.baseImage]: identity.baseImage }),
    };
}
const IDENTITY = new Set([
    TAG.application,
    TAG.commit,
    TAG.branch,
    TAG.version,
    TAG.built,
    TAG.run,
    TAG.fingerprint,
    TAG.baseImage,
]);
/** What an image is, without what happened to it later. */
function identityIn(tags) {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => IDENTITY.has(key)));
}
/** Tags that a copy of an image has as well: what it is and for whom, and not what was decided about this one. */
function withoutMarks(tags) {
    return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith('aws:') &&
        (!key.startsWith(PREFIX) ||
            IDENTITY.has(key) ||
            key.startsWith(COMMIT_ALIAS) ||
            key === TAG.smokeTested)));
}
/** The quarantine of an image that has not come through all of it yet. */
function unfinishedMark(what, time, run) {
    return markValue(time, `${what} not finished: ${run}`);
}
/** Whether an image is quarantined only because nobody saw the end of this. */
function isUnfinished(quarantined, what) {
    return readMark(quarantined)?.text.startsWith(`${what} not finished`) ?? false;
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
