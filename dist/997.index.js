export const id = 997;
export const ids = [997,929];
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

/***/ 1997:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  prune: () => (/* binding */ prune)
});

// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/parallel.js
var parallel = __webpack_require__(6235);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./lib/src/image.js
var src_image = __webpack_require__(2687);
// EXTERNAL MODULE: ./lib/src/tags.js
var src_tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/prune/inventory.js



/**
 * All images of the application in this account and Region, whatever their state, newest first. Images without the
 * application's tag are never among them.
 */
async function readImages({ aws, signal }, application) {
    const request = {
        Owners: ['self'],
        Filters: [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, application)],
        IncludeDisabled: true,
        IncludeDeprecated: true,
    };
    const images = [];
    const pages = (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2, pageSize: 1000 }, request, { abortSignal: signal });
    for await (const page of pages)
        images.push(...(page.Images ?? []).map(prunableImage));
    // Asked once more: whatever the filter's pattern matched, nothing else may be removed.
    const ours = images.filter(({ tags }) => tags[src_tags/* TAG */.Dk.application] === (0,src_tags/* tagValue */.EZ)(application));
    return ours.filter(({ state }) => state !== 'deregistered').toSorted(src_image/* newestFirst */.ll);
}
function prunableImage(image) {
    const protection = image.DeregistrationProtection ?? 'disabled';
    return {
        ...(0,src_image/* imageFrom */.mn)(image),
        snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId === undefined ? [] : [{ id: Ebs.SnapshotId, gib: Ebs.VolumeSize ?? 0 }]),
        deregistrationProtection: protection !== 'disabled',
    };
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-auto-scaling/dist-cjs/index.js
var client_auto_scaling_dist_cjs = __webpack_require__(8932);
;// CONCATENATED MODULE: ./lib/src/prune/references/use.js
const isVersionUse = (use) => 'template' in use;
const describeReference = ({ holder, via }) => via === undefined ? holder : `${holder} (${via})`;
/** The use of a launch template as Auto Scaling writes it; a version that is not given means `$Default`. */
function specificationUse(holder, specification) {
    if (!specification)
        return [];
    const { LaunchTemplateId: id, LaunchTemplateName: name, Version } = specification;
    return [{ holder, template: { id, name }, version: Version ?? '$Default' }];
}

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
/** The images of all instances of the Region, and the launch template versions that they were launched from. */
async function readInstances({ aws, signal }) {
    const request = {
        Filters: [{ Name: 'instance-state-name', Values: STATES }],
        // Instances that an AWS service manages can be hidden from lists, and run images like others.
        IncludeManagedResources: true,
    };
    const uses = [];
    const pages = (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2, pageSize: 1000 }, request, {
        abortSignal: signal,
    });
    for await (const page of pages) {
        for (const { Instances = [] } of page.Reservations ?? [])
            uses.push(...Instances.flatMap(instanceUses));
    }
    return uses;
}
/** EC2 writes the real version into a tag, also for instances that were launched with `$Latest`. */
function instanceUses(instance) {
    const holder = `instance ${instance.InstanceId}`;
    const tags = (0,src_tags/* tagsOf */.Fg)(instance);
    const [id, version] = [tags['aws:ec2launchtemplate:id'], tags['aws:ec2launchtemplate:version']];
    return [
        ...(instance.ImageId === undefined ? [] : [{ holder, imageId: instance.ImageId }]),
        ...(id === undefined || version === undefined
            ? []
            : specificationUse(holder, { LaunchTemplateId: id, Version: version })),
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/references/launch-configurations.js

/** The images of all launch configurations of the Region, whether a group uses them at the moment or not. */
async function readLaunchConfigurations({ aws, signal }) {
    const uses = [];
    const pages = (0,client_auto_scaling_dist_cjs/* paginateDescribeLaunchConfigurations */.JMU)({ client: aws.autoScaling, pageSize: 100 }, {}, { abortSignal: signal });
    for await (const { LaunchConfigurations = [] } of pages) {
        for (const { LaunchConfigurationName, ImageId } of LaunchConfigurations) {
            if (ImageId)
                uses.push({ holder: `launch configuration ${LaunchConfigurationName}`, imageId: ImageId });
        }
    }
    return uses;
}

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
    const imageId = version.LaunchTemplateData?.ImageId;
    return {
        templateId: LaunchTemplateId ?? '',
        templateName: LaunchTemplateName ?? '',
        number: VersionNumber ?? 0,
        isDefault: version.DefaultVersion ?? false,
        isLatest,
        ...(VersionDescription === undefined ? {} : { description: VersionDescription }),
        ...(imageId ? { imageId } : {}),
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
const ENDED = new Set([
    'Successful',
    'Failed',
    'Cancelled',
    'RollbackSuccessful',
    'RollbackFailed',
]);
const refreshes_CALLS_AT_ONCE = 5;
/** The desired configurations of the active and recent instance refreshes of these groups; one call a group. */
async function readRefreshes(context, groups) {
    const now = context.clock.now();
    const uses = await (0,parallel/* inParallel */.H)(groups, refreshes_CALLS_AT_ONCE, (group) => readRefreshesOf(context, group, now));
    return uses.flat();
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
    if (!ENDED.has(refresh.Status))
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
};
function readerInto(unreadable, { signal, log }) {
    return async (source, read, otherwise) => {
        try {
            return await read();
        }
        catch (error) {
            // A cancel makes every call fail: that says nothing about the source.
            signal.throwIfAborted();
            if (unreadable.some((other) => other.source === source))
                return otherwise;
            unreadable.push({ source, error });
            log.error(describeUnreadable({ source, error }));
            return otherwise;
        }
    };
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
    find({ template, version }) {
        const templateId = template.id ?? this.#idsByName.get(template.name ?? '') ?? '';
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











async function readCheap(context, read) {
    const [instances, groups, launchConfigurations, parameters, currentVersions] = await Promise.all([
        read(SOURCES.instances, () => readInstances(context), []),
        read(SOURCES.groups, () => readGroups(context), undefined),
        read(SOURCES.launchConfigurations, () => readLaunchConfigurations(context), []),
        read(SOURCES.parameters, () => readImageParameters(context), []),
        read(SOURCES.launchTemplates, () => readCurrentVersions(context), []),
    ]);
    return { instances, groups, launchConfigurations, parameters, currentVersions };
}
/**
 * Reads everything that can hold an image.
 *
 * @param images the application's
 * @param inUseAmiIds images that the user says are in use
 */
async function readFacts(context, images, inUseAmiIds) {
    const unreadable = [];
    const read = readerInto(unreadable, context);
    const cheap = await readCheap(context, read);
    const groupNames = cheap.groups?.flatMap(({ AutoScalingGroupName: name }) => name ?? []) ?? [];
    const [refreshes, otherVersions] = await Promise.all([
        read(SOURCES.refreshes, () => readRefreshes(context, groupNames), []),
        read(SOURCES.launchTemplates, () => readOtherVersions(context, cheap.currentVersions), []),
    ]);
    const given = inUseAmiIds.map((imageId) => ({ holder: 'input in-use-ami-ids', imageId }));
    return await resolved(context, read, {
        images,
        uses: { ...usesOf(cheap), refreshes, given },
        versions: [...cheap.currentVersions, ...otherVersions],
        aliases: new Map(),
        shared: [],
        missing: new Set(),
        unreadable,
    });
}
/**
 * Looks again at what may have changed since: the images with their tags, and all sources but those that take a call
 * for every group or template. A promotion that began meanwhile shows as a mark on its image.
 */
async function lookAgain(context, application, before) {
    const unreadable = [...before.unreadable];
    const read = readerInto(unreadable, context);
    const [images, cheap] = await Promise.all([readImages(context, application), readCheap(context, read)]);
    return await resolved(context, read, {
        ...before,
        images,
        uses: { ...before.uses, ...usesOf(cheap) },
        versions: withCurrent(before.versions, cheap.currentVersions),
        unreadable,
    });
}
const usesOf = ({ instances, groups, launchConfigurations, parameters }) => ({
    instances,
    groups: groups?.flatMap(groupUses) ?? [],
    launchConfigurations,
    parameters,
});
/** Looks up what the sources only name: launch template versions that are not known yet, and SSM parameters. */
async function resolved(context, read, facts) {
    const nothing = { found: [], missing: facts.missing };
    const { found, missing } = await read(SOURCES.launchTemplates, () => readUnknownVersions(context, facts), nothing);
    const versions = [...facts.versions, ...found];
    const uses = Object.values(facts.uses).flat();
    const named = [
        ...versions.flatMap(({ imageId }) => imageId ?? []),
        ...uses.flatMap((use) => (isVersionUse(use) ? [] : use.imageId)),
    ];
    const aliases = await read(SOURCES.aliases, () => readAliases(context, named), new Map());
    return { ...facts, versions, missing, aliases };
}
const facts_CALLS_AT_ONCE = 5;
/** Versions that groups and refreshes name and that were made after the versions were read, or are gone. */
async function readUnknownVersions(context, { uses, versions, missing, unreadable }) {
    // When the versions could not be read, all are unknown, and nothing is removed anyway.
    if (unreadable.some(({ source }) => source === SOURCES.launchTemplates))
        return { found: [], missing };
    const known = new TemplateVersions(versions);
    const unknown = new Map();
    for (const use of [...uses.groups, ...uses.refreshes].filter(isVersionUse)) {
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

// EXTERNAL MODULE: ./lib/src/version-description.js
var version_description = __webpack_require__(7709);
;// CONCATENATED MODULE: ./lib/src/prune/decide-versions.js



/**
 * Which launch template versions stay: everything that somebody else made, `$Default`, `$Latest`, what is used, what
 * a promotion may be about to use, and the newest of ours in every template. Highest number first in each template.
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
            const users = rules.users.get(versionId(version)) ?? [];
            const merits = [
                ...(ours ? [] : ['made by somebody else']),
                ...(version.isDefault ? ['$Default'] : []),
                ...(version.isLatest ? ['$Latest'] : []),
                ...(ours && newer.length < rules.keepLaunchTemplateVersions
                    ? [`one of the newest ${rules.keepLaunchTemplateVersions}`]
                    : []),
                // A promotion uses an existing version with its image again.
                ...(promoting.get(version.imageId ?? '') ?? []).map(({ holder }) => holder),
            ];
            const reasons = merits.length + users.length > 0 ? merits : rules.unreadable;
            if (ours)
                newer.push(version);
            if (reasons.length + users.length > 0)
                return { version, decision: 'keep', ours, users, reasons };
            const why = `nothing uses it, and there are ${newer.length - 1} newer ones`;
            return { version, decision: 'remove', ours, users, reasons: [why] };
        });
    });
}
/** A description that was copied to a version with another image does not make that version ours. */
function isOurs({ description, imageId }, application) {
    const described = (0,version_description/* imageOfDescription */.L)(application, description);
    return described !== undefined && described === imageId;
}
/**
 * What the versions that stay hold: each user of a version holds its image through it, and a version that stays for
 * other reasons holds its image itself.
 */
function versionReferences(staying) {
    return staying.flatMap(({ version, users, reasons }) => {
        if (version.imageId === undefined)
            return [];
        const { imageId } = version;
        const label = describeVersion(version);
        return [
            ...users.map((holder) => ({ imageId, holder, via: label })),
            ...(reasons.length === 0 ? [] : [{ imageId, holder: label, via: reasons.join(', ') }]),
        ];
    });
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

;// CONCATENATED MODULE: ./lib/src/prune/retention.js




const DAY_MS = 24 * 3600 * 1000;
/** An image that is being made or changed is never touched, and one in a state that is not known here neither. */
const SETTLED = new Set(['available', 'disabled', 'failed', 'error', 'invalid']);
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
    const shared = byImage(holders.shared);
    const newest = newestOfBranches(sorted, rules.keep);
    const promoted = lastPromoted(sorted, rules.keepPromoted);
    return sorted.map((image) => {
        const reasons = [
            ...because('in-use', references(inUse, image).map((text) => `in use by ${text}`)),
            ...because('promoting', references(promoting, image)),
            ...because('shared', references(shared, image)),
            ...because('state', SETTLED.has(image.state) ? [] : [`its state is ${image.state}`]),
            ...because('newest', newest.get(image.id) ?? []),
            ...because('promoted', promoted.get(image.id) ?? []),
            ...because('young', youth(image, rules)),
            ...because('keep-tag', image.tags[src_tags/* TAG */.Dk.keep] === undefined ? [] : [`tagged ${src_tags/* TAG */.Dk.keep}`]),
            ...because('protected', image.deregistrationProtection ? ['protected from deregistration'] : []),
        ];
        if (reasons.length > 0)
            return { image, decision: 'keep', reasons };
        // Only what could have gone is held back by a source that could not be read.
        if (holders.unreadable.length > 0)
            return { image, decision: 'keep', reasons: because('unreadable', holders.unreadable) };
        return { image, decision: 'remove', reasons: whyRemoved(image, rules) };
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
/**
 * The group that an image is counted in: its branch; the images of git tags have no branch and are one group, so that
 * releases do not push each other's branches out; and so are images without either. A branch's name has no blanks.
 */
function branchGroup({ tags }) {
    const branch = tags[src_tags/* TAG */.Dk.branch];
    if (branch !== undefined)
        return `branch ${branch}`;
    return tags[src_tags/* TAG */.Dk.version] === undefined ? 'images without branch' : 'images of git tags';
}
/** Whether an image takes one of the places of its branch or environment: something can be launched from it. */
const takesPlace = ({ state, tags }) => state === 'available' && tags[src_tags/* TAG */.Dk.quarantined] === undefined;
/** Of every branch the images that have fewer than `keep` newer ones to choose from. */
function newestOfBranches(sorted, keep) {
    const entries = sorted.map((image) => ({ image, group: branchGroup(image) }));
    return firstOf(entries, keep, (group) => `one of the newest ${keep} (${group})`);
}
/** Of every environment the images with fewer than `keepPromoted` later promotions to choose from. */
function lastPromoted(sorted, keepPromoted) {
    const entries = sorted
        .flatMap((image) => (0,src_tags/* marksOf */.Ok)(image.tags, 'promoted').map(({ environment, time }) => ({ image, group: environment, time })))
        .toSorted((a, b) => b.time - a.time);
    return firstOf(entries, keepPromoted, (environment) => `one of the last ${keepPromoted} promoted to ${environment}`);
}
/** The reasons of the entries that come before the places of their groups are taken. */
function firstOf(entries, places, reason) {
    const reasons = new Map();
    const taken = new Map();
    for (const { image, group } of entries) {
        const before = taken.get(group) ?? 0;
        if (before < places && !BROKEN.has(image.state))
            reasons.set(image.id, [...(reasons.get(image.id) ?? []), reason(group)]);
        if (takesPlace(image))
            taken.set(group, before + 1);
    }
    return reasons;
}
const ageInDays = (image, now) => (now - image.created) / DAY_MS;
function youth(image, { minAgeDays, now }) {
    const age = ageInDays(image, now);
    if (Number.isNaN(age))
        return ['of unknown age'];
    return age < minAgeDays ? [`younger than ${minAgeDays} days`] : [];
}
function whyRemoved(image, { keep, keepPromoted, now }) {
    const environments = (0,src_tags/* marksOf */.Ok)(image.tags, 'promoted').map(({ environment }) => environment);
    return [
        'not in use',
        `${Math.floor(ageInDays(image, now))} days old`,
        ...(BROKEN.has(image.state)
            ? [`its state is ${image.state}`]
            : [
                `at least ${keep} newer ones (${branchGroup(image)})`,
                environments.length === 0
                    ? 'never promoted'
                    : `at least ${keepPromoted} later promotions to ${environments.join(', ')}`,
            ]),
    ];
}

;// CONCATENATED MODULE: ./lib/src/prune/plan.js






/** The plan that follows from what was seen: versions first, because an image that only they hold goes with them. */
function makePlan(facts, rules) {
    const versions = decideVersions(facts.versions, versionRules(facts, rules));
    const staying = versions.filter(({ decision }) => decision === 'keep');
    return { versions, images: decideImages(facts.images, holdersOf(facts, staying, rules), rules) };
}
/**
 * The same question once the versions are dealt with: those that are still there hold their images now, also when they
 * were to go and could not be deleted.
 */
function decideImagesNow(facts, rules) {
    const versions = decideVersions(facts.versions, versionRules(facts, rules)).map((version) => version.decision === 'keep'
        ? version
        : { ...version, decision: 'keep', reasons: ['it is still there'] });
    return decideImages(facts.images, holdersOf(facts, versions, rules), rules);
}
function versionRules(facts, { application, keepLaunchTemplateVersions, now }) {
    const known = new TemplateVersions(facts.versions);
    const used = [...facts.uses.groups, ...facts.uses.refreshes, ...facts.uses.instances]
        .filter(isVersionUse)
        .flatMap((use) => {
        const version = known.find(use);
        return version ? [{ id: versionId(version), holder: use.holder }] : [];
    });
    const users = groupedBy(used, ({ id }) => [id]);
    return {
        application,
        keepLaunchTemplateVersions,
        users: new Map([...users].map(([id, uses]) => [id, [...new Set(uses.map(({ holder }) => holder))]])),
        promotions: promotionsUnderWay(facts.images, now),
        unreadable: blockers(facts, 'versions'),
    };
}
function holdersOf(facts, staying, { now }) {
    const named = Object.values(facts.uses).flatMap((uses) => uses.filter((use) => !isVersionUse(use)));
    return {
        inUse: [...named, ...versionReferences(staying)].flatMap((reference) => resolve(reference, facts.aliases)),
        promoting: promotionsUnderWay(facts.images, now),
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
/** The images that a plan removes, oldest first: what was needed least goes first. */
const imagesToRemove = ({ images }) => images
    .filter(({ decision }) => decision === 'remove')
    .map(({ image }) => image)
    .toReversed();
const versionsToRemove = ({ versions }) => versions.filter(({ decision }) => decision === 'remove').map(({ version }) => version);

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
            if (isGone(error))
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
const isGone = (error) => ['InvalidAMIID.NotFound', 'InvalidAMIID.Unavailable'].includes((0,errors/* errorCode */.CA)(error));

;// CONCATENATED MODULE: ./lib/src/prune/remove-images.js





/**
 * Deregisters one image together with its snapshots, and writes down what became of it. An image that is gone already
 * is fine. Never rejects: a failure is a problem of the removal, and the next image has its own chance.
 */
async function removeImage({ aws, log }, image, removal) {
    try {
        const { DeleteSnapshotResults = [] } = await aws.ec2.send(new dist_cjs/* DeregisterImageCommand */.x2c({ ImageId: image.id, DeleteAssociatedSnapshots: true }));
        removal.images.push(image.id);
        log.info(`Deregistered ${(0,src_image/* describeImage */.hu)(image)}`);
        for (const { SnapshotId = '', ReturnCode } of DeleteSnapshotResults)
            noteSnapshot(image, SnapshotId, ReturnCode, removal, log);
    }
    catch (error) {
        if (isGone(error)) {
            removal.notes.set(image.id, 'was gone already');
            return;
        }
        const fix = (0,aws_errors.isAccessDenied)(error) ? ' Allow ec2:DeregisterImage in the policy of the role.' : '';
        const why = `${(0,errors/* messageOf */.bD)(error)}${fix}`;
        removal.notes.set(image.id, `not deregistered: ${why}`);
        problem(`Image ${image.id} could not be deregistered: ${why}`, removal, log);
    }
}
/** The call succeeds whatever became of the snapshots. */
function noteSnapshot(image, id, code, removal, log) {
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
            const fix = code === 'missing-permissions'
                ? 'Allow ec2:DeleteSnapshot in the policy of the role, and delete it by hand.'
                : 'The event DeleteSnapshot in CloudTrail says why; delete it by hand.';
            problem(`Snapshot ${id} of ${image.id} is left over (${code}). ${fix}`, removal, log);
        }
    }
}
function problem(text, removal, log) {
    removal.problems.push(text);
    log.error(text);
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

;// CONCATENATED MODULE: ./lib/src/prune/carry-out.js






/** So many images are deregistered before the account is looked at again. */
const IMAGES_A_LOOK = 50;
/**
 * Deletes the versions of the plan that are still free in a second look. They go before the images, because an image
 * that only they hold is free then.
 *
 * @throws the signal's reason when the step was cancelled
 */
async function removeOldVersions(context, rules, pruning) {
    const { plan, removal } = pruning;
    const planned = versionsToRemove(plan);
    if (planned.length === 0)
        return;
    await context.log.group(`Delete ${planned.length} launch template versions`, async () => {
        pruning.facts = await lookAgain(context, rules.application, pruning.facts);
        const free = new Set(versionsToRemove(makePlan(pruning.facts, rules)).map(versionId));
        const going = planned.filter((version) => free.has(versionId(version)));
        for (const version of planned) {
            if (!free.has(versionId(version)))
                spare(context, versionId(version), 'it is in use now', pruning);
        }
        const gone = await removeVersions(context, going, removal);
        pruning.facts = {
            ...pruning.facts,
            versions: pruning.facts.versions.filter((version) => !gone.has(versionId(version))),
        };
    });
}
/**
 * Deregisters the images of the plan. Each batch is looked at once more right before: state, tags, and what uses the
 * images now, through versions that could not be deleted too.
 *
 * @throws the signal's reason when the step was cancelled, between two images
 */
async function removeOldImages(context, rules, pruning) {
    const { plan, removal } = pruning;
    const planned = imagesToRemove(plan);
    if (planned.length === 0)
        return;
    await context.log.group(`Deregister ${planned.length} images`, async () => {
        for (const batch of inBatches(planned, IMAGES_A_LOOK)) {
            context.signal.throwIfAborted();
            pruning.facts = await lookAgain(context, rules.application, pruning.facts);
            const now = new Map(decideImagesNow(pruning.facts, rules).map((decided) => [decided.image.id, decided]));
            for (const image of batch) {
                context.signal.throwIfAborted();
                const decided = now.get(image.id);
                if (decided?.decision === 'remove')
                    await removeImage(context, image, removal);
                else if (!decided)
                    removal.notes.set(image.id, 'was gone already');
                else
                    spare(context, image.id, decided.reasons.map(({ text }) => text).join(', '), pruning);
            }
        }
    });
}
function spare({ log }, id, why, { removal }) {
    removal.notes.set(id, `kept after all: ${why}`);
    log.warning(`${id} is kept after all: ${why}`);
}

;// CONCATENATED MODULE: ./lib/src/prune/guards.js


/**
 * Why a plan must not be carried out, one sentence each, with what to change; none when it may. They catch what the
 * rules cannot see: a look into the wrong account or Region, a wrong input, images that are hidden from the role.
 */
function objectionsTo(plan, limits) {
    const images = imagesToRemove(plan);
    if (images.length + versionsToRemove(plan).length === 0)
        return [];
    return [
        ...nothingVisible(plan, limits),
        ...nothingInUse(plan, limits),
        ...tooMany(images.length, plan.images.length, limits),
    ];
}
function nothingVisible({ images }, { application, region }) {
    if (images.length > 0)
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

;// CONCATENATED MODULE: ./lib/src/prune/narrate.js





/** What prune says in the log about what it found and what it is about to do. */
const MOST_LINES = 200;
function logImages(log, images) {
    const states = [...groupedBy(images, ({ state }) => [state])].map(([state, list]) => `${list.length} ${state}`);
    log.info(images.length === 0 ? 'There are none.' : `${images.length} images: ${states.join(', ')}`);
}
function logFacts(log, { uses, versions }) {
    for (const name of ['instances', 'groups', 'refreshes', 'launchConfigurations', 'parameters']) {
        const holders = new Set(uses[name].map(({ holder }) => holder));
        log.info(`${SOURCES[name].title}: ${holders.size} that use images`);
    }
    log.info(`${SOURCES.launchTemplates.title}: ${versions.length}`);
    if (uses.given.length > 0)
        log.info(`in-use-ami-ids: ${uses.given.length}`);
}
/** The images and versions that go, with reasons; for the others how many stay under each rule. */
function logPlan(log, plan, objections) {
    const going = imagesToRemove(plan);
    const staying = plan.images.flatMap((decided) => (decided.decision === 'keep' ? [decided] : []));
    const rules = groupedBy(staying, ({ reasons }) => [...new Set(reasons.map(({ rule }) => rule))]);
    const counts = [...rules].map(([rule, images]) => `${images.length} ${rule}`);
    log.info(`${going.length} images go, ${staying.length} stay${counts.length > 0 ? ` (${counts.join(', ')})` : ''}`);
    const lines = plan.images.flatMap((decided) => decided.decision === 'remove' ? [`- ${(0,src_image/* describeImage */.hu)(decided.image)}: ${decided.reasons.join(', ')}`] : []);
    for (const line of lines.toReversed().slice(0, MOST_LINES))
        log.info(line);
    if (lines.length > MOST_LINES)
        log.info(`… and ${lines.length - MOST_LINES} more`);
    const versions = versionsToRemove(plan).map(versionId);
    log.info(`${versions.length} launch template versions go${versions.length > 0 ? `: ${shortList(versions, 50)}` : ''}`);
    for (const objection of objections)
        log.warning(objection);
}

;// CONCATENATED MODULE: ./lib/src/prune/pruning.js

/** Everything that makes the step fail although it went on: what could not be read, and what could not be removed. */
const problemsOf = ({ facts, removal }) => [
    ...facts.unreadable.map(describeUnreadable),
    ...removal.problems,
];

;// CONCATENATED MODULE: ./lib/src/prune/removal.js
const nothingRemoved = () => ({
    versions: [],
    images: [],
    snapshots: [],
    sharedSnapshots: [],
    notes: new Map(),
    problems: [],
});
/** Counts of what was removed, as a sentence. */
function describeRemoval({ images, snapshots, versions }) {
    return `${images.length} images, ${snapshots.length} snapshots and ${versions.length} launch template versions were removed`;
}
const freedGib = ({ snapshots }) => snapshots.reduce((sum, { gib }) => sum + gib, 0);

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/report.js
var report = __webpack_require__(1502);
;// CONCATENATED MODULE: ./lib/src/prune/summary.js






/** A summary has at most 1 MiB; a row has a few hundred characters, and nobody reads more. */
const MOST_ROWS = 500;
const MOST_REASONS = 4;
const MOST_IDS = 200;
/** An organisation's ARN or a long branch in a reason; the report file has it whole. */
const LONGEST_REASON = 300;
/** What cannot be seen by this action: said in every report, because only people can know it. */
const NOT_SEEN = 'Not looked at: EC2 Fleets, Spot Fleets and requests, Image Builder recipes, AWS Batch, EKS and other accounts. Name images that are used there in `in-use-ami-ids`, or tag them `immutable-deploy:keep`.';
/** A prune as Markdown for the job summary. */
function pruneSummary(pruning) {
    const { application, region, objections, plan } = pruning;
    const problems = problemsOf(pruning);
    return [
        `## ${headline(pruning)}: ${application} in ${region}`,
        ...(objections.length === 0
            ? []
            : [list(pruning.dryRun ? 'Without dry-run this would stop:' : 'Stopped:', objections)]),
        ...(problems.length === 0 ? [] : [list('What went wrong:', problems)]),
        (0,report/* table */.tp)(['', 'Found', pruning.dryRun ? 'Would go' : 'To go', 'Removed'], countRows(plan, pruning)),
        imageTable(plan, pruning),
        ...deletedVersions(pruning),
        ...sharedSnapshots(pruning),
        NOT_SEEN,
    ].join('\n\n');
}
function headline(pruning) {
    if (pruning.dryRun)
        return '📝 Prune plan (dry run: nothing was changed)';
    if (pruning.objections.length > 0)
        return '✋ Prune stopped';
    return problemsOf(pruning).length > 0 ? '❌ Pruned with problems' : '🧹 Pruned';
}
function countRows(plan, { removal }) {
    const ours = plan.versions.filter((version) => version.ours).length;
    const images = imagesToRemove(plan);
    const snapshots = images.reduce((sum, image) => sum + image.snapshots.length, 0);
    const found = plan.images.reduce((sum, { image }) => sum + image.snapshots.length, 0);
    return [
        ['Images', plan.images.length, images.length, removal.images.length],
        ['Snapshots', found, snapshots, `${removal.snapshots.length} (${freedGib(removal)} GiB)`],
        ['Launch template versions of ours', ours, versionsToRemove(plan).length, removal.versions.length],
    ].map((row) => row.map(String));
}
/** What goes first, oldest first; then what stays, newest first. */
function imageTable(plan, { removal }) {
    const going = plan.images.filter(({ decision }) => decision === 'remove').toReversed();
    const staying = plan.images.filter(({ decision }) => decision === 'keep');
    const all = [...going, ...staying];
    const rows = all
        .slice(0, MOST_ROWS)
        .map((decision) => imageRow(decision, removal.notes.get(decision.image.id)));
    const left = all.length - rows.length;
    const more = left > 0 ? `\n\n${left} more rows are left out; the file of the output \`report\` has them all.` : '';
    return `${(0,report/* table */.tp)(['Image', 'Made', 'From', 'Decision', 'Why'], rows)}${more}`;
}
function imageRow({ image, decision, reasons }, note) {
    const commit = image.tags[src_tags/* TAG */.Dk.commit]?.slice(0, 12) ?? '';
    const texts = reasons.map((reason) => shortened(typeof reason === 'string' ? reason : reason.text));
    const why = shortList(texts, MOST_REASONS);
    return [
        `\`${image.id}\``,
        Number.isNaN(image.created) ? '' : new Date(image.created).toISOString().slice(0, 10),
        [image.tags[src_tags/* TAG */.Dk.version] ?? image.tags[src_tags/* TAG */.Dk.branch] ?? '', commit].join(' ').trim(),
        decision,
        note === undefined ? why : `${why}; **${shortened(note)}**`,
    ];
}
const shortened = (text) => text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON)}…` : text;
function deletedVersions({ removal }) {
    if (removal.versions.length === 0)
        return [];
    return [
        `Deleted launch template versions: ${shortList(removal.versions.map((id) => `\`${id}\``), MOST_IDS)}`,
    ];
}
function sharedSnapshots({ removal }) {
    const snapshots = removal.sharedSnapshots.map(({ id, imageId }) => `\`${id}\` (of \`${imageId}\`)`);
    if (snapshots.length === 0)
        return [];
    return [`Snapshots that stay because other images use them: ${shortList(snapshots, MOST_IDS)}`];
}
const list = (title, items) => [title, '', ...items.map((item) => `- ${item}`)].join('\n');

;// CONCATENATED MODULE: ./lib/src/prune/report.js







/** The mode's outputs; they are set on failure too. */
function setOutputs({ report }, removal) {
    report.set({
        'deleted-images': removal.images,
        'deleted-snapshots': removal.snapshots.map(({ id }) => id),
        'deleted-launch-template-versions': removal.versions,
        'freed-gib': freedGib(removal),
    });
}
/** Writes the report file, the summary and the outputs. */
function writeReport(context, pruning) {
    setOutputs(context, pruning.removal);
    const path = (0,external_node_path_.join)(context.run.temp, `prune-${process.pid}.json`);
    (0,external_node_fs_.writeFileSync)(path, JSON.stringify(reportOf(pruning, context.clock.now()), undefined, 2));
    context.report.set({ report: path });
    context.report.write(pruneSummary(pruning));
    context.log.info(`Every image with its decision and reasons: ${path}`);
}
function reportOf(pruning, now) {
    const { application, region, dryRun, removal, objections, plan } = pruning;
    const removed = new Set([...removal.images, ...removal.versions]);
    const outcome = (id) => ({
        removed: removed.has(id),
        ...(removal.notes.has(id) ? { note: removal.notes.get(id) } : {}),
    });
    return {
        application,
        region,
        time: new Date(now).toISOString(),
        dryRun,
        objections,
        problems: problemsOf(pruning),
        images: plan.images.map(({ image, decision, reasons }) => ({
            id: image.id,
            name: image.name,
            state: image.state,
            created: Number.isNaN(image.created) ? undefined : new Date(image.created).toISOString(),
            commit: image.tags[src_tags/* TAG */.Dk.commit],
            branch: image.tags[src_tags/* TAG */.Dk.branch],
            version: image.tags[src_tags/* TAG */.Dk.version],
            snapshots: image.snapshots.map(({ id }) => id),
            decision,
            reasons: reasons.map((reason) => (typeof reason === 'string' ? reason : reason.text)),
            ...outcome(image.id),
        })),
        launchTemplateVersions: plan.versions
            .filter(({ ours }) => ours)
            .map(({ version, decision, users, reasons }) => ({
            id: versionId(version),
            name: version.templateName,
            imageId: version.imageId,
            decision,
            reasons: [...users.map((user) => `used by ${user}`), ...reasons],
            ...outcome(versionId(version)),
        })),
        snapshots: {
            deleted: removal.snapshots,
            usedByOtherImages: removal.sharedSnapshots,
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/prune/prune.js












/**
 * Removes old images of the application, their snapshots and old launch template versions, and nothing that is in use:
 * the steps, in order. Rejects when a guard stopped it, when something could not be read or removed, or when the step
 * was cancelled; the report and the outputs say what was done by then.
 */
async function prune(inputs, context) {
    const { log, aws } = context;
    const application = inputs.application ?? context.run.repository;
    const rules = { ...inputs, application, now: context.clock.now() };
    setOutputs(context, nothingRemoved());
    const images = await log.group(`Images of ${application} in ${aws.region}`, () => listImages(context, application));
    const facts = await log.group('What uses images', () => lookAround(context, images, inputs.inUseAmiIds));
    const pruning = await log.group('Plan', () => planPruning(context, inputs, rules, facts));
    try {
        if (!inputs.dryRun && pruning.objections.length === 0) {
            await removeOldVersions(context, rules, pruning);
            await removeOldImages(context, rules, pruning);
        }
    }
    catch (error) {
        throw context.signal.aborted ? interrupted(context, pruning, error) : error;
    }
    finally {
        writeReport(context, pruning);
    }
    failWhenIncomplete(pruning);
}
async function listImages(context, application) {
    const images = await readImages(context, application);
    logImages(context.log, images);
    return images;
}
async function lookAround(context, images, inUse) {
    const facts = await readFacts(context, images, inUse);
    logFacts(context.log, facts);
    return facts;
}
/** Images that would go are looked at for whom they are shared with: one call each, therefore only those. */
async function planPruning(context, inputs, rules, seen) {
    const { application } = rules;
    const { region } = context.aws;
    const facts = await withShares(context, seen, imagesToRemove(makePlan(seen, rules)));
    const plan = makePlan(facts, rules);
    const objections = objectionsTo(plan, { ...inputs, application, region });
    logPlan(context.log, plan, objections);
    return { application, region, dryRun: inputs.dryRun, plan, objections, facts, removal: nothingRemoved() };
}
async function withShares(context, facts, images) {
    const { uses: shared, error } = await readLaunchPermissions(context, images);
    if (error === undefined)
        return { ...facts, shared };
    const unread = { source: SOURCES.launchPermissions, error };
    context.log.error(describeUnreadable(unread));
    return { ...facts, shared, unreadable: [...facts.unreadable, unread] };
}
function interrupted({ signal, log }, { removal }, cause) {
    const text = `${(0,errors/* messageOf */.bD)(signal.reason)} By then ${describeRemoval(removal)}. Run prune again for the rest.`;
    log.warning(text);
    return new errors/* InterruptedError */.p4(text, { cause });
}
/** A plan that was stopped is a failure, and so is work that is not complete; a dry run only shows the former. */
function failWhenIncomplete(pruning) {
    const { removal, dryRun, objections } = pruning;
    const problems = [...(dryRun ? [] : objections), ...problemsOf(pruning)];
    if (problems.length === 0)
        return;
    const touched = removal.images.length + removal.versions.length + removal.problems.length > 0;
    if (!touched)
        throw new errors/* ConfigurationError */.j1(problems);
    const list = problems.map((text) => `- ${text}`).join('\n');
    throw new errors/* DeploymentError */.gt(`${describeRemoval(removal)}, but not all went well:\n${list}`);
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
    /** The Regions of the build, separated by blanks, when the template makes images in several. */
    regions: `${PREFIX}regions`,
    /** When, and by which kind of smoke test, the image was found good. */
    smokeTested: `${PREFIX}smoke-tested`,
    quarantined: `${PREFIX}quarantined`,
    keep: `${PREFIX}keep`,
};
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
