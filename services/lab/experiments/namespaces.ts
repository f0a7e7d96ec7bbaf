import { rollCall } from '#lab/experiments/acting/roll-call.ts'
import {
  allAgree,
  allDiffer,
  listed,
  repliesOf,
  type RollCall,
  type Reply
} from '#lab/experiments/judging/roll-call.ts'
import type { Experiment } from './experiment.ts'

/** The namespaces that Docker creates for each container, and what each is a view of. */
const kinds = { pid: 'processes', mnt: 'mounts', net: 'network', uts: 'host name', ipc: 'shared memory' }
/**
 * The host's own namespaces have fixed numbers, those of mnt and net only on newer kernels.
 * Kernel: include/linux/proc_ns.h, PROC_*_INIT_INO.
 */
const ofHost: Record<string, number> = {
  ipc: 0xefffffff, uts: 0xeffffffe, user: 0xeffffffd, pid: 0xeffffffc, cgroup: 0xeffffffb, time: 0xeffffffa
}

/** `sharesNetwork`: all services are in the network of the host, as plain processes are. */
interface Facts { roll: RollCall, sharesNetwork: boolean }

export const namespaces: Experiment<Facts> = {
  id: 'namespaces',
  topic: 'isolation',
  title: 'Five machines in one',
  question: 'Five containers run on one host. What does each have to itself, and what do all of them share?',
  choices: [
    { id: 'everything', text: 'Each is a small virtual machine: its own kernel, processes and network.' },
    { id: 'views', text: 'Each has its own view: processes, mounts, network, host name. The kernel is one and the same.' },
    { id: 'processes', text: 'Only the processes are separate; network and host name are those of the host.' },
    { id: 'nothing', text: 'They are ordinary processes that see each other; they differ only in their limits.' }
  ],
  answer: 'views',
  does: 'Asks every container for the numbers of its namespaces, for its host name, addresses and process 1, and for its kernel. Nothing is changed.',
  seconds: 2,
  watches: [{ service: 'api', series: ['pids'] }, { service: 'worker', series: ['pids'] }],
  ifYouSawSomethingElse: [
    'Two services have the same namespace: one uses the other\'s (`pid: "service:api"`, `network_mode: "service:api"`, `ipc: …` in Compose) or the host\'s.',
    'A store is shown as unknown: it was started without scripts/write-whoami.sh, as in compose.prod.yaml.'
  ],
  requires: ['namespaces'],

  async act (stage) {
    const roll = await rollCall(stage)
    stage.say(`process 1 of each: ${listed(repliesOf(roll, view => view.pid1))}`)
    const shared = Object.entries(ofHost)
      .filter(([kind, number]) => inNamespace(roll, kind).every(({ value }) => value === String(number)))
      .map(([kind]) => kind)
    if (shared.length > 0) stage.say(`all services are in the host's own namespaces for ${shared.join(', ')}`)
    return { roll, sharesNetwork: stage.isMissing('network') }
  },

  judge (_evidence, { roll, sharesNetwork }) {
    const checks = [
      ...Object.entries(kinds)
        .filter(([kind]) => kind !== 'net' || !sharesNetwork)
        .map(([kind, what]) =>
          allDiffer(`each has its own ${what}`, `/proc/self/ns/${kind}`, [...inNamespace(roll, kind), ...host(kind)])
        ),
      allDiffer(
        'each has its own name',
        '/proc/sys/kernel/hostname',
        repliesOf(roll, view => view.hostname || null)
      ),
      ...(sharesNetwork
        ? []
        : [
            allDiffer(
              'each has its own address',
              'getifaddrs(3)',
              repliesOf(roll, view => view.addresses[0] ?? null)
            )
          ]),
      allAgree(
        'all run on one kernel',
        'uname(2)',
        repliesOf(roll, view => view.uname.release || null)
      ),
      allAgree(
        'the kernel was booted once for all',
        '/proc/sys/kernel/random/boot_id',
        repliesOf(roll, view => view.bootId)
      )
    ]
    const wrong = checks.filter(({ holds }) => holds === false).map(({ claim, saw }) => `${claim}: ${saw}`)
    const count = Object.values(roll).filter(view => view !== null).length
    const addresses = sharesNetwork ? '' : ', addresses'
    const network = sharesNetwork ? ' The network is the host\'s.' : ''
    return {
      saw: wrong.length === 0
        ? `${count} services have ${count} sets of processes, mounts${addresses} and names, on one kernel: Linux ${roll.lab.uname.release}.${network}`
        : `Does not hold: ${wrong.join('; ')}.`,
      checks
    }
  }
}

/** The number in `pid:[4026532456]`. */
function inNamespace (roll: RollCall, kind: string): Reply[] {
  return repliesOf(roll, view => /\d+/.exec(view.namespaces[kind] ?? '')?.[0] ?? null)
}

/** The host's own namespace, which no container may be in, where its number is known. */
function host (kind: string): Reply[] {
  return kind in ofHost ? [{ service: 'the host', value: String(ofHost[kind]) }] : []
}
