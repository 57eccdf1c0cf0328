export const id = 495;
export const ids = [495];
export const modules = {

/***/ 2495:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  bake: () => (/* binding */ bake)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ssm/dist-cjs/index.js
var client_ssm_dist_cjs = __webpack_require__(4736);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/image.js
var src_image = __webpack_require__(2687);
// EXTERNAL MODULE: ./lib/src/inputs/fields.js
var fields = __webpack_require__(8485);
// EXTERNAL MODULE: ./lib/src/tags.js
var src_tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/bake/base-image.js






function baseImageReference(input) {
    const colon = input.indexOf(':');
    if (colon < 0)
        return { by: 'id', imageId: input };
    const [kind, name] = [input.slice(0, colon), input.slice(colon + 1)];
    if (kind === 'ssm')
        return { by: 'parameter', name };
    if (kind === 'application')
        return { by: 'application', application: name };
    return { by: 'name', owner: kind, pattern: name };
}
/**
 * The image that the input `base-image` means now, available in this Region.
 *
 * @throws ConfigurationError when there is none that can be built on
 */
async function findBaseImage(context, input) {
    const reference = baseImageReference(input);
    const image = await lookUp(context, reference);
    context.log.info(`Base image: ${[(0,src_image/* describeImage */.hu)(image), image.name, image.architecture].filter(Boolean).join(', ')}`);
    return image;
}
async function lookUp(context, reference) {
    switch (reference.by) {
        case 'id':
            return await byId(context, reference.imageId, 'The input "base-image"');
        case 'parameter':
            return await byId(context, await imageIdIn(context, reference.name), `The parameter ${reference.name} of "base-image"`);
        case 'name': {
            const { owner, pattern } = reference;
            return newestOf(await base_image_images(context, { Owners: [owner], Filters: [{ Name: 'name', Values: [pattern] }] }), `There is no available image of ${owner} with a name like "${pattern}" in ${context.aws.region}: check the input "base-image" (owner:name pattern).`);
        }
        case 'application': {
            const { application } = reference;
            return newestOf(await base_image_images(context, { Owners: ['self'], Filters: [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, application)] }), `There is no available image of the application "${application}" in ${context.aws.region}: bake it first, or check the input "base-image".`);
        }
    }
}
async function byId(context, imageId, what) {
    const [image] = await base_image_images(context, { Filters: [{ Name: 'image-id', Values: [imageId] }] });
    const { region } = context.aws;
    if (!image)
        throw new errors/* ConfigurationError */.j1([
            `${what} is ${imageId}, which does not exist in ${region}, or is not shared with this account. Choose an image of this Region.`,
        ]);
    const quarantined = image.tags[src_tags/* TAG */.Dk.quarantined];
    if (quarantined !== undefined)
        throw new errors/* ConfigurationError */.j1([
            `${what} is ${imageId}, which is quarantined (${quarantined}). Choose another image.`,
        ]);
    if (image.state !== 'available')
        throw new errors/* ConfigurationError */.j1([`${what} is ${imageId}, which is ${image.state} and not available.`]);
    return image;
}
/** AWS's own parameters (`/aws/service/…`) are read like the account's. */
async function imageIdIn({ aws }, name) {
    try {
        const { Parameter } = await aws.ssm.send(new client_ssm_dist_cjs/* GetParameterCommand */.lhy({ Name: name }));
        const value = Parameter?.Value ?? '';
        if (fields/* AMI_ID */.iB.test(value))
            return value;
        throw new errors/* ConfigurationError */.j1([
            `The parameter ${name} of "base-image" holds no AMI id. Choose the one that ends in the id, such as …/image_id.`,
        ]);
    }
    catch (error) {
        if (!['ParameterNotFound', 'ParameterVersionNotFound'].includes((0,errors/* errorCode */.CA)(error)))
            throw error;
        throw new errors/* ConfigurationError */.j1([`There is no parameter ${name} in ${aws.region}: check the input "base-image".`], { cause: error });
    }
}
/** Images for several architectures are released together: which of them is newest is an accident. */
const TOGETHER_MS = 7 * 24 * 3600 * 1000;
function newestOf(found, otherwise) {
    const usable = found
        .filter((image) => image.state === 'available' && image.tags[src_tags/* TAG */.Dk.quarantined] === undefined)
        .toSorted(src_image/* newestFirst */.ll);
    const [newest] = usable;
    if (!newest)
        throw new errors/* ConfigurationError */.j1([otherwise]);
    const together = usable.filter(({ created }) => newest.created - created <= TOGETHER_MS);
    const architectures = [...new Set(together.map(({ architecture }) => architecture))].toSorted();
    if (architectures.length > 1)
        throw new errors/* ConfigurationError */.j1([
            `The input "base-image" fits images for ${architectures.join(' and ')}, such as ${together
                .map(({ id, name }) => `${id} (${name})`)
                .slice(0, 4)
                .join(', ')}: name one architecture, for example by a pattern for their names (owner:name pattern).`,
        ]);
    return newest;
}
/** Deprecated images of others are left out by AWS: their owners advise against them. */
async function base_image_images({ aws }, request) {
    const found = [];
    for await (const page of (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, request))
        found.push(...(page.Images ?? []).map(src_image/* imageFrom */.mn));
    return found;
}

;// CONCATENATED MODULE: ./lib/src/packer/problems.js
/**
 * The problems of an HCL2 template in one of Packer's error texts: `Error: <what>`, indented `on <file> line <n>` with
 * the source, and a paragraph about it. Problems without a place are left out.
 */
function problemsIn(text) {
    return text.split(/^(?=Error: )/m).flatMap((block) => {
        const [head = '', ...paragraphs] = block.trim().split(/\n\s*\n/);
        const [, file, line] = /^ {2}on (\S.*) line ([1-9]\d*)\b/m.exec(paragraphs[0] ?? '') ?? [];
        if (!head.startsWith('Error: ') || file === undefined)
            return [];
        const message = [head.slice('Error: '.length), ...paragraphs.slice(1)].join('\n').trim();
        return [{ message, file, line: Number(line) }];
    });
}

;// CONCATENATED MODULE: ./lib/src/packer/output.js


/**
 * The sentences of the Amazon builders (the same in Packer 1.6 and in plugin 1.8). There is no
 * machine-readable event for these, so a provisioner that prints such a sentence looks the same: whoever
 * cleans up has to ask AWS what the resource is before deleting it.
 */
const SENTENCES = [
    ['instance', /^Instance ID: (i-[0-9a-z]+)$/],
    ['key-pair', /^Creating temporary keypair: (\S+)$/],
    ['security-group', /^Creating temporary security group for this instance: (\S+)$/],
    ['instance-profile', /^Creating temporary instance profile for this instance: (\S+)$/],
    ['role', /^Creating temporary role for this instance: (\S+)$/],
    ['launch-template', /^Created Spot Fleet launch template: (lt-[0-9a-z]+)$/],
    ['image-name', /^Creating AMI (.+) from instance i-[0-9a-z]+$/],
    ['image', /^AMI: (ami-[0-9a-z]+)$/],
];
/** How many lines of Packer's errors go into ours. */
const ERROR_LINES = 8;
/** How many lines are kept to choose from: provisioners write a lot to standard error. */
const KEPT_LINES = 50;
/**
 * Reads one line of `packer -machine-readable`: `timestamp,target,type,data...`, in which Packer writes a
 * comma inside of a value as `%!(PACKER_COMMA)` and line ends as `\n` and `\r` (and leaves a backslash as it
 * is, so that a Windows path such as `C:\new` cannot be told from a line end).
 *
 * @returns undefined for a line that is no such record, for instance a crash report
 */
function parsePackerLine(line) {
    // The target is the one field whose commas Packer does not escape; a build may be named "web, blue".
    const record = /^\d+,(.*?),(ui|artifact|artifact-count|error),(.*)$/s.exec(line);
    if (!record)
        return /^\d+,[^,]*,[\w-]+(,|$)/.test(line) ? { kind: 'other' } : undefined;
    const [, build = '', type, rest = ''] = record;
    const data = rest.split(',').map(decode);
    switch (type) {
        case 'ui': {
            const [level, text = ''] = data;
            return level === 'say' || level === 'message' || level === 'error'
                ? { kind: 'ui', level, text }
                : { kind: 'other' };
        }
        case 'error':
            return { kind: 'error', build, text: data.join(',') };
        default: {
            const [, property, value = ''] = data;
            const images = property === 'id' ? imagesIn(build, value) : [];
            return images.length > 0 ? { kind: 'artifact', images } : { kind: 'other' };
        }
    }
}
/**
 * Commas between Regions: `eu-west-1:ami-1,us-east-1:ami-2`. Artifacts that are no AMIs (files, volumes) are
 * not ours.
 */
