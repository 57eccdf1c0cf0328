export const id = 902;
export const ids = [902,929];
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

/***/ 8175:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ isLeftBehind),
/* harmony export */   l: () => (/* binding */ builderMark)
/* harmony export */ });
function builderMark({ run, until, id }) {
    return `${run.url}/attempts/${run.attempt} until ${new Date(until).toISOString()} ${id}`;
}
const MARK = /^(\S+)\/attempts\/(\d+) until (\S+) ([0-9a-f]+)$/;
/** A bake that has run out of its time still cleans up for a while. */
const GRACE_MS = 15 * 60_000;
/**
 * Whether what carries this mark was left behind: its bake has given up long ago, or is of an earlier attempt of this
 * run. GitHub starts a new attempt only when the one before has ended.
 */
function isLeftBehind(mark, run, now) {
    const [, url, attempt, until = ''] = MARK.exec(mark) ?? [];
    if (url === undefined)
        return false;
    if (url === run.url && Number(attempt) < run.attempt)
        return true;
    return Date.parse(until) + GRACE_MS < now;
}


/***/ }),

/***/ 902:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  cleanUpBake: () => (/* binding */ cleanUpBake),
  sweepIfNeeded: () => (/* binding */ sweepIfNeeded),
  sweepLeftovers: () => (/* binding */ sweepLeftovers)
});

// EXTERNAL MODULE: ./lib/src/aws/errors.js
var errors = __webpack_require__(6929);
// EXTERNAL MODULE: ./lib/src/errors.js
var src_errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/bake/builder-mark.js
var builder_mark = __webpack_require__(8175);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./lib/src/tags.js
var tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/bake/leftovers.js



/** The names that Packer gives to what it makes for a build. */
const PACKER_NAME = /^packer_[0-9a-f]{8}-[0-9a-f]{4}-/;
const PACKER_GROUP = 'Temporary group for Packer';
const PACKER_TEMPLATE = 'packer-fleet-launch-template-';
/** A volume that is made with its instance is no older than it; the clocks of EC2 and the builder may differ. */
const TOGETHER_MS = 60_000;
/**
 * Finds what is left. Nothing is taken for ours by its name alone: it carries our mark, hangs on an instance that
 * does, or was printed by Packer and is what Packer makes.
 */
