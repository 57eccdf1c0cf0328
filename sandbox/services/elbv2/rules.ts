import type {
  CreateRuleInput,
  CreateRuleOutput,
  DeleteRuleInput,
  DeleteRuleOutput,
  DescribeRulesInput,
  DescribeRulesOutput,
  ModifyRuleInput,
  ModifyRuleOutput,
  Rule,
  SetRulePrioritiesInput,
  SetRulePrioritiesOutput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRecord, RuleRecord } from '../../engine/records/load-balancing.ts';
import { trafficChanged } from '../../engine/traffic.ts';
import type { Region } from '../../engine/world.ts';
import { ServiceError, validationError } from '../../protocol/error.ts';
import type { Handlers } from '../service.ts';
import { acceptActions } from './actions.ts';
import { acceptConditions } from './conditions.ts';
import { elbPage, findListener, findRule, newSuffix } from './resources.ts';
import { defaultRuleArn, setTags } from './tags.ts';

export const ruleHandlers: Handlers = {
  CreateRule,
  DescribeRules,
  ModifyRule,
  DeleteRule,
  SetRulePriorities,
};

function CreateRule(input: CreateRuleInput, region: Region): CreateRuleOutput {
  const listener = findListener(region, input.ListenerArn);
  if (listener.protocol !== 'HTTP' && listener.protocol !== 'HTTPS')
    throw new ServiceError('UnsupportedFeature', 'Rules are not supported for Network Load Balancers');
  const priority = input.Priority ?? 0;
  requirePriority(priority);
  if (rulesOf(region, listener).some((rule) => rule.priority === priority)) throw priorityInUse(priority);
  const record: RuleRecord = {
    arn: `${listener.arn.replace(':listener/', ':listener-rule/')}/${newSuffix(region)}`,
    listenerArn: listener.arn,
    priority,
    conditions: acceptConditions(input.Conditions),
    actions: acceptActions(region, input.Actions, listener),
  };
  setTags(region, record.arn, input.Tags);
  region.state.rules.set(record.arn, record);
  trafficChanged(region);
  return { Rules: [describeRule(record)] };
}

function DescribeRules(input: DescribeRulesInput, region: Region): DescribeRulesOutput {
  const { ListenerArn, RuleArns } = input;
  if (ListenerArn !== undefined && RuleArns?.length)
    throw new ServiceError(
      'ValidationError',
      'You cannot specify both a listener ARN and listener rule ARNs',
    );
  if (RuleArns?.length) {
    const { items, next } = elbPage(
      RuleArns.map((arn) => byArn(region, arn)),
      input,
    );
    return { Rules: items, ...next };
  }
  if (ListenerArn === undefined)
    throw validationError('You must specify either listener rule ARNs or a listener ARN');
  const listener = findListener(region, ListenerArn);
  const all = [...rulesOf(region, listener).map(describeRule), describeDefaultRule(listener)];
  const { items, next } = elbPage(all, input);
  return { Rules: items, ...next };
}

function ModifyRule(input: ModifyRuleInput, region: Region): ModifyRuleOutput {
  if (defaultRuleListener(region, input.RuleArn))
    throw new ServiceError('OperationNotPermitted', `Default rule '${input.RuleArn}' cannot be modified`);
  const rule = findRule(region, input.RuleArn);
  const listener = findListener(region, rule.listenerArn);
  const conditions = input.Conditions ? acceptConditions(input.Conditions) : rule.conditions;
  const actions = input.Actions ? acceptActions(region, input.Actions, listener) : rule.actions;
  Object.assign(rule, { conditions, actions });
  trafficChanged(region);
  return { Rules: [describeRule(rule)] };
}

function DeleteRule(input: DeleteRuleInput, region: Region): DeleteRuleOutput {
  if (defaultRuleListener(region, input.RuleArn))
    throw new ServiceError('OperationNotPermitted', `Default rule '${input.RuleArn}' cannot be deleted`);
  const rule = findRule(region, input.RuleArn);
  region.state.rules.delete(rule.arn);
  region.state.arnTags.delete(rule.arn);
  trafficChanged(region);
  return {};
}

/** All at once: two rules may change places. */
function SetRulePriorities(input: SetRulePrioritiesInput, region: Region): SetRulePrioritiesOutput {
  const wanted = (input.RulePriorities ?? []).map(({ RuleArn, Priority = 0 }) => {
    if (defaultRuleListener(region, RuleArn))
      throw new ServiceError(
        'OperationNotPermitted',
        `Priority of the default rule '${RuleArn}' cannot be modified`,
      );
    requirePriority(Priority);
    return { rule: findRule(region, RuleArn), priority: Priority };
  });
  const moved = new Set(wanted.map(({ rule }) => rule));
  for (const { rule, priority } of wanted) {
    const listener = findListener(region, rule.listenerArn);
    const stays = rulesOf(region, listener).some((other) => !moved.has(other) && other.priority === priority);
    const twice = wanted.some(
      (other) =>
        other.rule !== rule && other.rule.listenerArn === rule.listenerArn && other.priority === priority,
    );
    if (stays || twice) throw priorityInUse(priority);
  }
  for (const { rule, priority } of wanted) rule.priority = priority;
  return { Rules: wanted.map(({ rule }) => describeRule(rule)) };
}

/** In the order in which they are tried. */
function rulesOf(region: Region, listener: ListenerRecord): RuleRecord[] {
  return [...region.state.rules.values()]
    .filter((rule) => rule.listenerArn === listener.arn)
    .toSorted((a, b) => a.priority - b.priority);
}

function byArn(region: Region, arn: string): Rule {
  const listener = defaultRuleListener(region, arn);
  return listener ? describeDefaultRule(listener) : describeRule(findRule(region, arn));
}

const defaultRuleListener = (region: Region, arn: string | undefined) =>
  [...region.state.listeners.values()].find((listener) => defaultRuleArn(listener.arn) === arn);

function requirePriority(priority: number): void {
  if (!Number.isInteger(priority) || priority < 1 || priority > 50_000)
    throw validationError(`Rule priority '${priority}' must be between 1 and 50000 inclusive`);
}

const priorityInUse = (priority: number) =>
  new ServiceError('PriorityInUse', `Priority '${priority}' is currently in use`);

/** Priorities are strings in answers, numbers in requests. */
function describeRule(rule: RuleRecord): Rule {
  return {
    RuleArn: rule.arn,
    Priority: String(rule.priority),
    Conditions: rule.conditions,
    Actions: rule.actions,
    IsDefault: false,
    Transforms: [],
  };
}

function describeDefaultRule(listener: ListenerRecord): Rule {
  return {
    RuleArn: defaultRuleArn(listener.arn),
    Priority: 'default',
    Conditions: [],
    Actions: listener.defaultActions,
    IsDefault: true,
    Transforms: [],
  };
}