function imagesIn(build, artifactId) {
    return artifactId.split(',').flatMap((part) => {
        const [, region, amiId] = /^([a-z0-9-]+):(ami-[0-9a-z]+)$/.exec(part) ?? [];
        return region && amiId ? [{ build, region, amiId }] : [];
    });
}
function decode(value) {
    return value.replaceAll('%!(PACKER_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r');
}
const NOTHING = { text: undefined, level: 'message', images: [], resources: [] };
/** Everything that one run of Packer has said so far. */
class PackerOutput {
    /** In the order in which Packer reported them, each once. */
    images = [];
    resources = [];
    /** The builds that failed, with the error of each. */
    failures = [];
    /** What Packer found wrong in the template. */
    problems = [];
    #errors = [];
    #unstructured = [];
    /** Takes in the next line; nothing is reported as new twice. */
    read(line) {
        const event = parsePackerLine(line);
        if (!event) {
            keepLast(this.#unstructured, line);
            return { ...NOTHING, text: line };
        }
        switch (event.kind) {
            case 'ui':
                if (event.level === 'error') {
                    this.#addError(event.text);
                    this.problems.push(...problemsIn(event.text));
                }
                return {
                    ...NOTHING,
                    text: trimLineEnds(event.text),
                    level: event.level,
                    resources: this.#addResources(event.text),
                };
            case 'artifact':
                return { ...NOTHING, images: this.#addImages(event.images) };
            case 'error':
                this.#addError(event.text);
                this.failures.push({ build: event.build, text: event.text });
                return NOTHING;
            case 'other':
                return NOTHING;
        }
    }
    /**
     * Packer's last words about what went wrong, at most eight lines; or, without such words, its last plain
     * lines.
     */
    get errorLines() {
        return (this.#errors.length > 0 ? this.#errors : this.#unstructured).slice(-ERROR_LINES);
    }
    /**
     * Packer says each error up to four times: when it happens, in the build's result, and twice in the
     * summary.
     */
    #addError(text) {
        for (const line of text.split(/\r?\n/).map((part) => part.trimEnd())) {
            const isSummary = line.startsWith('--> ') || line.startsWith('==> Some builds didn');
            if (line === '' || isSummary || this.#errors.some((known) => known.includes(line)))
                continue;
            keepLast(this.#errors, line);
        }
    }
    /** A post-processor that keeps its input reports the builder's AMI once more. */
    #addImages(images) {
        const added = images.filter((image) => !this.images.some((known) => known.region === image.region && known.amiId === image.amiId));
        this.images.push(...added);
        return added;
    }
    #addResources(text) {
        const [, build, sentence] = /^(?:==>| {3}) ([^:\n]+): (.*)$/.exec(text.trimEnd()) ?? [];
        if (!build || !sentence)
            return [];
        const added = SENTENCES.flatMap(([kind, pattern]) => {
            const id = pattern.exec(sentence)?.[1];
            const isNew = !this.resources.some((known) => known.kind === kind && known.id === id);
            return id && isNew ? [{ kind, build, id }] : [];
        });
        this.resources.push(...added);
        return added;
    }
}
function keepLast(lines, line) {
    lines.push(line);
    if (lines.length > KEPT_LINES)
        lines.shift();
}
function trimLineEnds(text) {
    return text.replace(/^[\r\n]+|\s+$/g, '');
}
/**
 * Region → the ids of the AMIs there, in the order of the build. Several builds in one Region, such as one for each
 * architecture, give several ids, separated by commas: what `ami-id` of a promotion takes.
 *
 * @throws DeploymentError when nothing was built
 */
function imagesByRegion(images) {
    if (images.length === 0) {
        throw new errors/* DeploymentError */.gt('Packer succeeded but reported no AMI. Check that the template has an Amazon builder (with ' +
            'skip_create_ami unset) and that the inputs `only` and `except` do not leave it out.');
    }
    const byRegion = new Map();
    for (const { region, amiId } of images) {
        const others = byRegion.get(region);
        byRegion.set(region, others === undefined ? amiId : `${others},${amiId}`);
    }
    return byRegion;
}

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./lib/src/aws/token-file.js




/** GitHub's tokens live for five minutes. */
const RENEWAL_MS = 4 * 60_000;
const RETRY_MS = 15_000;
/**
 * Keeps a file with a fresh OIDC token for the time of some work, for programs that assume a role with it themselves
 * whenever their session ends. Readable by this user alone, replaced as a whole, and removed at the end; where the
 * step is killed, the runner clears the folder, and the token is worth nothing minutes later.
 *
 * @throws what `idToken` throws for the first token; later ones are tried again, with a warning
 */
async function withTokenFile(idToken, folder, { clock, log }, work) {
    const path = (0,external_node_path_.join)(folder, `oidc-token-${(0,external_node_crypto_.randomUUID)()}`);
    const write = async (token) => {
        await (0,promises_.writeFile)(`${path}.new`, token, { mode: 0o600 });
        await (0,promises_.rename)(`${path}.new`, path);
    };
    const ended = new AbortController();
    const renew = async () => {
        for (let pause = RENEWAL_MS; !ended.signal.aborted;) {
            await clock.sleep(pause, ended.signal);
            try {
                await write(await idToken());
                pause = RENEWAL_MS;
            }
            catch (error) {
                log.warning(`GitHub gave no fresh OIDC token for Packer, it is asked again: ${(0,errors/* messageOf */.bD)(error)}`);
                pause = RETRY_MS;
            }
        }
    };
    await (0,promises_.mkdir)(folder, { recursive: true });
    await write(await idToken());
    const renewing = renew().catch(() => { });
    try {
        return await work(path);
    }
    finally {
        ended.abort();
        await renewing;
        await (0,promises_.rm)(path, { force: true });
    }
}

;// CONCATENATED MODULE: ./lib/src/packer/caches.js
const TOOL = 'packer';
/** The runner's tool cache (`RUNNER_TOOL_CACHE`). */
const runnerToolCache = {
    async find(wanted, arch) {
        const { evaluateVersions, find, findAllVersions } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
        const version = evaluateVersions(findAllVersions(TOOL, arch), wanted);
        return version === '' ? undefined : { folder: find(TOOL, version, arch), version };
    },
    async add(folder, version, arch) {
        const { cacheDir } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
        return cacheDir(folder, TOOL, version, arch);
    },
};
/**
 * GitHub's cache service; where there is none (GitHub Enterprise Server without it, a rehearsal), it is
 * always empty. The path of the folder is part of what an entry is found by.
 */
const githubCache = {
    async restore(folder, key) {
        if (!isAvailable())
            return false;
        const { restoreCache } = await __webpack_require__.e(/* import() */ 691).then(__webpack_require__.bind(__webpack_require__, 1691));
        // Only the keys for restoring are prefixes by contract, and of those the service takes the newest entry.
        return (await restoreCache([folder], key, [key])) !== undefined;
    },
    async save(folder, key) {
        if (!isAvailable())
            return;
        const { saveCache } = await __webpack_require__.e(/* import() */ 691).then(__webpack_require__.bind(__webpack_require__, 1691));
        await saveCache([folder], key);
    },
};
/**
 * The package's own test of its two protocols; but the package is 2.5 MB, too much to learn that there is
 * nothing.
 */
function isAvailable() {
    const { ACTIONS_CACHE_SERVICE_V2, ACTIONS_RESULTS_URL, ACTIONS_CACHE_URL } = process.env;
    return Boolean(ACTIONS_CACHE_SERVICE_V2 ? ACTIONS_RESULTS_URL : ACTIONS_CACHE_URL);
}

;// CONCATENATED MODULE: ./lib/src/packer/hashicorp-key.js
/**
 * The key with which HashiCorp signs its releases, as published at
 * https://www.hashicorp.com/.well-known/pgp-key.txt: C874 011F 0AB4 0511 0D02 1055 3436 5D94 72D7 468F, valid
 * until 2030-03-01. It replaces the 2021 edition of the same key, which expired in April 2026.
 */
const HASHICORP_PUBLIC_KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mQINBGB9+xkBEACabYZOWKmgZsHTdRDiyPJxhbuUiKX65GUWkyRMJKi/1dviVxOX
PG6hBPtF48IFnVgxKpIb7G6NjBousAV+CuLlv5yqFKpOZEGC6sBV+Gx8Vu1CICpl
Zm+HpQPcIzwBpN+Ar4l/exCG/f/MZq/oxGgH+TyRF3XcYDjG8dbJCpHO5nQ5Cy9h
QIp3/Bh09kET6lk+4QlofNgHKVT2epV8iK1cXlbQe2tZtfCUtxk+pxvU0UHXp+AB
0xc3/gIhjZp/dePmCOyQyGPJbp5bpO4UeAJ6frqhexmNlaw9Z897ltZmRLGq1p4a
RnWL8FPkBz9SCSKXS8uNyV5oMNVn4G1obCkc106iWuKBTibffYQzq5TG8FYVJKrh
RwWB6piacEB8hl20IIWSxIM3J9tT7CPSnk5RYYCTRHgA5OOrqZhC7JefudrP8n+M
pxkDgNORDu7GCfAuisrf7dXYjLsxG4tu22DBJJC0c/IpRpXDnOuJN1Q5e/3VUKKW
mypNumuQpP5lc1ZFG64TRzb1HR6oIdHfbrVQfdiQXpvdcFx+Fl57WuUraXRV6qfb
4ZmKHX1JEwM/7tu21QE4F1dz0jroLSricZxfaCTHHWNfvGJoZ30/MZUrpSC0IfB3
iQutxbZrwIlTBt+fGLtm3vDtwMFNWM+Rb1lrOxEQd2eijdxhvBOHtlIcswARAQAB
tERIYXNoaUNvcnAgU2VjdXJpdHkgKGhhc2hpY29ycC5jb20vc2VjdXJpdHkpIDxz
ZWN1cml0eUBoYXNoaWNvcnAuY29tPokCVAQTAQoAPgIbAwULCQgHAgYVCgkICwIE
FgIDAQIeAQIXgBYhBMh0AR8KtAURDQIQVTQ2XZRy10aPBQJplkfQBQkQrOy3AAoJ
EDQ2XZRy10aPw6gP/3GUEMUa6mCRuuSOT9UnziPIvXYd63mcN6A6Jwmwj8JaB2qu
OCijvJkw56UbZK3x1FZIbe0hA6VUAwNSNmSIxVJkilgwIYYFO0tnL79XhIeP7jYF
ydXLZ4rTi1FDl8lltAujTNARdY8UGg4hGlcM9OrEeXEFLWugJNiChL15FVoxZqIS
jeduaEqyxGfJnyVwy8z3pZfgODeFr7xs2NkUIMSfuRg24VcL4aW8Frt3jW8P45y3
o/5fsi6Aw2tZ0wD9NSgkVc8VD1NRV9eSZ95Bv+Awf9IXa+Cn5OCjc8Jc+XF+nLfB
oPswOO7E8dLiuBUw6/GzSLMbVs8qf8BNXB92dOe1VccVTqjCxK2sEpVaHh7e+co8
d8lDGBIWMGh7NS6XlGORpFb/T6gxjjOYUV3SKd4QDebUUG8kMkb5juLljOoq+YOP
vgNLDZLZteFpmH+zB9DpOY1YtHZB/OD+DtzLMaSl6VPF2Ln0j5aQGwNDt7sheyAe
sXbu0qn2H5FxojSfvhT0kUDKZ0mgg5y3Oflg49MiAOhjLGY0JocFpBeMILw27fbw
fpIBP7siQWFTFJ1O+l2NQiWAwC2x5fX2EakyCBJmrkPV2hr4nEogNqg9/RDskIUq
cpcOOd/0BntiXMyUCCH2AoCt5acaTQ0WU6CAosZPojOYhtGGgOgeQSdflpMSuQIN
BGB9+xkBEACoklYsfvWRCjOwS8TOKBTfl8myuP9V9uBNbyHufzNETbhYeT33Cj0M
GCNd9GdoaknzBQLbQVSQogA+spqVvQPz1MND18GIdtmr0BXENiZE7SRvu76jNqLp
KxYALoK2Pc3yK0JGD30HcIIgx+lOofrVPA2dfVPTj1wXvm0rbSGA4Wd4Ng3d2AoR
G/wZDAQ7sdZi1A9hhfugTFZwfqR3XAYCk+PUeoFrkJ0O7wngaon+6x2GJVedVPOs
2x/XOR4l9ytFP3o+5ILhVnsK+ESVD9AQz2fhDEU6RhvzaqtHe+sQccR3oVLoGcat
ma5rbfzH0Fhj0JtkbP7WreQf9udYgXxVJKXLQFQgel34egEGG+NlbGSPG+qHOZtY
4uWdlDSvmo+1P95P4VG/EBteqyBbDDGDGiMs6lAMg2cULrwOsbxWjsWka8y2IN3z
1stlIJFvW2kggU+bKnQ+sNQnclq3wzCJjeDBfucR3a5WRojDtGoJP6Fc3luUtS7V
5TAdOx4dhaMFU9+01OoH8ZdTRiHZ1K7RFeAIslSyd4iA/xkhOhHq89F4ECQf3Bt4
ZhGsXDTaA/VgHmf3AULbrC94O7HNqOvTWzwGiWHLfcxXQsr+ijIEQvh6rHKmJK8R
9NMHqc3L18eMO6bqrzEHW0Xoiu9W8Yj+WuB3IKdhclT3w0pO4Pj8gQARAQABiQI8
BBgBCgAmAhsMFiEEyHQBHwq0BRENAhBVNDZdlHLXRo8FAmmWR+0FCRCs7NQACgkQ
NDZdlHLXRo/R0A//QW1opBlzWSmWww1q9QuJA2WCIIs8tJKRDOsmgJPscNpzwZFU
N1Df0wWNjqi1BDReei7lZTHwUk+ebBn0bkI3ANmmgYg7LBueAt5UWSingOc+rvKA
N32BDzBYkMckRzJSQsmeC5hm3J3wLSy90uaIlrJJE9GJZkf/W2Ob+4SQZZ+dnnRP
JokDdW1DuZS9PbxSLJKD5eIWHBxJnFM1CmHfOfrjTJ+MYvVGM5sxSY8R7E+GADj5
L/i4N+tTFJLuTMYARGfA6d+KPKcMJtgpUPjSMAg8nGUhukctpuBs27mOKW0CBtmJ
82X/qYROTL0+vGTvUYflYiuceVlhX/kw0JZnMaG5V/mpHq8SwD07pCGOf69j/mNa
5EL3++Pmzg0s0stw3Ea5pCN0cL/nKkoWchHBfW15W4JOnKAIspyD1vH670P4WfeV
E9B9d6tgKSbM/9JlXoQS5ZdG+kbdosieELhmVWmvojyK7K+Ry6C9wgd+UfnW5jXd
iNwKW3KHuautQwlFhHRNMyDg08c+pI5emTMT3IUQyGWo+Gska3TqGujFcABx7Ip+
mHNmMrCkSD+XC2bvzvRR7FcM0/B9fsjLX/Wttm5vRJ1d2oAoEPvw2IZnJIXpOt2z
zo55sJTztNu4lWGgDVgtp9SXO5a0E5YvFHQNZN5QLeVTTFu6I7qG+ME1E/K5Ag0E
YH3+JQEQALivllTjMolxUW2OxrXb+a2Pt6vjCBsiJzrUj0Pa63U+lT9jldbCCfgP
wDpcDuO1O05Q8k1MoYZ6HddjWnqKG7S3eqkV5c3ct3amAXp513QDKZUfIDylOmhU
qvxjEgvGjdRjz6kECFGYr6Vnj/p6AwWv4/FBRFlrq7cnQgPynbIH4hrWvewp3Tqw
GVgqm5RRofuAugi8iZQVlAiQZJo88yaztAQ/7VsXBiHTn61ugQ8bKdAsr8w/ZZU5
HScHLqRolcYg0cKN91c0EbJq9k1LUC//CakPB9mhi5+aUVUGusIM8ECShUEgSTCi
KQiJUPZ2CFbbPE9L5o9xoPCxjXoX+r7L/WyoCPTeoS3YRUMEnWKvc42Yxz3meRb+
BmaqgbheNmzOah5nMwPupJYmHrjWPkX7oyyHxLSFw4dtoP2j6Z7GdRXKa2dUYdk2
x3JYKocrDoPHh3Q0TAZujtpdjFi1BS8pbxYFb3hHmGSdvz7T7KcqP7ChC7k2RAKO
GiG7QQe4NX3sSMgweYpl4OwvQOn73t5CVWYp/gIBNZGsU3Pto8g27vHeWyH9mKr4
cSepDhw+/X8FGRNdxNfpLKm7Vc0Sm9Sof8TRFrBTqX+vIQupYHRi5QQCuYaV6OVr
ITeegNK3So4m39d6ajCR9QxRbmjnx9UcnSYYDmIB6fpBuwT0ogNtABEBAAGJBHIE
GAEKACYCGwIWIQTIdAEfCrQFEQ0CEFU0Nl2UctdGjwUCYH4bgAUJAeFQ2wJAwXQg
BBkBCgAdFiEEs2y6kaLAcwxDX8KAsLRBCXaFtnYFAmB9/iUACgkQsLRBCXaFtnYX
BhAAlxejyFXoQwyGo9U+2g9N6LUb/tNtH29RHYxy4A3/ZUY7d/FMkArmh4+dfjf0
p9MJz98Zkps20kaYP+2YzYmaizO6OA6RIddcEXQDRCPHmLts3097mJ/skx9qLAf6
rh9J7jWeSqWO6VW6Mlx8j9m7sm3Ae1OsjOx/m7lGZOhY4UYfY627+Jf7WQ5103Qs
lgQ09es/vhTCx0g34SYEmMW15Tc3eCjQ21b1MeJD/V26npeakV8iCZ1kHZHawPq/
aCCuYEcCeQOOteTWvl7HXaHMhHIx7jjOd8XX9V+UxsGz2WCIxX/j7EEEc7CAxwAN
nWp9jXeLfxYfjrUB7XQZsGCd4EHHzUyCf7iRJL7OJ3tz5Z+rOlNjSgci+ycHEccL
YeFAEV+Fz+sj7q4cFAferkr7imY1XEI0Ji5P8p/uRYw/n8uUf7LrLw5TzHmZsTSC
UaiL4llRzkDC6cVhYfqQWUXDd/r385OkE4oalNNE+n+txNRx92rpvXWZ5qFYfv7E
95fltvpXc0iOugPMzyof3lwo3Xi4WZKc1CC/jEviKTQhfn3WZukuF5lbz3V1PQfI
xFsYe9WYQmp25XGgezjXzp89C/OIcYsVB1KJAKihgbYdHyUN4fRCmOszmOUwEAKR
3k5j4X8V5bk08sA69NVXPn2ofxyk3YYOMYWW8ouObnXoS8QJEDQ2XZRy10aPMpsQ
AIbwX21erVqUDMPn1uONP6o4NBEq4MwG7d+fT85rc1U0RfeKBwjucAE/iStZDQoM
ZKWvGhFR+uoyg1LrXNKuSPB82unh2bpvj4zEnJsJadiwtShTKDsikhrfFEK3aCK8
Zuhpiu3jxMFDhpFzlxsSwaCcGJqcdwGhWUx0ZAVD2X71UCFoOXPjF9fNnpy80YNp
flPjj2RnOZbJyBIM0sWIVMd8F44qkTASf8K5Qb47WFN5tSpePq7OCm7s8u+lYZGK
wR18K7VliundR+5a8XAOyUXOL5UsDaQCK4Lj4lRaeFXunXl3DJ4E+7BKzZhReJL6
EugV5eaGonA52TWtFdB8p+79wPUeI3KcdPmQ9Ll5Zi/jBemY4bzasmgKzNeMtwWP
fk6WgrvBwptqohw71HDymGxFUnUP7XYYjic2sVKhv9AevMGycVgwWBiWroDCQ9Ja
btKfxHhI2p+g+rcywmBobWJbZsujTNjhtme+kNn1mhJsD3bKPjKQfAxaTskBLb0V
wgV21891TS1Dq9kdPLwoS4XNpYg2LLB4p9hmeG3fu9+OmqwY5oKXsHiWc43dei9Y
yxZ1AAUOIaIdPkq+YG/PhlGE4YcQZ4RPpltAr0HfGgZhmXWigbGS+66pUj+Ojysc
j0K5tCVxVu0fhhFpOlHv0LWaxCbnkgkQH9jfMEJkAWMOuQINBGCAXCYBEADW6RNr
ZVGNXvHVBqSiOWaxl1XOiEoiHPt50Aijt25yXbG+0kHIFSoR+1g6Lh20JTCChgfQ
kGGjzQvEuG1HTw07YhsvLc0pkjNMfu6gJqFox/ogc53mz69OxXauzUQ/TZ27GDVp
UBu+EhDKt1s3OtA6Bjz/csop/Um7gT0+ivHyvJ/jGdnPEZv8tNuSE/Uo+hn/Q9hg
8SbveZzo3C+U4KcabCESEFl8Gq6aRi9vAfa65oxD5jKaIz7cy+pwb0lizqlW7H9t
Qlr3dBfdIcdzgR55hTFC5/XrcwJ6/nHVH/xGskEasnfCQX8RYKMuy0UADJy72TkZ
bYaCx+XXIcVB8GTOmJVoAhrTSSVLAZspfCnjwnSxisDn3ZzsYrq3cV6sU8b+QlIX
7VAjurE+5cZiVlaxgCjyhKqlGgmonnReWOBacCgL/UvuwMmMp5TTLmiLXLT7uxeG
ojEyoCk4sMrqrU1jevHyGlDJH9Taux15GILDwnYFfAvPF9WCid4UZ4Ouwjcaxfys
3LxNiZIlUsXNKwS3mhiMRL4TRsbs4k4QE+LIMOsauIvcvm8/frydvQ/kUwIhVTH8
0XGOH909bYtJvY3fudK7ShIwm7ZFTduBJUG473E/Fn3VkhTmBX6+PjOC50HR/Hyb
waRCzfDruMe3TAcE/tSP5CUOb9C7+P+hPzQcDwARAQABiQRyBBgBCgAmAhsCFiEE
yHQBHwq0BRENAhBVNDZdlHLXRo8FAmmWSAoFCRCqi+QCQMF0IAQZAQoAHRYhBDdO
x1tIWRNgSoMcx8ggxtXNJ6uHBQJggFwmAAoJEMggxtXNJ6uHRfAP/2CGdSyg0K7U
66Vygl0dugxrMm8O3/Oe211BKdQsFUSWAznOTRTK/zvMUHO4LJAlYvdtZ6xDa4XH
l9FYQ8MR9ZV0OuOlAZvU4IJDLPVCU09X/UzX/GEoZL0R5esvwPAXopMaRHCfXJeI
/gEaB94UhAeYlwpcRn0eSuk1vyZx7GRE6/hog8DCf4hoT40dW20gGe58xcvJ+mRY
lC0lr16WH08wuUcee6+dgu+4Cg6SG6+zt9cMyl8VnTUL5BK/V3MebnYZJK0RFDNn
nXDhzStgOd5gOeIL+xBPXHd0/ld/rDM74SFExpuS+hNsyo+xMQ/HJavak21MFinu
l9COwfGEmlAXTGMY30Lf3Pt/eAkbwgmGc966VSoRmOFEXJVlDr+yJR6ru+7j50z8
lAv6Lsop7sun1Qysbo0swf6W1qgPf6VWbx91NTFLkw0+gD8jxwrU5ZMkeSuntX9d
pjuZS29CflXXIRPlvhuiDPicwTpYuIUx37vHveAH5gnowZg247x780Urrsx8duTX
8CI9MAnqzm4dFAiRlwE8bvLk+l9wekiXA9gIMZiVNqNlduXIqvAG21Wdgq8qyeXK
y/XWCVKDQOmEbFAltfNam8E3KEw0fl199x+93d5ckDGcPzUYPbNkCuIwngC/ZN96
pDafF3Z12fSNfhZUe0C8td8KAszYa96GCRA0Nl2UctdGj1gKD/4jOGhEGTg88Vyu
PVjeK+zkwrTIZSvHdUHfTt/+rTLSNb/RQiBCUQuEZvafj6FrntS7bAEhccGqH894
T3St5K0AXWkvsLd6K+cbIQdlnFA2zb6geJUCk6qx5NgWpRc3i0DS7CheGwl+Bwu7
+n9pNjNjiHV+rYDgqbQXG0dtGysB0/3qIRgEDHFO0HJu/dcte4oXrQIqrZrpOwe8
WxqFqdU918JpSUcc8coiFp9YtwpgqQNxGVZ+rhgnTGdZzk1f/Yhhimh+2B0ReaFv
k3UzVBj3HQ9C6+Ot3MyDEhSgdhjr9e25Tm9S5YfhwtWmghRw9RKPyLMSXSxm/Uc0
mK1NucAp8TQBwKqKzNpCk5IdrBSWRUbjOoOFyzyCsY6gS285GCpSIzI39hTf+3gd
wYPlE6fj+F2TZzdhx62DPnzBzBHnByYTVdJ649bx0FFp4Q+5TbIWtxu/AQkRDxmW
NQfE+6GgeshlrhXWsh6+PGDzt+2raG6zUT913sdz7Ctw4fLjmsKOTdTz3Xa9pr8l
xfI/JuukSgt9o/n3GirhTB3zE1w/I/Xt6k7oASiP3zQSuHtB/CYKYHDtOCWwjo7J
PEGtb/FkreKNxsk/p20jnlrB8WZxxswdr2Vri9NmFeyMDVX7qF3WqT+8aCV9GtS1
GCHx/5nGBdDwoxEsXqpI3IUqPb6FDg==
=wtp+
-----END PGP PUBLIC KEY BLOCK-----`;

;// CONCATENATED MODULE: ./lib/src/packer/release.js




/** Where HashiCorp publishes; a mirror has the same folders below its own base URL. */
const RELEASES_URL = 'https://releases.hashicorp.com';
const SYSTEMS = {
    linux: 'linux',
    darwin: 'darwin',
    win32: 'windows',
};
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };
/**
 * @param platform, arch in Node's words
 * @throws ConfigurationError for a machine that we have no Packer for
 */
function releaseFor(version, platform, arch) {
    const system = SYSTEMS[platform];
    const architecture = ARCHITECTURES[arch];
    if (!system || !architecture) {
        throw new errors/* ConfigurationError */.j1([
            `Packer cannot be downloaded for ${platform} on ${arch}: only Linux, macOS and Windows on x64 and ` +
                'arm64 are supported. Install it in an earlier step and set packer-version to system.',
        ]);
    }
    return { version, os: system, arch: architecture };
}
/** The list of checksums, and the vendor's signature of it. */
function listsOf({ version }) {
    const sums = `packer_${version}_SHA256SUMS`;
    return { sums, signature: `${sums}.sig` };
}
/**
 * The archive for this machine. Packer is not published for Windows on ARM, which runs programs for x64 as well:
 * the list of checksums decides.
 */
function archiveFor({ version, os, arch }, sums) {
    const archive = (architecture) => `packer_${version}_${os}_${architecture}.zip`;
    const instead = os === 'windows' && arch === 'arm64' && !checksumIn(sums, archive(arch));
    return archive(instead ? 'amd64' : arch);
}
/**
 * Downloads the three files of a release from `<baseUrl>/packer/<version>/` into an empty folder.
 *
 * @throws ConfigurationError when the server does not have one of them, DeploymentError when it cannot be
 *   reached
 */
async function downloadRelease(release, baseUrl, folder, signal) {
    const { sums, signature } = listsOf(release);
    const what = `Packer ${release.version} for ${release.os} on ${release.arch}`;
    const get = async (file) => await downloadFile(`packer/${release.version}/${file}`, baseUrl, (0,external_node_path_.join)(folder, file), what, signal);
    // The archive last: without the other two it would be downloaded for nothing.
    await get(sums);
    await get(signature);
    await get(archiveFor(release, await (0,promises_.readFile)((0,external_node_path_.join)(folder, sums), 'utf8')));
}
/**
 * Downloads one file of the release site. Server errors and lost connections are tried three times; a proxy in
 * the environment (`HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`) is used.
 *
 * @param path below the base URL
 * @param what it is, for people
 * @throws ConfigurationError when the server does not have it, DeploymentError when it cannot be reached
 */
async function downloadFile(path, baseUrl, target, what, signal) {
    const { downloadTool, HTTPError } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
    const url = `${baseUrl.replace(/\/+$/, '')}/${path}`;
    try {
        await untilAborted(downloadTool(url, target), signal);
    }
    catch (error) {
        if (signal?.aborted)
            throw error;
        if (error instanceof HTTPError && error.httpStatusCode && error.httpStatusCode < 500) {
            throw new errors/* ConfigurationError */.j1([
                `${what} could not be downloaded: ${url} answered ${error.httpStatusCode}. Check the inputs ` +
                    'packer-version and packer-mirror.',
            ], { cause: error });
        }
        throw new errors/* DeploymentError */.gt(`${what} could not be downloaded from ${url}: ${(0,errors/* messageOf */.bD)(error)}. Try again, set packer-mirror (or ` +
            'HTTPS_PROXY, where the internet is behind a proxy), or install Packer in an earlier step and set ' +
            'packer-version to system.', { cause: error });
    }
}
/**
 * Checks the files of a release from the top down: the signature of the list of checksums, the checksum of
 * the archive. Only then is the archive opened.
 *
 * @param publicKey the vendor's, ASCII-armoured
 * @returns the executable
 * @throws Error with the reason why the files cannot be trusted
 */
async function openRelease(release, folder, publicKey) {
    const files = listsOf(release);
    const [sums, signature] = await Promise.all([
        (0,promises_.readFile)((0,external_node_path_.join)(folder, files.sums)),
        (0,promises_.readFile)((0,external_node_path_.join)(folder, files.signature)),
    ]);
    try {
        await verifySignature(sums, signature, publicKey);
    }
    catch (error) {
        throw new Error(`the signature of ${files.sums} is not HashiCorp's (${(0,errors/* messageOf */.bD)(error)})`, {
            cause: error,
        });
    }
    const archive = archiveFor(release, sums.toString('utf8'));
    const expected = checksumIn(sums.toString('utf8'), archive);
    if (!expected)
        throw new Error(`${files.sums} does not list ${archive}`);
    const zip = await (0,promises_.readFile)((0,external_node_path_.join)(folder, archive));
    const actual = (0,external_node_crypto_.createHash)('sha256').update(zip).digest('hex');
    if (actual !== expected)
        throw new Error(`${archive} has the SHA-256 ${actual}, ${files.sums} says ${expected}`);
    const { unzipSync } = await __webpack_require__.e(/* import() */ 306).then(__webpack_require__.bind(__webpack_require__, 1306));
    const name = executableName(release);
    const executable = unzipSync(zip, { filter: (file) => file.name === name })[name];
    if (!executable)
        throw new Error(`${archive} does not contain ${name}`);
    return executable;
}
/** Writes the executable into a new folder, and returns the folder. */
async function writeExecutable(release, executable, folder) {
    await (0,promises_.rm)(folder, { recursive: true, force: true });
    await (0,promises_.mkdir)(folder, { recursive: true });
    await (0,promises_.writeFile)((0,external_node_path_.join)(folder, executableName(release)), executable, { mode: 0o755 });
    return folder;
}
function executableName({ os }) {
    return os === 'windows' ? 'packer.exe' : 'packer';
}
/** A line is `<64 hexadecimal digits>  <file name>`. */
function checksumIn(sums, file) {
    const fields = sums.split(/\r?\n/).map((line) => line.trim().split(/\s+/));
    return fields.find(([sum, name]) => name === file && /^[0-9a-f]{64}$/.test(sum ?? ''))?.[0];
}
/**
 * Resolves when one of the signatures was made by the key, or by a signing subkey of it.
 *
 * @param signature detached, binary
 * @param publicKey ASCII-armoured
 * @throws Error with the reason
 */
async function verifySignature(signed, signature, publicKey) {
    const openpgp = await __webpack_require__.e(/* import() */ 74).then(__webpack_require__.bind(__webpack_require__, 3074));
    await openpgp.verify({
        message: await openpgp.createMessage({ binary: signed }),
        signature: await openpgp.readSignature({ binarySignature: signature }),
        verificationKeys: await openpgp.readKey({ armoredKey: publicKey }),
        expectSigned: true,
        // HashiCorp has extended the validity of its key by signing it anew, in February 2026. Releases from
        // before that would be refused as "signed before the key was valid"; with this they are accepted as long
        // as the key is valid.
        config: { allowInsecureVerificationWithReformattedKeys: true },
    });
}
/**
 * The work's result, or the signal's reason as soon as it is aborted; the work then ends by itself, unheard.
 */
function untilAborted(work, signal) {
    if (!signal)
        return work;
    return new Promise((resolve, reject) => {
        const onAbort = () => reject(signal.reason);
        if (signal.aborted)
            onAbort();
        signal.addEventListener('abort', onAbort, { once: true });
        work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
    });
}

;// CONCATENATED MODULE: ./lib/src/packer/kept-release.js




/**
 * The executable from the release files in GitHub's cache; undefined when there are none or bad ones, which is never
 * a failure.
 *
 * @param folder what they were saved from
 * @param publicKey the vendor's, ASCII-armoured
 */
