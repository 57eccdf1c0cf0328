export const id = 757;
export const ids = [757];
export const modules = {

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

/***/ 8757:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  promote: () => (/* binding */ promote)
});

// EXTERNAL MODULE: ./lib/src/promote/configuration.js
var promote_configuration = __webpack_require__(1575);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/image.js
var src_image = __webpack_require__(2687);
// EXTERNAL MODULE: ./lib/src/report.js
var src_report = __webpack_require__(1502);
// EXTERNAL MODULE: ./lib/src/tags.js
var src_tags = __webpack_require__(6073);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch/dist-cjs/index.js
var dist_cjs = __webpack_require__(4085);
;// CONCATENATED MODULE: ./lib/src/promote/alarms.js

/** The states of these alarms by name, metric and composite ones; an alarm that does not exist is absent. */
async function readAlarms(aws, names) {
    const states = new Map();
    if (names.length === 0)
        return states;
    const request = {
        AlarmNames: [...names],
        // Without the types AWS answers with metric alarms only.
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
    };
    for await (const page of (0,dist_cjs/* paginateDescribeAlarms */.hNb)({ client: aws.cloudWatch }, request)) {
        for (const alarm of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])])
            states.set(alarm.AlarmName ?? '', alarm.StateValue ?? '');
    }
    return states;
}
/** Why a refresh that these alarms watch would not start: AWS wants each of them in the state OK. */
function alarmProblems(names, states) {
    const inIncident = 'In an emergency set "incident: true": the refresh is then not watched by alarms.';
    return names.flatMap((name) => {
        const state = states.get(name);
        if (state === 'OK')
            return [];
        if (state === undefined)
            return [`There is no CloudWatch alarm "${name}". Check the input "alarms" or the preferences file.`];
        const why = state === 'ALARM' ? 'is in the state ALARM' : 'has insufficient data';
        return [`The CloudWatch alarm "${name}" ${why}: AWS would not start the refresh. ${inIncident}`];
    });
}

;// CONCATENATED MODULE: ./lib/src/promote/ownership.js
/**
 * Who else takes care of a group. Services keep their groups to themselves; tools for infrastructure as code can live
 * with a promotion when they leave the launch template version to it.
 */
/** Services whose groups nobody else may change, by the tag that they leave. */
const SERVICES = {
    'eks:nodegroup-name': 'the Amazon EKS managed node group',
    'elasticbeanstalk:environment-name': 'the Elastic Beanstalk environment',
};
const tagOf = (group, key) => group.Tags?.find(({ Key }) => Key === key)?.Value;
function serviceProblems(name, group) {
    for (const [key, service] of Object.entries(SERVICES)) {
        const owner = tagOf(group, key);
        if (owner !== undefined)
            return [
                `The group "${name}" belongs to ${service} ${owner}, which replaces its instances itself. Give the image to that instead.`,
            ];
    }
    if (group.Operator)
        return [
            `The group "${name}" is managed by ${group.Operator.Principal}: AWS refuses changes by anybody else.`,
        ];
    return [];
}
function toolWarnings(name, group) {
    const stack = tagOf(group, 'aws:cloudformation:stack-name');
    if (stack !== undefined)
        return [
            `The group "${name}" belongs to the CloudFormation stack ${stack}. Do not update the stack while a refresh runs: AWS refuses changes of the launch template then. A later update that changes the group's launch template version brings the template's own version back: keep the version in a parameter with the value that runs.`,
        ];
    const terraform = (group.Tags ?? []).find(({ Key = '', Value = '' }) => /terraform|opentofu/i.test(`${Key} ${Value}`));
    if (terraform === undefined)
        return [];
    return [
        `The group "${name}" seems to be made by Terraform (tag ${terraform.Key}=${terraform.Value}). Put the launch template version into "lifecycle { ignore_changes }" of the group, or the next apply brings the old version back; an apply that changes it while a refresh runs is refused by AWS.`,
    ];
}

;// CONCATENATED MODULE: ./lib/src/promote/preferences.js
/** What the user wants of a refresh: inputs win over the preferences file. What neither gives is absent. */
function wantedPreferences(inputs, file = {}) {
    const given = {
        MinHealthyPercentage: inputs.minHealthyPercentage,
        MaxHealthyPercentage: inputs.maxHealthyPercentage,
        InstanceWarmup: inputs.instanceWarmup,
        CheckpointPercentages: inputs.checkpointPercentages,
        CheckpointDelay: inputs.checkpointDelay,
        BakeTime: inputs.bakeTime,
        SkipMatching: inputs.skipMatching,
        AutoRollback: inputs.autoRollback,
        StandbyInstances: inputs.standbyInstances,
        ScaleInProtectedInstances: inputs.scaleInProtectedInstances,
        AlarmSpecification: inputs.alarms && { Alarms: inputs.alarms },
    };
    const wanted = { ...file, ...present(given) };
    // AWS does not start a refresh while an alarm is red, whatever the refresh is for: in an incident none is named.
    if (inputs.incident)
        delete wanted.AlarmSpecification;
    return wanted;
}
const present = (preferences) => Object.fromEntries(Object.entries(preferences).filter(([, value]) => value !== undefined));
/** What AWS would refuse in these preferences, one sentence each. Ranges of single values were checked before. */
function preferenceProblems(wanted) {
    const { MinHealthyPercentage: min, MaxHealthyPercentage: max, CheckpointPercentages: checkpoints = [], } = wanted;
    const problems = [];
    if (max !== undefined && min === undefined)
        problems.push('"max-healthy-percentage" needs "min-healthy-percentage" beside it.');
    if (min !== undefined && max !== undefined && max - min > 100)
        problems.push(`"max-healthy-percentage" (${max}) and "min-healthy-percentage" (${min}) may differ by 100 at most.`);
    if (checkpoints.some((percentage, index) => index > 0 && percentage <= (checkpoints[index - 1] ?? 0)))
        problems.push(`"checkpoint-percentages" (${checkpoints.join(', ')}) must ascend, without the same percentage twice.`);
    if (wanted.CheckpointDelay !== undefined && checkpoints.length === 0)
        problems.push('"checkpoint-delay" needs "checkpoint-percentages" beside it.');
    return problems;
}
/**
 * The preferences for a refresh of this group: what is wanted, and where that says nothing, what is safer than AWS's
 * own default. Everything else is left to AWS.
 *
 * Healthy percentages: a group with an instance maintenance policy keeps it. Otherwise new instances are launched
 * before old ones are terminated, with less extra capacity the larger the group is.
 */
function preferencesFor(wanted, group, targetGroups) {
    return {
        ...healthyPercentages(wanted, group),
        InstanceWarmup: warmup(group, targetGroups),
        SkipMatching: true,
        AutoRollback: true,
        StandbyInstances: 'Ignore',
        ...wanted,
    };
}
function healthyPercentages(wanted, group) {
    if (wanted.MinHealthyPercentage !== undefined)
        return {};
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
    const { MinHealthyPercentage: min, MaxHealthyPercentage: max, CheckpointPercentages: checkpoints, } = preferences;
    const alarms = preferences.AlarmSpecification?.Alarms ?? [];
    const parts = [
        min === undefined
            ? "healthy percentages of the group's maintenance policy"
            : `${min} % healthy${max === undefined ? '' : `, ${max} % at most`}`,
        `${preferences.InstanceWarmup} s warm-up`,
        ...(checkpoints?.length
            ? [`checkpoints at ${checkpoints.join(', ')} % of ${preferences.CheckpointDelay ?? 3600} s`]
            : []),
        ...(preferences.BakeTime ? [`${preferences.BakeTime} s bake time`] : []),
        ...(alarms.length > 0 ? [`watched by ${alarms.join(', ')}`] : []),
        preferences.AutoRollback ? 'rollback by AWS' : 'no rollback by AWS',
    ];
    return parts.join(', ');
}

;// CONCATENATED MODULE: ./lib/src/promote/preflight.js