async function findLeftovers(aws, owner) {
    const tagged = [{ Name: `tag:${tags/* TAG */.Dk.run}`, Values: [owner.filter] }];
    const unseen = [];
    // Packer itself needs fewer permissions: with these, the rest is looked for all the same.
    const ifAllowed = async (what, search) => await search.catch((error) => {
        if (!(0,errors.isAccessDenied)(error))
            throw error;
        unseen.push(what);
        return [];
    });
    const [instances, keyPairs, securityGroups, launchTemplates, volumes] = await Promise.all([
        findInstances(aws, owner, tagged),
        ifAllowed('key pairs', findKeyPairs(aws, owner, tagged)),
        ifAllowed('security groups', findSecurityGroups(aws, owner, tagged)),
        ifAllowed('launch templates', findLaunchTemplates(aws, owner, tagged)),
        ifAllowed('volumes', findVolumes(aws, owner, tagged)),
    ]);
    const ids = instances.map(({ InstanceId = '' }) => InstanceId);
    const alive = instances.filter(({ State }) => State?.Name !== 'terminated');
    return {
        instances: alive.map(({ InstanceId = '' }) => InstanceId),
        images: await findImages(aws, owner, ids),
        keyPairs: unique([...keyPairs, ...alive.flatMap(keyPairOf)]),
        securityGroups: unique([...securityGroups, ...alive.flatMap(securityGroupsOf)]),
        volumes: unique([...volumes, ...(await ifAllowed('volumes', volumesOf(aws, alive)))]),
        launchTemplates,
        unseen: unique(unseen),
    };
}
/** Whether there is an instance among what is left: one call. */
async function hasInstances(aws, owner) {
    const found = await findInstances(aws, { ...owner, printed: [] }, [
        { Name: `tag:${tags/* TAG */.Dk.run}`, Values: [owner.filter] },
    ]);
    return found.some(({ State }) => State?.Name !== 'terminated');
}
const unique = (ids) => [...new Set(ids)];
const printedOf = ({ printed }, kind) => printed.filter((resource) => resource.kind === kind).map(({ id }) => id);
const markedBy = (owner) => (resource) => {
    const mark = (0,tags/* tagsOf */.Fg)(resource)[tags/* TAG */.Dk.run];
    return mark !== undefined && owner.isOurs(mark);
};
/** Also terminated ones, as long as EC2 knows them: images are recognised by them. */
async function findInstances(aws, owner, tagged) {
    const printed = printedOf(owner, 'instance');
    const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'instance-id', Values: printed }]] : [])];
    const found = new Map();
    for (const Filters of searches) {
        for await (const { Reservations = [] } of (0,dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2 }, { Filters })) {
            for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
                if (isBuilder(owner, instance))
                    found.set(instance.InstanceId ?? '', instance);
            }
        }
    }
    return [...found.values()];
}
function isBuilder(owner, instance) {
    const { [tags/* TAG */.Dk.run]: mark, Name } = (0,tags/* tagsOf */.Fg)(instance);
    if (mark !== undefined)
        return owner.isOurs(mark);
    const isPrinted = printedOf(owner, 'instance').includes(instance.InstanceId ?? '');
    const looksLikeIt = Name === 'Packer Builder' || PACKER_NAME.test(instance.KeyName ?? '');
    return isPrinted && looksLikeIt && (instance.LaunchTime?.getTime() ?? 0) >= owner.since - TOGETHER_MS;
}
const keyPairOf = ({ KeyName = '' }) => (PACKER_NAME.test(KeyName) ? [KeyName] : []);
const securityGroupsOf = ({ SecurityGroups = [] }) => SecurityGroups.filter(({ GroupName = '' }) => PACKER_NAME.test(GroupName)).flatMap(({ GroupId }) => GroupId ?? []);
async function findVolumes(aws, owner, tagged) {
    const { Volumes = [] } = await aws.ec2.send(new dist_cjs/* DescribeVolumesCommand */.U$W({ Filters: tagged }));
    return Volumes.filter(markedBy(owner)).flatMap(({ VolumeId }) => VolumeId ?? []);
}
/**
 * Volumes that were made with the instance and outlive it; one that was attached to it later is somebody's. They are
 * asked for by their attachment: a young instance does not tell its devices yet.
 */