async function restoreRelease(release, folder, publicKey, { workflowCache = githubCache, log, signal }) {
    const key = cacheKey(release);
    try {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
        if (!(await untilAborted(workflowCache.restore(folder, key), signal)))
            return undefined;
        return await openRelease(release, folder, publicKey);
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`Packer is downloaded, because the entry ${key} of GitHub's cache cannot be used: ` +
            `${(0,errors/* messageOf */.bD)(error)}. The download takes its place.`);
        return undefined;
    }
}
/** Leaves the release files in GitHub's cache for later runs; when that fails, it is a warning. */
async function saveRelease(release, folder, env, { workflowCache = githubCache, log, signal }) {
    // GitHub never replaces an entry, and the newest one is restored: with the run in its key, a good entry takes
    // the place of a bad one.
    const key = `${cacheKey(release)}${env.GITHUB_RUN_ID ?? ''}-${env.GITHUB_RUN_ATTEMPT ?? ''}`;
    try {
        await untilAborted(workflowCache.save(folder, key), signal);
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`Packer could not be saved in GitHub's cache, so it is downloaded again next time: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
/** Entries of this release have keys that begin so; the dash at its end keeps others out. */
function cacheKey({ version, os, arch }) {
    return `immutable-deploy-packer-${version}-${os}-${arch}-`;
}

// EXTERNAL MODULE: ./node_modules/valibot/dist/index.mjs
var dist = __webpack_require__(7934);
;// CONCATENATED MODULE: ./lib/src/packer/release-index.js





/** What the release site says about all versions (`/packer/index.json`), as far as we read it. */
const schema = dist/* object */.Ikc({
    versions: dist/* record */.g1P(dist/* string */.YjP(), dist/* object */.Ikc({ builds: dist/* optional */.lqM(dist/* array */.YOg(dist/* object */.Ikc({ os: dist/* string */.YjP(), arch: dist/* string */.YjP() })), []) })),
});
/** A proxy's error page is no index; the second try often gets through. */
const ATTEMPTS = 2;
/**
 * The newest version that was asked for and is published for this machine. The index is not signed: it decides
 * which release is fetched, and nothing of a release is run before its own signature was checked.
 *
 * @param wanted a range such as `1.x`, or `latest`
 * @param folder a new one, for a moment
 * @throws ConfigurationError when there is no such version, DeploymentError when the index cannot be had
 */
async function newestRelease(wanted, machine, source) {
    const index = await fetchIndex(source);
    const { evaluateVersions } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
    const published = versionsFor(index, machine);
    const version = evaluateVersions(published, rangeOf(wanted));
    if (version !== '')
        return version;
    throw new errors/* ConfigurationError */.j1([
        `There is no Packer "${wanted}" for ${machine.os} on ${machine.arch} at ${source.baseUrl}, which has ` +
            `${published.length} versions for it. Check the inputs packer-version and packer-mirror.`,
    ]);
}
/** `latest` in the words of version ranges, which leave pre-releases out. */
function rangeOf(wanted) {
    return wanted === 'latest' ? '*' : wanted;
}
/** The versions that are published for a machine, in no order; Windows on ARM runs programs for x64. */
function versionsFor(index, { os, arch }) {
    const fits = (build) => build.os === os && (build.arch === arch || (os === 'windows' && build.arch === 'amd64'));
    return Object.entries(index.versions).flatMap(([version, { builds }]) => builds.some(fits) ? [version] : []);
}
async function fetchIndex({ baseUrl, folder, log, signal, }) {
    const path = (0,external_node_path_.join)(folder, 'index.json');
    for (let attempt = 1;; attempt++) {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
        await (0,promises_.mkdir)(folder, { recursive: true });
        await downloadFile('packer/index.json', baseUrl, path, 'The index of the releases of Packer', signal);
        try {
            return dist/* parse */.qgA(schema, JSON.parse(await (0,promises_.readFile)(path, 'utf8')));
        }
        catch (error) {
            const reason = `${baseUrl} gave no index of the releases of Packer (${(0,errors/* messageOf */.bD)(error)})`;
            if (attempt === ATTEMPTS) {
                throw new errors/* DeploymentError */.gt(`${reason}. Set packer-version to an exact release such as 1.14.2, which needs none, or correct packer-mirror.`, { cause: error });
            }
            log.warning(`${reason}; it is fetched once more.`);
        }
        finally {
            await (0,promises_.rm)(folder, { recursive: true, force: true });
        }
    }
}

;// CONCATENATED MODULE: ./lib/src/packer/advice.js
/** What people have to change when Packer fails in one of the usual ways; the first that matches is given. */
const ADVICE = [
    [
        /Timeout waiting for (SSH|WinRM)/i,
        'The machine that runs Packer could not log in to the builder instance. Check that its subnet can be ' +
            'reached (route, public IP address, security group, ssh_username), or let Packer connect through ' +
            'Session Manager (ssh_interface = "session_manager").',
    ],
    [
        /ExpiredToken|RequestExpired|security token included in the request is expired/i,
        'The credentials ended before the build did. Set the input role-to-assume: Packer then renews them by ' +
            'itself. Those of an earlier step need a longer duration (role-duration-seconds, and the maximum session ' +
            'duration of the role).',
    ],
    [
        /NoCredentialProviders|No valid credential sources|failed to refresh cached credentials|InvalidClientTokenId|AuthFailure/i,
        'Packer has no credentials that AWS accepts. Set role-to-assume, and remove access_key, secret_key and ' +
            'profile from the template.',
    ],
    [
        /UnauthorizedOperation|AccessDenied|is not authorized to perform/i,
        'The role lacks a permission. Add the action that AWS names above to the policy of the bake role.',
    ],
    [
        /VPCIdNotSpecified|No default VPC|valid Subnet Id was not specified/i,
        'The account has no default VPC in this Region. Set vpc_id and subnet_id in the template.',
    ],
    [
        /InvalidAMIID\.|No AMI was found matching filters/i,
        'The base image does not exist in this Region, or its owner does not share it with this account. Check ' +
            'source_ami or source_ami_filter, or the input base-image.',
    ],
    [
        /is used by an existing AMI|InvalidAMIName\.Duplicate|AMI name .* is already in use/i,
        'AMI names are unique in an account and Region, and this one was built before. Put the commit and a ' +
            'timestamp into ami_name ({{timestamp}} in JSON and HCL2, or formatdate("YYYYMMDDhhmmss", timestamp())). ' +
            'force_deregister = true in the template would remove the old image instead, even where instances use it.',
    ],
    [
        /InsufficientInstanceCapacity|InstanceLimitExceeded|VcpuLimitExceeded/i,
        'AWS has no room for the builder instance now. Try again, or choose another instance_type or subnet_id.',
    ],
    [
        /Unset variable|Undefined -var variable|undeclared variable|required variable not set|Undeclared/i,
        'Check the inputs `variables` and `variable-files` against the variables that the template declares.',
    ],
    [
        /rate limit/i,
        "GitHub's rate limit was hit while plugins were looked up. Set the input github-token, or cache the " +
            'folder that PACKER_PLUGIN_PATH names.',
    ],
    [
        /session-manager-plugin|SessionManagerPlugin/i,
        'The template connects through Session Manager, whose plugin is missing on the runner: install ' +
            'session-manager-plugin in an earlier step.',
    ],
    [
        /Missing plugins|missing plugin|plugin .*not (found|installed)|is unknown by Packer|unknown (source|builder|provisioner|data source) type|Unknown .* type/i,
        'A plugin is missing: Packer brings none since 1.10. Name it in the template, for instance ' +
            'packer { required_plugins { amazon = { source = "github.com/hashicorp/amazon", version = "~> 1.3" } } }, or ' +
            'install it in an earlier step with `packer plugins install`.',
    ],
    [
        /Argument or block definition|Unsupported (argument|block type)|Invalid expression|Missing required argument|Error parsing JSON/i,
        'Correct the template at the place that is named above.',
    ],
    [
        /no such file or directory|Could not find any config file|could not be read/i,
        'Check the inputs `template`, `variable-files` and `working-directory`: paths start at the latter.',
    ],
    [
        /exited with non-zero|Error executing Ansible|non-zero exit status/i,
        'A provisioner failed. Its own output is in the log above.',
    ],
];
/** The sentence that tells the user where to look, for the errors that Packer printed. */
function adviceFor(errorLines) {
    const text = errorLines.join('\n');
    const known = ADVICE.find(([pattern]) => pattern.test(text));
    return (known?.[1] ?? 'The log above has all that Packer said; PACKER_LOG=1 in the environment makes it say more.');
}

;// CONCATENATED MODULE: ./lib/src/packer/annotate.js

/**
 * One annotation for each problem of the template, at its place, and for each build that failed: its error, and the
 * last lines of the phase in which it happened.
 */
function annotate({ problems, failures }, buildLog, { workingDirectory, env }, log) {
    for (const { message, file, line } of problems) {
        const path = (0,external_node_path_.relative)(env.GITHUB_WORKSPACE ?? workingDirectory, (0,external_node_path_.resolve)(workingDirectory, file));
        log.error(message, 'packer', { file: path.replaceAll(external_node_path_.sep, '/'), line });
    }
    for (const { build, text } of failures) {
        const { title, lines } = buildLog.failureOf(build) ?? { title: 'packer build', lines: [] };
        log.error([text, ...lines].join('\n'), `${build}: ${title}`);
    }
}

;// CONCATENATED MODULE: ./lib/src/packer/phases.js
const CLEAN_UP = 'Clean up';
const STAGES = [
    'launch',
    'connect',
    'provision',
    'image',
    'copy',
    'tag',
    'clean-up',
    'post-process',
];
/**
 * The sentences with which a stage begins, and what it is called in the log; the same in Packer 1.6 and in plugin 1.8.
 * They are exact, because newer releases of Packer print what a provisioner says in the same form.
 */
const BEGINNINGS = [
    [
        'launch',
        /^(Prevalidating (any provided VPC information|AMI Name: )|Force Deregister flag found|Creating temporary (keypair|security group|role|instance profile|\w+ SSH key)|Launching a (source|spot) AWS instance\.\.\.$)/,
        () => 'Launch the builder instance',
    ],
    [
        'connect',
        /^(Using \w+ communicator to connect: |Waiting for (SSH|WinRM) to become available|Waiting for auto-generated password)/,
        () => 'Connect to it',
    ],
    ['provision', /^Provisioning with ([\w-]+)(?: script)?(?:\.\.\.$|: (\S+)$)/, provisionerTitle],
    ['provision', /^Uploading (?:\.\/)?(\S+) => \S+$/, ([, file]) => `Provision: file ${file}`],
    ['provision', /^Executing Ansible: /, () => 'Provision: ansible'],
    ['provision', /^Running local shell script: /, () => 'Provision: shell-local'],
    [
        'image',
        /^(Stopping the source instance\.\.\.$|Automatic instance stop disabled\.|Creating AMI \S+ from instance i-|Creating snapshot of EBS Volume vol-|Registering the AMI\.\.\.$)/,
        () => 'Make the image',
    ],
    ['copy', /^Copying\/Encrypting AMI \(ami-/, () => 'Copy it to other Regions'],
    [
        'tag',
        /^(Attaching run tags to AMI\.\.\.$|Enabling deprecation on AMI \(|Modifying attributes on (AMI|snapshot) \(|Adding tags to AMI \()/,
        () => 'Tag and share it',
    ],
    [
        'clean-up',
        /^(Provisioning step had errors: Running the cleanup provisioner|Step "Step\w+" failed|Terminating the source AWS instance\.\.\.$|Cleaning up any extra volumes\.\.\.$|No volumes to clean up|Deleting temporary (keypair|security group|role|instance profile)\.\.\.$|Deregistering the AMI )/,
        () => CLEAN_UP,
    ],
    [
        'post-process',
        // Its name in the template, if it has one there, and its type.
        /^Running post-processor: *([^\s(]*)(?: ?\(type (\S+)\))?$/,
        ([, name, type]) => `Post-process: ${type ?? name}`,
    ],
];
/** A script of the template has its own name; one that Packer wrote for inline commands has not. */
function provisionerTitle([, kind = '', path = '']) {
    const file = path.replace(/^\.\//, '');
    const isInline = file === '' || /packer-shell\d+$/.test(file);
    return `Provision: ${kind.toLowerCase()}${isInline ? '' : ` ${file}`}`;
}
/**
 * Tells from what Packer itself says in which phase each build is. A build goes on to later stages only, and
 * provisioners come one after the other: a sentence that a plugin says out of turn does not lead back.
 */
class Phases {
    #current = new Map();
    /** The phase that begins with this text of the level `say`; `undefined` when the present one goes on. */
    read(text) {
        const build = speaker(text);
        const sentence = /^==> [^:\n]+: (.*)/.exec(text)?.[1];
        if (build === undefined || sentence === undefined)
            return undefined;
        const current = this.#current.get(build) ?? { stage: -1, title: '' };
        for (const [stage, pattern, titleOf] of BEGINNINGS) {
            const match = pattern.exec(sentence);
            if (!match)
                continue;
            const next = { stage: STAGES.indexOf(stage), title: titleOf(match) };
            const isRepeatable = stage === 'provision' || stage === 'post-process';
            if (next.stage < current.stage || (next.stage === current.stage && !isRepeatable))
                return undefined;
            if (next.title === current.title && !sentence.startsWith('Provisioning with'))
                return undefined;
            this.#current.set(build, next);
            return { build, title: next.title };
        }
        return undefined;
    }
}
/** The build that says a line; `undefined` for Packer's own words about all of them. */
function speaker(text) {
    const name = /^(?:==>| {3}) ([^:\n]+): /.exec(text)?.[1];
    // A post-processor speaks as "<build> (<its type>)".
    return name?.replace(/ \([\w-]+\)$/, '');
}

;// CONCATENATED MODULE: ./lib/src/packer/build-log.js

/** How much of a phase is kept for the annotation, should it fail: GitHub cuts those at 4096 characters. */
const LAST_LINES = 15;
const LONGEST_LINE = 240;
/** For this long the words of a build are held back for its section, where several build side by side. Milliseconds. */
const HELD_MS = 15_000;
/**
 * Prints what Packer says in one foldable section a phase, with the time that it took. A build that is alone is
 * printed as it speaks. Builds that run side by side mix their lines: from the second one on, what each of them says
 * is held back until its phase is over, or for some seconds, and then printed in a section of its own.
 */
class BuildLog {
    phases = [];
    #log;
    #now;
    #reader = new Phases();
    #open = new Map();
    /** The last phase of each build before its clean-up: where it failed, if it failed. */
    #last = new Map();
    #endGroup;
    #isShared = false;
    /** @param now milliseconds since 1970 */
    constructor(log, now) {
        this.#log = log;
        this.#now = now;
    }
    print(text, level) {
        // What a program prints can look like a sentence of Packer's.
        const phase = level === 'say' ? this.#reader.read(text) : undefined;
        if (phase)
            this.#enter(phase);
        const build = speaker(text);
        const lines = text.split(/\r?\n/).map((line) => {
            // A line that begins with "::" is a command for the runner. Those of Packer begin with the build's name, but for
            // line ends inside of a text, which any program can print.
            return build === undefined || speaker(line) === build ? line : `    ${build}: ${line}`;
        });
        if (build === undefined)
            this.#leave(text);
        this.#say(build, lines);
        for (const [name, open] of this.#open)
            if (open.held.length > 0 && this.#now() - open.heldSince >= HELD_MS)
                this.#show(name, open);
    }
    /** Ends what is open; nothing happens a second time. */
    end() {
        for (const build of [...this.#open.keys()])
            this.#finish(build);
        this.#closeGroup();
    }
    /** Where a build failed: the phase, and the last lines in it. */
    failureOf(build) {
        return this.#last.get(build);
    }
    #enter({ build, title }) {
        this.#finish(build);
        const entered = { title, since: this.#now(), lines: [], held: [], heldSince: 0 };
        this.#open.set(build, entered);
        if (title !== CLEAN_UP)
            this.#last.set(build, entered);
        if (this.#open.size > 1)
            this.#isShared = true;
        this.#closeGroup();
        if (!this.#isShared)
            this.#endGroup = this.#log.startGroup(`${build}: ${title}`);
    }
    /** Packer's last words about a build, or about all of them, belong to no phase. */
    #leave(text) {
        const [, build] = /^(?:Build '(.+)' (?:finished|errored) after|==> Wait completed)/.exec(text) ?? [];
        if (build !== undefined)
            this.#finish(build);
        else if (text.startsWith('==> Wait completed'))
            this.end();
    }
    #say(build, lines) {
        const open = build === undefined ? undefined : this.#open.get(build);
        if (open)
            build_log_keepLast(open, lines);
        if (open && this.#isShared) {
            if (open.held.length === 0)
                open.heldSince = this.#now();
            open.held.push(lines.join('\n'));
        }
        else
            this.#log.info(lines.join('\n'));
    }
    #finish(build) {
        const open = this.#open.get(build);
        if (!open)
            return;
        const ms = this.#now() - open.since;
        this.phases.push({ build, title: open.title, ms });
        if (this.#isShared)
            this.#show(build, open, `: ${(ms / 1000).toFixed(1)} s`);
        else
            this.#closeGroup();
        this.#open.delete(build);
    }
    /** A section with what was held back. */
    #show(build, open, time = '') {
        const end = this.#log.startGroup(`${build}: ${open.title}${time}`);
        for (const text of open.held)
            this.#log.info(text);
        end();
        open.held = [];
    }
    #closeGroup() {
        this.#endGroup?.();
        this.#endGroup = undefined;
    }
}
/** Without the name of the build and empty lines, which would take the place of others. */
function build_log_keepLast({ lines }, said) {
    const texts = said.map((line) => line.replace(/^(==>| {3}) [^:]+: ?/, ''));
    for (const line of texts.filter((each) => each.trim() !== ''))
        lines.push(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
    if (lines.length > LAST_LINES)
        lines.splice(0, lines.length - LAST_LINES);
}

;// CONCATENATED MODULE: ./lib/src/packer/run.js





/**
 * The version of a Packer executable, such as `1.14.2`.
 *
 * @throws ConfigurationError when it cannot be started, or is not HashiCorp's Packer (Red Hat's cracklib has
 *   a program of the same name)
 */
async function packerVersion(executable, { workingDirectory, env }, tools) {
    const lines = [];
    const onLine = (line) => void lines.push(line);
    await start({ executable, workingDirectory, env }, ['version'], tools, onLine);
    const version = lines.map((line) => /^Packer v(\d+\.\d+\.\d+\S*)/.exec(line)?.[1]).find((found) => found);
    if (!version) {
        throw new errors/* ConfigurationError */.j1([
            `"${executable}" is not HashiCorp's Packer: \`${executable} version\` does not name a version. ` +
                'Set packer-version to a release such as 1.14.2.',
        ]);
    }
    return version;
}
/** Packer ran and failed. */
class PackerError extends errors/* DeploymentError */.gt {
    /** Its own words about what went wrong, the last at the end. */
    lines;
    constructor(command, exitCode, lines) {
        const said = lines.length > 0 ? lines : ['(Packer printed no error)'];
        super([
            `\`${command}\` failed with exit code ${exitCode}:`,
            ...said.map((line) => `  ${line}`),
            adviceFor(lines),
        ].join('\n'));
        this.lines = lines;
    }
}
/**
 * Installs the plugins that an HCL2 template requires (Packer 1.7 and later).
 *
 * @throws PackerError
 */
async function packerInit(template, tools) {
    await run('init', template, [template.template], tools);
}
/**
 * Installs the newest release of a plugin (Packer 1.8 and later), for templates that cannot say what they require.
 *
 * @param source such as `github.com/hashicorp/amazon`
 * @throws PackerError
 */
async function packerPluginsInstall(template, source, tools) {
    await run('plugins install', template, [source], tools);
}
/**
 * The paths of the plugins that Packer finds and whose checksums are right (Packer 1.8 and later), with slashes.
 *
 * @throws PackerError
 */
async function packerPluginsInstalled(template, tools) {
    const paths = [];
    const onText = (text) => void paths.push(text.replaceAll('\\', '/'));
    await run('plugins installed', template, [], tools, { onText });
    return paths;
}
/**
 * Checks the template and its variables without a call to AWS.
 *
 * @throws PackerError
 */
async function packerValidate(template, tools) {
    await run('validate', template, [...inputArguments(template), template.template], tools);
}
/**
 * Builds the template. Resolves with the AMIs in the order in which Packer reported them (none, when the
 * template makes none).
 *
 * When it fails or is cancelled, AMIs that were reported are still there, and temporary resources may be.
 *
 * Packer before 1.15.1 does not hide the values of sensitive variables in this form of its output, which goes
 * to the log: the caller has to mark them with `Log.secret` (GitHub does that for values that come from its
 * secrets).
 *
 * @throws PackerError with Packer's own last words and what to look at; or the signal's reason
 */
async function packerBuild(template, listener, tools) {
    // Packer itself turns colours off in machine-readable output; plugins and provisioners look at the flag.
    const { images } = await run('build', template, ['-color=false', ...inputArguments(template), template.template], tools, listener);
    return images;
}
function inputArguments(template) {
    return [
        ...(template.only?.length ? [`-only=${template.only.join(',')}`] : []),
        ...(template.except?.length ? [`-except=${template.except.join(',')}`] : []),
        ...template.variableFiles.map((file) => `-var-file=${file}`),
        ...Object.entries(template.variables).flatMap(([name, value]) => ['-var', `${name}=${value}`]),
    ];
}
async function run(command, template, args, tools, listener = {}) {
    const { log, file, clock = Date } = tools;
    const output = new PackerOutput();
    const buildLog = new BuildLog(log, () => clock.now());
    const allArguments = [...command.split(' '), '-machine-readable', ...args];
    // Without the options: some are values that nobody should read.
    const called = ['packer', command, ...args.slice(-1)].join(' ');
    file?.write(called);
    try {
        const exitCode = await start(template, allArguments, tools, (line) => {
            const { text, level, images, resources } = output.read(line);
            if (text) {
                listener.onText?.(text);
                file?.write(text);
                buildLog.print(text, level);
            }
            for (const image of images)
                listener.onArtifact?.(image);
            for (const resource of resources)
                listener.onTemporaryResource?.(resource);
        });
        file?.write(`packer ${command} ended with exit code ${exitCode}`);
        buildLog.end();
        if (exitCode === 0)
            return output;
        annotate(output, buildLog, template, log);
        throw new PackerError(called, exitCode, output.errorLines);
    }
    finally {
        buildLog.end();
        listener.onPhases?.(buildLog.phases);
    }
}
async function start({ executable, workingDirectory, env }, args, { processes, signal }, onLine) {
    try {
        return await processes.run(executable, args, {
            cwd: workingDirectory,
            // Packer asks HashiCorp for news at every start, which takes seconds where the internet is closed.
            env: { CHECKPOINT_DISABLE: '1', ...env },
            onLine,
            ...(signal ? { signal } : {}),
        });
    }
    catch (error) {
        if (!cannotStart(error))
            throw error;
        throw new errors/* ConfigurationError */.j1([
            `Packer could not be started as "${executable}" in ${workingDirectory}. Check that the ` +
                'working-directory exists, and install Packer in an earlier step or set packer-version to a ' +
                'release such as 1.14.2.',
        ], { cause: error });
    }
}
/** There is no such program or folder, or it may not be run. */
function cannotStart(error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'EACCES';
}

;// CONCATENATED MODULE: ./lib/src/packer/install.js










/** A proxy or a broken connection can spoil one download; two in a row are no accident. */
const DOWNLOAD_ATTEMPTS = 2;
/**
 * Finds Packer, the cheapest way first: on `PATH`, in the runner's tool cache, in GitHub's cache, and else
 * downloads it. A range takes the newest that is at hand and fits; only `latest`, or a range that nothing at hand
 * fits, asks the release site which versions there are. GitHub's cache holds the signed release files and not the
 * program: what comes from there is checked like a download, as anybody with write access to a branch's cache could
 * have put it there.
 *
 * @throws ConfigurationError when there is no such Packer, DeploymentError when what can be had is not to be
 *   trusted
 */
