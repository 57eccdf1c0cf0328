import type { Rule } from '../compare.ts';

const describeImages = ['ec2 DescribeImages'];
const describeSnapshots = ['ec2 DescribeSnapshots'];

export const imageRules: readonly Rule[] = [
  {
    calls: describeImages,
    paths: ['Images[].BlockDeviceMappings[]'],
    is: 'left out by moto',
    because: "moto invents the root device: an image has its instance's volumes",
  },
  {
    calls: describeImages,
    paths: ['Images[].BlockDeviceMappings[]'],
    is: 'added by moto',
    because: "moto invents the root device, of 15 GiB at /dev/sda1: an image has its instance's volumes",
  },
  {
    calls: describeImages,
    paths: ['Images[].BootMode', 'Images[].RootDeviceName', 'Images[].RootDeviceType'],
    is: 'other value',
    because: 'moto forgets what the source image is like, and calls the root device type "standard"',
  },
  {
    calls: describeImages,
    paths: [
      'Images[].DeregistrationProtection',
      'Images[].EnaSupport',
      'Images[].FreeTierEligible',
      'Images[].Hypervisor',
      'Images[].ImageLocation',
      'Images[].ImdsSupport',
      'Images[].PlatformDetails',
      'Images[].SourceImageId',
      'Images[].SourceImageRegion',
      'Images[].SriovNetSupport',
      'Images[].UsageOperation',
    ],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it for an image that was made from an instance',
  },
  {
    calls: describeImages,
    paths: ['Images[].Description', 'Images[].ProductCodes', 'Images[].Tags'],
    is: 'added by moto',
    because: 'moto answers empty texts and lists; AWS leaves out what an image does not have',
  },
  {
    calls: describeImages,
    paths: ['error'],
    is: 'left out by moto',
    because: 'moto passes over unknown ids beside known ones; AWS refuses the whole call',
  },
  {
    calls: describeImages,
    paths: ['Images'],
    is: 'added by moto',
    because: 'moto passes over unknown ids beside known ones; AWS refuses the whole call',
  },
  {
    calls: describeSnapshots,
    paths: ['Snapshots[].CompletionTime', 'Snapshots[].FullSnapshotSizeInBytes', 'Snapshots[].TransferType'],
    is: 'left out by moto',
    because: 'moto leaves it out; AWS was seen to answer it for a completed snapshot',
  },
  {
    calls: describeSnapshots,
    paths: ['Snapshots[].VolumeId', 'Snapshots[].VolumeSize'],
    is: 'other value',
    because: "moto's snapshots are of an invented volume of 15 GiB, not of the instance's",
  },
  {
    calls: ['ec2 DeregisterImage'],
    paths: ['DeleteSnapshotResults'],
    is: 'left out by moto',
    because: 'moto does not know that snapshots can be deleted with their image',
  },
  {
    calls: ['ec2 DeregisterImage'],
    paths: ['error'],
    is: 'other value',
    because: 'moto does not look at the form of an id here; AWS calls it malformed',
  },
];
