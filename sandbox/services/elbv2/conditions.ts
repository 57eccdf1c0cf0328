import type { RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ServiceError, validationError } from '../../protocol/error.ts';

/** When a rule applies. */

const MOST_VALUES = 5;

/**
 * Checks conditions and completes them to the form in which AWS shows them: `Values` and the configuration of paths
 * and hosts are both there, whichever was given. They come back in another order than they were sent: by field here.
 */
export function acceptConditions(conditions: readonly RuleCondition[] | undefined): RuleCondition[] {
  if (!conditions?.length) throw validationError('A condition must be specified');
  const accepted = conditions.map(accept);
  for (const single of ['path-pattern', 'host-header', 'http-request-method', 'source-ip']) {
    if (accepted.filter(({ Field }) => Field === single).length > 1)
      throw validationError(`You can specify only one condition of the field '${single}'`);
  }
  if (accepted.flatMap(valuesOf).length > MOST_VALUES)
    throw new ServiceError(
      'TooManyValues',
      'The maximum number of condition values per rule has been reached',
    );
  return accepted.toSorted((a, b) => ((a.Field ?? '') < (b.Field ?? '') ? -1 : 1));
}

function accept(condition: RuleCondition): RuleCondition {
  const { Field, Values } = condition;
  switch (Field) {
    case 'path-pattern': {
      const values = someOf(condition.PathPatternConfig?.Values ?? Values, Field, 128);
      return { Field, Values: values, PathPatternConfig: { Values: values } };
    }
    case 'host-header': {
      const values = someOf(condition.HostHeaderConfig?.Values ?? Values, Field, 128);
      return { Field, Values: values, HostHeaderConfig: { Values: values } };
    }
    case 'http-header':
      someOf(condition.HttpHeaderConfig?.Values, Field, 128);
      if (!condition.HttpHeaderConfig?.HttpHeaderName)
        throw validationError("A header name must be specified for the condition field 'http-header'");
      return { Field, HttpHeaderConfig: condition.HttpHeaderConfig };
    case 'http-request-method':
      return {
        Field,
        HttpRequestMethodConfig: { Values: someOf(condition.HttpRequestMethodConfig?.Values, Field, 40) },
      };
    case 'source-ip':
      return { Field, SourceIpConfig: { Values: someOf(condition.SourceIpConfig?.Values, Field, 49) } };
    case 'query-string':
      if (!condition.QueryStringConfig?.Values?.length)
        throw validationError(`A condition value must be specified for the condition field '${Field}'`);
      return { Field, QueryStringConfig: condition.QueryStringConfig };
    default:
      throw validationError(
        `Condition field '${Field}' must be one of '[path-pattern, host-header, http-header, http-request-method, query-string, source-ip]'`,
      );
  }
}

function someOf(values: readonly string[] | undefined, field: string, longest: number): string[] {
  if (!values?.length)
    throw validationError(`A condition value must be specified for the condition field '${field}'`);
  const long = values.find((value) => value.length > longest);
  if (long !== undefined)
    throw validationError(`Condition value '${long}' cannot be longer than '${longest}' characters`);
  return [...values];
}

function valuesOf(condition: RuleCondition): unknown[] {
  const { PathPatternConfig, HostHeaderConfig, HttpHeaderConfig, ...rest } = condition;
  const { HttpRequestMethodConfig, SourceIpConfig, QueryStringConfig } = rest;
  const configs = [PathPatternConfig, HostHeaderConfig, HttpHeaderConfig];
  return [...configs, HttpRequestMethodConfig, SourceIpConfig, QueryStringConfig].flatMap(
    (config): unknown[] => config?.Values ?? [],
  );
}