async function findPacker(request, tools) {
    const { version: wanted, platform = process.platform, arch = process.arch } = request;
    const onPath = await versionOnPath(request, tools);
    if (wanted === 'system') {
        if (onPath)
            return foundOnPath(onPath, tools);
        throw new errors/* ConfigurationError */.j1([
            'packer-version is system, but there is no Packer on PATH. Install it in an earlier step, or set ' +
                'packer-version to a release such as 1.14.2.',
        ]);
    }
    const machine = releaseFor('', platform, arch);
    let version = wanted;
    if (wanted === 'latest')
        version = await resolve(wanted, machine, request, tools);
    if (onPath && (await fits(onPath, version)))
        return foundOnPath(onPath, tools);
    const atHand = await inToolCache(version, arch, request, tools);
    if (atHand)
        return atHand;
    if (!EXACT.test(version))
        version = await resolve(wanted, machine, request, tools);
    return await install(releaseFor(version, platform, arch), arch, request, tools);
}
const EXACT = /^\d+\.\d+\.\d+$/;
async function fits(version, wanted) {
    if (EXACT.test(wanted))
        return version === wanted;
    const { evaluateVersions } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
    return evaluateVersions([version], wanted) === version;
}
function foundOnPath(version, { log }) {
    log.info(`Packer ${version} from PATH`);
    return { executable: 'packer', version, source: 'PATH' };
}
async function resolve(wanted, machine, { mirror = RELEASES_URL, env }, { log, signal }) {
    const folder = (0,external_node_path_.join)(temporaryFolder(env), 'packer-index');
    const version = await newestRelease(wanted, machine, { baseUrl: mirror, folder, log, signal });
    log.info(`Packer ${version} is the newest release that fits "${wanted}"`);
    return version;
}
/** What lies there must run and be what it is filed under; else it is replaced by a fresh one. */
async function inToolCache(wanted, arch, request, tools) {
    const { log, signal, toolCache = runnerToolCache } = tools;
    const cached = await toolCache.find(wanted, arch);
    if (!cached)
        return undefined;
    const { folder, version } = cached;
    const executable = (0,external_node_path_.join)(folder, executableName(releaseFor(version, request.platform ?? process.platform, arch)));
    let says;
    try {
        says = await packerVersion(executable, request, tools);
    }
    catch (error) {
        signal?.throwIfAborted();
        says = (0,errors/* messageOf */.bD)(error);
    }
    if (says === version) {
        log.info(`Packer ${version} from the runner's tool cache`);
        return { executable, version, source: 'tool cache' };
    }
    log.warning(`The Packer ${version} of the runner's tool cache is replaced, because it is broken: ${says}`);
    return undefined;
}
async function install(release, arch, request, tools) {
    const { log, toolCache = runnerToolCache } = tools;
    const { version } = release;
    // The same path in every job of a runner image, because GitHub's cache finds entries by path.
    const folder = (0,external_node_path_.join)(temporaryFolder(request.env), `packer-${version}`);
    try {
        const restored = await restoreRelease(release, folder, request.publicKey ?? HASHICORP_PUBLIC_KEY, tools);
        const program = restored ?? (await download(release, folder, request, tools));
        const unpacked = await writeExecutable(release, program, `${folder}-unpacked`);
        const installed = await toolCache.add(unpacked, version, arch);
        if (!restored)
            await saveRelease(release, folder, request.env, tools);
        const from = restored ? "GitHub's cache" : (request.mirror ?? RELEASES_URL);
        log.info(`Packer ${version} from ${from}, signature verified`);
        const source = restored ? 'workflow cache' : 'download';
        return { executable: (0,external_node_path_.join)(installed, executableName(release)), version, source };
    }
    finally {
        await clear(folder);
        await clear(`${folder}-unpacked`);
    }
}
function temporaryFolder(env) {
    return (0,external_node_path_.join)(env.RUNNER_TEMP ?? (0,external_node_os_.tmpdir)(), 'immutable-deploy');
}
/** A `packer` that is missing or is something else counts as none. */
async function versionOnPath(request, tools) {
    try {
        return await packerVersion('packer', request, tools);
    }
    catch (error) {
        if (error instanceof errors/* ConfigurationError */.j1)
            return undefined;
        throw error;
    }
}
/**
 * The executable from the release site; files that cannot be trusted are thrown away and fetched once more.
 */
async function download(release, folder, { mirror = RELEASES_URL, publicKey = HASHICORP_PUBLIC_KEY }, { log, signal }) {
    for (let attempt = 1;; attempt++) {
        await clear(folder);
        await downloadRelease(release, mirror, folder, signal);
        try {
            return await openRelease(release, folder, publicKey);
        }
        catch (error) {
            const reason = (0,errors/* messageOf */.bD)(error);
            if (attempt === DOWNLOAD_ATTEMPTS) {
                throw new errors/* DeploymentError */.gt(`The download of Packer ${release.version} from ${mirror} cannot be trusted: ${reason}. Nothing ` +
                    'of it was run. Check packer-mirror, or install Packer in an earlier step and set ' +
                    'packer-version to system.', { cause: error });
            }
            log.warning(`The download of Packer ${release.version} is thrown away and fetched once more: ${reason}.`);
        }
    }
}
async function clear(folder) {
    await (0,promises_.rm)(folder, { recursive: true, force: true });
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./lib/src/packer/log-file.js


/**
 * The runner masks secrets in its log only: a file that is uploaded as an artifact has to be masked by us. It is
 * written line by line, so that it is whole up to the moment at which the step was killed.
 *
 * @param now milliseconds since 1970
 */
function openLogFile(path, mask, now) {
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(path), { recursive: true });
    (0,external_node_fs_.appendFileSync)(path, '', { mode: 0o600 });
    return {
        path,
        write(text) {
            const time = new Date(now()).toISOString();
            const lines = mask(text).split(/\r?\n/);
            (0,external_node_fs_.appendFileSync)(path, lines.map((line) => `${time} ${line}\n`).join(''));
        },
    };
}

;// CONCATENATED MODULE: ./lib/src/packer/init-pause.js
/** Milliseconds before the second, third and fourth try. */
const PAUSES = [10_000, 30_000, 60_000];
/** Longer than this nobody waits for GitHub's rate limit to be reset. Seconds. */
const LONGEST_WAIT = 300;
const LATER = /rate limit|too many requests|\b(429|500|502|503|504)\b|timeout|timed out|connection (reset|refused)|unexpected EOF|TLS handshake|temporary failure|no such host/i;
/**
 * How long to wait before `packer init` is tried again, in milliseconds; `undefined` when another try would end the
 * same way.
 *
 * @param errorLines what Packer said
 * @param attempt how often it was tried
 */
