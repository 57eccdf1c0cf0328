import { _InstanceType } from '@aws-sdk/client-ec2';

/** All instance types, from the SDK's own list. */
export const INSTANCE_TYPES: readonly _InstanceType[] = Object.values(_InstanceType);

const known = new Set<string>(INSTANCE_TYPES);

export const isInstanceType = (name: string): name is _InstanceType => known.has(name);

/** Graviton families have a `g` behind the generation's number (`t4g`, `im4gn`); `a1` was the first. */
export function architectureOf(instanceType: string): 'x86_64' | 'arm64' | 'x86_64_mac' | 'arm64_mac' {
  if (instanceType.startsWith('mac1.')) return 'x86_64_mac';
  if (instanceType.startsWith('mac')) return 'arm64_mac';
  return /^(a1|[a-z]+\d+g[a-z]*)[.-]/.test(instanceType) ? 'arm64' : 'x86_64';
}

/** The families that still run on Xen; all others are on Nitro. */
const XEN = /^(c1|c3|c4|d2|f1|g2|g3s?|h1|i2|i3|m1|m2|m3|m4|p2|p3|r3|r4|t1|t2|x1e?)\.(?!metal)/;

export const isNitro = (instanceType: string): boolean => !XEN.test(instanceType);