/** All reasons why the promotion must not begin, and what deserves a warning. Empty problems: it may. */
function preflight(facts) {
    const problems = alarmProblems(facts.wanted.AlarmSpecification?.Alarms ?? [], facts.alarms);
    const warnings = [];
    for (const target of facts.targets) {
        const { running } = target;
        problems.push(...groupProblems(facts, target), ...sourceProblems(target));
        if (running) {
            problems.push(...floatingProblems(facts, target.name, running));
            problems.push(...imageProblems(facts, target.name, running));
            problems.push(...staleProblems(facts, target.name, running));
        }
        warnings.push(...groupWarnings(facts, target));
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
const suspendedProcesses = (group) => (group.SuspendedProcesses ?? [])
    .flatMap(({ ProcessName }) => ProcessName ?? [])
    .filter((process) => NEEDED_PROCESSES.includes(process));
function groupProblems({ wanted }, { name, group }) {
    const problems = serviceProblems(name, group);
    if (group.Status !== undefined)
        problems.push(`The group "${name}" is being deleted (${group.Status}).`);
    const suspended = suspendedProcesses(group);
    if (suspended.length > 0) {
        problems.push(`The group "${name}" has suspended processes without which a refresh does not work: ${suspended.join(', ')}. Resume them first.`);
    }
    const protectedIds = (group.Instances ?? [])
        .filter((instance) => instance.ProtectedFromScaleIn)
        .flatMap(({ InstanceId }) => InstanceId ?? []);
    if (protectedIds.length > 0 && wanted.ScaleInProtectedInstances === undefined) {
        problems.push(`The group "${name}" has instances that are protected from scale-in, for which a refresh would wait an hour and fail: ${protectedIds.join(', ')}. Remove the protection, or say with "scale-in-protected-instances" whether to Refresh, Ignore or Wait for them.`);
    }
    return problems;
}
/** The group has to launch from templates that exist. */
function sourceProblems({ name, group, running, unreadable }) {
    if (group.LaunchConfigurationName !== undefined) {
        return [
            `The group "${name}" uses the launch configuration ${group.LaunchConfigurationName}. Instance refreshes with rollback need a launch template: copy it to one ("Copy to launch template" in the console, or aws ec2 create-launch-template), and set that on the group.`,
        ];
    }
    if (running || unreadable.length > 0)
        return [...unreadable];
    return [`The group "${name}" has no launch template.`];
}
/** AWS cannot roll back a group that follows an alias or a parameter: it has no fixed configuration to go back to. */
function floatingProblems({ inputs }, name, running) {
    return running.versions.flatMap((version) => {
        const { named, number, data } = version;
        if ((0,promote_configuration/* hasParameterImage */.zM)(version)) {
            if (inputs.pinVersion && version.resolvedImageId !== undefined)
                return [];
            const how = inputs.pinVersion
                ? 'Its instances do not run one image that it could be set to: put an AMI id into the version that the group uses.'
                : 'Put an AMI id into the version that the group uses, or set "pin-version: true" to have that done.';
            return [
                `The launch template of "${name}" takes its image from ${data.ImageId}: AWS cannot roll that back. ${how}`,
            ];
        }
        if (!named.startsWith('$') || inputs.pinVersion)
            return [];
        return [
            `The group "${name}" follows ${named} of its launch template: AWS cannot roll that back, and a new version would go live unchecked. Set the group to the version number it runs, ${number}, or set "pin-version: true" to have that done.`,
        ];
    });
}
function imageProblems(facts, name, running) {
    return (0,promote_configuration/* imagesOf */.IC)(running).flatMap(({ place, imageId }) => {
        if (imageId === undefined)
            return [`${place} of the group "${name}" names no image: there is nothing to replace.`];
        if (!imageId.startsWith('ami-'))
            return [];
        const old = facts.present.find((candidate) => candidate.id === imageId);
        if (old)
            return replacementProblems(facts, name, running, old);
        if (facts.inputs.allowNoRollback)
            return [];
        return [
            `The image ${imageId} that the group "${name}" runs no longer exists: a rollback to it would fail, and so would every scale-out now. Set the group to a version with an existing image first, or go without a way back with "allow-no-rollback: true".`,
        ];
    });
}
function replacementProblems({ images }, name, running, old) {
    const image = images.find((candidate) => candidate.architecture === old.architecture);
    if (!image) {
        const given = images.map(({ id, architecture }) => `${id} is ${architecture}`).join(', ');
        return [
            `The group "${name}" runs ${old.architecture} (${old.id}), but ${given}. Bake for that architecture.`,
        ];
    }
    const root = running.versions
        .filter((version) => (0,promote_configuration/* imageOf */.dT)(version) === old.id)
        .flatMap(({ data }) => data.BlockDeviceMappings ?? [])
        .find(({ DeviceName }) => DeviceName === old.rootDeviceName);
    if (!root)
        return [];
    if (old.rootDeviceName !== image.rootDeviceName)
        return [
            `The launch template of "${name}" sets up the root device ${old.rootDeviceName}, but the image ${image.id} has its root at ${image.rootDeviceName}.`,
        ];
    const size = root.Ebs?.VolumeSize;
    if (size === undefined || image.rootGiB === undefined || size >= image.rootGiB)
        return [];
    return [
        `The launch template of "${name}" makes a root volume of ${size} GiB, but the image ${image.id} needs ${image.rootGiB} GiB: EC2 would refuse every launch. Enlarge it in a new version, and name that with "source-version".`,
    ];
}
/**
 * A late approval must not put an older commit over a newer one. Running an older run again brings back what it had
 * brought there before: nobody does that by accident.
 */
function staleProblems({ inputs, isRerun, images, changes, present }, name, running) {
    const old = presentImage(running, present);
    const isOlder = changes.get(commitOf(old) ?? '')?.status === 'behind';
    const [image] = images;
    const wasThere = image?.tags[(0,src_tags/* markKey */.rI)('promoted', inputs.environment)] !== undefined;
    if (!isOlder || inputs.allowOlder || inputs.rollback || (isRerun && wasThere))
        return [];
    return [
        `The group "${name}" already runs a newer commit: ${old ? (0,src_image/* describeImage */.hu)(old) : 'unknown'} is ahead of ${image ? (0,src_image/* describeImage */.hu)(image) : 'the image'}. To go back on purpose, set "rollback: true" or "allow-older: true".`,
    ];
}
function groupWarnings({ wanted }, { name, group, running, targetGroups }) {
    const warnings = [];
    if ((group.TargetGroupARNs ?? []).length > 0 && group.HealthCheckType === 'EC2') {
        warnings.push(`The group "${name}" is behind a load balancer but its health check type is EC2: AWS will call the refresh successful whatever the targets say. Their health is watched and verified here; the type ELB would stop a bad image earlier.`);
    }
    const needed = healthCheckSeconds(targetGroups);
    if (wanted.InstanceWarmup !== undefined && wanted.InstanceWarmup < needed) {
        warnings.push(`The warm-up of ${wanted.InstanceWarmup} s is shorter than the ${needed} s that the load balancer of "${name}" needs for its health checks: the refresh may go on before they have spoken.`);
    }
    if (running && (0,promote_configuration/* choosesByAttributes */.Pp)(running)) {
        warnings.push(`The group "${name}" chooses instance types by attributes, for which AWS takes no desired configuration: the group itself is updated before the refresh, every scale-out launches the new image from then on, and a rollback is made here, not by AWS.`);
    }
    return [...warnings, ...toolWarnings(name, group)];
}
/** The image that a group launches by default, when it still exists. */
const presentImage = (running, present) => present.find(({ id }) => id === (0,promote_configuration/* imageOf */.dT)(running.base));
/** The commit of an image, when it is known. */
const commitOf = (image) => image?.tags[src_tags/* TAG */.Dk.commit];
/** A running version in words that name its image. */
const describeRunning = (version) => `${(0,promote_configuration/* describeVersion */.MP)(version)} (${(0,promote_configuration/* imageOf */.dT)(version) ?? 'no image'})`;

;// CONCATENATED MODULE: ./lib/src/promote/changes.js


/**
 * How the image's commit stands to each of the commits that run now; by the commit that runs. No answer from GitHub
 * is a warning, not an obstacle.
 */
async function compareCommits({ github, log }, image, running) {
    const changes = new Map();
    const head = commitOf(image);
    for (const base of new Set(running.map(commitOf))) {
        if (head === undefined || base === undefined || head === base)
            continue;
        try {
            const range = await github.compare(base, head);
            changes.set(base, { base, head, ...range });
            if (range.status === 'diverged')
                log.warning(`Commit ${base}, which runs now, is on another line than ${head}.`);
        }
        catch (error) {
            log.warning(`GitHub could not tell whether ${base}, which runs now, is newer than ${head} (${(0,errors/* messageOf */.bD)(error)}).`);
        }
    }
    return changes;
}
/** Commits that are shown; the link leads to all of them. */
const SHOWN = 20;
/** The commits that arrive, or with a way back those that go, for the job summary. Empty without any. */
function changesSection(changes, repositoryUrl) {
    return [...changes].map((change) => changeSection(change, repositoryUrl)).join('\n\n');
}
function changeSection({ base, head, status, total, commits }, repositoryUrl) {
    const [from, to] = status === 'behind' ? [head, base] : [base, head];
    const link = `[\`${changes_short(base)}\` → \`${changes_short(head)}\`](${repositoryUrl}/compare/${from}...${to})`;
    const newestFirst = commits.toReversed().slice(0, SHOWN);
    const lines = newestFirst.map(({ sha, subject, author }) => `- \`${changes_short(sha)}\` ${plain(subject)} (${plain(author)})`);
    const more = total > lines.length && lines.length > 0 ? [`- … and ${total - lines.length} more`] : [];
    const title = `### Commits\n\n${link}: ${countOf({ status, total })}`;
    return [title, [...lines, ...more].join('\n')].filter((part) => part !== '').join('\n\n');
}
/** Such as `12 commits` or `3 commits back`. */
function countOf({ status, total }) {
    const count = `${total} ${total === 1 ? 'commit' : 'commits'}`;
    if (status === 'diverged')
        return `${count} since the lines parted`;
    return status === 'behind' ? `${count} back` : count;
}
const changes_short = (commit) => commit.slice(0, 7);
/** The words of others are text, not Markdown and not a mention of anybody. */
const plain = (text) => text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replaceAll('@', '@\u200b');

;// CONCATENATED MODULE: ./lib/src/promote/announcement.js



const TITLES = {
    promoted: (environment) => `✅ Promoted to ${environment}`,
    'already-there': (environment) => `✅ Already in ${environment}`,
    'not-verified': (environment) => `⚠️ Promoted to ${environment}, not verified`,
    planned: (environment) => `⏳ Ready for ${environment}`,
    partial: (environment) => `⚠️ Partly in ${environment}`,
    'rolled-back': (environment) => `↩️ Rolled back in ${environment}`,
    failed: (environment) => `❌ Not promoted to ${environment}`,
    cancelled: (environment) => `⏹️ Cancelled: ${environment}`,
    unknown: (environment) => `❓ State unknown: ${environment}`,
};
/** The promotion in a few lines for a chat: no tables, no diagrams. */
function announcementOf(announced) {
    const { status, environment, rollback, image, previousImageId, changes, results, seconds } = announced;
    const isBack = rollback && (status === 'promoted' || status === 'not-verified');
    const counts = [...changes.values()].map(countOf);
    const replaced = previousImageId === undefined ? '' : `, in place of ${previousImageId}`;
    const lines = [
        `${(0,src_image/* describeImage */.hu)(image)}${replaced}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
        ...results.map(({ group, reason }) => (reason === '' ? group : `${group}: ${reason}`)),
        status === 'planned'
            ? 'If the environment has reviewers, it waits for their approval now.'
            : `After ${(0,src_report/* duration */.p0)(seconds)}.`,
    ];
    return {
        title: isBack ? `↩️ Went back in ${environment}` : TITLES[status](environment),
        text: lines.join('\n'),
    };
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var client_ec2_dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./lib/src/aws/errors.js
var aws_errors = __webpack_require__(6929);
// EXTERNAL MODULE: ./lib/src/version-description.js
var version_description = __webpack_require__(7709);
;// CONCATENATED MODULE: ./lib/src/promote/launch-template.js





/** Which version the new one is made from, and whether there is one already that can be used. */
async function planVersion(aws, running, imageId, { application, sourceVersion }) {
    const source = await readSource(aws, running, sourceVersion);
    return { running, source, imageId, number: await findVersion(aws, source, imageId, application) };
}
/** `running` is what the group runs; anything else may carry changes that nobody has deployed yet. */
async function readSource(aws, running, sourceVersion) {
    if (sourceVersion === 'running' || sourceVersion === running.number)
        return running;
    const asked = { latest: '$Latest', default: '$Default' }[sourceVersion] ?? sourceVersion;
    const { LaunchTemplateVersions: [version] = [] } = await aws.ec2.send(new client_ec2_dist_cjs/* DescribeLaunchTemplateVersionsCommand */.Ptd({
        LaunchTemplateId: running.launchTemplateId,
        Versions: [asked],
    }));
    return {
        launchTemplateId: running.launchTemplateId,
        launchTemplateName: running.launchTemplateName,
        number: String(version?.VersionNumber ?? asked),
        data: version?.LaunchTemplateData ?? {},
    };
}
/**
 * The number of an existing version that can be used for the image: the source itself when it has the image already,
 * or an earlier one of ours with equal data. `undefined` when one has to be made.
 */
async function findVersion(aws, source, imageId, application) {
    if (source.data.ImageId === imageId)
        return source.number;
    const wanted = canonical({ ...source.data, ImageId: imageId });
    const known = (await versionsWithImage(aws, source.launchTemplateId, imageId)).find((version) => version.VersionDescription === (0,version_description/* versionDescription */.R)(application, imageId) &&
        canonical(version.LaunchTemplateData) === wanted);
    return known && String(known.VersionNumber);
}
/**
 * Makes a version that is the source with only the image changed, and returns its number. Safe to repeat when an
 * answer was lost: the client token is derived from everything in the request.
 */
async function createVersion(aws, { source, imageId }, application) {
    const description = (0,version_description/* versionDescription */.R)(application, imageId);
    const content = [source.launchTemplateId, source.number, canonical(source.data), description];
    const create = async (ClientToken) => await aws.ec2.send(new client_ec2_dist_cjs/* CreateLaunchTemplateVersionCommand */.B_$({
        LaunchTemplateId: source.launchTemplateId,
        // What is not given is inherited from the source, so the image is all that changes.
        SourceVersion: source.number,
        VersionDescription: description,
        LaunchTemplateData: { ImageId: imageId },
        ClientToken,
    }));
    const token = (0,external_node_crypto_.createHash)('sha256').update(content.join('\n')).digest('hex');
    const answer = await create(token).catch(async (error) => {
        // The version made with this token is not there any more, or the template has changed since: a new one is needed.
        if ((0,errors/* errorCode */.CA)(error) === 'IdempotentParameterMismatch')
            return await create((0,external_node_crypto_.randomUUID)());
        throw fullTemplate(error, source) ?? error;
    });
    const { LaunchTemplateVersion: version, Warning } = answer;
    const number = String(version?.VersionNumber ?? '');
    const [invalid] = Warning?.Errors ?? [];
    if (!invalid)
        return number;
    throw new errors/* DeploymentError */.gt(`EC2 warns that version ${number} of ${source.launchTemplateName} cannot work: ${invalid.Message} (${invalid.Code}). No refresh was started; correct version ${source.number}, from which it was made.`);
}
/** Makes the new versions the default ones of their templates, where the group has arrived. A failure is a warning. */
async function moveDefaults({ aws, log }, plans, results) {
    for (const { target, running } of plans) {
        const result = results.find(({ group }) => group === target.name);
        const arrived = result?.status === 'promoted' || result?.status === 'already-there';
        if (!arrived || result.version === undefined)
            continue;
        const { launchTemplateId, launchTemplateName } = running.base;
        try {
            await aws.ec2.send(new client_ec2_dist_cjs/* ModifyLaunchTemplateCommand */.ddr({
                LaunchTemplateId: launchTemplateId,
                DefaultVersion: result.version,
            }));
            log.info(`Version ${result.version} is the default of ${launchTemplateName} now.`);
        }
        catch (error) {
            log.warning(`The default version of ${launchTemplateName} could not be moved to ${result.version}: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}`);
        }
    }
}
/** A template has 10,000 versions at most, and that cannot be raised. */
function fullTemplate(error, { launchTemplateName }) {
    if (!/VersionLimitExceeded/.test((0,errors/* errorCode */.CA)(error)))
        return undefined;
    return new errors/* DeploymentError */.gt(`The launch template ${launchTemplateName} has as many versions as AWS allows. Delete old ones with the mode prune.`, { cause: error });
}
async function versionsWithImage(aws, launchTemplateId, imageId) {
    const versions = [];
    const request = { LaunchTemplateId: launchTemplateId, Filters: [{ Name: 'image-id', Values: [imageId] }] };
    for await (const page of (0,client_ec2_dist_cjs/* paginateDescribeLaunchTemplateVersions */.ZY3)({ client: aws.ec2 }, request))
        versions.push(...(page.LaunchTemplateVersions ?? []));
    return versions;
}
/** JSON with the members of every object in order, so that equal data is equal text. */
function canonical(data) {
    return JSON.stringify(data, (_key, value) => typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : value);
}

;// CONCATENATED MODULE: ./lib/src/promote/plan.js

/** The configuration that the group is to have, once all its versions exist. */
function desiredOf(plan) {
    if (plan.versions.some(({ number }) => number === undefined))
        return undefined;
    const numberOf = (version) => plan.versions.find(({ running }) => running === version)?.number ?? version.number;
    return (0,promote_configuration/* configurationWith */.bz)(plan.running, numberOf, plan.imageFor);
}
/** Decides what a group needs. */
function actionFor(plan) {
    const { target, running } = plan;
    const desired = desiredOf(plan);
    const { activeRefresh } = target;
    if (activeRefresh) {
        const refreshId = activeRefresh.InstanceRefreshId ?? '';
        if (isTowards(activeRefresh, desired))
            return { kind: 'adopt', refreshId };
        return { kind: 'busy', refreshId, status: activeRefresh.Status ?? 'unknown' };
    }
    if (desired && (0,promote_configuration/* launchesSame */.kD)((0,promote_configuration/* savedConfiguration */.Qi)(target.group), desired) && isEverywhere(plan, desired))
        return { kind: 'nothing' };
    return (0,promote_configuration/* choosesByAttributes */.Pp)(running) ? { kind: 'update-and-refresh' } : { kind: 'refresh' };
}
/** Whether a refresh has this configuration as its goal, and has not turned back. */
function isTowards(refresh, desired) {
    const forward = refresh.Status !== 'RollbackInProgress' && refresh.Status !== 'Cancelling';
    return forward && desired !== undefined && (0,promote_configuration/* launchesSame */.kD)(refresh.DesiredConfiguration, desired);
}
/** Whether every instance, also of the warm pool, was launched from the versions and images that are wanted. */
function isEverywhere({ target, versions, running, imageFor }, desired) {
    const overrides = desired.MixedInstancesPolicy?.LaunchTemplate?.Overrides ?? [];
    const images = new Set([
        ...overrides.flatMap(({ ImageId }) => ImageId ?? []),
        ...(0,promote_configuration/* imagesOf */.IC)(running).flatMap(({ imageId }) => (imageId === undefined ? [] : imageFor(imageId))),
    ]);
    const isThere = ({ LaunchTemplate, ImageId }) => versions.some(({ running: version, number }) => LaunchTemplate?.LaunchTemplateId === version.launchTemplateId && LaunchTemplate.Version === number) &&
        (ImageId === undefined || images.has(ImageId));
    return [...(target.group.Instances ?? []), ...target.warm].every(isThere);
}

;// CONCATENATED MODULE: ./lib/src/promote/make-plan.js





/** What is to be done with a group; `undefined` when that cannot be said, for which preflight has the reason. */
async function makePlan(aws, target, facts) {
    const { running } = target;
    const { inputs, application, images, present, wanted } = facts;
    if (!running)
        return undefined;
    const newImage = (presentImageId) => {
        const old = present.find(({ id }) => id === presentImageId);
        // Where the present image is gone, its architecture is not known; with one image there is no question.
        if (!old)
            return images.length === 1 ? images[0] : undefined;
        return images.find(({ architecture }) => architecture === old.architecture);
    };
    const image = newImage((0,promote_configuration/* imageOf */.dT)(running.base)) ?? images[0];
    if (!image)
        return undefined;
    const imageFor = (presentImageId) => newImage(presentImageId)?.id ?? presentImageId;
    const versions = [];
    for (const version of running.versions) {
        const imageId = newImage((0,promote_configuration/* imageOf */.dT)(version))?.id;
        // A version without an image gets it from the overrides, and stays as it is.
        if (imageId === undefined || (0,promote_configuration/* imageOf */.dT)(version) === undefined)
            versions.push({ running: version, source: version, imageId: '', number: version.number });
        else
            versions.push(await planVersion(aws, version, imageId, { application, sourceVersion: inputs.sourceVersion }));
    }
    const plan = { target, running, image, versions, imageFor };
    const preferences = preferencesFor(wanted, target.group, target.targetGroups);
    return {
        ...plan,
        action: actionFor(plan),
        preferences: (0,promote_configuration/* choosesByAttributes */.Pp)(running)
            ? { ...preferences, SkipMatching: false, AutoRollback: false }
            : preferences,
    };
}
/** The plan of one group in one sentence. */
function describePlan({ target, running, image, versions, action, preferences }) {
    switch (action.kind) {
        case 'nothing':
            return `${target.name}: runs ${image.id} already, in every instance.`;
        case 'adopt':
            return `${target.name}: the instance refresh ${action.refreshId} to ${image.id} is under way and will be watched.`;
        case 'busy':
            return `${target.name}: waits for the instance refresh ${action.refreshId} (${action.status}).`;
        case 'refresh':
        case 'update-and-refresh': {
            const steps = versions.map((version) => version.number === undefined
                ? `a new version made from ${(0,promote_configuration/* describeVersion */.MP)(version.source)}, with only the image changed`
                : `version ${version.number} of ${version.source.launchTemplateName}`);
            return `${target.name}: ${describeRunning(running.base)} → ${image.id}, by ${steps.join(' and ')}; ${describePreferences(preferences)}`;
        }
    }
}

;// CONCATENATED MODULE: ./lib/src/promote/result.js
const GOOD = ['promoted', 'already-there', 'not-verified', 'partial', 'planned'];
const isGood = (result) => GOOD.includes(result.status);
/** Worst first: what the promotion is called when its groups differ and none has the image. */
const BY_WEIGHT = [
    'unknown',
    'failed',
    'cancelled',
    'rolled-back',
    'partial',
    'not-verified',
    'planned',
    'promoted',
    'already-there',
];
function overallStatus(results) {
    // A group that was not begun because another one failed is as it was: what counts is what happened to the others.
    const begun = results.filter(({ status, refreshId }) => status !== 'cancelled' || refreshId !== undefined);
    const statuses = (begun.length === 0 ? results : begun).map((result) => result.status);
    const arrived = statuses.some((status) => status === 'promoted' ||
        status === 'already-there' ||
        status === 'not-verified' ||
        status === 'partial');
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

;// CONCATENATED MODULE: ./lib/src/promote/difference.js
/** Members whose values are not shown: they often hold secrets. */
const HIDDEN = /^UserData$/;
/** What differs between the data of two launch template versions, member by member; lists are compared as a whole. */
function differences(before, after, path = '') {
    if (isObject(before) && isObject(after)) {
        const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
        return members.flatMap((member) => differences(before[member], after[member], path === '' ? member : `${path}.${member}`));
    }
    if (JSON.stringify(before) === JSON.stringify(after))
        return [];
    const shown = (value) => {
        if (value === undefined)
            return '';
        if (HIDDEN.test(path))
            return '(not shown)';
        return typeof value === 'string' ? value : JSON.stringify(value);
    };
    return [{ member: path, before: shown(before), after: shown(after) }];
}
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

;// CONCATENATED MODULE: ./lib/src/promote/timeline.js
/** The stages that a group went through, for the picture in the summary. */
class Timeline {
    stages = [];
    /** Says which stage it is in now; the same as before only lasts longer. */
    mark(name, at) {
        const last = this.stages.at(-1);
        if (last)
            last.to = at;
        if (last?.name !== name)
            this.stages.push({ name, from: at, to: at });
    }
    /** Says that it is over. */
    end(at) {
        const last = this.stages.at(-1);
        if (last)
            last.to = at;
    }
}
const STATUS_STAGES = {
    Pending: 'Starting',
    InProgress: 'Replacing instances',
    Baking: 'Bake time',
    Cancelling: 'Cancelling',
    RollbackInProgress: 'Rolling back',
};
/** What a group is going through, in the words of the summary. */
function stageOf({ phase }, sight) {
    switch (phase) {
        case 'refreshing':
            return STATUS_STAGES[sight?.status ?? 'Pending'] ?? 'Replacing instances';
        case 'stopping':
            return 'Rolling back';
        case 'verifying':
            return 'Verifying';
        case 'going-back':
            return 'Going back';
        case 'ended':
            return 'Ended';
    }
}
/** A mermaid Gantt chart of all groups; empty when nothing happened. Names are reduced to what its grammar takes. */
function ganttOf(groups) {
    const sections = groups.flatMap(({ group, stages }) => stages.length === 0 ? [] : [`  section ${timeline_plain(group)}`, ...stages.map(taskOf)]);
    if (sections.length === 0)
        return '';
    return ['```mermaid', 'gantt', '  dateFormat x', '  axisFormat %H:%M', ...sections, '```'].join('\n');
}
const taskOf = ({ name, from, to }) => `  ${timeline_plain(name)} :${BAD.has(name) ? 'crit, ' : ''}${Math.round(from)}, ${Math.round(Math.max(to, from + 1000))}`;
const BAD = new Set(['Rolling back', 'Going back', 'Cancelling']);
const timeline_plain = (text) => text.replace(/[:;,#\n]/g, ' ');

;// CONCATENATED MODULE: ./lib/src/promote/summary.js





const HEADLINES = {
    promoted: '✅ Promoted',
    'already-there': '✅ Already there',
    'not-verified': '⚠️ Promoted, not verified',
    planned: '📝 Plan',
    partial: '⚠️ Partly promoted',
    'rolled-back': '↩️ Rolled back',
    failed: '❌ Failed',
    cancelled: '⏹️ Cancelled',
    unknown: '❓ State unknown',
};
/** The promotion as Markdown for the job summary. */
function promotionSummary(report) {
    const { status, environment, image, results, seconds } = report;
    const rows = results.map((result) => [
        result.group,
        result.status,
        `\`${result.previousImageId}\` → \`${image.id}\``,
        result.version === undefined || result.version === result.previousVersion
            ? result.previousVersion
            : `${result.previousVersion} → ${result.version}`,
        String(result.instances),
        result.reason,
    ]);
    return [
        `## ${HEADLINES[status]}: ${environment}`,
        `${(0,src_image/* describeImage */.hu)(image)}, ${(0,src_report/* duration */.p0)(seconds)}`,
        (0,src_report/* table */.tp)(['Group', 'Status', 'Image', 'Launch template version', 'Instances', 'What happened'], rows),
        changesSection(report.changes.values(), report.repositoryUrl),
        ganttOf(results),
        templateDifferences(report),
        wayBack(report),
    ]
        .filter((part) => part !== '')
        .join('\n\n');
}
/** What the new versions have that the running ones have not: the image, and what another source version brings. */
function templateDifferences({ plans }) {
    const rows = plans.flatMap(({ versions }) => versions.flatMap(({ running, source, imageId }) => {
        if (imageId === '')
            return [];
        const after = { ...source.data, ImageId: imageId };
        return differences(running.data, after).map(({ member, before, after: now }) => [
            `${running.launchTemplateName} (${running.number})`,
            member,
            before,
            now,
        ]);
    }));
    // Groups that share a template differ in the same.
    const unique = [...new Map(rows.map((row) => [row.join('\n'), row])).values()];
    return unique.length === 0
        ? ''
        : `### Launch template\n\n${(0,src_report/* table */.tp)(['Template', 'Member', 'Before', 'After'], unique)}`;
}
function wayBack({ status, results, environment }) {
    const [first] = results;
    const arrived = status === 'promoted' || status === 'not-verified' || status === 'partial';
    if (!arrived || first === undefined || !first.previousImageId.startsWith('ami-'))
        return '';
    const lines = [
        'mode: promote',
        `environment: ${environment}`,
        'rollback: true',
        `ami-id: ${first.previousImageId}`,
    ];
    return `### The way back\n\nThe same step with these inputs, at once and without alarms with \`incident: true\`:\n\n\`\`\`yaml\n${lines.join('\n')}\n\`\`\``;
}