function initPause(errorLines, attempt) {
    const text = errorLines.join('\n');
    const pause = PAUSES[attempt - 1];
    if (pause === undefined || !LATER.test(text))
        return undefined;
    const reset = /rate reset in (?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?/.exec(text);
    if (!reset)
        return pause;
    const [hours = 0, minutes = 0, seconds = 0] = reset.slice(1).map((digits) => Number(digits ?? 0));
    const wait = hours * 3600 + minutes * 60 + seconds;
    return wait > LONGEST_WAIT ? undefined : Math.max(pause, (wait + 1) * 1000);
}

;// CONCATENATED MODULE: ./lib/src/packer/plugins.js









/**
 * Installs the plugins of a template: those that HCL2 requires, and HashiCorp's that a legacy JSON template uses. They
 * come from GitHub's cache when another run with the same names left them there, into a folder of their own
 * (`PACKER_PLUGIN_PATH`); a machine that has plugins already keeps using those, and its home is never written to by
 * us. Packer checks each plugin against the checksum beside it; when what the cache gave does not work, it is thrown
 * away and the plugins are fetched.
 *
 * @returns the template with the environment in which Packer finds the plugins
 * @throws PackerError with Packer's own words
 */
async function installPlugins(template, request, tools) {
    const source = sourceFor(template, request, tools);
    if (!source)
        return template;
    const isEquipped = await hasPlugins(template.env);
    if (isEquipped || source.names === undefined) {
        if (!isEquipped || source.isAlways)
            await patiently(source.get, template, request, tools);
        return template;
    }
    const key = plugins_cacheKey(source.names);
    const folder = (0,external_node_path_.join)(template.env.RUNNER_TEMP ?? (0,external_node_os_.tmpdir)(), 'immutable-deploy', key);
    const own = { ...template, env: { ...template.env, PACKER_PLUGIN_PATH: folder } };
    if (await restore(folder, key, tools)) {
        try {
            await patiently(source.check, own, request, tools);
            return own;
        }
        catch (error) {
            tools.signal?.throwIfAborted();
            tools.log.warning(`The plugins of GitHub's cache are thrown away and fetched anew: ${(0,errors/* messageOf */.bD)(error)}`);
            await (0,promises_.rm)(folder, { recursive: true, force: true });
        }
    }
    await patiently(source.get, own, request, tools);
    await save(folder, key, template.env, tools);
    return own;
}
/** `undefined`, and the reason in the log, where Packer installs nothing. */
function sourceFor({ template }, { version, facts }, tools) {
    const { log } = tools;
    if (isLegacyJson(template)) {
        // Until then the plugins were a part of Packer.
        if (!isAtLeast(version, 1, 10))
            return undefined;
        const plugins = facts.jsonPlugins;
        if (plugins.length === 0)
            return undefined;
        log.notice(`A JSON template cannot say which plugins it needs: the newest releases of ${plugins.join(', ')} are used, ` +
            'unless plugins are there already. Packer can rewrite it with `packer hcl2_upgrade`.');
        return {
            names: plugins.join('\n'),
            isAlways: false,
            get: async (given) => {
                for (const plugin of plugins)
                    await packerPluginsInstall(given, plugin, tools);
            },
            check: async (given) => {
                const installed = await packerPluginsInstalled(given, tools);
                const missing = plugins.filter((plugin) => !installed.some((path) => path.includes(`${plugin}/`)));
                if (missing.length > 0)
                    throw new Error(`Packer does not find ${missing.join(', ')} there`);
            },
        };
    }
    if (!isAtLeast(version, 1, 7)) {
        log.notice(`Packer ${version} has no \`packer init\` (1.7 brought it): the plugins have to be there already.`);
        return undefined;
    }
    return {
        names: facts.requiredPlugins,
        isAlways: true,
        get: (given) => packerInit(given, tools),
        check: (given) => packerInit(given, tools),
    };
}
function isAtLeast(version, major, minor) {
    const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
    return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
/** HCL2 can be written in JSON, too; such a file ends in `.pkr.json`. */
function isLegacyJson(template) {
    return template.endsWith('.json') && !template.endsWith('.pkr.json');
}
/** Tries again when GitHub or the network said "later". */
async function patiently(work, template, { githubToken }, { log, clock, signal }) {
    // The token of an enterprise's own GitHub is none for github.com, where plugins are: it would be refused there.
    const isGithubCom = (template.env.GITHUB_SERVER_URL ?? 'https://github.com') === 'https://github.com';
    const token = isGithubCom && githubToken ? { PACKER_GITHUB_API_TOKEN: githubToken } : {};
    const withToken = { ...template, env: { ...token, ...template.env } };
    for (let attempt = 1;; attempt++) {
        try {
            return await work(withToken);
        }
        catch (error) {
            const pause = error instanceof PackerError ? initPause(error.lines, attempt) : undefined;
            if (pause === undefined)
                throw error;
            log.warning(`Packer could not get its plugins, it tries again in ${pause / 1000} s: ${(0,errors/* messageOf */.bD)(error)}`);
            await clock.sleep(pause, signal);
        }
    }
}
/** Where Packer looks for plugins by itself, on any system. */
function pluginFolders(env) {
    const { PACKER_PLUGIN_PATH, PACKER_CONFIG_DIR, XDG_CONFIG_HOME, APPDATA, HOME = (0,external_node_os_.homedir)() } = env;
    return [
        PACKER_PLUGIN_PATH,
        PACKER_CONFIG_DIR && (0,external_node_path_.join)(PACKER_CONFIG_DIR, 'plugins'),
        PACKER_CONFIG_DIR && (0,external_node_path_.join)(PACKER_CONFIG_DIR, '.packer.d', 'plugins'),
        XDG_CONFIG_HOME && (0,external_node_path_.join)(XDG_CONFIG_HOME, 'packer', 'plugins'),
        APPDATA && (0,external_node_path_.join)(APPDATA, 'packer.d', 'plugins'),
        (0,external_node_path_.join)(HOME, '.config', 'packer', 'plugins'),
        (0,external_node_path_.join)(HOME, '.packer.d', 'plugins'),
    ].flatMap((folder) => folder || []);
}
async function hasPlugins(env) {
    // Who names a folder wants the plugins there, also when it is empty yet.
    if (env.PACKER_PLUGIN_PATH)
        return true;
    const contents = await Promise.all(pluginFolders(env).map((folder) => (0,promises_.readdir)(folder).catch(() => [])));
    return contents.some((names) => names.length > 0);
}
/** Entries of these plugins for this kind of machine have keys that begin so. */
function plugins_cacheKey(names) {
    const hash = (0,external_node_crypto_.createHash)('sha256').update(names).digest('hex').slice(0, 16);
    return `immutable-deploy-packer-plugins-${process.platform}-${process.arch}-${hash}-`;
}
async function restore(folder, key, { workflowCache = githubCache, log, signal }) {
    try {
        await (0,promises_.rm)(folder, { recursive: true, force: true });
        const restored = await untilAborted(workflowCache.restore(folder, key), signal);
        if (restored)
            log.info("Packer's plugins from GitHub's cache");
        return restored;
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`GitHub's cache could not be asked for Packer's plugins: ${(0,errors/* messageOf */.bD)(error)}`);
        return false;
    }
}
async function save(folder, key, env, { workflowCache = githubCache, log, signal }) {
    const isEmpty = (await (0,promises_.readdir)(folder).catch(() => [])).length === 0;
    if (isEmpty)
        return;
    try {
        const run = `${env.GITHUB_RUN_ID ?? ''}-${env.GITHUB_RUN_ATTEMPT ?? ''}`;
        await untilAborted(workflowCache.save(folder, `${key}${run}`), signal);
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`Packer's plugins could not be saved in GitHub's cache: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}

;// CONCATENATED MODULE: ./lib/src/packer/secrets.js
/** Shorter values are in every other word of a log; of what only looks secret, more has to be there. */
const SHORTEST = { declared: 3, likely: 6 };
const LOOKS_SECRET = /pass(word|wd|phrase)|secret|token|credential|(private|api|access|signing|encryption)_?key/i;
/**
 * The values that Packer may print and nobody should read.
 *
 * - `declared`: those of variables that the template calls sensitive. Packer before 1.15.1 prints them in the form
 *   of output that we read.
 * - `likely`: besides, what is named like a secret, among the variables and in the environment.
 */
function secretsIn({ sensitive }, { variables, files, env }) {
    const given = [
        ...Object.entries(variables),
        ...files.flatMap((file) => [...file]),
        ...Object.entries(env).flatMap(([key, value]) => key.startsWith('PKR_VAR_') ? [[key.slice('PKR_VAR_'.length), value]] : []),
    ];
    const defaults = [...sensitive.values()].flatMap((value) => value ?? []);
    const declared = given.flatMap(([name, value]) => (sensitive.has(name) ? [value] : []));
    const likely = [...given, ...Object.entries(env)].flatMap(([name, value]) => LOOKS_SECRET.test(name) && !/_FILE$|_URL$|_URI$/i.test(name) ? [value] : []);
    return {
        declared: distinct([...declared, ...defaults], SHORTEST.declared),
        likely: distinct(likely, SHORTEST.likely),
    };
}
/** Replaces each of the values by `***`, longer ones first, since one may be a part of another. */
function masker(secrets) {
    const lines = secrets.flatMap((secret) => [secret, ...secret.split(/\r?\n/)]);
    const parts = distinct(lines, SHORTEST.declared);
    const ordered = parts.toSorted((a, b) => b.length - a.length);
    return (text) => ordered.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}
function distinct(values, shortest) {
    return [...new Set(values.map((value) => value.trim()))].filter((value) => value.length >= shortest);
}

;// CONCATENATED MODULE: ./lib/src/packer/template.js


/** The files that Packer reads for a template: the file, or those of the folder. */
async function templateFiles(path) {
    if ((await (0,promises_.stat)(path)).isDirectory())
        return await filesIn(path, /\.pkr\.(hcl|json)$/);
    return [{ name: path, text: await (0,promises_.readFile)(path, 'utf8') }];
}
/** The files of values that Packer reads without being told: those of a template that is a folder. */
async function automaticValueFiles(path) {
    if (!(await (0,promises_.stat)(path)).isDirectory())
        return [];
    return await filesIn(path, /\.auto\.pkrvars\.(hcl|json)$/);
}
async function filesIn(folder, pattern) {
    const names = (await (0,promises_.readdir)(folder)).filter((name) => pattern.test(name)).toSorted();
    return await Promise.all(names.map(async (name) => ({ name, text: await (0,promises_.readFile)((0,external_node_path_.join)(folder, name), 'utf8') })));
}
function factsOf(files) {
    const plugins = [];
    const jsonPlugins = new Set();
    const sensitive = new Map();
    for (const { name, text } of files) {
        const facts = name.endsWith('.json') ? factsOfJson(text) : factsOfHcl(text);
        plugins.push(...facts.plugins);
        for (const plugin of facts.jsonPlugins)
            jsonPlugins.add(plugin);
        for (const [variable, value] of facts.sensitive)
            sensitive.set(variable, value);
    }
    return {
        requiredPlugins: plugins.length > 0 ? plugins.join('\n') : undefined,
        jsonPlugins: [...jsonPlugins].toSorted(),
        sensitive,
    };
}
/** The plain texts that a file of values (`*.pkrvars.hcl`, `*.json`) gives to variables. */
function valuesIn({ name, text }) {
    if (!name.endsWith('.json'))
        return assignmentsIn(tokensOf(text));
    const document = parsedJson(text);
    return new Map(Object.entries(Object(document)).flatMap(([key, value]) => typeof value === 'string' ? [[key, value]] : []));
}
/** Comments, heredocs, texts, names and numbers, and everything else by the character. */
const TOKEN = /#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|<<[-~]?(\w+)\r?\n[\s\S]*?\n[ \t]*\1\b|"(?:\\.|[^"\\])*"|[\w.-]+|\S/g;
function tokensOf(text) {
    return (text.match(TOKEN) ?? []).filter((token) => !/^(#|\/\/|\/\*)/.test(token));
}
function factsOfHcl(text) {
    const facts = { plugins: [], jsonPlugins: [], sensitive: new Map() };
    for (const { head, body } of blocksIn(tokensOf(text))) {
        if (head[0] === 'packer') {
            for (const inner of blocksIn(body))
                if (inner.head[0] === 'required_plugins')
                    facts.plugins.push(inner.body.join(' '));
        }
        if (head[0] === 'variable' && /(^| )sensitive = true( |$)/.test(body.join(' ')))
            facts.sensitive.set(plainText(head[1] ?? '') ?? '', assignmentsIn(body).get('default'));
    }
    return facts;
}
/** The blocks of one level: the word and the texts in front of their braces, and what is between these. */
function* blocksIn(tokens) {
    let start = 0;
    for (let index = 0; index < tokens.length; index++) {
        if (tokens[index] !== '{')
            continue;
        const end = closing(tokens, index);
        yield { head: headOf(tokens.slice(start, index)), body: tokens.slice(index + 1, end) };
        index = end;
        start = end + 1;
    }
}
/** Attributes may stand before the block; a map that is a value has `=` in front of it, and is none. */
function headOf(before) {
    const type = before.findLastIndex((token) => !token.startsWith('"'));
    return /^\w/.test(before[type] ?? '') ? before.slice(type) : [];
}
function closing(tokens, start) {
    let depth = 0;
    for (let index = start; index < tokens.length; index++) {
        if (tokens[index] === '{')
            depth++;
        if (tokens[index] === '}' && --depth === 0)
            return index;
    }
    return tokens.length;
}
/** `name = "text"` of one level. */
function assignmentsIn(tokens) {
    const values = new Map();
    for (let index = 0; index < tokens.length; index++) {
        if (tokens[index] === '{')
            index = closing(tokens, index);
        const [name = '', equals, value = ''] = tokens.slice(index, index + 3);
        const text = equals === '=' ? plainText(value) : undefined;
        if (text !== undefined)
            values.set(plainText(name) ?? name, text);
    }
    return values;
}
/** What a token in quotes stands for; `undefined` for another token. */
function plainText(token) {
    if (!token.startsWith('"'))
        return undefined;
    const value = parsedJson(token);
    return typeof value === 'string' ? value : token.slice(1, -1);
}
function factsOfJson(text) {
    const document = Object(parsedJson(text));
    const legacy = document['sensitive-variables'];
    const defaults = Object(document.variables);
    const sensitive = new Map((Array.isArray(legacy) ? legacy : []).map((name) => [String(name), textOrNothing(defaults[name])]));
    for (const [name, declaration] of Object.entries(Object(document.variable))) {
        // HCL in JSON may have each block in a list of its own.
        const { sensitive: isSensitive, default: otherwise } = Object([declaration].flat()[0]);
        if (isSensitive === true)
            sensitive.set(name, textOrNothing(otherwise));
    }
    const plugins = [document.packer].flat().flatMap((block) => {
        const required = Object(block).required_plugins;
        return required === undefined ? [] : [JSON.stringify(required)];
    });
    const { builders, provisioners, 'post-processors': postProcessors } = document;
    const used = [builders, provisioners, postProcessors].flat(3).flatMap((component) => {
        const type = typeof component === 'string' ? component : Object(component).type;
        return PLUGINS.find(([types]) => types.test(String(type)))?.[1] ?? [];
    });
    return { plugins, jsonPlugins: used.map((name) => `github.com/hashicorp/${name}`), sensitive };
}
/** Which of HashiCorp's plugins has the builders, provisioners and post-processors of these types. */
const PLUGINS = [
    [/^amazon-(ebs|ebssurrogate|ebsvolume|chroot|instance|import)$/, 'amazon'],
    [/^ansible(-local)?$/, 'ansible'],
    [/^chef-(client|solo)$/, 'chef'],
    [/^puppet-(masterless|server)$/, 'puppet'],
    [/^salt-masterless$/, 'salt'],
    [/^inspec$/, 'inspec'],
];
const textOrNothing = (value) => (typeof value === 'string' ? value : undefined);
function parsedJson(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./lib/src/packer/prepare.js










/** Finds Packer, gets its plugins and checks the template; nothing is built yet. */
async function preparePacker(request, context) {
    const { log, processes, clock, signal, run, report } = context;
    const { version, mirror, workingDirectory, env, githubToken } = request;
    const facts = factsOf(await templateFiles((0,external_node_path_.resolve)(workingDirectory, request.template)));
    const mask = await hideSecrets(request, facts, context);
    const file = openLogFile((0,external_node_path_.join)(run.temp, `packer-${process.pid}.log`), mask, () => clock.now());
    report.set({ 'packer-log': file.path });
    const tools = { log, processes, clock, signal, file };
    const packer = await log.group('Find Packer', () => findPacker({ version, mirror, workingDirectory, env }, tools));
    const given = { ...request, executable: packer.executable };
    const plugins = { version: packer.version, facts, githubToken };
    const template = await log.group('Plugins', () => installPlugins(given, plugins, tools));
    await log.group('packer validate', () => 
    // Also here, because functions of HCL2 such as aws_secretsmanager ask AWS.
    asRole(template, context, (asked) => packerValidate(asked, tools)));
    return {
        version: packer.version,
        logPath: file.path,
        build: async (listener, endedBy = signal) => await asRole(template, context, (asked) => packerBuild(asked, listener, { ...tools, signal: endedBy })),
    };
}
/** Packer shows no secret from here on: not in the runner's log, nor in the file. */
async function hideSecrets(request, facts, { log }) {
    const { workingDirectory, variables, variableFiles, env, githubToken = '' } = request;
    const named = variableFiles.map(async (name) => ({
        name,
        text: await (0,promises_.readFile)((0,external_node_path_.resolve)(workingDirectory, name), 'utf8'),
    }));
    const automatic = await automaticValueFiles((0,external_node_path_.resolve)(workingDirectory, request.template));
    const files = [...automatic, ...(await Promise.all(named))].map(valuesIn);
    const { declared, likely } = secretsIn(facts, { variables, files, env });
    for (const secret of declared)
        log.secret(secret);
    return masker([...declared, ...likely, githubToken]);
}
/** Credentials that the Go SDK would prefer to the role of the token file. */
const OTHER_CREDENTIALS = /^AWS_(ACCESS_KEY_ID|ACCESS_KEY|SECRET_ACCESS_KEY|SECRET_KEY|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|DEFAULT_PROFILE|CONTAINER_.*)$/;
/**
 * Packer assumes the role itself, and again whenever the session ends, however long it builds: handed over, the
 * credentials would end with their first session.
 */
async function asRole(template, { webIdentity, run, clock, log }, work) {
    if (!webIdentity)
        return await work(template);
    return await withTokenFile(webIdentity.idToken, run.temp, { clock, log }, (path) => work({ ...template, env: roleEnvironment(template.env, webIdentity, path) }));
}
/**
 * Packer's environment with the role in place of any other credentials. Also in place of those in the file of a
 * machine's user, which the Amazon plugin looks for before the role: with a default profile there, the image would be
 * built in another account.
 */
function roleEnvironment(env, { roleArn, sessionName }, tokenFile) {
    const others = Object.entries(env).filter(([name]) => !OTHER_CREDENTIALS.test(name));
    return {
        ...Object.fromEntries(others),
        AWS_ROLE_ARN: roleArn,
        AWS_ROLE_SESSION_NAME: sessionName,
        AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
        AWS_SHARED_CREDENTIALS_FILE: external_node_os_.devNull,
    };
}

;// CONCATENATED MODULE: ./lib/src/bake/environment.js
/** Variables of the runner that no program of the user's needs: inputs of this step, and tokens of the job's services. */
const WITHHELD = /^(INPUT_|STATE_|ACTIONS_ID_TOKEN_|ACTIONS_RUNTIME_TOKEN|ACTIONS_RESULTS_URL|ACTIONS_CACHE_)/;
/**
 * The environment for Packer: the step's own without what is none of its business, what the build is for as
 * `PKR_VAR_immutable_deploy_*` (a template uses those that it declares), and the Region that the action itself works
 * with.
 */
function packerEnvironment({ env, aws }, identity, { builder, baseImageId }) {
    const inherited = Object.entries(env).flatMap(([key, value]) => value === undefined || WITHHELD.test(key) ? [] : [[key, value]]);
    return {
        ...Object.fromEntries(inherited),
        AWS_REGION: aws.region,
        AWS_DEFAULT_REGION: aws.region,
        PKR_VAR_immutable_deploy_application: identity.application,
        PKR_VAR_immutable_deploy_commit: identity.commit,
        PKR_VAR_immutable_deploy_ref: identity.version ?? identity.branch ?? '',
        PKR_VAR_immutable_deploy_version: identity.version ?? '',
        PKR_VAR_immutable_deploy_run: builder,
        PKR_VAR_immutable_deploy_base_image: baseImageId ?? '',
    };
}

;// CONCATENATED MODULE: ./lib/src/bake/image-marks.js


function imageMarks(context, job) {
    const instances = new Set();
    const early = new Map();
    const tagging = [];
    const made = [];
    const ofBuild = () => ({
        ...(0,src_tags/* identityTags */._z)(job.identity),
        [src_tags/* TAG */.Dk.quarantined]: (0,src_tags/* unfinishedMark */.P5)('build', context.clock.now(), job.builder),
    });
    const tagAll = async (tags) => await Promise.all(made.map(({ region, amiId }) => tag(context.aws.inRegion(region), amiId, tags)));
    return {
        announced({ kind, id }) {
            if (kind === 'instance')
                instances.add(id);
            if (kind === 'image')
                early.set(id, markUnfinished(context.aws, id, instances, ofBuild()));
        },
        made(image) {
            made.push(image);
            const aws = context.aws.inRegion(image.region);
            const mark = async () => {
                if (!(await early.get(image.amiId)))
                    await tag(aws, image.amiId, ofBuild());
            };
            tagging.push(mark());
        },
        async complete(tags) {
            await Promise.all(tagging);
            await tagAll(tags);
            if (tags[src_tags/* TAG */.Dk.quarantined] !== undefined)
                return;
            for (const { region, amiId } of made)
                await context.aws
                    .inRegion(region)
                    .ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [amiId], Tags: [{ Key: src_tags/* TAG */.Dk.quarantined }] }));
        },
        async failed() {
            await Promise.allSettled([...tagging, ...early.values()]);
            const why = `the build failed that made it: ${job.identity.run}`;
            const quarantined = (0,src_tags/* markValue */.nj)(context.clock.now(), why);
            await tagAll({ ...(0,src_tags/* identityTags */._z)(job.identity), [src_tags/* TAG */.Dk.quarantined]: quarantined }).catch(() => { });
        },
    };
}
/**
 * Whether the mark was written. A provisioner can print what looks like Packer's own line: only an image that is made
 * of an instance of this build is touched. Where that cannot be seen, the tags at the end have to do.
 */
async function markUnfinished(aws, imageId, instances, tags) {
    try {
        const { Images: [image] = [] } = await aws.ec2.send(new dist_cjs/* DescribeImagesCommand */.ji5({ ImageIds: [imageId] }));
        if (image?.State !== 'pending' || !instances.has(image.SourceInstanceId ?? ''))
            return false;
        await tag(aws, imageId, tags);
        return true;
    }
    catch {
        return false;
    }
}
async function tag(aws, imageId, tags) {
    await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: [imageId], Tags: (0,src_tags/* toTagList */.s3)(tags) }));
}

;// CONCATENATED MODULE: ./lib/src/bake/siblings.js


/** Of one build with several images, for other architectures or Regions, each names all; a single one needs nothing. */
function siblingsTag(images) {
    if (images.length < 2)
        return {};
    const places = [...imagesByRegion(images)].map(([region, ids]) => `${region}:${ids}`);
    return { [src_tags/* TAG */.Dk.images]: (0,src_tags/* tagValue */.EZ)(places.join(' ')) };
}
const PLACE = /^([a-z]{2}[a-z0-9-]+):(ami-[0-9a-f]{8,17}(?:,ami-[0-9a-f]{8,17})*)$/;
/** All images of the build that made this one; `undefined` where the tag cannot be read, or names too many for a tag. */
function siblingsIn(tags, own) {
    const value = tags[src_tags/* TAG */.Dk.images];
    if (value === undefined)
        return [own];
    const places = value.split(' ').map((part) => PLACE.exec(part));
    // A value that fills a tag may have been cut.
    if (places.includes(null) || value.length === (0,src_tags/* tagValue */.EZ)(`${value}.`).length)
        return undefined;
    return places.flatMap((match) => {
        const [, region = '', ids = ''] = match ?? [];
        return ids.split(',').map((imageId) => ({ region, imageId }));
    });
}

;// CONCATENATED MODULE: ./lib/src/bake/build.js






/** Finds Packer, its plugins, and what is wrong with the template; nothing is built yet. */
async function prepareBuild(context, job, baseImageId) {
    const { inputs, workingDirectory, identity, builder } = job;
    const packer = await preparePacker({
        version: inputs.packerVersion,
        mirror: inputs.packerMirror,
        githubToken: inputs.githubToken,
        template: inputs.template,
        workingDirectory,
        variables: {
            ...inputs.variables,
            ...(baseImageId === undefined ? {} : { [inputs.baseImageVariable]: baseImageId }),
        },
        variableFiles: inputs.variableFiles,
        only: inputs.only,
        except: inputs.except,
        env: packerEnvironment(context, identity, { builder, baseImageId }),
    }, context);
    return {
        packerVersion: packer.version,
        run: (tags, watch) => build(context, job, packer, { tags, watch }),
    };
}
async function build(context, job, packer, { tags, watch }) {
    const { log } = context;
    const marks = imageMarks(context, job);
    const listener = {
        onTemporaryResource(resource) {
            watch.onResource(resource);
            marks.announced(resource);
        },
        onArtifact(image) {
            log.info(`${image.amiId} in ${image.region}`);
            marks.made(image);
        },
        onPhases: watch.onPhases,
    };
    const limit = timeLimit(context, job);
    try {
        const images = await packer.build(listener, limit.signal);
        limit.stop();
        imagesByRegion(images);
        await marks.complete({ ...tags, ...siblingsTag(images) });
        return images;
    }
    catch (error) {
        limit.stop();
        // Also after a failed build no image is left without tags.
        await marks.failed();
        throw error;
    }
}
/** Packer can hang for ever, for instance when it waits for a login: the step's time ends it like a cancel. */
function timeLimit({ clock, signal }, { inputs, deadline }) {
    const over = new AbortController();
    const stop = new AbortController();
    const message = `Packer was still building when timeout-minutes (${inputs.timeoutMinutes}) was over, and was ended. Look at its last lines above, or raise timeout-minutes.`;
    clock.sleep(Math.max(0, deadline - clock.now()), stop.signal).then(() => over.abort(new errors/* DeploymentError */.gt(message)), () => { });
    return { signal: AbortSignal.any([signal, over.signal]), stop: () => stop.abort() };
}

;// CONCATENATED MODULE: ./lib/src/bake/check.js



/** Everything that the inputs alone, and the files they name, can be wrong about; all problems together. */
function refuseBadInputs(inputs, workspace, region) {
    const problems = [
        ...missingFiles(inputs, (0,external_node_path_.resolve)(workspace, inputs.workingDirectory)),
        ...badTags(inputs),
        ...badKeys(inputs, region),
        ...clashes(inputs),
        ...halfSmokeTests(inputs),
    ];
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
}
function missingFiles(inputs, folder) {
    if (!(0,external_node_fs_.existsSync)(folder))
        return [
            `There is no folder ${folder}. Check the input "working-directory", and that actions/checkout ran before.`,
        ];
    const isMissing = (path) => !(0,external_node_fs_.existsSync)((0,external_node_path_.resolve)(folder, path));
    return [
        ...[inputs.template]
            .filter(isMissing)
            .map((path) => `There is no template ${path} in ${folder}. Check the inputs "template" and "working-directory", and that actions/checkout ran before.`),
        ...inputs.variableFiles
            .filter(isMissing)
            .map((path) => `There is no variable file ${path} in ${folder}. Check the input "variable-files".`),
        ...inputs.fingerprintPaths
            .filter(isMissing)
            .map((path) => `There is no ${path} in ${folder}. Check the input "fingerprint-paths": its paths start at working-directory.`),
    ];
}
/** EC2's limits: keys have at most 127 characters here, values 256; most of the 50 tags are needed for our own. */
const MOST_TAGS = 25;
function badTags({ tags }) {
    const problems = [];
    const keys = Object.keys(tags);
    if (keys.length > MOST_TAGS)
        problems.push(`The input "tags" has ${keys.length} tags: ${MOST_TAGS} at most leave room for our own.`);
    for (const key of keys) {
        if (/^(aws:|immutable-deploy:)/i.test(key))
            problems.push(`The input "tags" has the key "${key}": aws: and immutable-deploy: are taken.`);
        if (key.length > 127 || (tags[key] ?? '').length > 256)
            problems.push(`The tag "${key}" is too long: a key has 127 characters at most, a value 256.`);
    }
    return problems;
}
/** A wrong key does not fail the copying but makes a failed copy, much later. */
function badKeys({ kmsKeyIds, copyToRegions }, own) {
    return Object.entries(kmsKeyIds).flatMap(([region, key]) => {
        const keyRegion = /^arn:aws[a-z-]*:kms:([^:]+):/.exec(key)?.[1];
        if (region === own)
            return `The input "kms-key-ids" has a key for ${own}, where the image is built: its template decides about that (encrypt_boot, kms_key_id).`;
        if (!copyToRegions.includes(region))
            return `The input "kms-key-ids" has a key for ${region}, which is not in "copy-to-regions".`;
        if (keyRegion !== undefined && keyRegion !== region)
            return `The input "kms-key-ids" has a key of ${keyRegion} for ${region}: a copy is encrypted with a key of its own Region.`;
        return [];
    });
}
function clashes(inputs) {
    const { baseImage, baseImageVariable, variables, shareWith, shareSnapshots } = inputs;
    return [
        ...(baseImage !== undefined && baseImageVariable in variables
            ? [
                `The variable ${baseImageVariable} gets the id of "base-image": take it out of "variables", or name another one in "base-image-variable".`,
            ]
            : []),
        ...(shareSnapshots && !shareWith.some(isAccount)
            ? [
                'The input "share-snapshots" needs account ids in "share-with": AWS shares snapshots with no organisation. An image can be launched without them.',
            ]
            : []),
    ];
}
/** Whether an entry of `share-with` is an account, and not an organisation or a part of one. */
const isAccount = (entry) => /^\d{12}$/.test(entry);
/** Each kind of smoke test has the inputs that it needs, and no others are given in vain. */
function halfSmokeTests(inputs) {
    const { smokeTest } = inputs;
    const problems = [];
    if (smokeTest === 'ssm' && inputs.smokeTestCommand === undefined)
        problems.push('The input "smoke-test" is ssm: say in "smoke-test-command" what is to be run.');
    if (smokeTest === 'http' && inputs.smokeTestUrl === undefined)
        problems.push('The input "smoke-test" is http: say in "smoke-test-url" what is to be asked.');
    if (smokeTest !== 'ssm' && inputs.smokeTestCommand !== undefined)
        problems.push('The input "smoke-test-command" is for "smoke-test: ssm".');
    if (smokeTest !== 'http' && inputs.smokeTestUrl !== undefined)
        problems.push('The input "smoke-test-url" is for "smoke-test: http".');
    const settings = {
        'smoke-test-launch-template': inputs.smokeTestLaunchTemplate,
        'smoke-test-subnet': inputs.smokeTestSubnet,
        'smoke-test-instance-type': inputs.smokeTestInstanceType,
        'smoke-test-instance-profile': inputs.smokeTestInstanceProfile,
        'smoke-test-user-data': inputs.smokeTestUserData,
    };
    const idle = Object.entries(settings).filter(([, value]) => value !== undefined);
    if (smokeTest === 'none' && idle.length > 0)
        problems.push(`Nothing is tested without "smoke-test", but there is ${idle.map(([name]) => `"${name}"`).join(', ')}.`);
    return problems;
}

// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
;// CONCATENATED MODULE: ./lib/src/bake/git.js


/** The lines that git prints; `undefined` when there is no git or it refuses. */
async function git({ processes, env, signal }, folder, args) {
    const lines = [];
    const inherited = Object.entries(env).flatMap(([key, value]) => value === undefined || key.startsWith('INPUT_') ? [] : [[key, value]]);
    try {
        const exitCode = await processes.run('git', args, {
            cwd: folder,
            // Looking at the state must not write an index beside another git.
            env: { ...Object.fromEntries(inherited), GIT_OPTIONAL_LOCKS: '0' },
            onLine: (line, stream) => void (stream === 'stdout' && lines.push(line)),
            signal,
        });
        return exitCode === 0 ? lines : undefined;
    }
    catch (error) {
        if (signal.aborted)
            throw error;
        return undefined;
    }
}
/** The repository that a folder belongs to, when it is at or below the workspace, as actions/checkout makes it. */
async function repositoryOf(context, workspace, folder) {
    const [top] = (await git(context, folder, ['rev-parse', '--show-toplevel'])) ?? [];
    if (!top)
        return undefined;
    const root = await (0,promises_.realpath)(top);
    return (0,external_node_path_.relative)(await (0,promises_.realpath)(workspace), root).startsWith('..') ? undefined : root;
}

;// CONCATENATED MODULE: ./lib/src/bake/content-hash.js






/**
 * Hashes what lies at a path: its git tree when everything below is committed, which takes no longer for a large
 * repository; with changes, the tree and the changed files; outside of a repository, all files. Files that git
 * ignores do not count, unless the path itself is ignored: then it was meant.
 */
async function contentHash(context, folder, path) {
    const absolute = (0,external_node_path_.resolve)(folder, path);
    const { workspace } = context.run;
    const root = await repositoryOf(context, workspace, folder);
    if (root === undefined)
        return await filesHash(absolute);
    const inside = (0,external_node_path_.relative)(root, await (0,promises_.realpath)(absolute)) || '.';
    if (inside.startsWith('..'))
        return await filesHash(absolute);
    const tree = await committed(context, root, inside);
    const changed = await changes(context, root, inside);
    if (tree === undefined && changed.length === 0)
        return await filesHash(absolute);
    if (changed.length === 0)
        return `tree ${tree}`;
    context.log.info(`${path} has ${changed.length} changes that are not committed: they count.`);
    const hash = (0,external_node_crypto_.createHash)('sha256').update(`${tree ?? ''}\n`);
    for (const name of changed.toSorted())
        hash.update(`${JSON.stringify(name)} ${await filesHash((0,external_node_path_.join)(root, name))}\n`);
    return hash.digest('hex');
}
/** The git object of a path in the commit that is checked out; `undefined` when it is not part of it. */
async function committed(context, root, path) {
    const object = path === '.' ? 'HEAD^{tree}' : `HEAD:${path.replaceAll('\\', '/')}`;
    const lines = await git(context, root, ['rev-parse', '--verify', '--quiet', object]);
    return lines?.[0];
}
/** Files below a path that differ from the commit, and those that it does not know and does not ignore. */
async function changes(context, root, path) {
    const args = ['status', '--porcelain=v1', '-z', '--no-renames', '--untracked-files=all', '--', path];
    const lines = await git(context, root, args);
    if (lines === undefined)
        throw new Error(`git could not tell what has changed in ${path}.`);
    return lines
        .join('\n')
        .split('\0')
        .filter((entry) => entry !== '')
        .map((entry) => entry.slice(3));
}
/** Names, kinds, executable bits and contents of everything at a path, without git's own folder. */
async function filesHash(path) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    await addFiles(hash, path, '');
    return hash.digest('hex');
}
async function addFiles(hash, root, name) {
    const path = (0,external_node_path_.join)(root, name);
    const found = await (0,promises_.lstat)(path).catch(() => undefined);
    const label = JSON.stringify(name.replaceAll('\\', '/'));
    if (!found) {
        hash.update(`${label} deleted\n`);
    }
    else if (found.isSymbolicLink()) {
        hash.update(`${label} link ${JSON.stringify(await (0,promises_.readlink)(path))}\n`);
    }
    else if (found.isDirectory()) {
        for (const entry of (await (0,promises_.readdir)(path)).toSorted()) {
            if (entry !== '.git')
                await addFiles(hash, root, (0,external_node_path_.join)(name, entry));
        }
    }
    else if (found.isFile()) {
        // git keeps no other permission either.
        const kind = (found.mode & 0o100) === 0 ? 'file' : 'program';
        hash.update(`${label} ${kind} ${found.size}\n`);
        await (0,external_node_stream_promises_.pipeline)((0,external_node_fs_.createReadStream)(path), async (chunks) => {
            for await (const chunk of chunks)
                hash.update(chunk);
        });
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/fingerprint.js

const RECIPE_DIGITS = 16;
/**
 * The first 16 hexadecimal digits of all fingerprints of a recipe. By them, a run that is run again tells its image
 * from those of its other bakes, such as that for another architecture, without looking at content or base image.
 */
function recipeOf(recipe) {
    const { workingDirectory, template, variables, variableFiles, only, except, baseImage } = recipe;
    const canonical = [
        workingDirectory,
        template,
        sorted(variables),
        variableFiles,
        only.toSorted(),
        except.toSorted(),
        baseImage ?? '',
    ];
    return hash(canonical).slice(0, RECIPE_DIGITS);
}
/** Changes when the same ingredients begin to be hashed otherwise. */
const FORM = 1;
/** The content fingerprint: 64 hexadecimal digits, the same for the same ingredients on every machine. */
function fingerprintOf(recipe, ingredients) {
    const { contents, template, variableFiles, variables, only, except, baseImage, packerVersion } = ingredients;
    const canonical = [
        FORM,
        sorted(contents),
        template,
        variableFiles,
        sorted(variables),
        only.toSorted(),
        except.toSorted(),
        baseImage ?? '',
        packerVersion,
    ];
    return recipeOf(recipe) + hash(canonical).slice(RECIPE_DIGITS);
}
function hash(value) {
    return (0,external_node_crypto_.createHash)('sha256').update(JSON.stringify(value)).digest('hex');
}
function sorted(record) {
    return Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
const VARIABLE = 'PKR_VAR_';
/** What the action itself tells the template about the run. */
const OWN_VARIABLE = `${VARIABLE}immutable_deploy_`;
/** The variables of the environment that Packer gives to the template, without those of the run. */
function environmentVariables(env) {
    return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => key.startsWith(VARIABLE) && !key.startsWith(OWN_VARIABLE) && value !== undefined ? [[key, value]] : []));
}

;// CONCATENATED MODULE: ./lib/src/bake/fingerprint-paths.js


/**
 * What is looked at for the fingerprint, relative to the working directory: what the input says; else the working
 * directory. A template that takes files from outside of it makes all of the workspace count: what is left out
 * by mistake would make a changed application look like the same content.
 */
async function fingerprintPaths({ run, log }, job) {
    const { inputs, workingDirectory } = job;
    if (inputs.fingerprintPaths.length > 0)
        return inputs.fingerprintPaths;
    const outside = await namedOutside((0,external_node_path_.resolve)(workingDirectory, inputs.template), workingDirectory);
    const workspace = (0,external_node_path_.relative)(workingDirectory, run.workspace);
    if (outside.length === 0 || workspace === '')
        return ['.'];
    log.notice(`The template names files outside of working-directory (${outside.join(', ')}): all of the workspace counts for the fingerprint. Name what goes into the image in "fingerprint-paths", and fewer changes need a build.`);
    return ['.', workspace];
}
/** Paths in the template that lead out of the working directory, whether they begin there or beside the template. */
async function namedOutside(template, workingDirectory) {
    const isFolder = (await (0,promises_.stat)(template)).isDirectory();
    const folder = isFolder ? template : (0,external_node_path_.dirname)(template);
    const files = isFolder
        ? (await (0,promises_.readdir)(template))
            .filter((name) => /\.pkr\.(hcl|json)$/.test(name))
            .map((name) => (0,external_node_path_.join)(folder, name))
        : [template];
    const texts = await Promise.all(files.map((file) => (0,promises_.readFile)(file, 'utf8')));
    const named = texts.flatMap((text) => [...text.matchAll(/(?:[\w.-]+\/)*\.\.\/[\w./-]*/g)].map(([path]) => path));
    return [...new Set(named)].filter((path) => [folder, workingDirectory].some((start) => isOutside(workingDirectory, (0,external_node_path_.resolve)(start, path))));
}
const isOutside = (folder, path) => (0,external_node_path_.relative)(folder, path).startsWith('..');

;// CONCATENATED MODULE: ./lib/src/bake/compute-fingerprint.js



/** The fingerprint of what would be built now. */
async function computeFingerprint(context, job, base) {
    const { inputs, workingDirectory } = job;
    const hashOf = (path) => contentHash(context, workingDirectory, path);
    const paths = await fingerprintPaths(context, job);
    const contents = {};
    for (const path of paths)
        contents[path] = await hashOf(path);
    const variableFiles = [];
    for (const file of inputs.variableFiles)
        variableFiles.push(await hashOf(file));
    const fingerprint = fingerprintOf(inputs, {
        contents,
        template: await hashOf(inputs.template),
        variableFiles,
        variables: { ...environmentVariables(context.env), ...inputs.variables },
        only: inputs.only,
        except: inputs.except,
        baseImage: base?.id,
        packerVersion: inputs.packerVersion,
    });
    context.log.info(`Fingerprint: ${fingerprint} (of ${paths.join(', ')})`);
    if (base === undefined && inputs.reuse)
        context.log.info(`Without base-image, a newer base image is noticed only when reuse ends, after ${inputs.reuseMaxAgeDays} days.`);
    return fingerprint;
}

// EXTERNAL MODULE: ./lib/src/aws/errors.js
var aws_errors = __webpack_require__(6929);
;// CONCATENATED MODULE: ./lib/src/bake/add-tags.js


/** Adds tags to an image. Where its fifty tags are full, the oldest marks go; `leaving` go in any case. */
async function addTags(aws, log, { id, tags }, added, leaving = []) {
    const rest = Object.fromEntries(Object.entries(tags).filter(([key]) => !leaving.includes(key)));
    const old = [...leaving, ...(0,src_tags/* tagsToMakeRoom */.M5)(rest, added)];
    if (old.length > 0) {
        log.info(`The oldest marks of ${id} make room: ${old.join(', ')}.`);
        await aws.ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [id], Tags: old.map((Key) => ({ Key })) }));
    }
    await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: [id], Tags: (0,src_tags/* toTagList */.s3)(added) }));
}

;// CONCATENATED MODULE: ./lib/src/bake/adopt.js


/**
 * Makes a reused image the image of this commit, too: found by it, and counted among the images of its branch. The
 * newest ten commits are kept. Returns the tags that it did not have.
 */
async function adoptImage(context, job, aws, image) {
    const { clock, run, log } = context;
    const tags = adoptionTags(job, image, run.id, clock.now());
    if (Object.keys(tags).length > 0)
        await addTags(aws, log, image, tags, (0,src_tags/* aliasesToDrop */.jE)(image.tags, job.identity.commit));
    return tags;
}
/**
 * What the image does not say yet: the commit with its branch and this run, by which the run finds it again; the git
 * tag; and the tags that the inputs ask for.
 */
function adoptionTags({ identity, inputs }, { tags }, run, time) {
    const { commit, branch, version } = identity;
    const name = version ?? branch ?? '';
    const isOfThisRun = tags[src_tags/* TAG */.Dk.run] === identity.run &&
        tags[src_tags/* TAG */.Dk.commit] === commit &&
        (tags[src_tags/* TAG */.Dk.version] ?? tags[src_tags/* TAG */.Dk.branch] ?? '') === name;
    const isKnown = (0,src_tags/* commitAliases */.A3)(tags).some((alias) => alias.commit === commit && alias.branch === name && alias.run === run);
    const wanted = {
        ...inputs.tags,
        ...(version !== undefined && tags[src_tags/* TAG */.Dk.version] === undefined ? { [src_tags/* TAG */.Dk.version]: version } : {}),
    };
    const missing = Object.entries(wanted).filter(([key, value]) => tags[key] !== value);
    return {
        ...Object.fromEntries(missing),
        ...(isOfThisRun || isKnown ? {} : (0,src_tags/* aliasTag */.N4)({ commit, time, run, branch: name })),
    };
}

;// CONCATENATED MODULE: ./lib/src/bake/finish-image.js




const PAUSE_MS = 15_000;
/**
 * Waits until an image is available, however long its snapshots take, and tags the snapshots. The SDK's own waiter
 * gives up after ten minutes, which a large disk exceeds. `deadline` is in milliseconds since 1970; without tags,
 * none are written.
 *
 * @throws DeploymentError when AWS could not make the image, or the time is over
 */
async function finishImage(context, region, imageId, { tags, deadline }) {
    const { clock, log, signal } = context;
    const aws = context.aws.inRegion(region);
    let said = '';
    for (;;) {
        const image = await look(aws, imageId);
        const state = image?.State ?? 'not visible yet';
        if (image && state === 'available')
            return await finish(aws, image, tags);
        if (state !== 'pending' && image) {
            throw new errors/* DeploymentError */.gt(`The image ${imageId} in ${region} ended ${state}: ${image.StateReason?.Message ?? 'AWS gives no reason'}. Run the bake again.`);
        }
        if (clock.now() >= deadline) {
            throw new errors/* DeploymentError */.gt(`The image ${imageId} in ${region} was still ${state} when timeout-minutes was over. It has its tags; raise timeout-minutes for large disks.`);
        }
        const now = `${imageId} in ${region} is ${state}${await snapshotProgress(aws, image)}`;
        if (now !== said)
            log.info(now);
        said = now;
        await clock.sleep(PAUSE_MS, signal);
    }
}
/** A young image has no snapshot ids: they are read only when it is available. */
async function finish(aws, image, tags) {
    const known = finishedFrom(aws.region, image);
    if (!tags)
        return known;
    const baseImageId = tags[src_tags/* TAG */.Dk.baseImage] ?? known.baseImageId;
    const all = { ...tags, ...(baseImageId === undefined ? {} : { [src_tags/* TAG */.Dk.baseImage]: baseImageId }) };
    // A base image that only the template knows is on the image from now on.
    const isTold = known.tags[src_tags/* TAG */.Dk.baseImage] === baseImageId;
    const resources = isTold ? known.snapshotIds : [known.imageId, ...known.snapshotIds];
    if (resources.length > 0)
        await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: resources, Tags: (0,src_tags/* toTagList */.s3)(all) }));
    return { ...known, baseImageId, tags: { ...known.tags, ...all } };
}
/** An available image as EC2 describes it. */
function finishedFrom(region, image) {
    const tags = (0,src_tags/* tagsOf */.Fg)(image);
    return {
        region,
        imageId: image.ImageId ?? '',
        name: image.Name ?? '',
        created: Date.parse(image.CreationDate ?? ''),
        architecture: image.Architecture ?? '',
        snapshotIds: snapshotsOf(image),
        isEncrypted: (image.BlockDeviceMappings ?? []).some(({ Ebs }) => Ebs?.Encrypted === true),
        devices: (image.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) => Ebs && DeviceName !== undefined ? [DeviceName] : []),
        baseImageId: tags[src_tags/* TAG */.Dk.baseImage] ?? image.SourceImageId,
        tags,
    };
}
function snapshotsOf(image) {
    return (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}
/** `undefined` while AWS does not show a young image yet, or could not be asked. */
async function look(aws, imageId) {
    try {
        const { Images: [image] = [] } = await aws.ec2.send(new dist_cjs/* DescribeImagesCommand */.ji5({ ImageIds: [imageId] }));
        return image;
    }
    catch (error) {
        if ((0,errors/* errorCode */.CA)(error) === 'InvalidAMIID.NotFound' || (0,aws_errors.isTransient)(error))
            return undefined;
        throw error;
    }
}
/** How far the copying of the disks is; it is only said, so that no answer is no trouble. */
async function snapshotProgress(aws, image) {
    const ids = image ? snapshotsOf(image) : [];
    if (ids.length === 0)
        return '';
    try {
        const { Snapshots = [] } = await aws.ec2.send(new dist_cjs/* DescribeSnapshotsCommand */.MmI({ SnapshotIds: ids }));
        return `: ${Snapshots.map(({ SnapshotId, Progress }) => `${SnapshotId} ${Progress || '0%'}`).join(', ')}`;
    }
    catch {
        return '';
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/copy-images.js








/**
 * Gives every Region of `copy-to-regions` a copy, and waits for them, however long. A copy has the tags from its
 * first moment on. One that is there already is this commit's as well; one that has failed is made again. Copies are
 * added to `images`, also when another Region's fails.
 *
 * @throws DeploymentError that names each Region without a copy
 */
async function copyImages(context, job, images) {
    const { aws, signal } = context;
    const home = images.some(({ region }) => region === aws.region) ? aws.region : images[0]?.region;
    const sources = images.filter(({ region }) => region === home);
    const there = new Set(images.map(({ region }) => region));
    const wanted = [...new Set(job.inputs.copyToRegions)]
        .filter((region) => !there.has(region))
        .flatMap((region) => sources.map((source) => ({ region, source })));
    const outcomes = await Promise.allSettled(wanted.map(({ region, source }) => copyTo(context, job, source, aws.inRegion(region))));
    signal.throwIfAborted();
    const problems = [];
    for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled')
            images.push(outcome.value);
        else
            problems.push(`${wanted[index]?.region}: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(outcome.reason))}`);
    }
    if (problems.length > 0)
        throw new errors/* DeploymentError */.gt(`${sources.map(({ imageId }) => imageId).join(', ')} has no copy in these Regions. ${problems.join(' ')} If AWS speaks of a key, look at "kms-key-ids" and at the key's policy.`);
}
async function copyTo(context, job, source, aws) {
    const { copy, failed } = await findCopies(aws, source);
    // Their names would be in the way.
    for (const ImageId of failed)
        await aws.ec2.send(new dist_cjs/* DeregisterImageCommand */.x2c({ ImageId, DeleteAssociatedSnapshots: true }));
    const known = copy ?? (await startCopy(context, job, source, aws, failed));
    if (typeof known !== 'string') {
        context.log.info(`${aws.region}: ${known.ImageId} is there.`);
        await adoptImage(context, job, aws, (0,src_image/* imageFrom */.mn)(known));
    }
    const imageId = typeof known === 'string' ? known : (known.ImageId ?? '');
    const finished = await finishImage(context, aws.region, imageId, {
        tags: undefined,
        deadline: job.deadline,
    });
    return { ...finished, baseImageId: source.baseImageId };
}
/** The copy that is there or on its way, and those that came to nothing. */
async function findCopies(aws, { imageId, tags }) {
    const Filters = [
        { Name: 'source-image-id', Values: [imageId] },
        (0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, tags[src_tags/* TAG */.Dk.application] ?? ''),
    ];
    const found = [];
    for await (const page of (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, { Owners: ['self'], Filters }))
        found.push(...(page.Images ?? []));
    return {
        copy: found.find((image) => (image.State === 'available' || image.State === 'pending') &&
            (0,src_tags/* tagsOf */.Fg)(image)[src_tags/* TAG */.Dk.quarantined] === undefined),
        failed: found.flatMap(({ State, ImageId }) => (State === 'failed' ? (ImageId ?? []) : [])),
    };
}
/** Codes of the answer to a copy that somebody else has just begun. */
const BEGUN = new Set(['InvalidAMIName.Duplicate', 'IdempotentParameterMismatch']);
/** The id of a new copy; or the copy that an identical bake began a moment before. */
async function startCopy({ log }, { inputs }, source, aws, failed) {
    const key = inputs.kmsKeyIds[aws.region];
    const snapshotTags = { ...inputs.tags, ...(0,src_tags/* identityIn */.K2)(source.tags) };
    try {
        const { ImageId = '' } = await aws.ec2.send(new dist_cjs/* CopyImageCommand */.SDF({
            SourceRegion: source.region,
            SourceImageId: source.imageId,
            Name: source.name,
            Description: `Copy of ${source.imageId} in ${source.region}`,
            ...(key === undefined ? {} : { Encrypted: true, KmsKeyId: key }),
            // When an answer is lost, the same question gets the same copy, and not that which has failed.
            ClientToken: tokenOf([source.imageId, aws.region, key ?? '', ...failed]),
            TagSpecifications: [
                { ResourceType: 'image', Tags: (0,src_tags/* toTagList */.s3)((0,src_tags/* withoutMarks */.zw)(source.tags)) },
                { ResourceType: 'snapshot', Tags: (0,src_tags/* toTagList */.s3)(snapshotTags) },
            ],
        }));
        log.info(`${aws.region}: ${ImageId} is being made.`);
        return ImageId;
    }
    catch (error) {
        const { copy } = BEGUN.has((0,errors/* errorCode */.CA)(error)) ? await findCopies(aws, source) : { copy: undefined };
        if (!copy)
            throw error;
        return copy;
    }
}
const tokenOf = (parts) => (0,external_node_crypto_.createHash)('sha256').update(parts.join(' ')).digest('hex');

