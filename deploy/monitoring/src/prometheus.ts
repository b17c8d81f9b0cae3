import { stringify } from 'yaml';
import { type Alert, toAlertRule } from './alert.ts';
import { brokerAlerts } from './broker-alerts.ts';
import { consumerAlerts } from './consumer-alerts.ts';
import { recordingRules } from './recording-rules.ts';
import { serviceAlerts } from './service-alerts.ts';
import { type Timing, toDuration } from './timing.ts';

const GENERATED =
  '# Made from deploy/monitoring: npm run generate -w @sori/monitoring. Do not edit.\n';

/** Every alert, by what it watches. */
export function alertGroups(timing: Timing): Readonly<Record<string, readonly Alert[]>> {
  return {
    consumers: consumerAlerts(timing),
    brokers: brokerAlerts(),
    services: serviceAlerts(timing),
  };
}

/** Everything that a Prometheus reads, by path in its folder. */
export function prometheusFiles(timing: Timing): Readonly<Record<string, string>> {
  const alerts = Object.entries(alertGroups(timing)).map(([name, group]) => ({
    name: `sori-${name}`,
    rules: group.map((alert) => toAlertRule(alert, timing)),
  }));
  return {
    'prometheus.yml': toYaml(prometheusConfig(timing)),
    'rules/recording.yml': toYaml({
      groups: [{ name: 'sori-recording', rules: recordingRules(timing) }],
    }),
    'rules/alerts.yml': toYaml({ groups: alerts }),
  };
}

function prometheusConfig({ scrapeSeconds, evaluateSeconds }: Timing): object {
  return {
    global: {
      scrape_interval: toDuration(scrapeSeconds),
      evaluation_interval: toDuration(evaluateSeconds),
    },
    rule_files: ['rules/*.yml'],
    scrape_configs: [
      {
        job_name: 'sori',
        // Whoever starts the services writes who they are: one target a process.
        file_sd_configs: [{ files: ['targets/*.json'], refresh_interval: '5s' }],
      },
    ],
  };
}

function toYaml(value: object): string {
  return `${GENERATED}${stringify(value, { lineWidth: 0 })}`;
}