;// CONCATENATED MODULE: ./lib/src/promote/outcome.js






/** With dry-run: the plan as if it were the outcome. */
function reportPlan(context, job, prepared) {
    const results = prepared.plans.map((plan) => {
        const [base] = plan.versions;
        return {
            group: plan.target.name,
            status: 'planned',
            launchTemplateId: plan.running.base.launchTemplateId,
            ...(base?.number === undefined ? {} : { version: base.number }),
            previousVersion: plan.running.base.number,
            previousImageId: (0,promote_configuration/* imageOf */.dT)(plan.running.base) ?? '',
            instances: 0,
            reason: describePlan(plan),
            imageAtFault: false,
            stages: [],
        };
    });
    reportResults(context, job, prepared, results);
}
/** Outputs and summary, and the error that makes the step fail when a group did not get the image. */
function reportResults({ report, clock, log, run }, { inputs, started }, { image, plans, changes }, results) {
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
    const { environment, rollback } = inputs;
    const outcome = { status, environment, rollback, image, changes, results, seconds };
    report.write(promotionSummary({ ...outcome, plans, repositoryUrl: run.repositoryUrl }));
    report.announce(announcementOf({ ...outcome, previousImageId: first?.previousImageId }));
    const failed = results.filter((result) => !isGood(result));
    if (failed.length > 0) {
        throw new errors/* DeploymentError */.gt(`${image.id} did not get into ${inputs.environment} (${status}). ${failed.map((result) => `${result.group}: ${result.reason}`).join(' ')}`);
    }
    for (const result of results.filter(({ status }) => status === 'not-verified'))
        log.warning(`${result.group}: ${result.reason}`);
}

// EXTERNAL MODULE: ./lib/src/promote/refresh.js
var promote_refresh = __webpack_require__(1634);
;// CONCATENATED MODULE: ./lib/src/promote/pin.js



/**
 * Sets groups that follow an alias or a parameter's image to the versions that their instances really run: nothing
 * changes for them, but from then on a rollback has something fixed to go back to.
 */
async function pinGroups({ aws, log }, application, plans) {
    for (const { target, running } of plans.filter((plan) => (0,promote_configuration/* isFloating */.vY)(plan.running))) {
        const numbers = new Map();
        for (const version of running.versions) {
            if (version.resolvedImageId === undefined)
                continue;
            const sourceVersion = 'running';
            const fixed = await planVersion(aws, version, version.resolvedImageId, { application, sourceVersion });
            numbers.set(version, fixed.number ?? (await createVersion(aws, fixed, application)));
        }
        const configuration = (0,promote_configuration/* configurationWith */.bz)(running, (version) => numbers.get(version) ?? version.number, (imageId) => imageId);
        await (0,promote_refresh/* setConfiguration */.xN)(aws, target.name, configuration);
        log.info(`${target.name}: set to ${(0,promote_configuration/* describeConfiguration */.Ey)(configuration)}, which its instances run.`);
    }
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-sts/dist-cjs/index.js
var client_sts_dist_cjs = __webpack_require__(1695);
;// CONCATENATED MODULE: ./lib/src/promote/choose-image.js


function choiceOf(inputs, runCommit) {
    if (inputs.amiId !== undefined)
        return { by: 'ami-id', imageIds: inputs.amiId };
    if (inputs.commit !== undefined)
        return { by: 'commit', commit: inputs.commit, given: true };
    if (inputs.version !== undefined)
        return { by: 'version', version: inputs.version };
    if (inputs.branch !== undefined)
        return { by: 'branch', branch: inputs.branch };
    if (inputs.rollback)
        return { by: 'previous' };
    return { by: 'commit', commit: runCommit, given: false };
}
/** Picks from the candidates that AWS returned; of several that fit, the newest. */
function pickImages(choice, candidates, facts) {
    if (choice.by === 'ami-id')
        return pickByIds(choice.imageIds, candidates, facts);
    const fitting = candidates.filter((image) => fits(image, choice, facts)).toSorted(byRank(choice, facts));
    const usable = fitting.filter(isUsable);
    const needed = architecturesOf(facts);
    const images = [];
    const problems = [];
    for (const architecture of needed.length > 0 ? needed : [usable[0]?.architecture]) {
        const image = usable.find((candidate) => candidate.architecture === architecture);
        if (image)
            images.push(image);
        else
            problems.push(nothingFound(choice, fitting, facts, needed.length > 1 ? architecture : undefined));
    }
    if (problems.length > 0)
        return { problems };
    return {
        images,
        notes: [...otherNotes(images, usable), ...images.flatMap((image) => rejectedNote(image, facts))],
    };
}
const isUsable = (image) => image.state === 'available' && image.tags[src_tags/* TAG */.Dk.quarantined] === undefined;
const architecturesOf = ({ present }) => [
    ...new Set(present.map((image) => image.architecture)),
];
/** Whether an image is what was asked for, usable or not. */
function fits(image, choice, { environment, present }) {
    const isRejected = image.tags[(0,src_tags/* markKey */.rI)('rejected', environment)] !== undefined;
    switch (choice.by) {
        case 'commit':
            return commitsOf(image).some((commit) => commit.startsWith(choice.commit));
        case 'version':
            return image.tags[src_tags/* TAG */.Dk.version] === choice.version;
        case 'branch':
            return joinedBranch(image, choice.branch) !== undefined && !isRejected;
        case 'previous': {
            const promoted = promotedAt(image, environment);
            const isPresent = present.some(({ id }) => id === image.id);
            const latest = Math.max(0, ...present.map((other) => promotedAt(other, environment) ?? 0));
            if (promoted === undefined || isPresent || isRejected)
                return false;
            return latest === 0 || promoted < latest;
        }
    }
}
/** The commit that was built, and those that reused the image. */
const commitsOf = (image) => [
    image.tags[src_tags/* TAG */.Dk.commit] ?? '',
    ...(0,src_tags/* commitAliases */.A3)(image.tags).map(({ commit }) => commit),
];
const promotedAt = (image, environment) => (0,src_tags/* readMark */.Mp)(image.tags[(0,src_tags/* markKey */.rI)('promoted', environment)])?.time;
/** When the image became one of the branch: when it was built from it, or reused by its newest commit. */
function joinedBranch(image, branch) {
    const reuses = (0,src_tags/* commitAliases */.A3)(image.tags).filter((alias) => alias.branch === branch);
    const times = [
        ...(image.tags[src_tags/* TAG */.Dk.branch] === branch ? [image.created] : []),
        ...reuses.map(({ time }) => time),
    ];
    return times.length === 0 ? undefined : Math.max(...times);
}
/** Best first: by the time that the choice goes by. */
function byRank(choice, { environment }) {
    const time = (image) => {
        if (choice.by === 'branch')
            return joinedBranch(image, choice.branch) ?? 0;
        if (choice.by === 'previous')
            return promotedAt(image, environment) ?? 0;
        return image.created;
    };
    return (a, b) => time(b) - time(a) || (0,src_image/* newestFirst */.ll)(a, b);
}
function pickByIds(ids, candidates, facts) {
    const problems = [];
    const images = [];
    for (const id of ids) {
        const image = candidates.find((candidate) => candidate.id === id);
        const problem = image ? idProblem(image, facts) : missing(id, facts);
        if (problem !== undefined)
            problems.push(problem);
        else if (image)
            images.push(image);
    }
    const architectures = images.map((image) => image.architecture);
    const twice = architectures.find((architecture, index) => architectures.indexOf(architecture) !== index);
    if (twice !== undefined) {
        const both = images.filter((image) => image.architecture === twice).map((image) => image.id);
        problems.push(`The images ${both.join(' and ')} are both ${twice}: "ami-id" takes one for each architecture.`);
    }
    if (problems.length > 0)
        return { problems };
    return { images, notes: images.flatMap((image) => rejectedNote(image, facts)) };
}
const missing = (id, { region }) => `There is no image ${id} in ${region} that this account may use. Check the inputs "ami-id" and "aws-region", and that the image is shared with this account if it is of another one.`;
function idProblem(image, { owners }) {
    const quarantined = image.tags[src_tags/* TAG */.Dk.quarantined];
    if (quarantined !== undefined)
        return `The image ${image.id} is quarantined (${quarantined}) and is never promoted. Bake a new one.`;
    if (image.state !== 'available')
        return `The image ${image.id} is ${image.state}, not available. ${advice(image.state)}`;
    if (!owners.includes(image.ownerId))
        return `The image ${image.id} belongs to the account ${image.ownerId}. If its images are to be trusted, add ${image.ownerId} to "image-owners".`;
    return undefined;
}
function advice(state) {
    if (state === 'pending')
        return 'Wait until the bake is finished.';
    return state === 'disabled' ? 'Enable it first (aws ec2 enable-image), or bake again.' : 'Bake it again.';
}
function otherNotes(images, usable) {
    const others = usable.filter((other) => !images.includes(other) && images.some((image) => image.architecture === other.architecture));
    if (others.length === 0)
        return [];
    const list = others.slice(0, 5).map(src_image/* describeImage */.hu).join(', ');
    const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
    return [`Several images fit; the newest is taken. The others: ${list}${more}.`];
}
function rejectedNote(image, { environment }) {
    const rejected = (0,src_tags/* readMark */.Mp)(image.tags[(0,src_tags/* markKey */.rI)('rejected', environment)]);
    if (!rejected)
        return [];
    return [
        `${(0,src_image/* describeImage */.hu)(image)} was rejected in ${environment} on ${new Date(rejected.time).toISOString()}: ${rejected.text}`,
    ];
}
function nothingFound(choice, fitting, facts, architecture) {
    const what = architecture === undefined ? 'image' : `${architecture} image`;
    const ofArchitecture = fitting.filter((image) => architecture === undefined || image.architecture === architecture);
    const [unusable] = ofArchitecture.filter((image) => !isUsable(image));
    if (unusable) {
        const quarantined = unusable.tags[src_tags/* TAG */.Dk.quarantined];
        const why = quarantined === undefined ? `is ${unusable.state}` : `is quarantined (${quarantined})`;
        return `The ${what} of ${described(choice)}, ${unusable.id}, ${why}. Wait for the bake, or bake again.`;
    }
    const [other] = fitting;
    if (other)
        return `There is no ${architecture ?? architecturesOf(facts)[0]} image for ${described(choice)}, but ${other.id} is ${other.architecture}. Bake for the architecture that the groups run.`;
    if (choice.by === 'previous')
        return `No ${what} of "${facts.application}" was promoted to "${facts.environment}" before the present one and not rejected since: there is nothing to roll back to. Name one with "ami-id" or "commit".`;
    return `There is no ${what} of "${facts.application}" for ${described(choice)} in ${facts.region}. ${fix(choice)}`;
}
function described(choice) {
    switch (choice.by) {
        case 'commit':
            return `commit ${choice.commit}`;
        case 'version':
            return `version ${choice.version}`;
        case 'branch':
            return `branch ${choice.branch}`;
        case 'previous':
            return 'the rollback';
    }
}
const fix = (choice) => choice.by === 'commit' && !choice.given
    ? 'Run the mode bake first, or name an image with "ami-id", "commit", "version" or "branch".'
    : 'Check the input, and that the mode bake ran for it in this Region.';

;// CONCATENATED MODULE: ./lib/src/promote/find-images.js



/** Images that a choice could mean. Which of them is meant is decided by `pickImages`. */
async function findCandidates(aws, choice, facts) {
    if (choice.by === 'ami-id')
        return await imagesWithIds(aws, choice.imageIds);
    const application = (0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, facts.application);
    const found = await Promise.all(filtersFor(choice, facts.environment).map((filter) => find_images_images(aws, { Owners: [...facts.owners], Filters: [application, filter] })));
    return [...new Map(found.flat().map((image) => [image.id, image])).values()];
}
/** Each filter is a question of its own: the commit that was built, and those that reused the image. */
function filtersFor(choice, environment) {
    switch (choice.by) {
        case 'commit': {
            // A short SHA stands for any commit that begins with it.
            const wanted = choice.commit.length < 40 ? `${choice.commit}*` : choice.commit;
            return [
                { Name: `tag:${src_tags/* TAG */.Dk.commit}`, Values: [wanted] },
                { Name: 'tag-key', Values: [`${src_tags/* COMMIT_ALIAS */.LA}${wanted}`] },
            ];
        }
        case 'version':
            return [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.version, choice.version)];
        case 'branch':
            return [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.branch, choice.branch), { Name: 'tag-key', Values: [`${src_tags/* COMMIT_ALIAS */.LA}*`] }];
        case 'previous':
            return [{ Name: 'tag-key', Values: [(0,src_tags/* markKey */.rI)('promoted', environment)] }];
    }
}
/** A filter instead of a list of ids: an id that does not exist is then an absent image and no error. */
async function imagesWithIds(aws, ids) {
    if (ids.length === 0)
        return [];
    return await find_images_images(aws, {
        Filters: [{ Name: 'image-id', Values: [...new Set(ids)] }],
        IncludeDisabled: true,
    });
}
async function find_images_images(aws, request) {
    const found = [];
    for await (const page of (0,client_ec2_dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, request))
        found.push(...(page.Images ?? []).map(src_image/* imageFrom */.mn));
    return found;
}