;// CONCATENATED MODULE: ./lib/src/bake/progress.js
/** Runs steps in their order, and stops at the first that fails: each builds on those before it. */
async function runSteps({ log, signal }, steps) {
    const results = steps.map(({ title }) => ({ title, state: 'not begun' }));
    for (const [index, { title, run }] of steps.entries()) {
        try {
            await log.group(title, run);
            results[index] = { title, state: 'done' };
        }
        catch (failure) {
            signal.throwIfAborted();
            results[index] = { title, state: 'failed' };
            return { steps: results, failure };
        }
    }
    return { steps: results };
}

;// CONCATENATED MODULE: ./lib/src/bake/protect.js

const DAY = 24 * 3600 * 1000;
/** From when on EC2 calls the images deprecated: so many days from now, also for images that are reused. */
async function deprecateImages({ aws, clock, log }, days, images) {
    const DeprecateAt = new Date(clock.now() + days * DAY);
    for (const { region, imageId } of images)
        await aws.inRegion(region).ec2.send(new dist_cjs/* EnableImageDeprecationCommand */.cJk({ ImageId: imageId, DeprecateAt }));
    log.info(`Deprecated from ${DeprecateAt.toISOString()} on.`);
}
/** Nobody deregisters the images before the protection is taken away again. */
async function protectImages({ aws }, images) {
    for (const { region, imageId } of images)
        await aws.inRegion(region).ec2.send(new dist_cjs/* EnableImageDeregistrationProtectionCommand */.BxO({ ImageId: imageId }));
}

;// CONCATENATED MODULE: ./lib/src/bake/the-image.js

/**
 * The image of a Region, for what can be done with one only.
 *
 * @throws DeploymentError when the sources of the template made several there
 */
function theImage(images, region) {
    const [image, ...others] = images.filter((one) => one.region === region);
    if (image && others.length === 0)
        return image;
    const ids = images.filter((one) => one.region === region).map(({ imageId }) => imageId);
    throw new errors/* DeploymentError */.gt(`The template made ${ids.length} images in ${region} (${ids.join(', ')}), and only one can be meant. Bake one at a time with "only", for example in a job for each architecture.`);
}

;// CONCATENATED MODULE: ./lib/src/bake/publish.js





/** The data type with which Parameter Store looks whether the image is there. */
const IMAGE_TYPE = 'aws:ec2:image';
const PATIENCE_MS = 120_000;
const publish_PAUSE_MS = 2_000;
/**
 * Writes each image's id into the parameter of its Region, and reads it back until it is there.
 *
 * @throws DeploymentError when Parameter Store did not take it
 */
async function publishImages(context, name, images) {
    for (const region of new Set(images.map((image) => image.region)))
        await publish(context, context.aws.inRegion(region), name, theImage(images, region).imageId);
}
async function publish(context, aws, name, imageId) {
    const { log } = context;
    const before = await readParameter(aws, name);
    if (before?.Value === imageId) {
        log.info(`${name} in ${aws.region} says ${imageId} already.`);
        return;
    }
    await warnOfUsers(context, aws, name, imageId);
    const isPlain = before !== undefined && before.DataType !== IMAGE_TYPE;
    if (isPlain)
        log.notice(`${name} in ${aws.region} is plain text, which cannot be changed: AWS does not check that it holds an image.`);
    const { Version = 0 } = await aws.ssm.send(new client_ssm_dist_cjs/* PutParameterCommand */.ihh({
        Name: name,
        Value: imageId,
        Type: 'String',
        Overwrite: true,
        ...(isPlain ? {} : { DataType: IMAGE_TYPE }),
    }));
    await readBack(context, aws, name, { imageId, version: Version });
    log.info(`${name} in ${aws.region}: ${before?.Value ?? '(new)'} → ${imageId}`);
}
/** PutParameter answers before the image was looked at: what it refuses then never appears, and nobody is told. */
async function readBack({ log, clock, signal }, aws, name, { imageId, version }) {
    const end = clock.now() + PATIENCE_MS;
    for (;;) {
        const now = await readParameter(aws, name);
        if (now?.Value === imageId)
            return;
        if ((now?.Version ?? 0) > version) {
            log.warning(`${name} in ${aws.region} has been set to ${now?.Value} meanwhile, by somebody else.`);
            return;
        }
        if (clock.now() >= end)
            throw new errors/* DeploymentError */.gt(`The parameter ${name} in ${aws.region} still says ${now?.Value ?? 'nothing'} and not ${imageId}. Parameter Store takes an image only when the role may call ec2:DescribeImages; look at the parameter's history and its events.`);
        await clock.sleep(publish_PAUSE_MS, signal);
    }
}
/** The parameter as it is; `undefined` when there is none. */
async function readParameter(aws, name) {
    try {
        return (await aws.ssm.send(new client_ssm_dist_cjs/* GetParameterCommand */.lhy({ Name: name }))).Parameter;
    }
    catch (error) {
        if ((0,errors/* errorCode */.CA)(error) === 'ParameterNotFound')
            return undefined;
        throw error;
    }
}
/** Whoever launches from a template that takes its image from the parameter gets the new one at once, unpromoted. */
async function warnOfUsers({ log }, aws, name, imageId) {
    const users = [];
    try {
        const pages = (0,dist_cjs/* paginateDescribeLaunchTemplateVersions */.ZY3)({ client: aws.ec2 }, { Versions: ['$Latest', '$Default'] });
        for await (const { LaunchTemplateVersions = [] } of pages) {
            for (const { LaunchTemplateName, VersionNumber, LaunchTemplateData } of LaunchTemplateVersions) {
                if (takesImageFrom(LaunchTemplateData?.ImageId ?? '', name))
                    users.push(`${LaunchTemplateName} (version ${VersionNumber})`);
            }
        }
    }
    catch (error) {
        if (!(0,aws_errors.isAccessDenied)(error))
            throw error;
        log.notice(`Whether launch templates take their image from ${name} is unknown: allow ec2:DescribeLaunchTemplateVersions to be told.`);
    }
    if (users.length > 0)
        log.warning(`These launch templates in ${aws.region} take their image from the parameter ${name}: ${[...new Set(users)].join(', ')}. Whatever is launched from them gets ${imageId} from now on, without a promotion.`);
}
/** `resolve:ssm:<name>`, also with a version or label, or by the parameter's ARN. */
function takesImageFrom(image, name) {
    const parameter = /^resolve:ssm:(.+)$/.exec(image)?.[1]?.replace(/^arn:[^/]*:parameter(?=\/)/, '');
    return parameter !== undefined && (parameter === name || parameter.startsWith(`${name}:`));
}

