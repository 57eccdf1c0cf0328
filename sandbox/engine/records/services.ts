/** Tokens, parameters, commands, topics and alarms. Times are milliseconds since 1970. */

export interface CredentialRecord {
  /** Of the session: `arn:aws:sts::…:assumed-role/role/session`. */
  arn: string;
  userId: string;
  role: string;
  /** The policy document that was given with the request: it narrows what the role may do. */
  sessionPolicy?: string;
  /** In the machine's time, like the expiration that the SDKs compare with it. */
  expiresAt: number;
}

export interface TrustRecord {
  /** What the identity provider takes as `aud` or `azp`. */
  audiences: string[];
  /** What the trust policy takes as `sub`; `*` stands for anything. */
  subjects: string[];
}

export interface ParameterRecord {
  name: string;
  type: string;
  dataType: string;
  /** Absent: Standard. */
  tier?: 'Advanced';
  description?: string;
  allowedPattern?: string;
  keyId?: string;
  /** Version numbers by label. */
  labels?: Record<string, number>;
  versions: { value: string; modifiedAt: number }[];
}

/** A put that has been answered and is applied when its value has proved to be an image. */
export interface ParameterPut {
  name: string;
  value: string;
  settings: Omit<ParameterRecord, 'name' | 'versions' | 'labels'>;
}

/** A command that was sent to instances through Systems Manager. */
export interface CommandRecord {
  id: string;
  document: string;
  comment: string;
  parameters: Record<string, string[]>;
  requestedAt: number;
  /** How long the command may run. */
  executionSeconds: number;
  /** By instance id. */
  outcomes: Record<string, CommandOutcome>;
}

export type CommandOutcome = 'succeeds' | 'fails' | 'times-out';

export interface TopicRecord {
  arn: string;
  displayName?: string;
  subscriptions: { arn: string; protocol: string; endpoint: string }[];
  messages: { at: number; subject?: string; message: string; structure?: 'json' }[];
}

export interface AlarmRecord {
  name: string;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  /** When the state was said last, when it changed last, and when the alarm was defined last. */
  updatedAt: number;
  changedAt: number;
  configuredAt: number;
  definition: Record<string, unknown>;
}