;// CONCATENATED MODULE: ./lib/src/promote/plan-from-marks.js








/**
 * The plan of a dry run that names no groups, for a role that may only look at images: which image would come, and
 * which one was promoted last, by its mark. Rejects when there is no such image, as the promotion would.
 */
async function planFromMarks(context, { inputs, application }) {
    const { aws, log, report, run } = context;
    const { environment, rollback } = inputs;
    const { Account = '' } = await aws.sts.send(new client_sts_dist_cjs/* GetCallerIdentityCommand */.zI({}));
    const facts = { application, environment, region: aws.region, owners: [Account, ...inputs.imageOwners] };
    const running = promotedLast(await findCandidates(aws, { by: 'previous' }, facts), environment);
    const present = running ? [running] : [];
    const choice = choiceOf(inputs, run.commit);
    const chosen = pickImages(choice, await findCandidates(aws, choice, facts), { ...facts, present });
    if ('problems' in chosen)
        throw new errors/* ConfigurationError */.j1(chosen.problems);
    for (const note of chosen.notes)
        log.warning(note);
    const [image] = chosen.images;
    if (!image)
        throw new Error('No image was chosen.');
    const changes = await compareCommits(context, image, present);
    const before = running
        ? `Promoted there last: ${(0,src_image/* describeImage */.hu)(running)}`
        : `No image of ${application} was promoted there before.`;
    log.info(`${(0,src_image/* describeImage */.hu)(image)} for ${environment}. ${before}`);
    report.set({ 'ami-id': image.id, 'previous-ami-id': running?.id, status: 'planned' });
    report.write([
        `## 📝 Plan: ${environment}`,
        `${(0,src_image/* describeImage */.hu)(image)}\n\n${before}`,
        'No groups were named: what would change in their launch templates was not looked at.',
        changesSection(changes.values(), run.repositoryUrl),
    ]
        .filter((part) => part !== '')
        .join('\n\n'));
    report.announce(announcementOf({
        status: 'planned',
        environment,
        rollback,
        image,
        previousImageId: running?.id,
        changes,
        results: [],
        seconds: 0,
    }));
}
/** The image with the newest mark of a promotion to the environment. */
function promotedLast(images, environment) {
    const time = (image) => (0,src_tags/* readMark */.Mp)(image.tags[(0,src_tags/* markKey */.rI)('promoted', environment)])?.time ?? 0;
    return images.toSorted((a, b) => time(b) - time(a))[0];
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/promote/estimate.js
var estimate = __webpack_require__(2347);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-auto-scaling/dist-cjs/index.js
var client_auto_scaling_dist_cjs = __webpack_require__(8932);
;// CONCATENATED MODULE: ./lib/src/promote/followers.js


/**
 * Groups that follow `$Latest` of a launch template in which a version will be made: the new version would go live
 * there with the next scale-out, without any refresh or check. One sentence for each.
 */
async function followerProblems(aws, plans) {
    const versions = plans.flatMap((plan) => plan.versions).filter(({ number }) => number === undefined);
    if (versions.length === 0)
        return [];
    const names = new Map(versions.map(({ source }) => [source.launchTemplateId, source.launchTemplateName]));
    const targets = new Set(plans.map(({ target }) => target.name));
    const problems = [];
    const pages = (0,client_auto_scaling_dist_cjs/* paginateDescribeAutoScalingGroups */.ZJr)({ client: aws.autoScaling }, { IncludeInstances: false });
    for await (const { AutoScalingGroups = [] } of pages) {
        for (const group of AutoScalingGroups) {
            const name = group.AutoScalingGroupName ?? '';
            const followed = targets.has(name) ? undefined : latestOf(group, names);
            if (followed !== undefined)
                problems.push(`The group "${name}" follows $Latest of the launch template ${followed}: the version that this promotion makes would go live there unchecked. Set that group to a version number, or promote it together with the others.`);
        }
    }
    return problems;
}
function latestOf(group, names) {
    const followed = (0,promote_configuration/* specificationsOf */.i3)(group).find(({ LaunchTemplateId = '', Version }) => Version === '$Latest' && names.has(LaunchTemplateId));
    return followed && names.get(followed.LaunchTemplateId ?? '');
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
;// CONCATENATED MODULE: ./lib/src/promote/preferences-file.js



/**
 * Preferences from a JSON file in AWS's own shape: the value of `--preferences` of `aws autoscaling
 * start-instance-refresh`, or the whole document of its `--cli-input-json`. Ranges are those of the API
 * (https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html).
 */
const percentage = (least, most) => dist/* pipe */.FsL(dist/* number */.aig(), dist/* integer */.ndf(), dist/* minValue */.Wwf(least), dist/* maxValue */.cGV(most));
const seconds = dist/* pipe */.FsL(dist/* number */.aig(), dist/* integer */.ndf(), dist/* minValue */.Wwf(0));
const upToTwoDays = dist/* pipe */.FsL(seconds, dist/* maxValue */.cGV(172_800));
const preferences = dist/* strictObject */.rej({
    MinHealthyPercentage: dist/* optional */.lqM(percentage(0, 100)),
    MaxHealthyPercentage: dist/* optional */.lqM(percentage(100, 200)),
    InstanceWarmup: dist/* optional */.lqM(seconds),
    CheckpointPercentages: dist/* optional */.lqM(dist/* array */.YOg(percentage(1, 100))),
    CheckpointDelay: dist/* optional */.lqM(upToTwoDays),
    SkipMatching: dist/* optional */.lqM(dist/* boolean */.zMY()),
    AutoRollback: dist/* optional */.lqM(dist/* boolean */.zMY()),
    ScaleInProtectedInstances: dist/* optional */.lqM(dist/* picklist */.KIO(['Refresh', 'Ignore', 'Wait'])),
    StandbyInstances: dist/* optional */.lqM(dist/* picklist */.KIO(['Terminate', 'Ignore', 'Wait'])),
    AlarmSpecification: dist/* optional */.lqM(dist/* strictObject */.rej({ Alarms: dist/* optional */.lqM(dist/* array */.YOg(dist/* string */.YjP())) })),
    BakeTime: dist/* optional */.lqM(upToTwoDays),
});
/** The members of a whole request; what is refreshed and to what comes from the other inputs. */
const request = dist/* strictObject */.rej({
    AutoScalingGroupName: dist/* optional */.lqM(dist/* string */.YjP()),
    Strategy: dist/* optional */.lqM(dist/* literal */.euz('Rolling')),
    DesiredConfiguration: dist/* optional */.lqM(dist/* custom */.IeY((value) => value === undefined, 'must not be given: the image decides what the group gets')),
    Preferences: dist/* optional */.lqM(preferences),
});
/** Reads the file; throws one error with everything that is wrong in it. */
function readPreferencesFile(path) {
    const content = parsed(path);
    const isRequest = typeof content === 'object' &&
        content !== null &&
        Object.keys(content).some((key) => key in request.entries);
    if (!isRequest)
        return checked(path, dist/* safeParse */.xLC(preferences, content));
    return checked(path, dist/* safeParse */.xLC(request, content)).Preferences ?? {};
}
function checked(path, result) {
    if (result.success)
        return result.output;
    throw new errors/* ConfigurationError */.j1(result.issues.map((issue) => `The preferences file ${path}: ${dist/* getDotPath */.BuJ(issue) ?? 'the content'}: ${issue.message}. See the members of RefreshPreferences in AWS's API reference.`));
}
function parsed(path) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(path, 'utf8'));
    }
    catch (error) {
        throw new errors/* ConfigurationError */.j1([
            `The preferences file ${path} cannot be read as JSON: ${(0,errors/* messageOf */.bD)(error)}. Check the input "preferences-file".`,
        ]);
    }
}

// EXTERNAL MODULE: ./lib/src/promote/target.js
var target = __webpack_require__(1272);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing/dist-cjs/index.js
var client_elastic_load_balancing_dist_cjs = __webpack_require__(9165);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-cjs/index.js
var client_elastic_load_balancing_v2_dist_cjs = __webpack_require__(586);
;// CONCATENATED MODULE: ./lib/src/promote/health.js


async function readTargetHealth(aws, arns) {
    const answers = arns.map(async (arn) => {
        const { TargetHealthDescriptions = [] } = await aws.elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetHealthCommand */.qyg({ TargetGroupArn: arn }));
        return [targetGroupName(arn), TargetHealthDescriptions];
    });
    return new Map(await Promise.all(answers));
}
const DEFAULT_DRAIN_SECONDS = 300;
/**
 * How long targets drain before their instance is terminated, in milliseconds: the longest of the target groups. Only
 * the pace of watching depends on it: without the permission AWS's default is as good.
 */
async function readDrainMs(aws, arns) {
    const delays = arns.map(async (arn) => {
        try {
            const { Attributes = [] } = await aws.elb.send(new client_elastic_load_balancing_v2_dist_cjs/* DescribeTargetGroupAttributesCommand */.cKh({ TargetGroupArn: arn }));
            const delay = Attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
            return Number(delay ?? DEFAULT_DRAIN_SECONDS);
        }
        catch (error) {
            if ((0,aws_errors.isAccessDenied)(error))
                return DEFAULT_DRAIN_SECONDS;
            throw error;
        }
    });
    return Math.max(0, ...(await Promise.all(delays))) * 1000;
}
/** `arn:aws:elasticloadbalancing:…:targetgroup/web/0123456789abcdef` → `web`. */
const targetGroupName = (arn) => arn.split('/')[1] ?? arn;
/**
 * How long new instances have been unhealthy for the load balancer. One that is unhealthy for the grace beyond its
 * warm-up is sick: it will not recover by waiting. Times are milliseconds since 1970.
 */