;// CONCATENATED MODULE: ./lib/src/bake/share.js



/**
 * Lets others launch the images of all Regions, and accounts copy them where that was asked for. Nobody loses a
 * permission that is there already.
 *
 * @throws DeploymentError with the reason when AWS refuses
 */
async function shareImages({ aws, log }, { shareWith, shareSnapshots }, images) {
    const accounts = shareWith.filter(isAccount);
    const others = shareWith.filter((entry) => !isAccount(entry));
    const Add = shareWith.map(permissionFor);
    for (const { region, imageId, snapshotIds } of images) {
        const { ec2 } = aws.inRegion(region);
        await refusedWithReason(`${imageId} in ${region}`, () => ec2.send(new dist_cjs/* ModifyImageAttributeCommand */.FE3({ ImageId: imageId, LaunchPermission: { Add } })));
        for (const SnapshotId of shareSnapshots ? snapshotIds : [])
            await refusedWithReason(`${SnapshotId} in ${region}`, () => ec2.send(new dist_cjs/* ModifySnapshotAttributeCommand */.KD0({
                SnapshotId,
                CreateVolumePermission: { Add: accounts.map((UserId) => ({ UserId })) },
            })));
    }
    if (shareSnapshots && others.length > 0)
        log.notice(`The snapshots are shared with the accounts only: AWS shares them with no organisation (${others.join(', ')} can launch the image).`);
    if (images.some(({ isEncrypted }) => isEncrypted))
        log.notice('The disks are encrypted: the others need the key as well. Allow their accounts kms:CreateGrant, kms:Decrypt, kms:DescribeKey, kms:GenerateDataKey* and kms:ReEncrypt* in its policy; Auto Scaling needs a grant for its service-linked role in each account.');
}
function permissionFor(entry) {
    if (isAccount(entry))
        return { UserId: entry };
    return entry.includes(':ou/') ? { OrganizationalUnitArn: entry } : { OrganizationArn: entry };
}
/** The codes with which EC2 refuses images and snapshots that are encrypted with the key that AWS keeps for EBS. */
const OWN_KEY = new Set(['InvalidParameter', 'OperationNotPermitted']);
async function refusedWithReason(what, share) {
    try {
        await share();
    }
    catch (error) {
        if (!OWN_KEY.has((0,errors/* errorCode */.CA)(error)))
            throw error;
        throw new errors/* DeploymentError */.gt(`AWS does not share ${what}: ${(0,errors/* messageOf */.bD)(error)} Disks that are encrypted with AWS's own key for EBS cannot be shared: encrypt the image with a key of your own (kms_key_id in the template, "kms-key-ids" for copies), or not at all.`, { cause: error });
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/deliver.js





/**
 * Brings an image that is there and tested to those who wait for it. Running it again goes on where it ended. It does
 * not reject for what fails on the way: the images are there all the same, and the report says what is not finished.
 */
async function deliver(context, job, obtained) {
    const images = [...obtained.images];
    const progress = await runSteps(context, deliverySteps(context, job, images));
    return { ...obtained, images, progress };
}
/** What there is to do, in its order. The copies are added to `images`, so that what follows is done to them as well. */
function deliverySteps(context, job, images) {
    const { copyToRegions, shareWith, ssmParameter, deprecateAfterDays, deregistrationProtection } = job.inputs;
    const steps = [];
    const add = (title, run) => void steps.push({ title, run });
    if (copyToRegions.length > 0)
        add(`Copy to ${copyToRegions.join(', ')}`, () => copyImages(context, job, images));
    if (shareWith.length > 0)
        add(`Share with ${shareWith.join(', ')}`, () => shareImages(context, job.inputs, images));
    if (ssmParameter !== undefined)
        add(`Publish in the parameter ${ssmParameter}`, () => publishImages(context, ssmParameter, images));
    if (deprecateAfterDays !== undefined)
        add(`Deprecate after ${deprecateAfterDays} days`, () => deprecateImages(context, deprecateAfterDays, images));
    if (deregistrationProtection)
        add('Protect from being deregistered', () => protectImages(context, images));
    return steps;
}

;// CONCATENATED MODULE: ./lib/src/bake/reusable.js


const reusable_DAY = 24 * 3600 * 1000;
/** The image that this very run made or reused, in an earlier attempt; its age does not matter. */
function imageOfRun(images, rule) {
    return best(images.filter((image) => isGood(image, rule)));
}
/** The newest image of the same content that is neither too old nor bad. One that is ready beats a newer pending one. */
function imageOfContent(images, rule) {
    const oldest = rule.now - rule.maxAgeDays * reusable_DAY;
    return best(images.filter((image) => isGood(image, rule) && image.created >= oldest));
}
/** Neither gone nor bad: an image that a bake may return. */
function isGood({ state, tags }, { untested }) {
    if (state !== 'available' && state !== 'pending')
        return false;
    const quarantined = tags[src_tags/* TAG */.Dk.quarantined];
    return quarantined === undefined || (untested && (0,src_tags/* isUnfinished */.ui)(quarantined, 'smoke test'));
}
function best(images) {
    const byAge = images.toSorted(src_image/* newestFirst */.ll);
    return byAge.find(({ state }) => state === 'available') ?? byAge[0];
}

;// CONCATENATED MODULE: ./lib/src/bake/find-reusable.js






/**
 * A run that is run again gets the image of its earlier attempt: approvals and later jobs rely on it, and a moved base
 * image must not change what was approved. `undefined` for a first attempt, or without such an image.
 */
async function findImageOfRun(context, job) {
    const { run, log } = context;
    if (run.attempt <= 1 || job.inputs.rebuild)
        return undefined;
    const alias = {
        Name: `tag:${src_tags/* COMMIT_ALIAS */.LA}${job.identity.commit}`,
        Values: [`* ${run.id} *`, `* ${run.id}`],
    };
    const found = await Promise.all([(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.run, run.url), alias].map((filter) => find_reusable_images(context, job, filter)));
    const ofRecipe = found.flat().filter((image) => image.tags[src_tags/* TAG */.Dk.fingerprint]?.startsWith(job.recipe));
    const untested = job.inputs.smokeTest !== 'none';
    const image = await withBuild(context, job, imageOfRun(ofRecipe, { untested }), { untested });
    if (image)
        log.notice(`This is attempt ${run.attempt} of the run: its image is ${(0,src_image/* describeImage */.hu)(image)}.`);
    return image;
}
/**
 * The image that was made of the same content. `alone` says that no other bake of it is under way: then an image whose
 * smoke test was broken off can be tested again.
 */
async function findImageOfContent(context, job, fingerprint, { alone }) {
    const { reuse, rebuild, reuseMaxAgeDays, smokeTest } = job.inputs;
    if (!reuse || rebuild)
        return undefined;
    const found = await find_reusable_images(context, job, (0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.fingerprint, fingerprint));
    const rule = {
        now: context.clock.now(),
        maxAgeDays: reuseMaxAgeDays,
        untested: alone && smokeTest !== 'none',
    };
    const image = await withBuild(context, job, imageOfContent(found, rule), rule);
    if (image)
        context.log.info(`${(0,src_image/* describeImage */.hu)(image)} was made of the same content.`);
    return image;
}
/** The image with those of the same build, for other architectures or Regions; not, when one of them is gone. */
async function withBuild({ aws, log }, job, image, rule) {
    if (image?.tags[src_tags/* TAG */.Dk.images] === undefined)
        return image;
    const places = siblingsIn(image.tags, { region: aws.region, imageId: image.id });
    if (!places)
        return undefined;
    const build = [];
    for (const { region, imageId } of places) {
        const filter = { Name: 'image-id', Values: [imageId] };
        const found = imageOfRun(await find_reusable_images({ aws: aws.inRegion(region) }, job, filter), rule);
        if (!found?.finished) {
            log.info(`${image.id} is not reused: ${imageId} in ${region}, of the same build, is gone or no good.`);
            return undefined;
        }
        build.push(found.finished);
    }
    return { ...image, build };
}
async function find_reusable_images({ aws }, { identity }, filter) {
    const Filters = [(0,src_tags/* tagFilter */.fB)(src_tags/* TAG */.Dk.application, identity.application), filter];
    const found = [];
    for await (const { Images = [] } of (0,dist_cjs/* paginateDescribeImages */.XiR)({ client: aws.ec2 }, { Owners: ['self'], Filters })) {
        for (const image of Images)
            found.push({
                ...(0,src_image/* imageFrom */.mn)(image),
                ...(image.State === 'available' ? { finished: finishedFrom(aws.region, image) } : {}),
            });
    }
    return found;
}

// EXTERNAL MODULE: ./lib/src/bake/builder-mark.js
var builder_mark = __webpack_require__(8175);
;// CONCATENATED MODULE: ./lib/src/bake/job.js




async function jobOf(inputs, context) {
    const started = context.clock.now();
    const deadline = started + inputs.timeoutMinutes * 60_000;
    const workingDirectory = (0,external_node_path_.resolve)(context.run.workspace, inputs.workingDirectory);
    const identity = await identityOf(inputs, context, workingDirectory);
    return {
        inputs,
        workingDirectory,
        identity,
        recipe: recipeOf(inputs),
        builder: (0,builder_mark/* builderMark */.l)({ run: context.run, until: deadline, id: (0,external_node_crypto_.randomBytes)(4).toString('hex') }),
        started,
        deadline,
    };
}
/** The image is of the commit that is checked out, which a workflow can choose: not always of the run's. */
async function identityOf(inputs, context, workingDirectory) {
    const { run, clock, log } = context;
    const commit = (await context.checkedOut(workingDirectory)) ?? run.commit;
    if (commit !== run.commit)
        log.notice(`The workspace has commit ${commit} checked out, not ${run.commit} of the run: the image is of ${commit}.`);
    return {
        application: inputs.application ?? run.repository,
        commit,
        built: clock.now(),
        run: run.url,
        ...(run.branch === undefined ? {} : { branch: run.branch }),
        ...(run.version === undefined ? {} : { version: run.version }),
    };
}

// EXTERNAL MODULE: ./lib/src/bake/clean-up.js + 2 modules
var clean_up = __webpack_require__(902);
// EXTERNAL MODULE: ./lib/src/bake/lock.js
var lock = __webpack_require__(1195);
;// CONCATENATED MODULE: ./lib/src/bake/smoke-checks.js




const passed = { kind: 'passed' };
const failed = (reason) => ({ kind: 'failed', reason });
const untried = (reason) => ({ kind: 'untried', reason });
const MINUTE = 60_000;
const STATUS_MS = 15 * MINUTE;
/** A system that does not answer its network may be in the middle of a restart. */
const IMPAIRED_MS = 3 * MINUTE;
const AGENT_MS = 10 * MINUTE;
const COMMAND_SECONDS = 600;
const PAGE_MS = 5 * MINUTE;
const smoke_checks_PAUSE_MS = 5_000;
/** Waits for EC2's two status checks. */
async function checkStatus(context, subject) {
    const { aws, instanceId } = subject;
    let impairedSince;
    let last = 'unknown';
    const verdict = await smoke_checks_patiently(context, subject, STATUS_MS, async () => {
        const { InstanceStatuses: [found] = [] } = await aws.ec2.send(new dist_cjs/* DescribeInstanceStatusCommand */.o0z({ InstanceIds: [instanceId], IncludeAllInstances: true }));
        const state = found?.InstanceState?.Name;
        if (state !== undefined && state !== 'pending' && state !== 'running')
            return await endOf(aws, instanceId, state);
        const checks = [found?.SystemStatus?.Status, found?.InstanceStatus?.Status];
        last = checks.join(', ');
        if (checks.every((check) => check === 'ok'))
            return passed;
        impairedSince = checks.includes('impaired') ? (impairedSince ?? context.clock.now()) : undefined;
        if (impairedSince !== undefined && context.clock.now() - impairedSince >= IMPAIRED_MS)
            return failed(`the status checks of the instance fail (system, instance: ${last})`);
        return undefined;
    });
    return verdict ?? failed(`the status checks did not pass in time (system, instance: ${last})`);
}
/** Only a system that shuts itself down is at fault: keys, quotas, AWS and other people end instances as well. */
async function endOf(aws, instanceId, state) {
    const { Reservations: [found] = [] } = await aws.ec2.send(new dist_cjs/* DescribeInstancesCommand */.bNs({ InstanceIds: [instanceId] }));
    const { Code = 'no reason given', Message } = found?.Instances?.[0]?.StateReason ?? {};
    const reason = `(${state}: ${Message ?? Code})`;
    return Code === 'Client.InstanceInitiatedShutdown'
        ? failed(`the system of the instance shut itself down ${reason}`)
        : untried(`the instance was ended in the middle of the test ${reason}`);
}
/** Runs a command through Systems Manager; it has to end with exit code 0. */
async function checkCommand(context, subject, command) {
    const { aws, instanceId } = subject;
    const platform = await smoke_checks_patiently(context, subject, AGENT_MS, async () => {
        const { InstanceInformationList: [info] = [] } = await aws.ssm.send(new client_ssm_dist_cjs/* DescribeInstanceInformationCommand */.MXw({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }));
        return info?.PingStatus === 'Online' ? (info.PlatformType ?? 'Linux') : undefined;
    });
    if (platform === undefined)
        return untried(`the agent of Systems Manager never reported: the image needs it, the instance a profile with AmazonSSMManagedInstanceCore ("smoke-test-instance-profile"), and its subnet a way to Systems Manager`);
    const { Command } = await aws.ssm.send(new client_ssm_dist_cjs/* SendCommandCommand */.VWR({
        InstanceIds: [instanceId],
        DocumentName: platform === 'Windows' ? 'AWS-RunPowerShellScript' : 'AWS-RunShellScript',
        Comment: 'immutable-deploy smoke test',
        Parameters: { commands: command.split('\n'), executionTimeout: [String(COMMAND_SECONDS)] },
    }));
    const id = { CommandId: Command?.CommandId ?? '', InstanceId: instanceId };
    const verdict = await smoke_checks_patiently(context, subject, COMMAND_SECONDS * 1000 + MINUTE, async () => {
        const { Status, ...rest } = await aws.ssm.send(new client_ssm_dist_cjs/* GetCommandInvocationCommand */.ryN(id));
        if (Status === 'Pending' || Status === 'InProgress' || Status === 'Delayed')
            return undefined;
        for (const text of [rest.StandardOutputContent, rest.StandardErrorContent]) {
            if (text)
                context.log.info(text.trimEnd());
        }
        if (Status === 'Success')
            return passed;
        const said = rest.StandardErrorContent?.trim().split('\n').at(-1);
        return failed(`the command ended ${Status} with exit code ${rest.ResponseCode}${said ? `: ${said}` : ''}`);
    });
    return verdict ?? failed('the command did not end in time');
}
const PROBE_MS = 10_000;
/** Asks for a page until it answers as it should. Whoever refuses is there; whoever is silent may be out of reach. */
async function checkPage(context, subject, address) {
    const url = await addressOf(subject, address);
    if (url === undefined)
        return untried('the instance has no public address: use {private-ip} in "smoke-test-url", or another subnet');
    let last = untried(`${url} was not asked`);
    const verdict = await smoke_checks_patiently(context, subject, PAGE_MS, async () => {
        last = await probe(context, url);
        return last.kind === 'passed' ? last : undefined;
    });
    return verdict ?? last;
}
async function addressOf({ aws, instanceId }, address) {
    const { Reservations: [found] = [] } = await aws.ec2.send(new dist_cjs/* DescribeInstancesCommand */.bNs({ InstanceIds: [instanceId] }));
    const { PrivateIpAddress = '', PublicIpAddress } = found?.Instances?.[0] ?? {};
    const full = address.startsWith('/') ? `http://{private-ip}${address}` : address;
    if (full.includes('{public-ip}') && !PublicIpAddress)
        return undefined;
    return full.replaceAll('{private-ip}', PrivateIpAddress).replaceAll('{public-ip}', PublicIpAddress ?? '');
}
async function probe({ fetch, signal }, url) {
    try {
        const { ok, status } = await fetch(url, {
            signal: AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]),
        });
        return ok ? passed : failed(`${url} answers ${status}`);
    }
    catch (error) {
        signal.throwIfAborted();
        // What went wrong with the connection is told as the cause of "fetch failed".
        const cause = error instanceof Error ? (error.cause ?? error) : error;
        const code = Reflect.get(Object(cause), 'code');
        return /ECONNREFUSED|ECONNRESET/.test(`${code} ${(0,errors/* messageOf */.bD)(cause)}`)
            ? failed(`${url} refuses the connection`)
            : untried(`${url} cannot be reached from the runner (${(0,errors/* messageOf */.bD)(cause)})`);
    }
}
/** Looks again and again; `undefined` when the time is over. An outage of an API says nothing about the image. */
async function smoke_checks_patiently({ clock, signal }, { deadline }, patienceMs, look) {
    const end = Math.min(deadline, clock.now() + patienceMs);
    for (;;) {
        try {
            const seen = await look();
            if (seen !== undefined)
                return seen;
        }
        catch (error) {
            signal.throwIfAborted();
            if (!(0,aws_errors.isTransient)(error) && !NOT_YET.has((0,errors/* errorCode */.CA)(error)))
                throw error;
        }
        if (clock.now() >= end)
            return undefined;
        await clock.sleep(smoke_checks_PAUSE_MS, signal);
    }
}
/** Something that was made a moment before, and is not known everywhere yet. */
const NOT_YET = new Set(['InvalidInstanceID.NotFound', 'InvocationDoesNotExist']);

;// CONCATENATED MODULE: ./lib/src/bake/test-instance.js



/**
 * The settings that the inputs give, else the launch template that they name. User data come from the input alone:
 * those of a template would make the instance a member of its environment.
 *
 * @throws ConfigurationError when the template or the subnet is not there
 */
async function launchSettings(aws, inputs) {
    const { smokeTestSubnet, smokeTestInstanceType: type, smokeTestUserData } = inputs;
    if (smokeTestSubnet !== undefined)
        await refuseMissingSubnet(aws, smokeTestSubnet);
    const template = await templateData(aws, inputs.smokeTestLaunchTemplate);
    const { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit } = template.MetadataOptions ?? {};
    const InstanceType = type !== undefined && isInstanceType(type) ? type : template.InstanceType;
    const profile = profileOf(inputs.smokeTestInstanceProfile) ?? template.IamInstanceProfile;
    return {
        ...networkOf(template, smokeTestSubnet),
        ...(InstanceType === undefined ? {} : { InstanceType }),
        ...(profile === undefined ? {} : { IamInstanceProfile: profile }),
        ...(template.MetadataOptions === undefined
            ? {}
            : { MetadataOptions: { HttpEndpoint, HttpTokens, HttpPutResponseHopLimit } }),
        ...(smokeTestUserData === undefined
            ? {}
            : { UserData: Buffer.from(smokeTestUserData).toString('base64') }),
    };
}
/** By its form: AWS has more types than this version of the SDK knows. */
const isInstanceType = (name) => name.includes('.');
function profileOf(profile) {
    if (profile === undefined)
        return undefined;
    return profile.startsWith('arn:') ? { Arn: profile } : { Name: profile };
}
/** A request with network interfaces has its subnet and security groups there, and nowhere else. */
function networkOf({ NetworkInterfaces: [first] = [], SecurityGroupIds = [] }, subnet) {
    if (!first)
        return {
            ...(subnet === undefined ? {} : { SubnetId: subnet }),
            ...(SecurityGroupIds.length === 0 ? {} : { SecurityGroupIds }),
        };
    const SubnetId = subnet ?? first.SubnetId;
    return {
        NetworkInterfaces: [
            {
                DeviceIndex: 0,
                DeleteOnTermination: true,
                ...(SubnetId === undefined ? {} : { SubnetId }),
                ...(first.Groups === undefined ? {} : { Groups: first.Groups }),
                ...(first.AssociatePublicIpAddress === undefined
                    ? {}
                    : { AssociatePublicIpAddress: first.AssociatePublicIpAddress }),
            },
        ],
    };
}
async function templateData(aws, input) {
    if (input === undefined)
        return {};
    const [name = '', version = '$Default'] = input.split(':');
    const which = /^lt-[0-9a-f]+$/.test(name) ? { LaunchTemplateId: name } : { LaunchTemplateName: name };
    try {
        const { LaunchTemplateVersions: [found] = [] } = await aws.ec2.send(new dist_cjs/* DescribeLaunchTemplateVersionsCommand */.Ptd({ ...which, Versions: [version] }));
        if (found?.LaunchTemplateData)
            return found.LaunchTemplateData;
    }
    catch (error) {
        if (!(0,errors/* errorCode */.CA)(error).startsWith('InvalidLaunchTemplate'))
            throw error;
    }
    throw new errors/* ConfigurationError */.j1([
        `There is no launch template ${name} with the version ${version} in ${aws.region}: check the input "smoke-test-launch-template".`,
    ]);
}
async function refuseMissingSubnet(aws, subnet) {
    try {
        await aws.ec2.send(new dist_cjs/* DescribeSubnetsCommand */.jSW({ SubnetIds: [subnet] }));
    }
    catch (error) {
        if (!/^InvalidSubnetI[dD]\./.test((0,errors/* errorCode */.CA)(error)))
            throw error;
        throw new errors/* ConfigurationError */.j1([`There is no subnet ${subnet} in ${aws.region}: check the input "smoke-test-subnet".`], { cause: error });
    }
}
/** Small types that are there in nearly every zone. */
const DEFAULT_TYPES = { x86_64: 't3.micro', arm64: 't4g.micro' };
/**
 * Launches one instance of the image. It ends itself when its system shuts down, its disks go with it, and it carries
 * the mark by which it is found and removed if we do not come to that.
 *
 * @returns its id
 */
