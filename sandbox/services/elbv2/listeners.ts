import { isDeepStrictEqual } from 'node:util';
import type {
  CreateListenerInput,
  CreateListenerOutput,
  DeleteListenerInput,
  DeleteListenerOutput,
  DescribeListenersInput,
  DescribeListenersOutput,
  Listener,
  ModifyListenerInput,
  ModifyListenerOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type {
  ListenerProtocol,
  ListenerRecord,
  LoadBalancerRecord,
} from '../../engine/records/load-balancing.ts';
import { removeListener, trafficChanged } from '../../engine/traffic.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { acceptActions } from './actions.ts';
import { elbPage, findListener, findLoadBalancer, newSuffix } from './resources.ts';
import { setTags } from './tags.ts';

export const listenerHandlers: Handlers = {
  CreateListener,
  DescribeListeners,
  ModifyListener,
  DeleteListener,
};

const PROTOCOLS: Readonly<Record<LoadBalancerRecord['type'], readonly ListenerProtocol[]>> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS', 'UDP', 'TCP_UDP'],
};

/** The policy of a secure listener for which none was asked. */
const DEFAULT_SSL_POLICY = 'ELBSecurityPolicy-2016-08';

function CreateListener(input: CreateListenerInput, region: Region): CreateListenerOutput {
  const balancer = findLoadBalancer(region, input.LoadBalancerArn);
  const settings = {
    ...acceptEnd(balancer, input),
    defaultActions: acceptActions(region, input.DefaultActions, {
      protocol: requireProtocol(balancer, input.Protocol),
      loadBalancerArn: balancer.arn,
    }),
  };
  const known = listenerAt(region, balancer, settings.port);
  if (known) {
    const { arn: _arn, loadBalancerArn: _balancer, ...same } = known;
    // The same call again is answered with the same listener.
    if (!isDeepStrictEqual(same, settings)) throw portTaken(balancer);
    return { Listeners: [describeListener(known)] };
  }
  const record: ListenerRecord = {
    arn: `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${newSuffix(region)}`,
    loadBalancerArn: balancer.arn,
    ...settings,
  };
  setTags(region, record.arn, input.Tags);
  region.state.listeners.set(record.arn, record);
  trafficChanged(region);
  return { Listeners: [describeListener(record)] };
}

/** Changes what is given; certificates and policy go with the secure protocols. */
function ModifyListener(input: ModifyListenerInput, region: Region): ModifyListenerOutput {
  const record = findListener(region, input.ListenerArn);
  const balancer = findLoadBalancer(region, record.loadBalancerArn);
  const end = acceptEnd(balancer, {
    Protocol: input.Protocol ?? record.protocol,
    Port: input.Port ?? record.port,
    Certificates: input.Certificates ?? record.certificates.map((arn) => ({ CertificateArn: arn })),
    SslPolicy: input.SslPolicy ?? record.sslPolicy,
  });
  if (end.port !== record.port && listenerAt(region, balancer, end.port)) throw portTaken(balancer);
  const defaultActions = acceptActions(region, input.DefaultActions ?? record.defaultActions, {
    protocol: end.protocol,
    loadBalancerArn: balancer.arn,
  });
  delete record.sslPolicy;
  Object.assign(record, end, { defaultActions });
  trafficChanged(region);
  return { Listeners: [describeListener(record)] };
}

function DeleteListener(input: DeleteListenerInput, region: Region): DeleteListenerOutput {
  removeListener(region, findListener(region, input.ListenerArn).arn);
  return {};
}

function DescribeListeners(input: DescribeListenersInput, region: Region): DescribeListenersOutput {
  const { LoadBalancerArn, ListenerArns } = input;
  if (LoadBalancerArn === undefined && !ListenerArns?.length)
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  if (LoadBalancerArn !== undefined) findLoadBalancer(region, LoadBalancerArn);
  for (const arn of ListenerArns ?? []) findListener(region, arn);
  const asked = [...region.state.listeners.values()].filter(
    (listener) =>
      (LoadBalancerArn === undefined || listener.loadBalancerArn === LoadBalancerArn) &&
      (!ListenerArns?.length || ListenerArns.includes(listener.arn)),
  );
  const { items, next } = elbPage(asked, input);
  return { Listeners: items.map(describeListener), ...next };
}

/** Protocol, port and what belongs to a secure protocol. */
function acceptEnd(
  balancer: LoadBalancerRecord,
  input: Pick<CreateListenerInput, 'Protocol' | 'Port' | 'Certificates' | 'SslPolicy'>,
): Pick<ListenerRecord, 'protocol' | 'port' | 'certificates' | 'sslPolicy'> {
  const protocol = requireProtocol(balancer, input.Protocol);
  const { Port: port } = input;
  if (port === undefined) throw validationError('A listener port must be specified');
  if (port < 1 || port > 65_535)
    throw validationError(`Listener port '${port}' must be between 1 and 65535 inclusive`);
  const secure = protocol === 'HTTPS' || protocol === 'TLS';
  const certificates = (input.Certificates ?? []).flatMap(({ CertificateArn }) => CertificateArn ?? []);
  if (!secure) return { protocol, port, certificates: [] };
  if (certificates.length === 0)
    throw validationError(`A certificate must be specified for ${protocol} listeners`);
  return { protocol, port, certificates, sslPolicy: input.SslPolicy ?? DEFAULT_SSL_POLICY };
}

function requireProtocol(balancer: LoadBalancerRecord, wanted: string | undefined): ListenerProtocol {
  if (wanted === undefined) throw validationError('A listener protocol must be specified');
  const protocol = PROTOCOLS[balancer.type].find((candidate) => candidate === wanted);
  if (!protocol)
    throw validationError(
      `Listener protocol '${wanted}' must be one of '${PROTOCOLS[balancer.type].join(', ')}'`,
    );
  return protocol;
}

const listenerAt = (region: Region, balancer: LoadBalancerRecord, port: number) =>
  [...region.state.listeners.values()].find(
    (listener) => listener.loadBalancerArn === balancer.arn && listener.port === port,
  );

const portTaken = (balancer: LoadBalancerRecord) =>
  new ServiceError(
    'DuplicateListener',
    `A listener already exists on this port for this load balancer '${balancer.arn}'`,
  );

function describeListener(record: ListenerRecord): Listener {
  return {
    ListenerArn: record.arn,
    LoadBalancerArn: record.loadBalancerArn,
    Protocol: record.protocol,
    Port: record.port,
    DefaultActions: record.defaultActions,
    ...(record.sslPolicy === undefined
      ? {}
      : {
          SslPolicy: record.sslPolicy,
          Certificates: record.certificates.map((CertificateArn) => ({ CertificateArn })),
        }),
  };
}
