// What is deployed beside the service must fit it: a dashboard of a metric that is not there stays empty, and an alert silent.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { load, loadAll } from 'js-yaml';
import type { Json } from '../support/http.js';
import { Service } from '../support/service.js';

const DEPLOY = new URL('../../deploy/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, DEPLOY), 'utf8');
const yaml = (file: string): Json => load(read(file));

const METRIC = /\b(?:watchlist|nodejs|process)_[a-z0-9_]+/g;

function namesIn(expressions: readonly string[]): string[] {
  return [...new Set(expressions.flatMap((expression) => expression.match(METRIC) ?? []))];
}

describe('the metrics that are asked for', () => {
  let service: Service;
  let series: Set<string>;

  beforeAll(async () => {
    service = await Service.start({}, legs[0]);
    const { text } = await service.get('/metrics');
    series = new Set();
    for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      if (type === 'histogram') for (const part of ['bucket', 'count', 'sum']) series.add(`${name}_${part}`);
      else series.add(name);
    }
  });
  afterAll(() => service.stop());

  it('by the dashboard are all there', () => {
    const { panels }: Json = JSON.parse(read('grafana/watchlist.json'));
    const names = namesIn(panels.flatMap(({ targets }: Json) => targets.map(({ expr }: Json) => expr)));

    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !series.has(name))).toEqual([]);
  });

  it('by the alerts are all there', () => {
    const rules = yaml('prometheus/alerts.yml').groups.flatMap((group: Json) => group.rules);
    const names = namesIn(rules.map(({ expr }: Json) => expr));

    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !series.has(name))).toEqual([]);
    for (const { annotations, labels } of rules)
      expect([annotations.summary, labels.severity]).toEqual([expect.any(String), expect.any(String)]);
  });
});

describe('the compose file', () => {
  it('starts Prometheus and Grafana only when asked, on files that are there', () => {
    const { services } = yaml('../docker-compose.yml');

    for (const name of ['prometheus', 'grafana']) {
      expect(services[name].profiles).toEqual(['observability']);
      const files = services[name].volumes
        .map((volume: string) => volume.split(':')[0])
        .filter((source: string) => source.startsWith('./'));
      expect(files.length).toBeGreaterThan(0);
      expect(files.filter((file: string) => !existsSync(new URL(`../${file}`, DEPLOY)))).toEqual([]);
    }
    expect(yaml('prometheus/prometheus.yml').rule_files).toEqual(['alerts.yml']);
    expect(yaml('grafana/provisioning/datasources/prometheus.yml').datasources[0].uid).toBe('prometheus');
    expect(yaml('grafana/provisioning/dashboards/watchlist.yml').providers[0].options.path).toBe('/etc/grafana/dashboards');
  });
});

describe('the Kubernetes manifests', () => {
  const manifests = loadAll(read('kubernetes/watchlist.yaml')) as Json[];

  it('run a service that may do little, and is asked whether it is well', () => {
    const pod = manifests.find(({ kind }) => kind === 'Deployment').spec.template.spec;
    const [container] = pod.containers;

    expect(container.livenessProbe.httpGet.path).toBe('/health');
    expect(container.readinessProbe.httpGet.path).toBe('/health/detailed');
    expect(container.lifecycle.preStop).toBeDefined();
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(15);
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.resources).toMatchObject({ requests: { memory: expect.any(String) }, limits: { memory: expect.any(String) } });
    for (const { valueFrom } of container.env) expect(valueFrom.secretKeyRef.name).toBe('watchlist');
  });

  it('name the same application everywhere', () => {
    for (const { spec } of manifests) expect(spec.selector.matchLabels ?? spec.selector).toEqual({ app: 'watchlist' });
  });
});
