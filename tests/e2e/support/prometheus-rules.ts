/**
 * Expressions of alerting rules as their projects publish them. Written for cAdvisor, they must work here unchanged.
 */

const BY = 'by (cluster, namespace, pod, container, instance)'
const WITHOUT = 'without (id, metrics_path, name, image, endpoint, job, node)'

/** https://github.com/kubernetes-monitoring/kubernetes-mixin/blob/master/alerts/resource_alerts.libsonnet */
export const cpuThrottlingHigh = `
  sum ${WITHOUT} (topk ${BY} (1, increase(container_cpu_cfs_throttled_periods_total{container!="", job="cadvisor"}[5m])))
    / on (cluster, namespace, pod, container, instance) group_left
  sum ${WITHOUT} (topk ${BY} (1, increase(container_cpu_cfs_periods_total{job="cadvisor"}[5m])))
    > ( 25 / 100 )`

/**
 * CPUThrottlingHigh of the same mixin until 2024; today in https://github.com/samber/awesome-prometheus-alerts,
 * docker-containers/google-cadvisor.yml
 */
export const containerHighThrottleRate = `
  sum(increase(container_cpu_cfs_throttled_periods_total{container!=""}[5m])) by (container, pod, namespace)
    / sum(increase(container_cpu_cfs_periods_total[5m])) by (container, pod, namespace)
    > ( 25 / 100 )`

/** https://github.com/samber/awesome-prometheus-alerts, docker-containers/google-cadvisor.yml */
export const containerHighMemoryUsage = `
  (sum(container_memory_working_set_bytes{name!=""}) BY (instance, name)
    / sum(container_spec_memory_limit_bytes > 0) BY (instance, name) * 100) > 80`