async function volumesOf(aws, instances) {
    if (instances.length === 0)
        return [];
    const launched = new Map(instances.map(({ InstanceId = '', LaunchTime }) => [InstanceId, LaunchTime?.getTime() ?? 0]));
    const { Volumes = [] } = await aws.ec2.send(new dist_cjs/* DescribeVolumesCommand */.U$W({
        Filters: [{ Name: 'attachment.instance-id', Values: [...launched.keys()] }],
    }));
    return Volumes.flatMap(({ VolumeId = '', CreateTime, Attachments: [attachment] = [] }) => {
        if (attachment?.DeleteOnTermination !== false)
            return [];
        const launchedAt = launched.get(attachment.InstanceId ?? '') ?? 0;
        return Math.abs((CreateTime?.getTime() ?? 0) - launchedAt) <= TOGETHER_MS ? [VolumeId] : [];
    });
}
async function findKeyPairs(aws, owner, tagged) {
    const printed = printedOf(owner, 'key-pair');
    const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'key-name', Values: printed }]] : [])];
    const found = await Promise.all(searches.map((Filters) => aws.ec2.send(new dist_cjs/* DescribeKeyPairsCommand */.DRu({ Filters }))));
    return found
        .flatMap(({ KeyPairs = [] }) => KeyPairs)
        .filter((pair) => (0,tags/* tagsOf */.Fg)(pair)[tags/* TAG */.Dk.run] === undefined
        ? (pair.CreateTime?.getTime() ?? 0) >= owner.since - TOGETHER_MS
        : markedBy(owner)(pair))
        .flatMap(({ KeyName }) => KeyName ?? []);
}
async function findSecurityGroups(aws, owner, tagged) {
    const printed = printedOf(owner, 'security-group');
    const searches = [tagged, ...(printed.length > 0 ? [[{ Name: 'group-name', Values: printed }]] : [])];
    const found = [];
    for (const Filters of searches) {
        for await (const { SecurityGroups = [] } of (0,dist_cjs/* paginateDescribeSecurityGroups */.nYn)({ client: aws.ec2 }, { Filters })) {
            const ours = SecurityGroups.filter((group) => (0,tags/* tagsOf */.Fg)(group)[tags/* TAG */.Dk.run] === undefined ? group.Description === PACKER_GROUP : markedBy(owner)(group));
            found.push(...ours.flatMap(({ GroupId }) => GroupId ?? []));
        }
    }
    return found;
}
async function findLaunchTemplates(aws, owner, tagged) {
    const printed = new Set(printedOf(owner, 'launch-template'));
    const { LaunchTemplates: marked = [] } = await aws.ec2.send(new dist_cjs/* DescribeLaunchTemplatesCommand */.fmI({ Filters: tagged }));
    const { LaunchTemplates: named = [] } = printed.size === 0
        ? {}
        : await aws.ec2.send(new dist_cjs/* DescribeLaunchTemplatesCommand */.fmI({
            Filters: [{ Name: 'launch-template-name', Values: [`${PACKER_TEMPLATE}*`] }],
        }));
    return unique([
        ...marked.filter(markedBy(owner)),
        ...named.filter((template) => printed.has(template.LaunchTemplateId ?? '') &&
            (0,tags/* tagsOf */.Fg)(template)[tags/* TAG */.Dk.run] === undefined &&
            (template.CreateTime?.getTime() ?? 0) >= owner.since - TOGETHER_MS),
    ].flatMap(({ LaunchTemplateId }) => LaunchTemplateId ?? []));
}
/** Images of the builders that never got their tags: nobody can say whether they are whole. */
async function findImages(aws, owner, builders) {
    const searches = [
        { Name: `tag:${tags/* TAG */.Dk.quarantined}`, Values: [`* build not finished: ${owner.filter}`] },
        ...(builders.length > 0 ? [{ Name: 'source-instance-id', Values: [...builders] }] : []),
    ];
    const found = await Promise.all(searches.map((filter) => aws.ec2.send(new dist_cjs/* DescribeImagesCommand */.ji5({ Owners: ['self'], Filters: [filter] }))));
    const images = found
        .flatMap(({ Images = [] }) => Images)
        .filter((image) => {
        const { [tags/* TAG */.Dk.quarantined]: quarantined, [tags/* TAG */.Dk.application]: application } = (0,tags/* tagsOf */.Fg)(image);
        if (quarantined !== undefined && (0,tags/* isUnfinished */.ui)(quarantined, 'build'))
            return owner.isOurs(quarantined.slice(quarantined.indexOf(': ') + 2));
        return application === undefined && builders.includes(image.SourceInstanceId ?? '');
    })
        .map(({ ImageId = '', SourceInstanceId = '' }) => ({ id: ImageId, builderId: SourceInstanceId }));
    return [...new Map(images.map((image) => [image.id, image])).values()];
}

// EXTERNAL MODULE: ./lib/src/bake/lock.js
var lock = __webpack_require__(1195);
;// CONCATENATED MODULE: ./lib/src/bake/remove-leftovers.js