async function launchTestInstance(aws, image, settings, { builder, application }) {
    const InstanceType = settings.InstanceType ?? DEFAULT_TYPES[image.architecture];
    if (InstanceType === undefined)
        throw new errors/* DeploymentError */.gt(`There is no usual instance type for ${image.architecture}: give "smoke-test-instance-type".`);
    const marks = [
        { Key: src_tags/* TAG */.Dk.run, Value: builder },
        { Key: src_tags/* TAG */.Dk.application, Value: application },
        { Key: 'Name', Value: 'immutable-deploy smoke test' },
    ];
    const { Instances: [instance] = [] } = await aws.ec2.send(new dist_cjs/* RunInstancesCommand */.zq7({
        ImageId: image.imageId,
        MinCount: 1,
        MaxCount: 1,
        ...settings,
        InstanceType,
        InstanceInitiatedShutdownBehavior: 'terminate',
        BlockDeviceMappings: image.devices.map((DeviceName) => ({
            DeviceName,
            Ebs: { DeleteOnTermination: true },
        })),
        TagSpecifications: [
            { ResourceType: 'instance', Tags: marks },
            { ResourceType: 'volume', Tags: marks },
        ],
    }));
    return instance?.InstanceId ?? '';
}
async function terminateTestInstance(aws, instanceId) {
    await aws.ec2.send(new dist_cjs/* TerminateInstancesCommand */.NaF({ InstanceIds: [instanceId] }));
}
/** How much of the console goes into the log; EC2 keeps 64 KiB. */
const CONSOLE_LINES = 40;
/** The last lines of the console; none when there is nothing, or it cannot be had. */
async function consoleTail(aws, InstanceId) {
    for (const Latest of [true, false]) {
        try {
            const { Output = '' } = await aws.ec2.send(
            // Instances that are not on Nitro know no latest output, only that of some minutes ago.
            new dist_cjs/* GetConsoleOutputCommand */.Olx({ InstanceId, ...(Latest ? { Latest } : {}) }));
            const lines = Buffer.from(Output, 'base64').toString().trimEnd().split(/\r?\n/);
            if (Output !== '')
                return lines.slice(-CONSOLE_LINES);
        }
        catch {
            // It only helps to understand: what is wrong is told without it.
        }
    }
    return [];
}

;// CONCATENATED MODULE: ./lib/src/bake/smoke-test.js







/** Whether an image still has to be tested: every kind of test has the status checks in it. */
function isUntested(smokeTest, tags) {
    if (smokeTest === 'none')
        return false;
    const done = (0,src_tags/* readMark */.Mp)(tags[src_tags/* TAG */.Dk.smokeTested])?.text;
    return done === undefined || (smokeTest !== 'status' && done !== smokeTest);
}
/**
 * Tries images before anything else happens to them: boots an instance, waits for its status checks, and runs or asks
 * what was asked for. Those of one Region are tried, one for each architecture; the others are copies of them.
 *
 * @returns the images with what is known about them now
 * @throws DeploymentError when one failed, and all are quarantined; or when it could not be tried
 */
async function smokeTest(context, job, images) {
    const { aws, log } = context;
    if (!images.some(({ tags }) => isUntested(job.inputs.smokeTest, tags)))
        return images;
    const region = images.some((image) => image.region === aws.region) ? aws.region : images[0]?.region;
    for (const image of images.filter((one) => one.region === region)) {
        const { verdict, tail } = await log.group(`Smoke test of ${image.imageId}`, () => tryImage(context, job, image));
        switch (verdict.kind) {
            case 'passed':
                continue;
            case 'untried':
                throw new errors/* DeploymentError */.gt(`The smoke test of ${image.imageId} could not be made: ${verdict.reason}. Nothing is known about the image. Run the bake again when that is mended: the image is tested then, not built again.`);
            case 'failed':
                throw await convict(context, { images, image }, verdict.reason, tail);
        }
    }
    return await Promise.all(images.map((one) => acquit(context, job, one)));
}
/** All images of a build are one thing: none of them is usable when one is not. */
async function convict({ aws, log, clock }, { images, image }, reason, tail) {
    const mark = { [src_tags/* TAG */.Dk.quarantined]: (0,src_tags/* markValue */.nj)(clock.now(), `smoke test failed: ${reason}`) };
    for (const { region, imageId, tags } of images)
        await addTags(aws.inRegion(region), log, { id: imageId, tags }, mark);
    const said = tail.length > 0 ? `\nThe end of its console:\n  ${tail.join('\n  ')}` : '';
    return new errors/* DeploymentError */.gt(`${image.imageId} failed its smoke test: ${reason}. It is quarantined: never reused and never promoted.${said}`);
}
/** How much of the console goes into the error. */
const TAIL_LINES = 10;
async function tryImage(context, job, image) {
    const { log } = context;
    const aws = context.aws.inRegion(image.region);
    let instanceId;
    try {
        const owner = { builder: job.builder, application: job.identity.application };
        instanceId = await launchTestInstance(aws, image, await launchSettings(aws, job.inputs), owner);
    }
    catch (error) {
        if (error instanceof errors/* ConfigurationError */.j1)
            throw error;
        const reason = `the instance could not be launched: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}`;
        return { verdict: { kind: 'untried', reason }, tail: [] };
    }
    try {
        log.info(`${instanceId} boots from ${image.imageId}.`);
        const verdict = await check(context, job, { aws, instanceId, deadline: job.deadline });
        if (verdict.kind === 'passed')
            return { verdict, tail: [] };
        const lines = await consoleTail(aws, instanceId);
        for (const line of lines)
            log.info(`console: ${line}`);
        return { verdict, tail: lines.slice(-TAIL_LINES) };
    }
    finally {
        await terminateTestInstance(aws, instanceId).catch((error) => log.warning(`The test instance ${instanceId} could not be terminated (${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(error))}): a later bake or you have to.`));
    }
}
async function check(context, { inputs }, subject) {
    const { log } = context;
    const status = await checkStatus(context, subject);
    if (status.kind !== 'passed')
        return status;
    log.info('The status checks have passed.');
    const { smokeTestCommand, smokeTestUrl } = inputs;
    if (smokeTestCommand !== undefined)
        return await checkCommand(context, subject, smokeTestCommand);
    if (smokeTestUrl !== undefined)
        return await checkPage(context, subject, smokeTestUrl);
    return status;
}
/** The image is good: free, if it was quarantined only for the time of the test, and marked as tested after that. */
async function acquit({ aws, log, clock }, { inputs }, image) {
    const here = aws.inRegion(image.region);
    const { [src_tags/* TAG */.Dk.quarantined]: quarantined, ...others } = image.tags;
    const isFreed = quarantined !== undefined && (0,src_tags/* isUnfinished */.ui)(quarantined, 'smoke test');
    if (isFreed)
        await here.ec2.send(new dist_cjs/* DeleteTagsCommand */.MVD({ Resources: [image.imageId], Tags: [{ Key: src_tags/* TAG */.Dk.quarantined }] }));
    const tags = isFreed ? others : image.tags;
    const tested = { [src_tags/* TAG */.Dk.smokeTested]: (0,src_tags/* markValue */.nj)(clock.now(), inputs.smokeTest) };
    await addTags(here, log, { id: image.imageId, tags }, tested);
    return { ...image, tags: { ...tags, ...tested } };
}

;// CONCATENATED MODULE: ./lib/src/bake/watch-over.js

/**
 * Does work that makes things which have to be gone afterwards, however it ends. The post step is told before
 * anything is made, and with each thing that Packer names. A failure is cleaned up after here; a cancel leaves it to
 * the post step, which has the time for it.
 */
async function watchOver(context, job, lock, work) {
    const { aws, clock, log, signal } = context;
    const cleanUp = {
        mode: 'bake',
        region: aws.region,
        builder: job.builder,
        since: clock.now(),
        resources: [],
        ...(lock === undefined ? {} : { lock }),
    };
    context.saveCleanUp(cleanUp);
    const onResource = (resource) => {
        cleanUp.resources.push(resource);
        context.saveCleanUp({ ...cleanUp, resources: [...cleanUp.resources] });
    };
    try {
        return await work(onResource);
    }
    catch (error) {
        if (!signal.aborted) {
            // The lock is given back by whoever took it.
            const { lock: _held, ...rest } = cleanUp;
            for (const sentence of await (0,clean_up.cleanUpBake)({ aws, clock, signal }, rest))
                log.warning(sentence);
        }
        throw error;
    }
    finally {
        if (!signal.aborted)
            context.saveCleanUp(undefined);
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/obtain.js









/** An image that was made before, and those of its build, become the images of this commit as well. */
async function reuse(context, job, image) {
    const all = [image, ...(image.build ?? [])];
    if (!all.some(({ tags }) => isUntested(job.inputs.smokeTest, tags)))
        return await adopt(context, job, image);
    return await watchOver(context, job, undefined, () => adopt(context, job, image));
}
async function adopt(context, job, image) {
    const { log, aws } = context;
    const all = await log.group(`Reuse ${image.id}`, async () => {
        const there = image.finished ?? (await waitFor(context, job, image.id, aws.region, undefined));
        const ofBuild = image.build ?? [there];
        // The bake that made it may have ended before this.
        for (const one of ofBuild)
            await tagSnapshots(aws.inRegion(one.region), one);
        return ofBuild;
    });
    const images = [];
    for (const one of await smokeTest(context, job, all)) {
        const adopted = { id: one.imageId, tags: one.tags };
        const added = await adoptImage(context, job, aws.inRegion(one.region), adopted);
        images.push({ ...one, tags: { ...one.tags, ...added } });
    }
    await (0,clean_up.sweepIfNeeded)(context, (0,lock/* lockName */.l4)(job.identity.application, image.tags[src_tags/* TAG */.Dk.fingerprint] ?? ''));
    return { images, reused: true, phases: [] };
}
/**
 * Builds, unless another bake of the same content is at it: then its image is waited for, and reused. Whoever builds
 * keeps the others waiting until the image is tested.
 */
async function buildOrJoin(context, job, plan) {
    const { reuse: mayReuse, rebuild } = job.inputs;
    const name = (0,lock/* lockName */.l4)(job.identity.application, plan.fingerprint);
    if (!mayReuse || rebuild)
        return await watchOver(context, job, undefined, (onResource) => obtain_build(context, job, plan, onResource));
    return await watchOver(context, job, name, async (onResource) => {
        for (;;) {
            const locked = await (0,lock/* lock */.s2)(context, job, name);
            try {
                // Between the first look and the lock, another bake may have come to its end.
                const made = locked.kind === 'none'
                    ? undefined
                    : await findImageOfContent(context, job, plan.fingerprint, { alone: locked.kind === 'held' });
                if (made)
                    return await adopt(context, job, made);
                if (locked.kind !== 'waited')
                    return await obtain_build(context, job, plan, onResource);
            }
            finally {
                if (locked.kind === 'held')
                    await locked.release();
            }
        }
    });
}
async function obtain_build(context, job, { base, fingerprint, prepared }, onResource) {
    const { log, clock } = context;
    const { inputs, identity } = job;
    const tags = {
        ...inputs.tags,
        ...(0,src_tags/* identityTags */._z)({ ...identity, fingerprint, ...(base ? { baseImage: base.id } : {}) }),
    };
    await (0,clean_up.sweepLeftovers)(context);
    const untested = { [src_tags/* TAG */.Dk.quarantined]: (0,src_tags/* unfinishedMark */.P5)('smoke test', clock.now(), job.builder) };
    const first = inputs.smokeTest === 'none' ? tags : { ...tags, ...untested };
    let phases = [];
    const built = await prepared.run(first, {
        onResource,
        onPhases: (timed) => {
            phases = timed;
        },
    });
    const images = await log.group('Wait until available', () => Promise.all(built.map(({ region, amiId }) => waitFor(context, job, amiId, region, tags))));
    return { images: await smokeTest(context, job, images), reused: false, phases };
}
async function waitFor(context, { deadline }, imageId, region, tags) {
    return await finishImage(context, region, imageId, { tags, deadline });
}
async function tagSnapshots(aws, { snapshotIds, tags }) {
    if (snapshotIds.length > 0)
        await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: snapshotIds, Tags: (0,src_tags/* toTagList */.s3)((0,src_tags/* identityIn */.K2)(tags)) }));
}

// EXTERNAL MODULE: ./lib/src/report.js
var report = __webpack_require__(1502);
;// CONCATENATED MODULE: ./lib/src/bake/outcome.js







/** What a bake tells at its end: outputs and the job summary. */
function reportBuildPlan(context, job, { packerVersion }) {
    const { inputs, identity } = job;
    reportPlan(context, job, `Packer ${packerVersion} would build \`${inputs.template}\` for commit ${identity.commit}. The template is valid; nothing was built.`);
}
function reportReusePlan(context, job, image) {
    reportPlan(context, job, `${(0,src_image/* describeImage */.hu)(image)} would be reused; nothing was changed.`);
}
function reportPlan(context, job, plan) {
    const { report, log } = context;
    const { smokeTest } = job.inputs;
    const after = [
        ...(smokeTest === 'none' ? [] : [`Smoke test (${smokeTest}), unless the image has passed it`]),
        ...deliverySteps(context, job, []).map(({ title }) => title),
    ];
    const list = after.length === 0 ? [] : ['Then:', after.map((step) => `1. ${step}`).join('\n')];
    for (const line of [plan, ...list])
        log.info(line);
    report.write(['## 📝 Plan: bake', plan, ...list].join('\n\n'));
}
/**
 * Outputs and summary. The image of the Region that the step works in comes first; a template can build in others only.
 *
 * @throws DeploymentError when something that was asked for is not finished
 */
function reportImages(context, job, delivered) {
    const { report, log, aws } = context;
    const { images, reused, progress } = delivered;
    const own = images.find((image) => image.region === aws.region) ?? images[0];
    const region = own?.region ?? aws.region;
    const byRegion = imagesByRegion(images.map((image) => ({ region: image.region, amiId: image.imageId })));
    report.set({
        'ami-id': byRegion.get(region),
        'ami-ids': Object.fromEntries(byRegion),
        'snapshot-ids': images.filter((image) => image.region === region).flatMap((image) => image.snapshotIds),
        'base-ami-id': own?.baseImageId,
        fingerprint: own?.tags[src_tags/* TAG */.Dk.fingerprint],
        reused,
    });
    report.write(summary(context, job, delivered));
    report.announce(announcement(context, job, delivered));
    const ids = images.map((image) => `${image.imageId} (${image.region})`).join(', ');
    log.info(`${reused ? 'Reused' : 'Baked'} ${ids}`);
    if ('failure' in progress)
        throw unfinished(progress, ids);
}
function summary({ clock }, { identity, started }, delivered) {
    const { images, reused, progress, phases } = delivered;
    const seconds = Math.round((clock.now() - started) / 1000);
    const origin = identity.version ?? identity.branch ?? '';
    const done = reused
        ? `Commit ${identity.commit} (${origin}) has the same content as an image that was there: nothing was built.`
        : `Commit ${identity.commit} (${origin}) in ${(0,report/* duration */.p0)(seconds)}.`;
    const head = 'failure' in progress ? '❌ Not finished' : reused ? '✅ Reused' : '✅ Baked';
    const title = `## ${head}: ${identity.application}`;
    return [title, done, imageTable(images), ...stepTable(progress), ...phaseTable(phases)].join('\n\n');
}
/** The bake in a few lines for a chat. */
function announcement({ clock }, job, delivered) {
    const { images, reused, progress } = delivered;
    const { commit, branch, version } = job.identity;
    const origin = version ?? branch;
    const after = (0,report/* duration */.p0)(Math.round((clock.now() - job.started) / 1000));
    const unfinishedSteps = progress.steps.filter(({ state }) => state !== 'done');
    return {
        title: 'failure' in progress ? '❌ Image not delivered' : reused ? '✅ Image reused' : '✅ Image baked',
        text: [
            `${images.map(({ imageId, region }) => `${imageId} (${region})`).join(', ')}: commit ${commit.slice(0, 12)}${origin === undefined ? '' : `, ${origin}`}`,
            ...unfinishedSteps.map(({ title, state }) => `${title}: ${state}`),
            ...('failure' in progress ? [(0,errors/* messageOf */.bD)((0,aws_errors.explained)(progress.failure))] : []),
            `After ${after}.`,
        ].join('\n'),
    };
}
function imageTable(images) {
    const rows = images.map(({ region, imageId, architecture, snapshotIds, baseImageId = '' }) => [
        region,
        `\`${imageId}\``,
        architecture,
        snapshotIds.join(', '),
        baseImageId,
    ]);
    return (0,report/* table */.tp)(['Region', 'Image', 'Architecture', 'Snapshots', 'Built on'], rows);
}
/** Where the time of the build went. */
function phaseTable(phases) {
    if (phases.length === 0)
        return [];
    const rows = phases.map(({ build, title, ms }) => [build, title, (0,report/* duration */.p0)(ms / 1000)]);
    return [(0,report/* table */.tp)(['Build', 'Phase', 'Time'], rows)];
}
const STATES = { done: '✅ done', failed: '❌ failed', 'not begun': '⏳ not begun' };
function stepTable(progress) {
    if (progress.steps.length === 0)
        return [];
    const rows = progress.steps.map(({ title, state }) => [title, STATES[state]]);
    return [
        (0,report/* table */.tp)(['Afterwards', 'State'], rows),
        ...('failure' in progress ? [(0,errors/* messageOf */.bD)((0,aws_errors.explained)(progress.failure))] : []),
    ];
}
function unfinished({ steps, failure }, ids) {
    const failed = steps.find(({ state }) => state === 'failed')?.title ?? '';
    const left = steps.filter(({ state }) => state === 'not begun').map(({ title }) => title);
    const rest = left.length === 0 ? '' : ` Not begun: ${left.join('; ')}.`;
    return new errors/* DeploymentError */.gt(`"${failed}" failed: ${(0,errors/* messageOf */.bD)((0,aws_errors.explained)(failure))}${rest} ${ids} stays; run the bake again to finish, the image is not built a second time.`, { cause: failure });
}

;// CONCATENATED MODULE: ./lib/src/bake/preflight.js





/**
 * Looks at what the inputs name, before anything is built for an hour and found to be undeliverable. Calls AWS only
 * for what is asked for.
 *
 * @throws ConfigurationError with all problems at once
 */
async function preflight(context, inputs) {
    const problems = (await Promise.all([
        regionProblems(context, inputs),
        parameterProblems(context, inputs),
        smokeTestProblems(context, inputs),
    ])).flat();
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
}
async function regionProblems({ aws }, { copyToRegions }) {
    if (copyToRegions.length === 0)
        return [];
    try {
        const { Regions = [] } = await aws.ec2.send(new dist_cjs/* DescribeRegionsCommand */.cAn({ AllRegions: true, RegionNames: copyToRegions }));
        return Regions.filter(({ OptInStatus }) => OptInStatus === 'not-opted-in').map(({ RegionName }) => `The Region ${RegionName} of "copy-to-regions" is not enabled in this account. Enable it in the account's settings, or take it out.`);
    }
    catch (error) {
        if ((0,aws_errors.isAccessDenied)(error))
            return [];
        if ((0,errors/* errorCode */.CA)(error) !== 'InvalidParameterValue')
            throw error;
        return [`Check the input "copy-to-regions": ${(0,errors/* messageOf */.bD)(error)}.`];
    }
}
async function parameterProblems({ aws }, { ssmParameter, copyToRegions }) {
    if (ssmParameter === undefined)
        return [];
    const problems = [];
    // Another Region may turn out to be none: that is told as such.
    for (const region of new Set([aws.region, ...copyToRegions])) {
        const { Type = 'String' } = (await readParameter(aws.inRegion(region), ssmParameter).catch((error) => {
            if (region === aws.region)
                throw error;
            return undefined;
        })) ?? {};
        if (Type !== 'String')
            problems.push(`The parameter ${ssmParameter} in ${region} is a ${Type}, which holds no image. Choose another name in "ssm-parameter", or delete it.`);
    }
    return problems;
}
async function smokeTestProblems(context, inputs) {
    if (inputs.smokeTest === 'none')
        return [];
    try {
        await launchSettings(context.aws, inputs);
        return [];
    }
    catch (error) {
        if (error instanceof errors/* ConfigurationError */.j1)
            return [...error.problems];
        throw error;
    }
}

;// CONCATENATED MODULE: ./lib/src/bake/bake.js










/** Makes the one image of a commit, or returns the one that was made of the same content: the steps, in order. */
async function bake(inputs, context) {
    refuseBadInputs(inputs, context.run.workspace, context.aws.region);
    const job = await jobOf(inputs, context);
    context.report.set({ commit: job.identity.commit });
    await preflight(context, inputs);
    const obtained = await obtain(context, job);
    if (obtained === undefined)
        return;
    reportImages(context, job, await deliver(context, job, obtained));
}
/** The image of this run, else of this content, else a new one; `undefined` when only the plan was asked for. */
async function obtain(context, job) {
    const { log, report } = context;
    const { dryRun, baseImage } = job.inputs;
    const earlier = await findImageOfRun(context, job);
    if (earlier)
        return dryRun ? reportReusePlan(context, job, earlier) : await reuse(context, job, earlier);
    const base = baseImage === undefined
        ? undefined
        : await log.group('Find the base image', () => findBaseImage(context, baseImage));
    const fingerprint = await log.group('Fingerprint', () => computeFingerprint(context, job, base));
    report.set({ fingerprint, 'base-ami-id': base?.id });
    const made = await findImageOfContent(context, job, fingerprint, { alone: false });
    if (made)
        return dryRun ? reportReusePlan(context, job, made) : await reuse(context, job, made);
    const prepared = await prepareBuild(context, job, base?.id);
    if (dryRun)
        return reportBuildPlan(context, job, prepared);
    return await buildOrJoin(context, job, { base, fingerprint, prepared });
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


/***/ })

};