class HealthHistory {
    #graceMs;
    #unhealthySince = new Map();
    #told = new Set();
    constructor(graceMs) {
        this.#graceMs = graceMs;
    }
    /** Takes in a look; returns who is sick, and a sentence for each instance that turned unhealthy. */
    add(inService, healths, { now, warmupMs }) {
        const unhealthy = new Map();
        for (const [name, descriptions] of healths) {
            for (const { Target, TargetHealth } of descriptions) {
                if (TargetHealth?.State === 'unhealthy' && Target?.Id !== undefined && inService.has(Target.Id))
                    unhealthy.set(Target.Id, `${name}: ${TargetHealth.Description ?? TargetHealth.Reason ?? 'unhealthy'}`);
            }
        }
        const news = [];
        const sick = [];
        for (const [id, why] of unhealthy) {
            const since = this.#unhealthySince.get(id) ?? now;
            this.#unhealthySince.set(id, since);
            // While it warms up, an instance may be unhealthy: that is what the warm-up is for.
            const warmAt = (inService.get(id) ?? now) + warmupMs;
            if (now < warmAt)
                continue;
            if (!this.#told.has(id))
                news.push(`the new instance ${id} is unhealthy in target group ${why}`);
            this.#told.add(id);
            if (now - Math.max(since, warmAt) >= this.#graceMs)
                sick.push(id);
        }
        for (const id of this.#unhealthySince.keys()) {
            if (unhealthy.has(id))
                continue;
            this.#unhealthySince.delete(id);
            this.#told.delete(id);
        }
        return { sick, news };
    }
}

;// CONCATENATED MODULE: ./lib/src/promote/verify.js






/**
 * One look at whether the group really runs the image: its saved version, the real image of every instance in
 * service, the health of its targets in every target group and Classic Load Balancer, and the page if there is one.
 * Targets may need a moment: what is wrong now can be right a little later.
 */
async function verify({ aws, fetch }, expected) {
    const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeAutoScalingGroupsCommand */.NkQ({ AutoScalingGroupNames: [expected.group] }));
    if (!group)
        return wrong(`the group "${expected.group}" is gone`);
    const saved = (0,promote_configuration/* savedConfiguration */.Qi)(group);
    // What AWS saves at the end of a part is not documented; what counts there is what runs.
    if (!expected.partial && !(0,promote_configuration/* launchesSame */.kD)(saved, expected.configuration))
        return wrong(`the group is set to ${(0,promote_configuration/* describeConfiguration */.Ey)(saved)}, not to ${(0,promote_configuration/* describeConfiguration */.Ey)(expected.configuration)}`);
    const inService = instancesIn(group, 'InService');
    if (inService.length === 0)
        return group.DesiredCapacity === 0
            ? empty('The group is empty: the image will be used by its next instance, and was not tried.')
            : wrong('no instance is in service');
    const { strangers, exempt, verified } = await sortByImage(aws, inService, expected);
    if (strangers.length > 0)
        return wrong(`these instances run another image: ${strangers.join(', ')}`);
    const ill = inService.filter(({ HealthStatus }) => HealthStatus !== 'Healthy');
    if (ill.length > 0) {
        const list = ill.map(({ InstanceId, HealthStatus }) => `${InstanceId} (${HealthStatus})`).join(', ');
        return failed(`the group calls these instances ill: ${list}`);
    }
    const targets = await checkTargets(aws, group, verified);
    if (targets.problem !== undefined)
        return failed(targets.problem);
    const standby = instancesIn(group, 'Standby').map(({ InstanceId }) => InstanceId);
    const notes = [
        ...(standby.length === 0 ? [] : [`Not replaced, because they are in Standby: ${standby.join(', ')}.`]),
        ...exempt,
        ...targets.notes,
    ];
    if (verified.length === 0)
        return empty(`No instance runs the image. ${notes.join(' ')}`);
    const page = expected.url === undefined ? undefined : await probe(fetch, expected.url);
    return page === undefined ? { kind: 'verified', instances: verified.length, notes } : failed(page);
}
/**
 * How the group is before anything is changed, in sentences that deserve a warning. It makes every call that will be
 * needed while watching and at the end: a missing permission shows now, and not when a refresh is under way.
 */
async function lookBefore(aws, group, knownImageIds) {
    const { AutoScalingGroupName = '' } = group;
    await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeScalingActivitiesCommand */.hM1({ AutoScalingGroupName, MaxRecords: 1 }));
    const inService = instancesIn(group, 'InService');
    if (inService.length === 0)
        return [];
    const strangers = [...(await readImages(aws, inService))].filter(([, id]) => !knownImageIds.includes(id));
    const targets = await checkTargets(aws, group, inService.flatMap(({ InstanceId }) => InstanceId ?? []));
    return [
        ...(strangers.length > 0
            ? [
                `Instances of "${AutoScalingGroupName}" run another image than the group is set to: ${strangers.map(([id, imageId]) => `${id} (${imageId})`).join(', ')}.`,
            ]
            : []),
        ...(targets.problem === undefined
            ? []
            : [`The group "${AutoScalingGroupName}" is not healthy before the promotion: ${targets.problem}.`]),
    ];
}
const wrong = (text) => ({ kind: 'wrong', text, imageAtFault: false });
/** The image was tried, and did not stand the test. */
const failed = (text) => ({ kind: 'wrong', text, imageAtFault: true });
const empty = (text) => ({ kind: 'empty', text });
const instancesIn = (group, state) => (group.Instances ?? []).filter(({ LifecycleState }) => LifecycleState === state);
/** Who runs the image, who may run another one (told in `exempt`), and who may not. */
async function sortByImage(aws, instances, expected) {
    const images = await readImages(aws, instances);
    const verified = [];
    const strangers = [];
    const held = [];
    const left = [];
    for (const { InstanceId = '', ProtectedFromScaleIn } of instances) {
        const imageId = images.get(InstanceId) ?? 'unknown';
        if (expected.imageIds.includes(imageId))
            verified.push(InstanceId);
        else if (expected.ignoresProtected && ProtectedFromScaleIn)
            held.push(InstanceId);
        else if (expected.partial)
            left.push(InstanceId);
        else
            strangers.push(`${InstanceId} (${imageId})`);
    }
    const exempt = [
        ...(held.length === 0
            ? []
            : [`Not replaced, because they are protected from scale-in: ${held.join(', ')}.`]),
        ...(left.length === 0
            ? []
            : [`Not replaced, because the last checkpoint is below 100 %: ${left.join(', ')}.`]),
    ];
    return { strangers, exempt, verified };
}
async function readImages(aws, instances) {
    const ids = instances.flatMap(({ InstanceId }) => InstanceId ?? []);
    const images = new Map();
    for await (const page of (0,client_ec2_dist_cjs/* paginateDescribeInstances */.H0T)({ client: aws.ec2 }, { InstanceIds: ids })) {
        for (const { InstanceId = '', ImageId = '' } of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []))
            images.set(InstanceId, ImageId);
    }
    return images;
}
/** Every instance has to be healthy in every load balancer. `unused`: no listener sends it traffic, so nothing is known. */
async function checkTargets(aws, group, instanceIds) {
    const notes = [];
    for (const [name, descriptions] of await readTargetHealth(aws, group.TargetGroupARNs ?? [])) {
        const health = new Map(descriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth]));
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
        if (bad.length > 0)
            return { problem: `targets of ${name} are not healthy: ${listOf(bad)}`, notes };
    }
    for (const name of group.LoadBalancerNames ?? []) {
        const { InstanceStates = [] } = await aws.classicElb.send(new client_elastic_load_balancing_dist_cjs.DescribeInstanceHealthCommand({ LoadBalancerName: name }));
        const health = new Map(InstanceStates.map((state) => [state.InstanceId ?? '', state]));
        const bad = instanceIds
            .map((id) => ({
            id,
            state: health.get(id)?.State ?? 'not registered',
            why: health.get(id)?.Description,
        }))
            .filter(({ state }) => state !== 'InService');
        if (bad.length > 0)
            return { problem: `instances of the load balancer ${name} are not in service: ${listOf(bad)}`, notes };
    }
    return { notes };
}
const listOf = (states) => states.map(({ id, state, why }) => `${id} ${state}${why === undefined ? '' : ` (${why})`}`).join(', ');
const PROBE_MS = 10_000;
/** What is wrong with a page; `undefined` when it answers as it should. */
async function probe(fetch, url) {
    try {
        const { ok, status, statusText } = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) });
        return ok ? undefined : `${url} answers ${`${status} ${statusText}`.trim()}`;
    }
    catch (error) {
        const cause = error instanceof Error && error.cause !== undefined ? ` (${(0,errors/* messageOf */.bD)(error.cause)})` : '';
        return `${url} cannot be reached: ${(0,errors/* messageOf */.bD)(error)}${cause}`;
    }
}

;// CONCATENATED MODULE: ./lib/src/promote/prepare.js
















const deadlineOf = ({ started, inputs }) => started + inputs.timeoutMinutes * 60_000;
/** Inputs and preferences file are checked before anything is asked of AWS. */
function jobOf(context, inputs) {
    return {
        inputs,
        application: inputs.application ?? context.run.repository,
        started: context.clock.now(),
        wanted: readPreferences(context, inputs),
    };
}
const namesGroups = ({ autoScalingGroups, autoScalingGroupTags }) => autoScalingGroups !== undefined || autoScalingGroupTags !== undefined;
/** Groups, images, and what is to be done with each group. Rejects with all problems at once; nothing is written. */
async function prepare(context, job) {
    const { log } = context;
    const targets = await log.group('Groups', () => readGroups(context, job.inputs));
    const present = await presentImages(context, targets);
    const images = await log.group('Image', () => chooseImages(context, job, targets, present));
    const [image] = images;
    if (!image)
        throw new Error('No image was chosen.');
    const { plans, changes } = await log.group('Preflight', () => makePlans(context, job, { images, present, targets }));
    return { images, image, plans, changes };
}
function readPreferences({ run }, inputs) {
    const { preferencesFile } = inputs;
    const file = preferencesFile === undefined ? {} : readPreferencesFile((0,external_node_path_.resolve)(run.workspace, preferencesFile));
    const wanted = wantedPreferences(inputs, file);
    const problems = preferenceProblems(wanted);
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
    return wanted;
}
async function readGroups({ aws, log }, inputs) {
    const targets = await (0,target/* readTargets */.R)(aws, inputs);
    for (const { name, group, running } of targets) {
        const runs = running ? running.versions.map(describeRunning).join(', ') : 'no launch template';
        log.info(`${name}: ${group.Instances?.length ?? 0} instances, desired ${group.DesiredCapacity}, ${runs}`);
    }
    return targets;
}
/** The images that the groups run now, as far as they still exist. */
async function presentImages({ aws }, targets) {
    const ids = targets.flatMap(({ running }) => running ? (0,promote_configuration/* imagesOf */.IC)(running).flatMap(({ imageId }) => imageId ?? []) : []);
    return await imagesWithIds(aws, ids.filter((id) => id.startsWith('ami-')));
}
async function chooseImages(context, { inputs, application }, targets, present) {
    const { aws, log, run } = context;
    // The account is in every group's ARN: nothing else has to be asked for it.
    const account = targets[0]?.group.AutoScalingGroupARN?.split(':')[4] ?? '';
    const { environment, imageOwners } = inputs;
    const facts = { application, environment, region: aws.region, present, owners: [account, ...imageOwners] };
    const choice = choiceOf(inputs, run.commit);
    const chosen = pickImages(choice, await findCandidates(aws, choice, facts), facts);
    if ('problems' in chosen)
        throw new errors/* ConfigurationError */.j1(chosen.problems);
    for (const image of chosen.images)
        log.info(`${(0,src_image/* describeImage */.hu)(image)}, ${image.architecture}, made ${new Date(image.created).toISOString()}`);
    for (const note of chosen.notes)
        log.warning(note);
    return chosen.images;
}
/** Everything that could stand in the way, found before the first write and reported together. */
async function makePlans(context, { inputs, application, wanted }, facts) {
    const { aws, log, run } = context;
    const { images, present, targets } = facts;
    const runs = targets.flatMap(({ running }) => (running ? presentImage(running, present) : []));
    const changes = await compareCommits(context, images[0], runs);
    const alarms = await readAlarms(aws, wanted.AlarmSpecification?.Alarms ?? []);
    const { problems, warnings } = preflight({
        ...facts,
        inputs,
        isRerun: run.attempt > 1,
        wanted,
        changes,
        alarms,
    });
    const plans = [];
    for (const target of targets) {
        const plan = await makePlan(aws, target, { inputs, application, images, present, wanted });
        if (!plan)
            continue;
        plans.push(plan);
        if (plan.action.kind !== 'nothing') {
            warnings.push(...(await lookBefore(aws, target.group, knownImages(plan))));
            const time = (0,estimate/* timeReport */.MQ)(target.group, plan.preferences, inputs.timeoutMinutes);
            problems.push(...time.problems);
            warnings.push(...time.warnings);
        }
        const { action } = plan;
        if (action.kind === 'busy' && inputs.whenBusy === 'fail') {
            problems.push(`The group "${target.name}" has an instance refresh under way (${action.refreshId}, ${action.status}). Wait for it or cancel it, then run this again; with "when-busy: wait" its end is waited for.`);
        }
    }
    problems.push(...(await followerProblems(aws, plans)));
    for (const warning of warnings)
        log.warning(warning);
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
    for (const plan of plans)
        log.info(describePlan(plan));
    return { plans, changes };
}
/** What the group is set to launch, and what it is to get. */
const knownImages = ({ running, versions }) => [
    ...(0,promote_configuration/* imagesOf */.IC)(running).flatMap(({ imageId }) => imageId ?? []),
    ...versions.map(({ imageId }) => imageId),
];

;// CONCATENATED MODULE: ./lib/src/promote/deployment.js


const STATES = {
    promoted: 'success',
    'already-there': 'success',
    'not-verified': 'success',
    planned: 'inactive',
    partial: 'failure',
    'rolled-back': 'failure',
    failed: 'failure',
    cancelled: 'error',
    unknown: 'error',
};
/**
 * Opens a deployment with the image's commit as its ref. A job that names an environment gets one from GitHub by
 * itself, with the run's commit: that is the wrong one after a rollback, or with an image that was chosen by id.
 * `auto` therefore opens one where the commits differ, and for every rollback, if the token may; with `own` a refusal
 * is an error.
 */