const PAUSE_MS = 5_000;
/** Removes leftovers. What is gone already is fine; what cannot be removed is named, and the others go all the same. */
async function removeLeftovers(tools, leftovers) {
    const { ec2 } = tools.aws;
    const result = { removed: [], left: [] };
    const attempt = (what, work) => note(result, what, work);
    if (leftovers.instances.length > 0)
        await attempt(`instance ${leftovers.instances.join(', ')}`, () => ec2.send(new dist_cjs/* TerminateInstancesCommand */.NaF({ InstanceIds: leftovers.instances })));
    for (const image of leftovers.images)
        await attempt(`unfinished image ${image.id}`, () => removeImage(tools.aws, image));
    for (const name of leftovers.keyPairs)
        await attempt(`key pair ${name}`, () => ec2.send(new dist_cjs/* DeleteKeyPairCommand */.EWB({ KeyName: name })));
    for (const id of leftovers.launchTemplates)
        await attempt(`launch template ${id}`, () => ec2.send(new dist_cjs/* DeleteLaunchTemplateCommand */.s9K({ LaunchTemplateId: id })));
    if (leftovers.securityGroups.length + leftovers.volumes.length > 0)
        await untilTerminated(tools, leftovers.instances);
    for (const id of await stillThere(tools, leftovers.volumes))
        await attempt(`volume ${id}`, () => ec2.send(new dist_cjs/* DeleteVolumeCommand */.Pbn({ VolumeId: id })));
    for (const id of leftovers.securityGroups)
        await attempt(`security group ${id}`, () => ec2.send(new dist_cjs/* DeleteSecurityGroupCommand */.yEh({ GroupId: id })));
    return result;
}
async function note({ removed, left }, what, work) {
    try {
        await work();
        removed.push(what);
    }
    catch (error) {
        if (/NotFound|Unavailable|DoesNotExist/i.test((0,src_errors/* errorCode */.CA)(error)))
            removed.push(what);
        else
            left.push(`${what} (${(0,src_errors/* messageOf */.bD)((0,errors.explained)(error))})`);
    }
}
/** The snapshots of a pending image do not hang on it yet: they are found by what EC2 writes on them. */
async function removeImage(aws, { id, builderId }) {
    await aws.ec2.send(new dist_cjs/* DeregisterImageCommand */.x2c({ ImageId: id, DeleteAssociatedSnapshots: true }));
    const description = `Created by CreateImage(${builderId}) for ${id}`;
    const { Snapshots = [] } = await aws.ec2.send(new dist_cjs/* DescribeSnapshotsCommand */.MmI({
        OwnerIds: ['self'],
        Filters: [{ Name: 'description', Values: [`${description}*`] }],
    }));
    for (const { SnapshotId } of Snapshots)
        await aws.ec2.send(new dist_cjs/* DeleteSnapshotCommand */.tZN({ SnapshotId }));
}
/** Most disks go with their instance; a role that may only delete what has the right tags would be refused for them. */
async function stillThere({ aws }, ids) {
    if (ids.length === 0)
        return [];
    const { Volumes = [] } = await aws.ec2.send(new dist_cjs/* DescribeVolumesCommand */.U$W({ Filters: [{ Name: 'volume-id', Values: [...ids] }] }));
    return Volumes.flatMap(({ VolumeId }) => VolumeId ?? []);
}
/** Waits for as long as there is patience: what is still held then is named as left. */
async function untilTerminated(tools, ids) {
    const { aws, clock, signal, patienceMs } = tools;
    const end = clock.now() + patienceMs;
    while (ids.length > 0 && clock.now() < end) {
        const { Reservations = [] } = await aws.ec2.send(new dist_cjs/* DescribeInstancesCommand */.bNs({
            Filters: [
                { Name: 'instance-id', Values: [...ids] },
                {
                    Name: 'instance-state-name',
                    Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
                },
            ],
        }));
        if (Reservations.length === 0)
            return;
        await clock.sleep(PAUSE_MS, signal);
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/clean-up.js






/** All post steps of a job together have five minutes; a terminated instance takes about one. */
const PATIENCE_MS = 150_000;
/**
 * Removes what a bake that did not come to its end had made for the time of the build, and gives its lock back.
 * Returns sentences for the log. What carries no mark of this bake is not touched.
 */
async function cleanUpBake(tools, work) {
    const sentences = [];
    const aws = tools.aws.inRegion(work.region);
    // First, because others wait for it, and the end of an instance takes its time.
    if (work.lock !== undefined) {
        try {
            await (0,lock/* releaseLock */.x_)(aws, work.lock, work.builder);
        }
        catch (error) {
            sentences.push(`The lock ${work.lock} could not be given back: ${(0,src_errors/* messageOf */.bD)((0,errors.explained)(error))}`);
        }
    }
    try {
        const found = await findLeftovers(aws, {
            filter: work.builder,
            isOurs: (mark) => mark === work.builder,
            printed: work.resources,
            since: work.since,
        });
        const { removed, left } = await removeLeftovers({ ...tools, aws, patienceMs: PATIENCE_MS }, found);
        if (removed.length > 0)
            sentences.push(`Removed what the bake left: ${removed.join(', ')}.`);
        if (left.length > 0)
            sentences.push(`Still there, and to be removed by the next bake or by hand: ${left.join(', ')}.`);
        if (found.unseen.length > 0)
            sentences.push(`These could not be looked for, because the role may not describe them: ${found.unseen.join(', ')}.`);
    }
    catch (error) {
        sentences.push(`What Packer left could not be looked for (${(0,src_errors/* messageOf */.bD)((0,errors.explained)(error))}). Look for instances with the tag immutable-deploy:run = ${work.builder}.`);
    }
    const roles = work.resources.filter(({ kind }) => kind === 'role' || kind === 'instance-profile');
    if (roles.length > 0)
        sentences.push(`Packer may have left in IAM, where this role has no rights: ${roles.map(({ kind, id }) => `${kind} ${id}`).join(', ')}.`);
    return sentences;
}
/** Whose things a sweep takes: those of bakes of this repository that have ended in any case. */
function leftBehind({ run, clock }) {
    const runs = run.url.replace(/\d+$/, '');
    return {
        filter: `${runs.replaceAll(/[\\*?]/g, '\\$&')}*`,
        isOurs: (mark) => mark.startsWith(runs) && (0,builder_mark/* isLeftBehind */.K)(mark, run, clock.now()),
        printed: [],
        since: 0,
    };
}
/**
 * Removes what bakes of this repository left whose runner was lost: they are of an earlier attempt of this run, or
 * have been out of their time for long. No obstacle: what cannot be looked at or removed is a warning.
 */
async function sweepLeftovers(context) {
    await withoutHarm(context, async () => {
        const { aws, clock, log, signal } = context;
        const found = await findLeftovers(aws, leftBehind(context));
        const { removed, left } = await removeLeftovers({ aws, clock, signal, patienceMs: PATIENCE_MS }, found);
        if (removed.length > 0)
            log.warning(`Bakes that never came to their end had left these, and they are removed: ${removed.join(', ')}.`);
        if (left.length > 0)
            log.warning(`Left by earlier bakes, and not removable: ${left.join(', ')}.`);
        if (found.unseen.length > 0)
            log.info(`What earlier bakes may have left of these is not looked for, because the role may not describe them: ${found.unseen.join(', ')}.`);
    });
}
/** The same at the end of a bake that built nothing: one look for instances, unless there is reason for more. */
async function sweepIfNeeded(context, lockName) {
    const isAgain = context.run.attempt > 1;
    if (isAgain)
        await withoutHarm(context, () => removeAbandonedLock(context, lockName));
    let needed = isAgain;
    await withoutHarm(context, async () => {
        needed ||= await hasInstances(context.aws, leftBehind(context));
    });
    if (needed)
        await sweepLeftovers(context);
}
/** The lock of an earlier attempt of this run holds nobody up, but nobody else would take it away. */
async function removeAbandonedLock({ aws, run, clock }, name) {
    const holder = await (0,lock/* readLock */.mF)(aws, name);
    if (holder && (0,builder_mark/* isLeftBehind */.K)(holder.owner, run, clock.now()))
        await (0,lock/* releaseLock */.x_)(aws, name, holder.owner);
}
async function withoutHarm({ log, signal }, work) {
    try {
        await work();
    }
    catch (error) {
        signal.throwIfAborted();
        log.warning(`What earlier bakes may have left could not be looked for: ${(0,src_errors/* messageOf */.bD)((0,errors.explained)(error))}`);
    }
}


/***/ }),

