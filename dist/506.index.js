export const id = 506;
export const ids = [506];
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

/***/ 2506:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  connect: () => (/* binding */ connect),
  refuseOtherAccounts: () => (/* binding */ refuseOtherAccounts)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(3838);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-sts/dist-cjs/index.js
var dist_cjs = __webpack_require__(1695);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: ./lib/src/aws/call-log.js
var call_log = __webpack_require__(3305);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-auto-scaling/dist-cjs/index.js
var client_auto_scaling_dist_cjs = __webpack_require__(8932);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-cloudwatch/dist-cjs/index.js
var client_cloudwatch_dist_cjs = __webpack_require__(4085);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var client_ec2_dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing/dist-cjs/index.js
var client_elastic_load_balancing_dist_cjs = __webpack_require__(9165);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-elastic-load-balancing-v2/dist-cjs/index.js
var client_elastic_load_balancing_v2_dist_cjs = __webpack_require__(586);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-sns/dist-cjs/index.js
var client_sns_dist_cjs = __webpack_require__(8797);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ssm/dist-cjs/index.js
var client_ssm_dist_cjs = __webpack_require__(4736);
;// CONCATENATED MODULE: ./lib/src/aws/clients.js








/** Throttling and transient errors are retried by the SDK, with growing pauses of up to 20 s. */
const ATTEMPTS = 8;
/** Calls at once per service: a hundred groups that are watched must not use up AWS's token buckets in one moment. */
const SOCKETS = { maxSockets: 8 };
function createAws(options) {
    const config = {
        region: options.region,
        maxAttempts: options.attempts ?? ATTEMPTS,
        retryMode: 'standard',
        requestHandler: { httpAgent: SOCKETS, httpsAgent: SOCKETS, socketAcquisitionWarningTimeout: 60_000 },
        customUserAgent: [['immutable-deploy', '0.1.0']],
        ...(options.credentials ? { credentials: options.credentials } : {}),
        ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    };
    const aws = {
        region: options.region,
        ec2: new client_ec2_dist_cjs/* EC2Client */.gu5(config),
        autoScaling: new client_auto_scaling_dist_cjs/* AutoScalingClient */.yis(config),
        elb: new client_elastic_load_balancing_v2_dist_cjs/* ElasticLoadBalancingV2Client */.MlD(config),
        classicElb: new client_elastic_load_balancing_dist_cjs.ElasticLoadBalancingClient(config),
        cloudWatch: new client_cloudwatch_dist_cjs/* CloudWatchClient */.WBn(config),
        ssm: new client_ssm_dist_cjs/* SSMClient */.jBj(config),
        sns: new client_sns_dist_cjs/* SNSClient */.kye(config),
        sts: new dist_cjs/* STSClient */.iM(config),
        inRegion: (region) => (region === options.region ? aws : createAws({ ...options, region })),
    };
    if (options.callLog) {
        for (const client of clientsOf(aws))
            options.callLog.attach(client);
    }
    return aws;
}
function clientsOf(aws) {
    return [aws.ec2, aws.autoScaling, aws.elb, aws.classicElb, aws.cloudWatch, aws.ssm, aws.sns, aws.sts];
}

;// CONCATENATED MODULE: ./lib/src/aws/credentials.js


function webIdentityOf(request) {
    const { roleArn, sessionName } = request;
    return { roleArn, sessionName, idToken: () => requestIdToken(request) };
}
/** Assumes a role with GitHub's OIDC token, and again whenever the session is about to end. */
function assumedRole(request) {
    const sts = new dist_cjs/* STSClient */.iM({
        region: request.region,
        // The call is not signed: without this the SDK would look for credentials that are not there.
        credentials: { accessKeyId: 'unsigned', secretAccessKey: 'unsigned' },
        ...(request.endpoint === undefined ? {} : { endpoint: request.endpoint }),
    });
    return async () => {
        const token = await requestIdToken(request);
        const { Credentials: granted } = await sts.send(new dist_cjs/* AssumeRoleWithWebIdentityCommand */.WH({
            RoleArn: request.roleArn,
            RoleSessionName: request.sessionName,
            WebIdentityToken: token,
            DurationSeconds: request.durationSeconds,
        }));
        const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '', Expiration = new Date(0), } = granted ?? {};
        request.secret(SecretAccessKey);
        request.secret(SessionToken);
        return {
            accessKeyId: AccessKeyId,
            secretAccessKey: SecretAccessKey,
            sessionToken: SessionToken,
            expiration: Expiration,
        };
    };
}
async function requestIdToken(request) {
    try {
        return await request.idToken('sts.amazonaws.com');
    }
    catch (error) {
        throw new errors/* PermissionError */.i_(`GitHub gave no OIDC token for role-to-assume (${(0,errors/* messageOf */.bD)(error)}). Add "permissions: id-token: write" to the job.`, { cause: error });
    }
}

;// CONCATENATED MODULE: ./lib/src/aws/connect.js







/** The clients for the Region and the role that were asked for, with a log of all their calls. */
function connect(env, inputs, { clock, folder, run }) {
    const region = inputs.awsRegion ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
    if (!region)
        throw new errors/* ConfigurationError */.j1([
            'There is no Region: set the input "aws-region", or AWS_REGION in the environment.',
        ]);
    const logPath = (0,external_node_path_.join)(folder, `aws-calls-${process.pid}.jsonl`);
    const role = inputs.roleToAssume;
    const request = role === undefined
        ? undefined
        : {
            roleArn: role,
            region,
            durationSeconds: inputs.roleDurationSeconds,
            // Shows in CloudTrail which run it was; 64 characters at most.
            sessionName: `immutable-deploy-${run.id || 'local'}`.slice(0, 64),
            idToken: (audience) => core/* getIDToken */.V9(audience),
            secret: (value) => core/* setSecret */.Pq(value),
        };
    const aws = createAws({
        region,
        callLog: new call_log/* CallLog */.z(logPath, clock),
        ...(request ? { credentials: assumedRole(request) } : {}),
    });
    return { aws, logPath, webIdentity: request && webIdentityOf(request) };
}
/** Refuses to work in an account that was not expected, before anything else is called. */
async function refuseOtherAccounts(aws, expected) {
    const { Account = '' } = await aws.sts.send(new dist_cjs/* GetCallerIdentityCommand */.zI({}));
    if (expected.includes(Account))
        return;
    throw new errors/* ConfigurationError */.j1([
        `The credentials are of account ${Account}, but "expected-account-ids" allows ${expected.join(', ')}. Check the role or the environment.`,
    ]);
}


/***/ })

};
