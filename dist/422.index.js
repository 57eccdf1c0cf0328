export const id = 422;
export const ids = [422,929];
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

/***/ 7422:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  bake: () => (/* binding */ bake)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./lib/src/errors.js
var errors = __webpack_require__(5071);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./lib/src/packer/caches.js
const TOOL = 'packer';
/** The runner's tool cache (`RUNNER_TOOL_CACHE`). */
const runnerToolCache = {
    async find(version, arch) {
        const { find } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
        return find(TOOL, version, arch) || undefined;
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
        // The service takes the key for a prefix, and 1.14.2 must not find an entry of another name.
        return (await restoreCache([folder], key))?.toLowerCase() === key.toLowerCase();
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

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
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
/** The archive, the list of checksums, and the vendor's signature of that list. */
function filesOf({ version, os, arch }) {
    const sums = `packer_${version}_SHA256SUMS`;
    return { zip: `packer_${version}_${os}_${arch}.zip`, sums, signature: `${sums}.sig` };
}
/**
 * Downloads the three files of a release from `<baseUrl>/packer/<version>/` into an empty folder. Server
 * errors and lost connections are tried three times; a proxy in the environment is used.
 *
 * @throws ConfigurationError when the server does not have one of them, DeploymentError when it cannot be
 *   reached
 */
async function downloadRelease(release, baseUrl, folder, signal) {
    const { downloadTool, HTTPError } = await __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 9805));
    const { zip, sums, signature } = filesOf(release);
    // The archive last: without the other two it would be downloaded for nothing.
    for (const file of [sums, signature, zip]) {
        const url = `${baseUrl.replace(/\/+$/, '')}/packer/${release.version}/${file}`;
        try {
            await untilAborted(downloadTool(url, (0,external_node_path_.join)(folder, file)), signal);
        }
        catch (error) {
            if (signal?.aborted)
                throw error;
            if (error instanceof HTTPError && error.httpStatusCode && error.httpStatusCode < 500) {
                throw new errors/* ConfigurationError */.j1([
                    `Packer ${release.version} for ${release.os} on ${release.arch} could not be downloaded: ` +
                        `${url} answered ${error.httpStatusCode}. Check the inputs packer-version and packer-mirror.`,
                ], { cause: error });
            }
            throw new errors/* DeploymentError */.gt(`Packer ${release.version} could not be downloaded from ${url}: ${(0,errors/* messageOf */.bD)(error)}. Try again, ` +
                'set packer-mirror, or install Packer in an earlier step and set packer-version to system.', { cause: error });
        }
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
    const files = filesOf(release);
    const [zip, sums, signature] = await Promise.all([
        (0,promises_.readFile)((0,external_node_path_.join)(folder, files.zip)),
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
    const expected = checksumIn(sums.toString('utf8'), files.zip);
    if (!expected)
        throw new Error(`${files.sums} does not list ${files.zip}`);
    const actual = (0,external_node_crypto_.createHash)('sha256').update(zip).digest('hex');
    if (actual !== expected)
        throw new Error(`${files.zip} has the SHA-256 ${actual}, ${files.sums} says ${expected}`);
    const { unzipSync } = await __webpack_require__.e(/* import() */ 306).then(__webpack_require__.bind(__webpack_require__, 1306));
    const name = executableName(release);
    const executable = unzipSync(zip, { filter: (file) => file.name === name })[name];
    if (!executable)
        throw new Error(`${files.zip} does not contain ${name}`);
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
        'The credentials ended before the build did. Raise role-duration-seconds (and the maximum session ' +
            'duration of the role), or make the build faster.',
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
        /is used by an existing AMI/i,
        'AMI names are unique in an account and Region. Put the commit or {{timestamp}} into ami_name.',
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
        /Missing plugins|missing plugin|plugin .*not (found|installed)|unknown (source|builder|provisioner|data source) type|Unknown .* type/i,
        'A plugin is missing. Name it in a required_plugins block (HCL2), or install it in an earlier step ' +
            'with `packer plugins install`.',
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
/** Everything that one run of Packer has said so far. */
class PackerOutput {
    /** In the order in which Packer reported them, each once. */
    images = [];
    resources = [];
    #errors = [];
    #unstructured = [];
    /** Takes in the next line; nothing is reported as new twice. */
    read(line) {
        const event = parsePackerLine(line);
        if (!event) {
            keepLast(this.#unstructured, line);
            return { text: line, images: [], resources: [] };
        }
        switch (event.kind) {
            case 'ui':
                if (event.level === 'error')
                    this.#addError(event.text);
                return { text: trimLineEnds(event.text), images: [], resources: this.#addResources(event.text) };
            case 'artifact':
                return { text: undefined, images: this.#addImages(event.images), resources: [] };
            case 'error':
                this.#addError(event.text);
                return { text: undefined, images: [], resources: [] };
            case 'other':
                return { text: undefined, images: [], resources: [] };
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
 * Region → AMI id, in the order of the build.
 *
 * @throws DeploymentError when nothing was built, or when two builds made two AMIs for the same Region, so
 *   that nobody can say which one to deploy
 */
function imagesByRegion(images) {
    if (images.length === 0) {
        throw new errors/* DeploymentError */.gt('Packer succeeded but reported no AMI. Check that the template has an Amazon builder (with ' +
            'skip_create_ami unset) and that the inputs `only` and `except` do not leave it out.');
    }
    const byRegion = new Map();
    for (const image of images) {
        const other = byRegion.get(image.region);
        if (other) {
            throw new errors/* DeploymentError */.gt(`Two builds made an AMI in ${image.region}: ${other.build} made ${other.amiId} and ${image.build} ` +
                `made ${image.amiId}. Choose one of them with the input \`only\` or \`except\`.`);
        }
        byRegion.set(image.region, image);
    }
    return new Map(images.map(({ region, amiId }) => [region, amiId]));
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
/**
 * Installs the plugins that an HCL2 template requires. Packer before 1.7 and legacy JSON templates have no
 * such thing: then it says so and does nothing.
 *
 * @param version as `packerVersion` gave it
 * @param githubToken for GitHub's rate limit, which is low for shared runners; one in the environment wins
 * @throws DeploymentError with Packer's own words
 */
async function packerInit(template, { version, githubToken }, tools) {
    if (isBefore(version, 1, 7)) {
        tools.log.notice(`Packer ${version} has no \`packer init\` (1.7 brought it): the plugins have to be there already.`);
        return;
    }
    if (isLegacyJson(template.template)) {
        tools.log.notice('`packer init` knows HCL2 templates only: the plugins of a JSON template have to be there already ' +
            '(`packer plugins install`).');
        return;
    }
    const env = { ...(githubToken ? { PACKER_GITHUB_API_TOKEN: githubToken } : {}), ...template.env };
    await run('init', { ...template, env }, [], tools);
}
/**
 * Checks the template and its variables without a call to AWS.
 *
 * @throws DeploymentError with Packer's own words
 */
async function packerValidate(template, tools) {
    await run('validate', template, inputArguments(template), tools);
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
 * @throws DeploymentError with Packer's own last words and what to look at; or the signal's reason
 */
async function packerBuild(template, listener, tools) {
    // Packer itself turns colours off in machine-readable output; plugins and provisioners look at the flag.
    const { images } = await run('build', template, ['-color=false', ...inputArguments(template)], tools, listener);
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
    const output = new PackerOutput();
    const allArguments = [command, '-machine-readable', ...args, template.template];
    const exitCode = await start(template, allArguments, tools, (line) => {
        const { text, images, resources } = output.read(line);
        if (text)
            tools.log.info(text);
        for (const image of images)
            listener.onArtifact?.(image);
        for (const resource of resources)
            listener.onTemporaryResource?.(resource);
    });
    if (exitCode !== 0) {
        const said = output.errorLines.length > 0 ? output.errorLines : ['(Packer printed no error)'];
        throw new errors/* DeploymentError */.gt([
            `\`packer ${command} ${template.template}\` failed with exit code ${exitCode}:`,
            ...said.map((line) => `  ${line}`),
            adviceFor(output.errorLines),
        ].join('\n'));
    }
    return output;
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
function isBefore(version, major, minor) {
    const [ours = 0, ourMinor = 0] = version.split('.').map(Number);
    return ours < major || (ours === major && ourMinor < minor);
}
/** HCL2 can be written in JSON, too; such a file ends in `.pkr.json`. */
function isLegacyJson(template) {
    return template.endsWith('.json') && !template.endsWith('.pkr.json');
}

;// CONCATENATED MODULE: ./lib/src/packer/install.js








/** A proxy or a broken connection can spoil one download; two in a row are no accident. */
const DOWNLOAD_ATTEMPTS = 2;
/**
 * Finds Packer, the cheapest way first: on `PATH`, in the runner's tool cache, in GitHub's cache, and else
 * downloads it. GitHub's cache holds the signed release files and not the program: what comes from there is
 * checked like a download, as anybody with write access to a branch's cache could have put it there.
 *
 * @throws ConfigurationError when there is no such Packer, DeploymentError when what can be had is not to be
 *   trusted
 */
async function findPacker(request, tools) {
    const { version, platform = process.platform, arch = process.arch } = request;
    const { log, toolCache = runnerToolCache } = tools;
    const onPath = await versionOnPath(request, tools);
    if (version === 'system' && !onPath) {
        throw new errors/* ConfigurationError */.j1([
            'packer-version is system, but there is no Packer on PATH. Install it in an earlier step, or set ' +
                'packer-version to a release such as 1.14.2.',
        ]);
    }
    if (onPath && (version === 'system' || version === onPath)) {
        log.info(`Packer ${onPath} from PATH`);
        return { executable: 'packer', version: onPath, source: 'PATH' };
    }
    const release = releaseFor(version, platform, arch);
    const cached = await toolCache.find(version, arch);
    if (cached) {
        log.info(`Packer ${version} from the runner's tool cache`);
        return { executable: (0,external_node_path_.join)(cached, executableName(release)), version, source: 'tool cache' };
    }
    // The same path in every job of a runner image, because GitHub's cache finds entries by path.
    const folder = (0,external_node_path_.join)(request.env.RUNNER_TEMP ?? (0,external_node_os_.tmpdir)(), 'immutable-deploy', `packer-${version}`);
    try {
        const restored = await restore(release, folder, request, tools);
        const program = restored ?? (await download(release, folder, request, tools));
        const unpacked = await writeExecutable(release, program, `${folder}-unpacked`);
        const installed = await toolCache.add(unpacked, version, arch);
        if (!restored)
            await save(release, folder, tools);
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
 * The executable from GitHub's cache; undefined when there is none or a bad one, which is never a failure.
 */
async function restore(release, folder, { publicKey = HASHICORP_PUBLIC_KEY }, { workflowCache = githubCache, log, signal }) {
    const key = cacheKey(release);
    try {
        await clear(folder);
        if (!(await untilAborted(workflowCache.restore(folder, key), signal)))
            return undefined;
        return await openRelease(release, folder, publicKey);
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`Packer is downloaded, because the entry ${key} of GitHub's cache cannot be used: ` +
            `${(0,errors/* messageOf */.bD)(error)}. If this comes back, delete the entry.`);
        return undefined;
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
async function save(release, folder, { workflowCache = githubCache, log, signal }) {
    try {
        await untilAborted(workflowCache.save(folder, cacheKey(release)), signal);
    }
    catch (error) {
        signal?.throwIfAborted();
        log.warning(`Packer could not be saved in GitHub's cache, so it is downloaded again next time: ${(0,errors/* messageOf */.bD)(error)}`);
    }
}
function cacheKey({ version, os, arch }) {
    return `immutable-deploy-packer-${version}-${os}-${arch}`;
}
async function clear(folder) {
    await (0,promises_.rm)(folder, { recursive: true, force: true });
}

// EXTERNAL MODULE: ./lib/src/report.js
var src_report = __webpack_require__(1502);
// EXTERNAL MODULE: ./lib/src/tags.js
var src_tags = __webpack_require__(6073);
;// CONCATENATED MODULE: ./lib/src/bake/environment.js
/** Variables of the runner that no program of the user's needs: inputs of this step, and tokens of the job's services. */
const WITHHELD = /^(INPUT_|STATE_|ACTIONS_ID_TOKEN_|ACTIONS_RUNTIME_TOKEN|ACTIONS_RESULTS_URL|ACTIONS_CACHE_)/;
/**
 * The environment for Packer: the step's own without what is none of its business, what the build is for as
 * `PKR_VAR_immutable_deploy_*` (a template uses those that it declares), and the Region and credentials that the
 * action itself works with.
 */
async function packerEnvironment({ env, aws }, identity, assumedRole) {
    const inherited = Object.entries(env).flatMap(([key, value]) => value === undefined || WITHHELD.test(key) ? [] : [[key, value]]);
    return {
        ...Object.fromEntries(inherited),
        AWS_REGION: aws.region,
        AWS_DEFAULT_REGION: aws.region,
        ...(assumedRole ? await credentialVariables(aws) : {}),
        PKR_VAR_immutable_deploy_application: identity.application,
        PKR_VAR_immutable_deploy_commit: identity.commit,
        PKR_VAR_immutable_deploy_ref: identity.version ?? identity.branch ?? '',
        PKR_VAR_immutable_deploy_version: identity.version ?? '',
        PKR_VAR_immutable_deploy_run: identity.run,
    };
}
async function credentialVariables(aws) {
    const { accessKeyId, secretAccessKey, sessionToken } = await aws.ec2.config.credentials();
    return {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    };
}

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var dist_cjs = __webpack_require__(5193);
// EXTERNAL MODULE: ./lib/src/aws/errors.js
var aws_errors = __webpack_require__(6929);
;// CONCATENATED MODULE: ./lib/src/bake/finish-image.js




const PAUSE_MS = 15_000;
/** Puts the tags on an image the moment it exists, so that no image without them is left behind. */
async function tagImage(aws, imageId, tags) {
    await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: [imageId], Tags: (0,src_tags/* toTagList */.s3)(tags) }));
}
/**
 * Waits until an image is available, however long its snapshots take, and tags the snapshots. The SDK's own waiter
 * gives up after ten minutes, which a large disk exceeds. `deadline` is in milliseconds since 1970.
 */
async function finishImage(context, region, imageId, tags, deadline) {
    const { clock, log, signal } = context;
    const aws = context.aws.inRegion(region);
    for (;;) {
        const image = await look(aws, imageId);
        const state = image?.State ?? 'not visible yet';
        if (image && state === 'available') {
            // A young image has no snapshot ids: they are read only now.
            const snapshotIds = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
            if (snapshotIds.length > 0)
                await aws.ec2.send(new dist_cjs/* CreateTagsCommand */.RmG({ Resources: snapshotIds, Tags: (0,src_tags/* toTagList */.s3)(tags) }));
            return { region, imageId, snapshotIds };
        }
        if (state !== 'pending' && image) {
            throw new errors/* DeploymentError */.gt(`The image ${imageId} in ${region} ended ${state}: ${image.StateReason?.Message ?? 'AWS gives no reason'}. Run the bake again.`);
        }
        if (clock.now() >= deadline) {
            throw new errors/* DeploymentError */.gt(`The image ${imageId} in ${region} was still ${state} when timeout-minutes was over. It has its tags; raise timeout-minutes for large disks.`);
        }
        log.info(`${imageId} is ${state}`);
        await clock.sleep(PAUSE_MS, signal);
    }
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

;// CONCATENATED MODULE: ./lib/src/bake/bake.js










/** Builds one image from the commit: the steps, in order. */
async function bake(inputs, context) {
    const { log, clock } = context;
    const started = clock.now();
    const workingDirectory = (0,external_node_path_.resolve)(context.run.workspace, inputs.workingDirectory);
    refuseMissingFiles(inputs, workingDirectory);
    const identity = await identityOf(inputs, context, workingDirectory);
    context.report.set({ commit: identity.commit });
    const env = await packerEnvironment(context, identity, inputs.roleToAssume !== undefined);
    const tools = { processes: context.processes, log, signal: context.signal };
    const packer = await log.group('Find Packer', () => findPacker({ version: inputs.packerVersion, mirror: inputs.packerMirror, workingDirectory, env }, tools));
    const template = {
        executable: packer.executable,
        template: inputs.template,
        workingDirectory,
        variables: inputs.variables,
        variableFiles: inputs.variableFiles,
        only: inputs.only,
        except: inputs.except,
        env,
    };
    await log.group('packer init', () => packerInit(template, { version: packer.version, githubToken: inputs.githubToken }, tools));
    await log.group('packer validate', () => packerValidate(template, tools));
    if (inputs.dryRun)
        return reportPlan(context, inputs, identity, packer.version);
    const built = await log.group('packer build', () => build(context, template, identity));
    const deadline = started + inputs.timeoutMinutes * 60_000;
    const finished = await log.group('Wait until available', () => Promise.all(built.map(({ region, amiId }) => finishImage(context, region, amiId, (0,src_tags/* identityTags */._z)(identity), deadline))));
    reportImages(context, identity, finished, Math.round((clock.now() - started) / 1000));
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
function refuseMissingFiles(inputs, workingDirectory) {
    const problems = [];
    if (!(0,external_node_fs_.existsSync)(workingDirectory)) {
        problems.push(`There is no folder ${workingDirectory}. Check the input "working-directory", and that actions/checkout ran before.`);
    }
    else {
        if (!(0,external_node_fs_.existsSync)((0,external_node_path_.resolve)(workingDirectory, inputs.template))) {
            problems.push(`There is no template ${inputs.template} in ${workingDirectory}. Check the inputs "template" and "working-directory", and that actions/checkout ran before.`);
        }
        for (const file of inputs.variableFiles) {
            if (!(0,external_node_fs_.existsSync)((0,external_node_path_.resolve)(workingDirectory, file)))
                problems.push(`There is no variable file ${file} in ${workingDirectory}. Check the input "variable-files".`);
        }
    }
    if (problems.length > 0)
        throw new errors/* ConfigurationError */.j1(problems);
}
/** Runs Packer, and tags each image the moment that Packer names it. */
async function build(context, template, identity) {
    const { log, processes, signal } = context;
    const tagging = [];
    const onArtifact = ({ region, amiId }) => {
        log.info(`${amiId} in ${region}`);
        tagging.push(tagImage(context.aws.inRegion(region), amiId, (0,src_tags/* identityTags */._z)(identity)));
    };
    // Also after a failed build the tags that are on their way are waited for: no image is left without them.
    const images = await packerBuild(template, { onArtifact }, { processes, log, signal }).finally(() => Promise.allSettled(tagging));
    await Promise.all(tagging);
    imagesByRegion(images);
    return images;
}
function reportPlan({ report, log }, inputs, identity, version) {
    log.info(`Packer ${version} would build ${inputs.template} for commit ${identity.commit}; the template is valid.`);
    report.write(`## 📝 Plan: bake\n\nPacker ${version} would build \`${inputs.template}\` for commit ${identity.commit}. The template is valid; nothing was built.`);
}
function reportImages({ report, aws, log }, identity, images, seconds) {
    const own = images.find((image) => image.region === aws.region) ?? images[0];
    report.set({
        'ami-id': own?.imageId,
        'ami-ids': Object.fromEntries(images.map((image) => [image.region, image.imageId])),
        'snapshot-ids': own?.snapshotIds,
    });
    const origin = identity.version ?? identity.branch ?? '';
    const rows = images.map((image) => [image.region, `\`${image.imageId}\``, image.snapshotIds.join(', ')]);
    report.write([
        `## ✅ Baked: ${identity.application}`,
        `Commit ${identity.commit} (${origin}) in ${(0,src_report/* duration */.p0)(seconds)}.`,
        (0,src_report/* table */.tp)(['Region', 'Image', 'Snapshots'], rows),
    ].join('\n\n'));
    log.info(`Baked ${images.map((image) => `${image.imageId} (${image.region})`).join(', ')}`);
}


/***/ }),

/***/ 6073:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A3: () => (/* binding */ commitAliases),
/* harmony export */   Dk: () => (/* binding */ TAG),
/* harmony export */   EZ: () => (/* binding */ tagValue),
/* harmony export */   Fg: () => (/* binding */ tagsOf),
/* harmony export */   LA: () => (/* binding */ COMMIT_ALIAS),
/* harmony export */   M5: () => (/* binding */ tagsToMakeRoom),
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
        const [, ...branch] = mark.text.split(' ');
        return [{ commit: key.slice(COMMIT_ALIAS.length), time: mark.time, branch: branch.join(' ') }];
    });
}
/** How many tags a resource may have; those of AWS (`aws:`) do not count. */
const MOST_TAGS = 50;
/**
 * The keys that have to go so that tags can be added: the oldest commit aliases and promotion marks, and never what
 * an image is found or protected by.
 */
function tagsToMakeRoom(tags, added) {
    const own = Object.keys({ ...tags, ...added }).filter((key) => !key.startsWith('aws:'));
    const tooMany = own.length - MOST_TAGS;
    if (tooMany <= 0)
        return [];
    const isMark = (key) => key.startsWith(COMMIT_ALIAS) || /:(promoted|rejected):/.test(key);
    return Object.entries(tags)
        .filter(([key]) => key.startsWith(PREFIX) && isMark(key) && !(key in added))
        .map(([key, value]) => ({ key, time: readMark(value)?.time ?? 0 }))
        .toSorted((a, b) => a.time - b.time)
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
    };
}


/***/ })

};