async function openDeployment({ github, log, run }, inputs, image) {
    const { githubDeployment: how, environment, environmentUrl, rollback } = inputs;
    const urls = { logUrl: run.url, environmentUrl };
    const ref = commitOf(image);
    const isOfRun = ref === run.commit && !rollback;
    if (how === 'none' || (how === 'auto' && (ref === undefined || isOfRun)))
        return undefined;
    let id;
    try {
        if (ref === undefined)
            throw new Error(`the commit of ${image.id} is not known`);
        id = await github.createDeployment({ ref, environment, payload: { 'ami-id': image.id, run: run.url } });
        await github.setDeploymentState(id, 'in_progress', urls);
    }
    catch (error) {
        if (how === 'own')
            throw new errors/* PermissionError */.i_(`GitHub did not take the deployment: ${(0,errors/* messageOf */.bD)(error)}. Give the job "permissions: deployments: write", or set "github-deployment: none".`, { cause: error });
        log.info(`No deployment of our own at GitHub (${(0,errors/* messageOf */.bD)(error)}).`);
        return undefined;
    }
    return {
        async close(status) {
            try {
                await github.setDeploymentState(id, STATES[status], urls);
            }
            catch (error) {
                // The groups are as reported; only GitHub's view of them is not.
                log.warning(`GitHub did not take the end of the deployment: ${(0,errors/* messageOf */.bD)(error)}`);
            }
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/promote/record.js








/**
 * Opens the record, before anything else is written: the images are marked as on their way into the environment, so
 * that prune takes them for in use. Nothing is opened when there is nothing to do.
 */
async function openRecord(context, job, { images, image, plans }) {
    const { inputs } = job;
    const isDone = plans.every(({ action }) => action.kind === 'nothing');
    const deployment = isDone ? undefined : await openDeployment(context, inputs, image);
    const marked = [];
    for (const each of images)
        marked.push(isDone ? each : await write(context, each, promotingTags(context, job, each)));
    return {
        async abandon() {
            await attempt(context, async () => {
                for (const each of marked)
                    await remove(context, each, [(0,src_tags/* markKey */.rI)('promoting', inputs.environment)]);
            });
            await deployment?.close('failed');
        },
        async close(now, results) {
            await deployment?.close(overallStatus(results));
            if (inputs.updateDefaultVersion)
                await moveDefaults(context, now, results);
            const { environment, rollback } = inputs;
            const promotion = {
                images: marked,
                environment,
                left: leftImages(now, images),
                byHand: rollback,
                isDone,
            };
            await attempt(context, () => writeOutcome(context, promotion, results));
        },
    };
}
/**
 * The mark of an image on its way. An image of another account, whose tags are not seen here, also gets what the
 * inputs say of it: later promotions find it by that.
 */
function promotingTags({ clock, run }, { inputs, application }, image) {
    const mark = { [(0,src_tags/* markKey */.rI)('promoting', inputs.environment)]: (0,src_tags/* markValue */.nj)(clock.now(), run.url) };
    const { commit, version, branch } = inputs;
    if (!inputs.imageOwners.includes(image.ownerId) || image.tags[src_tags/* TAG */.Dk.application] !== undefined)
        return mark;
    return {
        ...mark,
        [src_tags/* TAG */.Dk.application]: (0,src_tags/* tagValue */.EZ)(application),
        ...(commit === undefined ? {} : { [src_tags/* TAG */.Dk.commit]: commit }),
        ...(version === undefined ? {} : { [src_tags/* TAG */.Dk.version]: (0,src_tags/* tagValue */.EZ)(version) }),
        ...(branch === undefined ? {} : { [src_tags/* TAG */.Dk.branch]: (0,src_tags/* tagValue */.EZ)(branch) }),
    };
}
/**
 * Promoted, or rejected when the image's own health was the cause; on a rollback by hand, the images that were left
 * become rejected. The `promoting` mark stays while the state is not known.
 */
async function writeOutcome(context, promotion, results) {
    const { aws, clock, run } = context;
    const { images, left, environment } = promotion;
    const key = {
        promoting: (0,src_tags/* markKey */.rI)('promoting', environment),
        promoted: (0,src_tags/* markKey */.rI)('promoted', environment),
        rejected: (0,src_tags/* markKey */.rI)('rejected', environment),
    };
    const status = overallStatus(results);
    const arrived = status === 'promoted' || status === 'already-there';
    const fault = results.find((result) => result.imageAtFault);
    const isOver = !results.some((result) => result.status === 'unknown' || result.status === 'cancelled');
    for (const image of images) {
        // A run that found everything done does not make the promotion younger.
        const isNew = arrived && !(promotion.isDone && image.tags[key.promoted] !== undefined);
        await write(context, image, {
            ...(isNew ? { [key.promoted]: (0,src_tags/* markValue */.nj)(clock.now(), run.url) } : {}),
            ...(fault ? { [key.rejected]: (0,src_tags/* markValue */.nj)(clock.now(), `${fault.reason} ${run.url}`) } : {}),
        });
        await remove(context, image, [
            ...(arrived && image.tags[key.rejected] !== undefined ? [key.rejected] : []),
            ...(isOver && !(promotion.isDone && image.tags[key.promoting] === undefined) ? [key.promoting] : []),
        ]);
    }
    if (!promotion.byHand || status !== 'promoted' || left.length === 0)
        return;
    const ids = images.map(({ id }) => id).join(', ');
    const value = (0,src_tags/* markValue */.nj)(clock.now(), `rolled back by hand to ${ids} ${run.url}`);
    await aws.ec2.send(new client_ec2_dist_cjs/* CreateTagsCommand */.RmG({ Resources: [...left], Tags: (0,src_tags/* toTagList */.s3)({ [key.rejected]: value }) }));
}
/** The images that the groups ran before, where they ran others. */
function leftImages(plans, images) {
    const before = plans.flatMap(({ running }) => (0,promote_configuration/* imagesOf */.IC)(running).flatMap(({ imageId }) => imageId ?? []));
    return [...new Set(before)].filter((id) => id.startsWith('ami-') && !images.some((image) => image.id === id));
}
/**
 * Tags an image, and returns it as it is then. A full set of tags never fails a deployment: the oldest marks make
 * room, and the log says so.
 */
async function write(context, image, tags) {
    if (Object.keys(tags).length === 0)
        return image;
    const old = (0,src_tags/* tagsToMakeRoom */.M5)(image.tags, tags);
    if (old.length > 0) {
        context.log.info(`${image.id} has as many tags as AWS allows: the oldest go (${old.join(', ')}).`);
        await remove(context, image, old);
    }
    await context.aws.ec2.send(new client_ec2_dist_cjs/* CreateTagsCommand */.RmG({ Resources: [image.id], Tags: (0,src_tags/* toTagList */.s3)(tags) }));
    const kept = Object.entries(image.tags).filter(([key]) => !old.includes(key));
    return { ...image, tags: { ...Object.fromEntries(kept), ...tags } };
}
async function remove({ aws }, { id }, keys) {
    if (keys.length === 0)
        return;
    await aws.ec2.send(new client_ec2_dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [id], Tags: keys.map((Key) => ({ Key })) }));
}
async function attempt({ log }, work) {
    try {
        await work();
    }
    catch (error) {
        log.warning(`The outcome could not be written on the image's tags: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}`);
    }
}

// EXTERNAL MODULE: ./lib/src/parallel.js
var parallel = __webpack_require__(6235);
;// CONCATENATED MODULE: ./lib/src/promote/fleet.js
/** Ends after which the other groups go back: the group does not have the image, and that is known. */
const FAILURES = ['rolled-back', 'failed', 'cancelled'];
/** The groups of one promotion: they arrive together, or one that fails calls all of them back. */
class Fleet {
    #recall = new AbortController();
    /** Aborted by a recall and by a cancel, so that no group waits any longer. */
    signal;
    #onFailure;
    #cancel;
    #verdict;
    #decide = () => { };
    #missing;
    /** Why all groups are to go back; `undefined` as long as none has failed. */
    recall;
    /** @param cancel aborted when the runner cancels the step */
    constructor(groups, onFailure, cancel) {
        this.#cancel = cancel;
        this.signal = AbortSignal.any([cancel, this.#recall.signal]);
        this.#missing = groups;
        this.#onFailure = onFailure;
        this.#verdict = new Promise((resolve) => {
            this.#decide = resolve;
        });
    }
    /** Takes in how a group ended. */
    settle({ group, status }) {
        this.#missing--;
        // A cancelled step starts nothing any more, and does not watch a way back.
        const goBack = this.#onFailure === 'rollback' && !this.#cancel.aborted;
        if (FAILURES.includes(status) && goBack && this.recall === undefined) {
            this.recall = `The group "${group}" did not get the image, so all groups go back.`;
            this.#decide(this.recall);
            this.#recall.abort();
        }
        if (this.#missing === 0)
            this.#decide(undefined);
    }
    /** Resolves when every group has arrived (with nothing), or one has failed (with the reason to go back). */
    get verdict() {
        return this.#verdict;
    }
}

// EXTERNAL MODULE: ./lib/src/promote/progress.js
var progress = __webpack_require__(2822);
;// CONCATENATED MODULE: ./lib/src/promote/troubles.js
/**
 * What the group's scaling activities tell of a refresh, whichever of them a look returns again: what went wrong with
 * new instances, which ones there are, and what is still under way.
 */
class ActivityList {
    launchFailures = [];
    unhealthy = [];
    sick = [];
    failedLaunches = 0;
    /** When each new instance came into service; milliseconds since 1970. */
    launched = new Map();
    /** When the termination of each instance began that is not over. */
    terminating = new Map();
    #new = new Set();
    #seen = new Set();
    /** Whether an activity was taken in before, in the state that it has now. */
    knows(activity) {
        return this.#seen.has(keyOf(activity));
    }
    /**
     * Takes in activities, newest first as AWS gives them; returns a sentence for each trouble that is new. Launches
     * after `until` (milliseconds since 1970) are those of a rollback, and not of the new image.
     */
    add(activities, until = Number.POSITIVE_INFINITY) {
        const news = [];
        for (const activity of activities.toReversed()) {
            if (this.knows(activity))
                continue;
            this.#seen.add(keyOf(activity));
            const sentence = this.#take(activity, (activity.StartTime?.getTime() ?? 0) < until);
            if (sentence !== undefined)
                news.push(sentence);
        }
        return news;
    }
    #take(activity, isForward) {
        const { StatusCode, Description = '' } = activity;
        const [instanceId] = /i-[0-9a-f]+/.exec(Description) ?? [];
        if (Description.startsWith('Terminating') && instanceId !== undefined)
            return this.#takeTermination(instanceId, activity);
        if (StatusCode === 'Failed')
            return isForward ? this.#takeFailure(activity) : undefined;
        if (isForward && Description.startsWith('Launching') && instanceId !== undefined) {
            this.#new.add(instanceId);
            // An instance of the warm pool takes no traffic, and nobody waits for its warm-up.
            if (StatusCode === 'Successful' && !/warm pool/.test(Description))
                this.launched.set(instanceId, activity.EndTime?.getTime() ?? 0);
        }
        return undefined;
    }
    #takeFailure({ StatusMessage, Description = '' }) {
        this.failedLaunches++;
        const cause = StatusMessage || Description;
        if (this.launchFailures.includes(cause))
            return undefined;
        this.launchFailures.push(cause);
        return cause;
    }
    #takeTermination(instanceId, { EndTime, StartTime, Cause = '' }) {
        this.launched.delete(instanceId);
        if (EndTime)
            this.terminating.delete(instanceId);
        else
            this.terminating.set(instanceId, StartTime?.getTime() ?? 0);
        // "… was taken out of service in response to an ELB system health check failure." (or an EC2 health check)
        if (!/health[ -]check/.test(Cause) || this.unhealthy.includes(instanceId))
            return undefined;
        const why = Cause.replace(/^At \S+ an instance was taken out of service in response to /, 'Cause: ');
        if (!this.#new.has(instanceId))
            return `${instanceId}, which was there before, failed its health checks and is replaced. ${why}`;
        this.unhealthy.push(instanceId);
        return `${instanceId} failed its health checks and is replaced. ${why}`;
    }
}
const keyOf = ({ ActivityId, StatusCode }) => `${ActivityId} ${StatusCode}`;
/** The troubles in one or two sentences for the result; empty when there were none. */
function describeTroubles({ unhealthy, launchFailures, }) {
    const ill = unhealthy.length === 0
        ? []
        : [
            `${unhealthy.length} new ${unhealthy.length === 1 ? 'instance' : 'instances'} failed the health checks, the last one ${unhealthy.at(-1)}: look at the application's start in its log.`,
        ];
    return [...ill, ...launchFailures.slice(-3)].join(' ');
}

;// CONCATENATED MODULE: ./lib/src/promote/course.js


/** How long a rollback, or the way back, is watched. */
const BACK_MS = 30 * 60_000;
/** How long AWS may be unreachable before the state counts as unknown. */
const LONGEST_SILENCE_MS = 15 * 60_000;
const begin = (at) => ({ phase: 'refreshing', lastAnswer: at });
/** A group that had arrived already goes back because of another one. */
const beginReturn = (at, text) => goBack({ text, imageAtFault: false }, at);
/** What follows from an event: the new state, and the next step. An ended course stays ended. */
function advance(course, event, rules) {
    switch (course.phase) {
        case 'refreshing':
            return whileRefreshing(course, event, rules);
        case 'stopping':
            return whileStopping(course, event, rules);
        case 'verifying':
            return whileVerifying(course, event, rules);
        case 'going-back':
            return whileGoingBack(course, event);
        case 'ended':
            return { course, step: 'end' };
    }
}
const end = (status, reason, { imageAtFault = false, instances = 0 } = {}) => ({
    course: { phase: 'ended', end: { status, reason: reason.trim(), imageAtFault, instances } },
    step: 'end',
});
const stop = (cause, at) => ({
    course: { phase: 'stopping', cause, until: at + BACK_MS, lastAnswer: at, asked: false },
    step: 'stop',
});
/** Only when the time is over the user has a choice: everything else has to go back. */
const howToStop = ({ late }, { onTimeout }) => (late ? onTimeout : 'rollback');
const goBack = (cause, at) => ({
    course: { phase: 'going-back', cause, until: at + BACK_MS, lastAnswer: at, asked: false },
    step: 'go-back',
});
function whileRefreshing(course, event, rules) {
    switch (event.kind) {
        case 'looked':
            return afterLook(event, rules);
        case 'silence':
            return afterSilence(course, event);
        case 'recalled':
            if (rules.adopted)
                return end('unknown', `${event.text} The instance refresh was started by somebody else and goes on.`);
            return stop({ text: event.text, imageAtFault: false }, event.at);
        default:
            return unexpected(event);
    }
}
function afterLook(event, rules) {
    const { sight, troubles, at } = event;
    const details = [sight.rollbackReason ?? sight.reason, describeTroubles(troubles)]
        .filter(Boolean)
        .join(' ');
    const imageAtFault = isImageAtFault(troubles);
    switch ((0,progress/* meaningOf */.Pr)(sight.status)) {
        case 'successful':
            return { course: { phase: 'verifying', until: at + rules.verifyMs }, step: 'verify' };
        case 'rolled-back':
            return end('rolled-back', `AWS rolled the group back. ${details}`, { imageAtFault });
        case 'rollback-failed':
            return end('failed', `The rollback failed as well: the group has instances of both images. ${details}`, {
                imageAtFault,
            });
        case 'failed': {
            const text = `The instance refresh failed. ${details}`;
            if (rules.autoRollback && !rules.adopted)
                return goBack({ text, imageAtFault }, at);
            return end('failed', `${text} It was not rolled back: the group has instances of both images.`, {
                imageAtFault,
            });
        }
        case 'cancelled':
            return end('cancelled', `The instance refresh was cancelled by somebody: the group may have instances of both images. ${details}`);
        case 'active':
            return whileActive(event, rules);
    }
}
function whileActive({ sight, troubles, at }, rules) {
    const look = { course: { phase: 'refreshing', lastAnswer: at }, step: 'look' };
    // It is on its way back already, by AWS or by somebody.
    if ((0,progress/* isTurning */.GR)(sight.status))
        return at >= rules.deadline + BACK_MS ? tooLong(sight) : look;
    if (!rules.adopted && failures(troubles) >= rules.maxFailedInstances) {
        const text = `${failures(troubles)} new instances or launches failed (max-failed-instances: ${rules.maxFailedInstances}). ${describeTroubles(troubles)}`;
        return stop({ text, imageAtFault: isImageAtFault(troubles) }, at);
    }
    if (!rules.adopted && troubles.sick.length > 0) {
        const text = `The load balancer finds new instances unhealthy beyond their warm-up and unhealthy-grace: ${troubles.sick.join(', ')}.`;
        return stop({ text, imageAtFault: true }, at);
    }
    if (at < rules.deadline)
        return look;
    const text = `The instance refresh did not finish within timeout-minutes (${rules.timeoutMinutes}); it was at ${sight.percentage ?? 0} %.`;
    if (rules.adopted)
        return end('unknown', `${text} It was started by somebody else and goes on.`);
    if (rules.onTimeout === 'leave')
        return end('unknown', `${text} It goes on (on-timeout: leave).`);
    return stop({ text: `${text} ${describeTroubles(troubles)}`.trim(), imageAtFault: false, late: true }, at);
}
const tooLong = (sight) => end('unknown', `The instance refresh is still ${sight.status}: look at it in the console.`);
const failures = ({ unhealthy, failedLaunches }) => unhealthy.length + failedLaunches;
/** A launch that failed has its cause outside of the image: capacity, quota, permissions. */
const isImageAtFault = ({ unhealthy, failedLaunches }) => unhealthy.length > 0 || failedLaunches === 0;
function whileStopping(course, event, rules) {
    const { cause } = course;
    switch (event.kind) {
        case 'stopped':
            if (event.stopped === 'left')
                return end('unknown', `${cause.text} The instance refresh goes on.`);
            return { course: { ...course, lastAnswer: event.at, asked: true }, step: 'look' };
        case 'looked':
            return stoppingLook(course, event, rules);
        case 'silence':
            return afterSilence(course, event);
        case 'recalled':
            return { course, step: course.asked ? 'look' : 'stop' };
        default:
            return unexpected(event, cause);
    }
}
function stoppingLook(course, { sight, at }, rules) {
    const { cause } = course;
    switch ((0,progress/* meaningOf */.Pr)(sight.status)) {
        case 'successful':
            // It was over before the request arrived.
            if (cause.late)
                return { course: { phase: 'verifying', until: at + rules.verifyMs }, step: 'verify' };
            return goBack(cause, at);
        case 'rolled-back':
            return end('rolled-back', `${cause.text} The group was rolled back.`, cause);
        case 'cancelled':
            if (sight.percentage === undefined)
                return end('cancelled', `${cause.text} The instance refresh was cancelled before it began.`, cause);
            if (!rules.reversible && howToStop(cause, rules) === 'rollback')
                return goBack(cause, at);
            return end('cancelled', `${cause.text} The instance refresh was cancelled: the group may have instances of both images.`, cause);
        case 'failed':
        case 'rollback-failed':
            return end('failed', `${cause.text} Rolling back failed as well (${sight.status}): the group has instances of both images. ${sight.reason}`, cause);
        case 'active':
            if (at < course.until)
                return { course: { ...course, lastAnswer: at }, step: 'look' };
            return end('unknown', `${cause.text} Stopping it is still under way (${sight.status}).`, cause);
    }
}
function whileVerifying(course, event, rules) {
    switch (event.kind) {
        case 'verified': {
            const { instances, notes } = event;
            return end(rules.partial ? 'partial' : 'promoted', notes.join(' '), { instances });
        }
        case 'empty':
            return end('not-verified', event.text);
        case 'wrong': {
            if (event.at < course.until)
                return { course, step: 'verify' };
            const text = `The refresh succeeded, but ${event.text}.`;
            if (rules.adopted)
                return end('failed', `${text} The refresh was started by somebody else and is not undone.`);
            return goBack({ text, imageAtFault: event.imageAtFault }, event.at);
        }
        case 'silence':
            if (event.at < course.until + LONGEST_SILENCE_MS)
                return { course, step: 'verify' };
            return end('unknown', `The refresh succeeded, but could not be verified: ${event.text}`);
        case 'recalled':
            return goBack({ text: event.text, imageAtFault: false }, event.at);
        default:
            return unexpected(event);
    }
}
function whileGoingBack(course, event) {
    const { cause } = course;
    switch (event.kind) {
        case 'turned':
            return { course: { ...course, lastAnswer: event.at, asked: true }, step: 'look' };
        case 'recalled':
            return { course, step: course.asked ? 'look' : 'go-back' };
        case 'looked': {
            const { sight, at } = event;
            const meaning = (0,progress/* meaningOf */.Pr)(sight.status);
            if (meaning === 'successful')
                return end('rolled-back', `${cause.text} The group was brought back to its former configuration.`, cause);
            if (meaning !== 'active')
                return end('failed', `${cause.text} Going back did not succeed either (${sight.status}): ${sight.reason || 'the group may have instances of both images.'}`, cause);
            if (at < course.until)
                return { course: { ...course, lastAnswer: at }, step: 'look' };
            return end('unknown', `${cause.text} Going back is still under way (${sight.status}).`, cause);
        }
        case 'silence':
            return afterSilence(course, event);
        default:
            return unexpected(event, cause);
    }
}
/** Single looks may fail; after a long silence nobody knows the state any more. */
function afterSilence(course, event) {
    if (event.at - course.lastAnswer <= LONGEST_SILENCE_MS) {
        if (course.phase === 'refreshing' || course.asked)
            return { course, step: 'look' };
        return { course, step: course.phase === 'stopping' ? 'stop' : 'go-back' };
    }
    const cause = 'cause' in course ? `${course.cause.text} ` : '';
    return end('unknown', `${cause}AWS could not be asked about the instance refresh for 15 minutes: its state is unknown. ${event.text}`);
}
/** The group or the refresh is gone, or a call was refused: nothing more can be done from here. */
function unexpected(event, cause) {
    const text = 'text' in event ? event.text : `${event.kind} was not expected.`;
    const isGone = event.kind === 'lost' && event.gone === true;
    return end(isGone ? 'failed' : 'unknown', [cause?.text, text].filter(Boolean).join(' '), cause ?? {});
}

