import { stringify } from 'yaml';
import { brokersAndTopicsDashboard } from './dashboards/brokers-and-topics.ts';
import { consumersDashboard } from './dashboards/consumers.ts';
import { overviewDashboard } from './dashboards/overview.ts';

/** Where the dashboards are mounted in Grafana's container. */
const DASHBOARDS_PATH = '/var/lib/grafana/dashboards';

const GENERATED =
  '# Made from deploy/monitoring: npm run generate -w @sori/monitoring. Do not edit.\n';

export function dashboards(): readonly ReturnType<typeof build>[] {
  return [overviewDashboard(), consumersDashboard(), brokersAndTopicsDashboard()].map(build);
}

function build(builder: ReturnType<typeof overviewDashboard>) {
  return builder.build();
}

/** Everything that a Grafana reads, by path in its folder. */
export function grafanaFiles(): Readonly<Record<string, string>> {
  const files = dashboards().map((dashboard): [string, string] => [
    `dashboards/${dashboard.uid}.json`,
    `${JSON.stringify(dashboard, null, 2)}\n`,
  ]);
  return {
    ...Object.fromEntries(files),
    'provisioning/datasources/prometheus.yml': toYaml({
      apiVersion: 1,
      datasources: [
        {
          name: 'Prometheus',
          type: 'prometheus',
          access: 'proxy',
          url: '$PROMETHEUS_URL',
          isDefault: true,
          // $__rate_interval is four times this.
          jsonData: { timeInterval: '5s' },
        },
      ],
    }),
    'provisioning/dashboards/sori.yml': toYaml({
      apiVersion: 1,
      providers: [
        {
          name: 'Sori',
          folder: 'Sori',
          type: 'file',
          allowUiUpdates: false,
          options: { path: DASHBOARDS_PATH },
        },
      ],
    }),
  };
}

/** Every query of every panel, with the panel it belongs to. */
export function panelQueries(): readonly { readonly panel: string; readonly expr: string }[] {
  return dashboards().flatMap(({ title, panels = [] }) =>
    panels.flatMap((panel) => {
      if (!('targets' in panel)) return [];
      return (panel.targets ?? []).flatMap((target) => {
        if (!('expr' in target) || typeof target.expr !== 'string') return [];
        return [{ panel: `${title}: ${panel.title}`, expr: target.expr }];
      });
    }),
  );
}

function toYaml(value: object): string {
  return `${GENERATED}${stringify(value, { lineWidth: 0 })}`;
}
