import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Table } from '../state.ts';

/** Load balancers of both generations. Times are milliseconds since 1970. */

export interface LoadBalancerRecord {
  arn: string;
  name: string;
  dnsName: string;
  type: 'application' | 'network';
  scheme: 'internet-facing' | 'internal';
  createdAt: number;
  vpcId: string;
  subnetIds: string[];
  securityGroupIds: string[];
  attributes: Record<string, string>;
}

export interface ListenerRecord {
  arn: string;
  loadBalancerArn: string;
  protocol: ListenerProtocol;
  port: number;
  defaultActions: Action[];
  certificates: string[];
  sslPolicy?: string;
}

export type ListenerProtocol = 'HTTP' | 'HTTPS' | 'TCP' | 'TLS' | 'UDP' | 'TCP_UDP';

/** A rule besides the default one, which is the listener's own `defaultActions`. */
export interface RuleRecord {
  arn: string;
  listenerArn: string;
  priority: number;
  conditions: RuleCondition[];
  actions: Action[];
}

export interface TargetGroupRecord {
  arn: string;
  name: string;
  targetType: 'instance' | 'ip';
  protocol: ListenerProtocol;
  protocolVersion?: string;
  port: number;
  vpcId: string;
  healthCheck: TargetHealthCheck;
  attributes: Record<string, string>;
  /** By instance id or address: one and the same may be there with several ports. */
  targets: Table<TargetRecord[]>;
  /** A listener or a rule forwards to it: only then are its targets checked. */
  inUse: boolean;
  /** A deleted load balancer holds its target groups for some seconds more. */
  heldUntil?: number;
}

export interface TargetHealthCheck {
  protocol: 'HTTP' | 'HTTPS' | 'TCP';
  /** A number, or `traffic-port`. */
  port: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** Of HTTP and HTTPS checks only. */
  path?: string;
  matcher?: string;
}

export interface TargetRecord {
  id: string;
  port: number;
  /** Of targets that are addresses. */
  zone?: string;
  state: 'initial' | 'healthy' | 'unhealthy' | 'draining';
  /** Checks in a row that did not fit the present state. */
  streak: number;
  /** Why the last check failed. */
  failure?: CheckFailure;
  /** When it is checked next; absent when nothing will change by itself. */
  checkAt?: number;
  drainsUntil?: number;
}

/** No answer in time, no connection, or the HTTP status of an answer that was not the wanted one. */
export type CheckFailure = 'timeout' | 'refused' | number;

/** A load balancer of the first generation: its instances are registered with it directly. */
export interface ClassicLoadBalancerRecord {
  name: string;
  dnsName: string;
  scheme: string;
  createdAt: number;
  vpcId: string;
  zones: string[];
  subnetIds: string[];
  securityGroupIds: string[];
  listeners: {
    protocol: string;
    port: number;
    instanceProtocol: string;
    instancePort: number;
    certificate?: string;
  }[];
  healthCheck: {
    target: string;
    intervalSeconds: number;
    timeoutSeconds: number;
    healthyThreshold: number;
    unhealthyThreshold: number;
  };
  crossZone: boolean;
  idleTimeoutSeconds: number;
  draining: { enabled: boolean; timeoutSeconds: number };
  instances: Table<ClassicInstanceRecord>;
}

export interface ClassicInstanceRecord {
  instanceId: string;
  state: 'registering' | 'in-service' | 'out-of-service';
  /** Checks in a row that did not fit the present state. */
  streak: number;
  checkAt?: number;
  drainsUntil?: number;
}
