/** The fleet as a refresh counts it, at one moment, in units of capacity (instances, unless they have weights). */
export interface Fleet {
  /** The group's desired capacity. */
  desired: number;
  /** What has to go now and is in service: passing its health checks, or failing them. */
  outgoingHealthy: number;
  outgoingUnhealthy: number;
  /** What is old and in service, but has to stay for now: beyond the next checkpoint, protected, or paused. */
  waiting: number;
  /** What stays: in service, healthy and warmed up; or not yet. */
  ready: number;
  warming: number;
  terminating: number;
}

export interface HealthyPercentages {
  min: number;
  /** Absent: an instance is terminated first and its replacement launched at the same time. */
  max: number | undefined;
}

/**
 * How much a refresh launches and terminates now, so that the healthy capacity stays between both percentages of the
 * desired one (guide "How an instance refresh works in an Auto Scaling group"). When both bounds leave no room at
 * all, one unit is replaced all the same: launched first when a maximum was given, terminated first when not.
 */
export function nextBatch(
  fleet: Fleet,
  percentages: HealthyPercentages,
): { launch: number; terminate: number } {
  const outgoing = fleet.outgoingHealthy + fleet.outgoingUnhealthy;
  const healthy = fleet.outgoingHealthy + fleet.waiting + fleet.ready;
  const total = outgoing + fleet.waiting + fleet.ready + fleet.warming;
  const least = Math.ceil((fleet.desired * percentages.min) / 100);
  const needed = Math.max(0, fleet.desired - fleet.waiting - fleet.ready - fleet.warming);
  const expendable = fleet.outgoingUnhealthy + Math.max(0, healthy - least);
  const idle = fleet.warming === 0 && fleet.terminating === 0;

  if (percentages.max === undefined) {
    let terminate = Math.min(outgoing, expendable);
    if (terminate === 0 && idle && outgoing > 0) terminate = 1;
    return { terminate, launch: Math.min(needed, Math.max(0, fleet.desired - (total - terminate))) };
  }
  const most = Math.floor((fleet.desired * percentages.max) / 100);
  const terminate = Math.min(outgoing, expendable);
  let launch = Math.min(needed, Math.max(0, most - (total - terminate)));
  if (launch === 0 && terminate === 0 && idle && outgoing > 0) launch = Math.min(needed, 1);
  return { launch, terminate };
}
