import type { ParameterPut } from './records/services.ts';
import type { Region } from './world.ts';

/** Seconds until the value of an `aws:ec2:image` parameter has been looked at (an inference: "asynchronous"). */
const VALIDATION_SECONDS = 2;

/** Writes a new version of a parameter; of an image only when the image has proved to exist. */
export function putParameter(region: Region, put: ParameterPut): void {
  if (put.settings.dataType !== 'aws:ec2:image') {
    applyPut(region, put);
    return;
  }
  const id = region.world.newUuid();
  region.state.parameterPuts.set(id, put);
  region.after(VALIDATION_SECONDS, 'parameter-validated', id);
}

/** A value that is no image of the Region never appears: neither the parameter nor the version. */
export function parameterIsValidated(region: Region, id: string): void {
  const put = region.state.parameterPuts.get(id);
  region.state.parameterPuts.delete(id);
  const image = put && region.state.images.get(put.value);
  if (put && image && image.deregisteredAt === undefined) applyPut(region, put);
}

function applyPut(region: Region, { name, value, settings }: ParameterPut): void {
  const known = region.state.parameters.get(name);
  region.state.parameters.set(name, {
    ...known,
    name,
    ...settings,
    versions: [...(known?.versions ?? []), { value, modifiedAt: region.now }],
  });
}