;// CONCATENATED MODULE: ./lib/src/promote/pace.js
const SHORTEST_MS = 3_000;
const QUIET_MS = 30_000;
const LONGEST_MS = 120_000;
/** For so long a new refresh is looked at often: it begins, or is refused, in its first seconds. */
const BEGINNING_MS = 30_000;
/**
 * How long to wait before the next look, in milliseconds: seconds at the beginning and when the end is due, half a
 * minute in long waits, and longer while AWS does not answer.
 */
function pauseMs(now, { since, due, isLast, failures }) {
    if (failures > 0)
        return Math.min(QUIET_MS * failures, LONGEST_MS);
    if (due !== undefined && now < due)
        return between(SHORTEST_MS, due - now, QUIET_MS);
    if (isLast)
        return between(SHORTEST_MS, (now - (due ?? now)) / 15, QUIET_MS / 2);
    return now - since < BEGINNING_MS ? SHORTEST_MS * 2 : QUIET_MS;
}
const between = (least, value, most) => Math.min(Math.max(least, value), most);

;// CONCATENATED MODULE: ./lib/src/promote/watch.js








/** Troubles that become annotations on the run's page; the log has all of them. */
const MOST_WARNINGS = 3;
/** The causes of what happens are looked for at most, and at least, this often while a refresh runs. */
const DETAILS_MS = { least: 60_000, most: 120_000 };
/** Without any progress for so long, the group is asked whether somebody suspended its processes. */
const STANDSTILL_MS = 5 * 60_000;
/**
 * Watches one refresh, look by look. Says what changed, not every look; remembers what went wrong. It decides nothing.
 * Times are milliseconds since 1970.
 */
