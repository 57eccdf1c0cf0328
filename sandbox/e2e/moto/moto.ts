import type { Case } from '../case.ts';
import { differentialCase } from './differential.ts';
import { groups } from './topics/groups.ts';
import { images } from './topics/images.ts';
import { launchTemplates } from './topics/launch-templates.ts';
import { loadBalancers } from './topics/load-balancers.ts';
import { smallServices } from './topics/small-services.ts';

/** The local AWS beside moto, wherever moto is known to be right. */
export const motoCases: readonly Case[] = [images, launchTemplates, groups, loadBalancers, smallServices].map(
  differentialCase,
);
