import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { factsOf, valuesIn } from '../../../src/packer/template.ts';

const hcl = (text: string) => factsOf([{ name: 'web.pkr.hcl', text }]);
const json = (document: object, name = 'web.json') => factsOf([{ name, text: JSON.stringify(document) }]);

describe('required plugins', () => {
  const amazon = `packer {
  required_plugins {
    amazon = { version = ">= 1.2.0", source = "github.com/hashicorp/amazon" }
  }
}`;

  test('are the same whatever the layout, and whatever stands around them', () => {
    const other = `# packer { required_plugins { none } }
variable "packer" { default = "required_plugins {" }
packer { /* why */ required_plugins { // the builder
 amazon = { version = ">= 1.2.0",
   source  = "github.com/hashicorp/amazon" } } }
source "amazon-ebs" "web" { user_data = <<EOF
packer { required_plugins { x } }
EOF
}`;
    expect(hcl(amazon).requiredPlugins).toBeDefined();
    expect(hcl(other).requiredPlugins).toBe(hcl(amazon).requiredPlugins);
  });

  test('differ when a version does', () => {
    expect(hcl(amazon.replace('1.2.0', '1.3.0')).requiredPlugins).not.toBe(hcl(amazon).requiredPlugins);
  });

  test('of several files count together', () => {
    const files = [
      { name: 'a.pkr.hcl', text: amazon },
      { name: 'b.pkr.hcl', text: 'packer { required_plugins { ansible = { version = "1.0" } } }' },
    ];
    expect(factsOf(files).requiredPlugins?.split('\n')).toHaveLength(2);
  });

  test('are read from HCL in JSON as well', () => {
    const required_plugins = { amazon: { version: '>= 1.2.0' } };
    expect(json({ packer: { required_plugins } }, 'web.pkr.json').requiredPlugins).toBe(
      '{"amazon":{"version":">= 1.2.0"}}',
    );
  });

  test('are none in a template without the block', () => {
    expect(hcl('packer { required_version = ">= 1.7" }').requiredPlugins).toBeUndefined();
    expect(json({ builders: [] }).requiredPlugins).toBeUndefined();
  });
});

describe('the plugins of a JSON template', () => {
  test("are HashiCorp's that its builders, provisioners and post-processors are in, each once", () => {
    const facts = json({
      builders: [{ type: 'amazon-ebs' }, { type: 'amazon-ebssurrogate' }, { type: 'null' }],
      provisioners: [{ type: 'shell' }, { type: 'ansible-local' }],
      'post-processors': ['manifest', ['compress', { type: 'amazon-import' }]],
    });
    expect(facts.jsonPlugins).toEqual(['github.com/hashicorp/amazon', 'github.com/hashicorp/ansible']);
  });

  test.each([{}, { builders: 3 }, { provisioners: [null, 3, []] }])('are none in %p', (document) => {
    expect(json(document).jsonPlugins).toEqual([]);
  });

  test('are not guessed for HCL2, which requires its own', () => {
    expect(hcl('source "amazon-ebs" "web" {}').jsonPlugins).toEqual([]);
  });
});

describe('sensitive variables', () => {
  test('are those that say so, with their defaults', () => {
    const facts = hcl(`
variable "region" { default = "eu-west-1" }
variable "password" {
  type      = string
  default   = "hunter \\"2\\""
  sensitive = true
}
variable "token" { sensitive = true }
variable "public" { sensitive = false }`);
    expect([...facts.sensitive]).toEqual([
      ['password', 'hunter "2"'],
      ['token', undefined],
    ]);
  });

  test('of a legacy template are in its list', () => {
    const facts = json({
      variables: { password: 'hunter2', region: 'x' },
      'sensitive-variables': ['password'],
    });
    expect([...facts.sensitive]).toEqual([['password', 'hunter2']]);
  });

  test('of HCL in JSON say so', () => {
    const variable = { password: [{ sensitive: true, default: 'hunter2' }], region: { default: 'x' } };
    expect([...json({ variable }, 'web.pkr.json').sensitive]).toEqual([['password', 'hunter2']]);
  });
});

test('values are the plain texts of a file', () => {
  const text = 'password = "hunter2"\nsize = 3\nlist = ["a"]\nmap = {\n inner = "x"\n}\nlast = "y" # why';
  expect([...valuesIn({ name: 'a.pkrvars.hcl', text })]).toEqual([
    ['password', 'hunter2'],
    ['last', 'y'],
  ]);
  expect([...valuesIn({ name: 'a.json', text: '{"password": "hunter2", "size": 3}' })]).toEqual([
    ['password', 'hunter2'],
  ]);
});

test('any text whatever is no reason to fail: Packer says what is wrong with it', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('a.pkr.hcl', 'a.json', 'a.pkr.json'), (text, name) => {
      factsOf([{ name, text }]);
      valuesIn({ name, text });
    }),
  );
  const pieces = fc.array(
    fc.constantFrom('{', '}', '"', '=', 'packer', 'required_plugins', '<<EOF', '\n', '/*'),
  );
  fc.assert(fc.property(pieces, (parts) => void factsOf([{ name: 'a.pkr.hcl', text: parts.join(' ') }])));
});