class RefreshWatch {
    #context;
    #watched;
    #activities = new ActivityList();
    #health;
    #since;
    #before;
    #wait;
    /** The most instances that were seen to be replaced. */
    #total = 0;
    #warmupMs = 0;
    /** How long targets drain; read when it matters for the first time. */
    #drainMs;
    #lookedAt;
    #detailsAt = 0;
    #changedAt;
    #failures = 0;
    #warnings = 0;
    #suspended = '';
    constructor(context, watched) {
        this.#context = context;
        this.#watched = watched;
        this.#since = context.clock.now();
        this.#changedAt = this.#since;
        this.#health = new HealthHistory(watched.unhealthyGrace * 1000);
    }
    /** Waits as long as is right, then looks. Rejects when a look gets no answer; it can be called again then. */
    async next(signal) {
        const { clock } = this.#context;
        if (this.#lookedAt !== undefined)
            await clock.sleep(pauseMs(clock.now(), this.#outlook()), signal);
        this.#lookedAt = clock.now();
        try {
            const result = await this.#look();
            this.#failures = 0;
            return result;
        }
        catch (error) {
            this.#failures++;
            throw error;
        }
    }
    async #look() {
        const { aws, clock } = this.#context;
        const { group, refreshId } = this.#watched;
        const refresh = await (0,promote_refresh/* describeRefresh */.ZP)(aws, group, refreshId);
        const now = clock.now();
        const sight = (0,progress/* sightOf */.p1)(refresh);
        const news = (0,progress/* isNews */.Ms)(this.#before, sight);
        if (news)
            this.#changedAt = now;
        this.#warmupMs = (refresh.Preferences?.InstanceWarmup ?? 0) * 1000;
        if (this.#needsDetails(sight, news, now))
            await this.#readDetails(refresh, now);
        this.#tell(refresh, sight, news, now);
        this.#before = sight;
        return { at: now, sight, troubles: this.#activities };
    }
    #outlook() {
        const isLast = this.#before?.status === 'Baking' || this.#before?.left === 0;
        const due = isLast || this.#wait ? this.#due() : undefined;
        return { since: this.#since, isLast, failures: this.#failures, ...(due === undefined ? {} : { due }) };
    }
    /** When the last instance is warm and the last one that leaves has drained; or when a known wait is over. */
    #due() {
        const { launched, terminating } = this.#activities;
        const times = [
            ...[...launched.values()].map((at) => at + this.#warmupMs),
            ...[...terminating.values()].map((at) => at + (this.#drainMs ?? 0)),
            ...(this.#wait ? [this.#wait.until] : []),
        ];
        return times.length === 0 ? undefined : Math.max(...times);
    }
    #needsDetails({ status, left }, news, now) {
        if (status === 'Pending')
            return false;
        if ((0,progress/* meaningOf */.Pr)(status) !== 'active' || (news && left === 0))
            return true;
        return now - this.#detailsAt >= (news ? DETAILS_MS.least : DETAILS_MS.most);
    }
    async #readDetails(refresh, now) {
        const { aws, log } = this.#context;
        const { group, targetGroupArns } = this.#watched;
        this.#detailsAt = now;
        const turnedAt = refresh.RollbackDetails?.RollbackStartTime?.getTime();
        for (const news of this.#activities.add(await this.#activitiesSince(refresh.StartTime), turnedAt)) {
            // The runner shows ten annotations a step; a fleet that keeps failing would use them all up.
            if (this.#warnings++ < MOST_WARNINGS)
                log.warning(`${group}: ${news}`);
            else
                log.info(`${group}: ${news}`);
        }
        if (this.#activities.terminating.size > 0 && refresh.InstancesToUpdate === 0)
            this.#drainMs ??= await readDrainMs(aws, targetGroupArns);
        if (refresh.Status !== 'InProgress' && refresh.Status !== 'Baking')
            return;
        if (targetGroupArns.length > 0 && this.#activities.launched.size > 0) {
            const health = await readTargetHealth(aws, targetGroupArns);
            const seen = this.#health.add(this.#activities.launched, health, { now, warmupMs: this.#warmupMs });
            this.#activities.sick = seen.sick;
            for (const news of seen.news)
                log.info(`${clockTime(now)} ${group}: ${news}`);
        }
        const isExpected = this.#wait !== undefined && now <= this.#wait.until;
        if (!isExpected && now - this.#changedAt >= STANDSTILL_MS)
            await this.#lookForSuspended();
    }
    /** The group's scaling activities since the refresh began: they say why an instance did not stay. */
    async #activitiesSince(start) {
        const { aws } = this.#context;
        const activities = [];
        if (!start)
            return activities;
        let NextToken;
        do {
            const page = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeScalingActivitiesCommand */.hM1({
                AutoScalingGroupName: this.#watched.group,
                Filters: [{ Name: 'StartTimeLowerBound', Values: [start.toISOString()] }],
                ...(NextToken === undefined ? {} : { NextToken }),
            }));
            const { Activities = [] } = page;
            activities.push(...Activities);
            // They come newest first: what follows a page that is known is known as well.
            NextToken = Activities.every((activity) => this.#activities.knows(activity))
                ? undefined
                : page.NextToken;
        } while (NextToken !== undefined);
        return activities;
    }
    async #lookForSuspended() {
        const { aws, log } = this.#context;
        const { AutoScalingGroups: [group] = [] } = await aws.autoScaling.send(new client_auto_scaling_dist_cjs/* DescribeAutoScalingGroupsCommand */.NkQ({ AutoScalingGroupNames: [this.#watched.group] }));
        const suspended = group ? suspendedProcesses(group).join(', ') : '';
        if (suspended !== '' && suspended !== this.#suspended)
            log.warning(`${this.#watched.group}: somebody suspended ${suspended}: the refresh cannot go on until ${suspended.includes(',') ? 'they are' : 'it is'} resumed.`);
        this.#suspended = suspended;
    }
    #tell(refresh, sight, news, now) {
        const { log } = this.#context;
        const prefix = `${clockTime(now)} ${this.#watched.group}:`;
        if (!(0,progress/* isTurning */.GR)(sight.status))
            this.#total = Math.max(this.#total, sight.left ?? 0);
        if (news) {
            const started = refresh.StartTime?.getTime();
            const elapsed = started === undefined ? '' : ` ${(0,src_report/* duration */.p0)((now - started) / 1000)} so far`;
            const rest = (0,progress/* expectedRest */.Pe)(refresh, now);
            const outlook = rest === undefined ? '' : `, about ${(0,src_report/* duration */.p0)(rest)} to go`;
            const times = elapsed === '' ? '' : ` (${elapsed.trim()}${outlook})`;
            log.info(`${prefix} ${(0,progress/* describeSight */.Lv)(sight, this.#total)}${times}`);
        }
        if (!(0,progress/* isKnown */.qE)(refresh.Status) && this.#before?.status !== sight.status)
            log.warning(`The status "${refresh.Status}" is not known; the refresh is taken for running.`);
        const wait = (0,progress/* waitBegun */.rF)(this.#before, refresh, now);
        if (wait) {
            this.#wait = wait;
            log.info(`${prefix} waiting until ${clockTime(wait.until).slice(0, 5)} ${wait.what}.`);
        }
        else if (this.#wait && now > this.#wait.until && news) {
            this.#wait = undefined;
        }
    }
}
/** `14:05:09`, in UTC like the runner's own timestamps. */
const clockTime = (time) => new Date(time).toISOString().slice(11, 19);

;// CONCATENATED MODULE: ./lib/src/promote/rolling.js




function rollingOf(context, promotion, plan, result, configuration) {
    const { preferences } = plan;
    const { verifyUrl } = promotion.inputs;
    const rolling = {
        plan,
        result,
        desired: {
            group: result.group,
            configuration,
            ...((0,promote_configuration/* choosesByAttributes */.Pp)(plan.running) ? { before: presentConfiguration(plan) } : {}),
        },
        expected: {
            group: result.group,
            configuration,
            imageIds: [...new Set(plan.versions.map(({ imageId }) => imageId))],
            partial: (0,estimate/* isPartial */.mt)(preferences),
            ignoresProtected: preferences.ScaleInProtectedInstances === 'Ignore',
            ...(verifyUrl === undefined ? {} : { url: verifyUrl }),
        },
        adopted: false,
        refreshId: result.refreshId ?? '',
        watch: watchOf(context, promotion, plan, result.refreshId ?? ''),
        timeline: new Timeline(),
        notBefore: 0,
        isRecalled: false,
    };
    rolling.timeline.stages.push(...result.stages);
    return rolling;
}
function watchOf(context, { inputs }, { target }, refreshId) {
    return new RefreshWatch(context, {
        group: target.name,
        refreshId,
        targetGroupArns: target.group.TargetGroupARNs ?? [],
        unhealthyGrace: inputs.unhealthyGrace,
    });
}
/** Turns to another refresh of the group. */
function watchNow(context, promotion, rolling, refreshId) {
    rolling.refreshId = refreshId;
    rolling.watch = watchOf(context, promotion, rolling.plan, refreshId);
}
/** What the group ran before, with numbers. */
const presentConfiguration = ({ running }) => (0,promote_configuration/* configurationWith */.bz)(running, (version) => version.number, (imageId) => imageId);
/** Leaves behind what the post step has to stop if this step is killed. */
function remember(context, { cleanUp }, ours) {
    cleanUp.refreshes = [...cleanUp.refreshes.filter(({ group }) => group !== ours.group), ours];
    context.saveCleanUp(cleanUp);
}
/** The refresh is over, or is not ours: there is nothing left to stop. */
function forget(context, { cleanUp }, group) {
    if (!cleanUp.refreshes.some((ours) => ours.group === group))
        return;
    cleanUp.refreshes = cleanUp.refreshes.filter((ours) => ours.group !== group);
    context.saveCleanUp(cleanUp.refreshes.length === 0 ? undefined : cleanUp);
}

;// CONCATENATED MODULE: ./lib/src/promote/follow.js








/** Takes the steps that the course asks for until it has come to its end. */
async function follow(context, promotion, rolling, first) {
    const { clock } = context;
    const rules = rulesOf(promotion, rolling);
    let { course, step } = first;
    while (course.phase !== 'ended') {
        rolling.timeline.mark(stageOf(course, rolling.sight), clock.now());
        const event = await take(context, promotion, rolling, course, step);
        if (event.kind === 'looked')
            rolling.sight = event.sight;
        if (course.phase === 'refreshing')
            rolling.timeline.mark(stageOf(course, rolling.sight), event.at);
        const next = advance(course, event, rules);
        announce(context, rolling, course, next.course);
        ({ course, step } = next);
    }
    rolling.timeline.end(clock.now());
    return course.end;
}
function rulesOf(promotion, { adopted, plan, expected }) {
    const { inputs, deadline } = promotion;
    return {
        deadline,
        timeoutMinutes: inputs.timeoutMinutes,
        onTimeout: inputs.onTimeout,
        maxFailedInstances: inputs.maxFailedInstances,
        adopted,
        reversible: !(0,promote_configuration/* choosesByAttributes */.Pp)(plan.running),
        autoRollback: promotion.autoRollback,
        verifyMs: inputs.verifyTimeout * 1000,
        partial: expected.partial,
    };
}
/** Takes one step and says what came of it. Rejects only when the runner cancels. */
async function take(context, promotion, rolling, course, step) {
    const { clock, log, signal } = context;
    const { fleet } = promotion;
    signal.throwIfAborted();
    const recalled = () => {
        rolling.isRecalled = true;
        return { kind: 'recalled', at: clock.now(), text: fleet.recall ?? '' };
    };
    if (fleet.recall !== undefined && !rolling.isRecalled)
        return recalled();
    // A wait ends when another group fails; who knows that already is not interrupted again.
    const waiting = rolling.isRecalled ? signal : fleet.signal;
    try {
        const rest = rolling.notBefore - clock.now();
        if (rest > 0)
            await clock.sleep(rest, waiting);
        return await work(context, promotion, rolling, { course, step, waiting });
    }
    catch (error) {
        signal.throwIfAborted();
        if (fleet.recall !== undefined && !rolling.isRecalled)
            return recalled();
        const at = clock.now();
        if (error instanceof promote_refresh/* RefreshGone */.tr)
            return { kind: 'lost', at, text: error.message, gone: true };
        if (!(0,aws_errors.isTransient)(error))
            return { kind: 'lost', at, text: (0,errors/* messageOf */.bD)((0,aws_errors.explained)(error)) };
        if (step !== 'look')
            rolling.notBefore = at + AGAIN_MS;
        log.info(`${rolling.result.group}: a call failed (${(0,errors/* messageOf */.bD)(error)}); trying again.`);
        return { kind: 'silence', at, text: (0,errors/* messageOf */.bD)(error) };
    }
}
/** Between two tries of the same step, other than a look. */
const AGAIN_MS = 10_000;
async function work(context, promotion, rolling, { course, step, waiting }) {
    const { aws, clock } = context;
    switch (step) {
        case 'look': {
            const looked = await rolling.watch.next(waiting);
            return { kind: 'looked', ...looked };
        }
        case 'stop': {
            if (course.phase !== 'stopping')
                throw new Error(`Nothing is to be stopped while ${course.phase}.`);
            const how = howToStop(course.cause, rulesOf(promotion, rolling));
            const ours = { ...rolling.desired, since: 0, refreshId: rolling.refreshId };
            return { kind: 'stopped', stopped: await (0,promote_refresh/* stopRefresh */.AB)(aws, ours, how), at: clock.now() };
        }
        case 'verify': {
            const verification = await verify(context, rolling.expected);
            const at = clock.now();
            if (verification.kind === 'wrong')
                rolling.notBefore = at + AGAIN_MS;
            return { ...verification, at };
        }
        case 'go-back':
            return await follow_goBack(context, promotion, rolling);
        case 'end':
            throw new Error('The course has ended.');
    }
}
/** A finished refresh cannot be rolled back: another one brings the former configuration back, as fast as it may. */
async function follow_goBack(context, promotion, rolling) {
    const { aws, clock, log } = context;
    const { plan, result } = rolling;
    // From here on a cancel must not undo the undoing.
    forget(context, promotion, result.group);
    const configuration = presentConfiguration(plan);
    const bare = (0,promote_configuration/* choosesByAttributes */.Pp)(plan.running);
    if (bare)
        await (0,promote_refresh/* setConfiguration */.xN)(aws, result.group, configuration);
    // Red alarms must not stand in the way back, nor does it need checkpoints. AWS would "roll back" to the new image.
    const { AlarmSpecification: _alarms, CheckpointPercentages: _checkpoints, CheckpointDelay: _delay, BakeTime: _bakeTime, ...preferences } = plan.preferences;
    const { refreshId } = await (0,promote_refresh/* startRefresh */.QY)(aws, { group: result.group, configuration, ...(bare ? { before: configuration } : {}) }, { ...preferences, AutoRollback: false });
    watchNow(context, promotion, rolling, refreshId);
    log.info(`${result.group}: instance refresh ${refreshId} to version ${result.previousVersion} started.`);
    return { kind: 'turned', at: clock.now() };
}
/** What deserves more than a line among others: the turns of the course. */
function announce({ log }, { result }, before, now) {
    if (before.phase === now.phase)
        return;
    if (now.phase === 'stopping')
        log.info(`${result.group}: ${now.cause.text} Stopping the refresh.`);
    if (now.phase === 'going-back')
        log.info(`${result.group}: ${now.cause.text} Going back.`);
    if (now.phase === 'verifying')
        log.info(`${result.group}: verifying what really runs.`);
}

;// CONCATENATED MODULE: ./lib/src/promote/start.js





/** Makes the versions and starts the refresh. `undefined`: another group failed before anything was started here. */
async function start(context, promotion, plan, result) {
    const { aws, log } = context;
    if (promotion.fleet.recall !== undefined)
        return undefined;
    const versions = await makeVersions(context, promotion, plan);
    const configuration = desiredOf({ ...plan, versions });
    if (!configuration)
        throw new Error(`${result.group}: a launch template version is missing.`);
    const rolling = rollingOf(context, promotion, plan, result, configuration);
    const [base] = versions;
    result.version = base?.number ?? plan.running.base.number;
    log.info(`${result.group}: ${describeRunning(plan.running.base)} → version ${result.version} (${base?.imageId})`);
    if (promotion.fleet.recall !== undefined)
        return undefined;
    const started = plan.action.kind === 'adopt'
        ? { refreshId: plan.action.refreshId, adopted: true }
        : await startOurs(context, promotion, rolling.desired, plan);
    watchNow(context, promotion, rolling, started.refreshId);
    rolling.adopted = started.adopted;
    result.refreshId = started.refreshId;
    log.info(`${result.group}: instance refresh ${started.refreshId}${started.adopted ? ' was under way already and is watched' : ' started'}. ${consoleUrl(aws.region, result.group)}`);
    return rolling;
}
/** Every version of the plan with its number; those that do not exist yet are made, one after the other. */
async function makeVersions({ aws }, { application }, { versions }) {
    const made = [];
    for (const version of versions)
        made.push({ ...version, number: version.number ?? (await createVersion(aws, version, application)) });
    return made;
}
/** The intent is saved before the call, the id after it: a killed step leaves enough behind to stop what it started. */
async function startOurs(context, promotion, desired, plan) {
    const ours = { ...desired, since: context.clock.now() };
    remember(context, promotion, ours);
    if (desired.before)
        await (0,promote_refresh/* setConfiguration */.xN)(context.aws, desired.group, desired.configuration);
    const started = await (0,promote_refresh/* startRefresh */.QY)(context.aws, desired, plan.preferences);
    if (started.adopted)
        forget(context, promotion, desired.group);
    else
        remember(context, promotion, { ...ours, refreshId: started.refreshId });
    return started;
}
function consoleUrl(region, group) {
    return `https://${region}.console.aws.amazon.com/ec2/home?region=${region}#AutoScalingGroupDetails:id=${encodeURIComponent(group)};view=instanceRefresh`;
}

;// CONCATENATED MODULE: ./lib/src/promote/roll-out.js







/** Brings the image into one group. Never rejects: whatever happens becomes the group's result. */
async function rollOut(context, promotion, plan) {
    const result = {
        group: plan.target.name,
        status: 'already-there',
        launchTemplateId: plan.running.base.launchTemplateId,
        version: plan.running.base.number,
        previousVersion: plan.running.base.number,
        previousImageId: (0,promote_configuration/* imageOf */.dT)(plan.running.base) ?? '',
        instances: plan.target.group.Instances?.length ?? 0,
        reason: '',
        imageAtFault: false,
        stages: [],
    };
    if (plan.action.kind === 'nothing')
        return result;
    return await guarded(context, promotion, result, async () => {
        const rolling = await start(context, promotion, plan, result);
        if (!rolling) {
            const reason = `Not begun: ${promotion.fleet.recall}`;
            return { ...result, status: 'cancelled', reason };
        }
        const end = await follow(context, promotion, rolling, {
            course: begin(context.clock.now()),
            step: 'look',
        });
        return concluded(context, promotion, rolling, end);
    });
}
/** Takes the image out of a group again that had arrived, because another one failed. Never rejects. */
async function takeBack(context, promotion, plan, arrived, text) {
    return await guarded(context, promotion, arrived, async () => {
        const rolling = rollingOf(context, promotion, plan, arrived, presentConfiguration(plan));
        const end = await follow(context, promotion, rolling, beginReturn(context.clock.now(), text));
        return concluded(context, promotion, rolling, end);
    });
}
function concluded(context, promotion, { result, refreshId, timeline }, end) {
    const { log } = context;
    forget(context, promotion, result.group);
    if (end.status === 'promoted' || end.status === 'partial') {
        log.info(`${result.group}: ${end.instances} instances in service run the image and are healthy.`);
        if (end.reason !== '')
            log.warning(`${result.group}: ${end.reason}`);
    }
    return { ...result, ...end, refreshId: result.refreshId ?? refreshId, stages: timeline.stages };
}
/** Whatever is thrown becomes the group's result. */
async function guarded(context, promotion, result, work) {
    try {
        return await work();
    }
    catch (error) {
        if (context.signal.aborted || error instanceof errors/* InterruptedError */.p4) {
            return { ...result, status: 'cancelled', reason: `The step was cancelled. ${whatFollows(promotion)}` };
        }
        // An answer that never came does not say that nothing was started.
        const intended = promotion.cleanUp.refreshes.some(({ group }) => group === result.group);
        const mayRun = intended && (0,aws_errors.isTransient)(error);
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

;// CONCATENATED MODULE: ./lib/src/promote/roll-out-all.js





/** Rolls the groups out at the same time, in the order of their names; they all arrive, or all go back. */
async function rollOutAll(context, job, { images, plans }) {
    const { inputs, application } = job;
    const cleanUp = {
        mode: 'promote',
        region: context.aws.region,
        onCancel: inputs.onCancel,
        environment: inputs.environment,
        imageId: images.map(({ id }) => id).join(', '),
        refreshes: [],
    };
    const fleet = new Fleet(plans.length, inputs.onFailure, context.signal);
    const autoRollback = job.wanted.AutoRollback ?? true;
    const deadline = deadlineOf(job);
    const promotion = { inputs, application, deadline, autoRollback, cleanUp, fleet };
    const ends = [];
    await (0,parallel/* inParallel */.H)(plans, inputs.maxParallel, async (plan) => {
        const result = await rollOut(context, promotion, plan);
        fleet.settle(result);
        ends.push(untilAllArrived(context, promotion, plan, result));
    });
    const results = await Promise.all(ends);
    return plans.flatMap(({ target }) => results.filter(({ group }) => group === target.name));
}
/** A group that has arrived keeps the image only if the others arrive as well. */
async function untilAllArrived(context, promotion, plan, result) {
    const recall = await promotion.fleet.verdict;
    const isOurs = plan.action.kind === 'refresh' || plan.action.kind === 'update-and-refresh';
    if (recall === undefined || !isOurs || !isGood(result))
        return result;
    return await takeBack(context, promotion, plan, result, recall);
}

;// CONCATENATED MODULE: ./lib/src/promote/wait.js




/** While AWS does not answer, it may be. */
async function isUnderWay(aws, group, refreshId) {
    try {
        return (await (0,target/* findActiveRefresh */.D)(aws, group))?.InstanceRefreshId === refreshId;
    }
    catch (error) {
        if ((0,aws_errors.isTransient)(error))
            return true;
        throw error;
    }
}
/**
 * Waits until the refreshes of others are over. Whatever they did, everything is looked at again afterwards: they may
 * have brought a newer image.
 */
async function waitForOthers({ aws, clock, log, signal }, plans, deadline) {
    const since = clock.now();
    for (const { target, action } of plans) {
        if (action.kind !== 'busy')
            continue;
        log.info(`${target.name}: waiting for the instance refresh ${action.refreshId} (${action.status}).`);
        while (await isUnderWay(aws, target.name, action.refreshId)) {
            if (clock.now() >= deadline) {
                throw new errors/* DeploymentError */.gt(`The instance refresh ${action.refreshId} of the group "${target.name}" was still under way when timeout-minutes was over. Nothing was changed.`);
            }
            await clock.sleep(pauseMs(clock.now(), { since, isLast: false, failures: 0 }), signal);
        }
        log.info(`${target.name}: it is over.`);
    }
}

;// CONCATENATED MODULE: ./lib/src/promote/promote.js








/** Puts one image into the groups of one environment: the steps, in order. Rejects when it did not get there. */
async function promote(inputs, context) {
    const { log } = context;
    const job = jobOf(context, inputs);
    if (inputs.dryRun && !namesGroups(inputs))
        return await planFromMarks(context, job);
    let prepared = await prepare(context, job);
    if (inputs.dryRun)
        return reportPlan(context, job, prepared);
    while (prepared.plans.some(({ action }) => action.kind === 'busy')) {
        await log.group('Wait', () => waitForOthers(context, prepared.plans, deadlineOf(job)));
        prepared = await prepare(context, job);
    }
    const record = await openRecord(context, job, prepared);
    try {
        if (prepared.plans.some(({ running }) => (0,promote_configuration/* isFloating */.vY)(running))) {
            await log.group('Pin', () => pinGroups(context, job.application, prepared.plans));
            prepared = await prepare(context, job);
        }
    }
    catch (error) {
        await record.abandon();
        throw error;
    }
    const title = `Promote ${prepared.images.map(({ id }) => id).join(', ')} to ${inputs.environment}`;
    const results = await log.group(title, () => rollOutAll(context, job, prepared));
    await record.close(prepared.plans, results);
    reportResults(context, job, prepared, results);
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