/***/ 1195:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l4: () => (/* binding */ lockName),
/* harmony export */   mF: () => (/* binding */ readLock),
/* harmony export */   s2: () => (/* binding */ lock),
/* harmony export */   x_: () => (/* binding */ releaseLock)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(4736);
/* harmony import */ var _aws_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6929);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5071);
/* harmony import */ var _builder_mark_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8175);




const PAUSE_MS = 10_000;
/** A lost runner keeps the others waiting for no longer than this. */
const LEASE_MS = 12 * 60_000;
const RENEWAL_MS = 4 * 60_000;
/** After taking over an abandoned lock: long enough to see who else did. */
const SETTLE_MS = 2_000;
/** The parameter whose existence is the lock. PutParameter without overwrite creates it for one caller only. */
function lockName(application, fingerprint) {
    const safe = application.replaceAll(/[^\w.-]/g, '_');
    return `/immutable-deploy/bake/${safe}/${fingerprint.slice(0, 32)}`;
}
/**
 * Becomes the one that builds this content, or waits until another bake of it has ended. A lock is renewed for as long
 * as the bake lasts; one whose time is over, or of an earlier attempt of this run, was left behind and is taken over.
 */
async function lock(context, job, name) {
    const { aws, log, clock } = context;
    try {
        if (await create(context, name, job))
            return held(context, name, job);
    }
    catch (error) {
        if (!(0,_aws_errors_js__WEBPACK_IMPORTED_MODULE_0__.isAccessDenied)(error))
            throw error;
        log.notice(`Identical bakes at the same time are not joined: the role may not write the parameter ${name}. Allow ssm:PutParameter, ssm:GetParameter and ssm:DeleteParameter on parameter/immutable-deploy/bake/*.`);
        return { kind: 'none' };
    }
    let told = false;
    for (;;) {
        const holder = await readLock(aws, name);
        if (holder === undefined)
            return { kind: 'waited' };
        if (holder.owner === job.builder)
            return held(context, name, job);
        if (holder.until < clock.now() || (0,_builder_mark_js__WEBPACK_IMPORTED_MODULE_2__/* .isLeftBehind */ .K)(holder.owner, context.run, clock.now())) {
            log.warning(`The bake ${holder.owner} left its lock ${name}: it is taken over.`);
            if (await takeOver(context, name, job))
                return held(context, name, job);
            continue;
        }
        if (!told)
            log.notice(`The same content is being built already by ${holder.owner}: waiting for its image.`);
        told = true;
        if (clock.now() >= job.deadline)
            throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .DeploymentError */ .gt(`The bake ${holder.owner} was still building the same content when timeout-minutes was over. If it has ended long ago, delete the parameter ${name}.`);
        await clock.sleep(PAUSE_MS, context.signal);
    }
}
/** Gives a lock back, if it is still ours. */
async function releaseLock(aws, name, owner) {
    const holder = await readLock(aws, name);
    if (holder?.owner !== owner)
        return;
    await aws.ssm.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__/* .DeleteParameterCommand */ .Obs({ Name: name })).catch((error) => {
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .errorCode */ .CA)(error) !== 'ParameterNotFound')
            throw error;
    });
}
function held(context, name, job) {
    const { aws, log } = context;
    const stop = new AbortController();
    const renewals = renew(context, name, job, stop.signal);
    const release = async () => {
        stop.abort();
        // One that is under way would bring the lock back.
        await renewals;
        try {
            await releaseLock(aws, name, job.builder);
        }
        catch (error) {
            log.warning(`The lock ${name} could not be given back (${(0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .messageOf */ .bD)(error)}): it ends by itself.`);
        }
    };
    return { kind: 'held', release };
}
/** Until it is stopped, or the lock is somebody else's. A renewal that fails is made up for by the next one. */
async function renew(context, name, job, stop) {
    const { aws, clock, signal } = context;
    const end = AbortSignal.any([stop, signal]);
    for (;;) {
        try {
            await clock.sleep(RENEWAL_MS, end);
            if ((await readLock(aws, name))?.owner !== job.builder)
                return;
            if (end.aborted)
                return;
            await put(context, name, job, true);
        }
        catch {
            if (end.aborted)
                return;
        }
    }
}
async function create(context, name, job) {
    try {
        await put(context, name, job, false);
        return true;
    }
    catch (error) {
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .errorCode */ .CA)(error) === 'ParameterAlreadyExists')
            return false;
        throw error;
    }
}
/** Of those who overwrite an abandoned lock at the same time, the last one has it. */
async function takeOver(context, name, job) {
    const { aws, clock, signal } = context;
    await put(context, name, job, true);
    await clock.sleep(SETTLE_MS, signal);
    return (await readLock(aws, name))?.owner === job.builder;
}
async function put({ aws, clock }, name, job, overwrite) {
    const holder = { owner: job.builder, until: clock.now() + LEASE_MS };
    await aws.ssm.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__/* .PutParameterCommand */ .ihh({
        Name: name,
        Value: JSON.stringify(holder),
        Type: 'String',
        Overwrite: overwrite,
        Description: 'immutable-deploy: a bake of this content is under way',
    }));
}
/** `undefined` when nobody has it. A value that nobody can read belongs to nobody any more. */
async function readLock(aws, name) {
    try {
        const { Parameter } = await aws.ssm.send(new _aws_sdk_client_ssm__WEBPACK_IMPORTED_MODULE_3__/* .GetParameterCommand */ .lhy({ Name: name }));
        const value = JSON.parse(Parameter?.Value ?? '');
        const [owner, until] = [
            Reflect.get(Object(value), 'owner'),
            Reflect.get(Object(value), 'until'),
        ];
        return { owner: String(owner), until: typeof until === 'number' ? until : 0 };
    }
    catch (error) {
        if ((0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .errorCode */ .CA)(error) === 'ParameterNotFound')
            return undefined;
        if (error instanceof SyntaxError)
            return { owner: 'unknown', until: 0 };
        throw error;
    }
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


/***/ })

};
