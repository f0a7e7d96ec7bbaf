import { rollCall } from '#lab/experiments/acting/stage.ts'
import { allAgree, allDiffer, repliesOf, type RollCall, type Reply } from '#lab/experiments/judging/roll-call.ts'
import type { Experiment } from './experiment.ts'

/** What Docker makes anew for each container, and what each is a view of. */
const kinds = { pid: 'processes', mnt: 'mounts', net: 'network', uts: 'host name', ipc: 'shared memory' }
/**
 * The namespaces that the machine booted with have fixed numbers. Of mnt and net only newer kernels have them.
 * Kernel: include/linux/proc_ns.h, PROC_*_INIT_INO.
 */
const ofHost: Record<string, number> = { ipc: 0xefffffff, uts: 0xeffffffe, user: 0xeffffffd, pid: 0xeffffffc, cgroup: 0xeffffffb, time: 0xeffffffa }

/** `sharesNetwork`: with the host, as plain processes do. */
interface Facts { roll: RollCall, sharesNetwork: boolean }

export const namespaces: Experiment<Facts> = {
  id: 'namespaces',
  topic: 'isolation',
  title: 'Five machines in one',
  question: 'Five containers run on one host. What does each have to itself, and what do all of them share?',
  choices: [
    { id: 'everything', text: 'Each is a small virtual machine: its own kernel, processes and network.' },
    { id: 'views', text: 'Each has its own view: processes, mounts, network, host name. The kernel is one and the same.' },
    { id: 'processes', text: 'Only processes are apart; network and host name are those of the host.' },
    { id: 'nothing', text: 'They are ordinary processes that see each other; only limits set them apart.' }
  ],
  answer: 'views',
  does: 'Asks every container for the numbers of its namespaces, its host name, addresses and process 1, and for the kernel it runs on. Nothing is changed.',
  seconds: 4,
  watches: [{ service: 'api', series: ['pids'] }, { service: 'worker', series: ['pids'] }],
  ifYouSawSomethingElse: [
    'Two services have the same namespace: one was told to use the other\'s (`pid: "service:api"`, `network_mode: "service:api"`, `ipc: …` in Compose) or the host\'s.',
    'A store does not tell: it was started without scripts/tell-whoami.sh, as compose.prod.yaml does.'
  ],
  requires: ['namespaces'],

  async act (stage) {
    const roll = await rollCall(stage)
    stage.say(`process 1 of each: ${repliesOf(roll, who => who.pid1).map(({ service, value }) => `${service} ${value ?? 'not told'}`).join(', ')}`)
    const shared = Object.keys(ofHost).filter(kind => inNamespace(roll, kind).every(({ value }) => value === String(ofHost[kind])))
    if (shared.length > 0) stage.say(`the host's own, for all of them: the namespaces ${shared.join(', ')}`)
    return { roll, sharesNetwork: stage.isMissing('network') }
  },

  judge (_evidence, { roll, sharesNetwork }) {
    const checks = [
      ...Object.entries(kinds).filter(([kind]) => kind !== 'net' || !sharesNetwork).map(([kind, view]) => allDiffer(`each has its own ${view}`, `/proc/self/ns/${kind}`, [...inNamespace(roll, kind), ...host(kind)])),
      allDiffer('each has its own name', '/proc/sys/kernel/hostname', repliesOf(roll, who => who.hostname || null)),
      ...(sharesNetwork ? [] : [allDiffer('each has its own address', 'getifaddrs(3)', repliesOf(roll, who => who.addresses[0] ?? null))]),
      allAgree('all run on one kernel', 'uname(2)', repliesOf(roll, who => who.uname.release || null)),
      allAgree('which was booted once', '/proc/sys/kernel/random/boot_id', repliesOf(roll, who => who.bootId))
    ]
    const wrong = checks.filter(({ holds }) => holds === false).map(({ claim, saw }) => `${claim}: ${saw}`)
    const count = Object.values(roll).filter(who => who !== null).length
    return {
      saw: wrong.length === 0
        ? `${count} services have ${count} sets of processes, mounts${sharesNetwork ? '' : ', addresses'} and names, on one kernel: Linux ${roll.lab.uname.release}.${sharesNetwork ? ' The network is the host\'s.' : ''}`
        : `Not so: ${wrong.join('; ')}.`,
      checks
    }
  }
}

/** By number, of `pid:[4026532456]`. */
function inNamespace (roll: RollCall, kind: string): Reply[] {
  return repliesOf(roll, who => /\d+/.exec(who.namespaces[kind] ?? '')?.[0] ?? null)
}

/** Whose namespaces a container must not have either, where they can be known. */
function host (kind: string): Reply[] {
  return kind in ofHost ? [{ service: 'the host', value: String(ofHost[kind]) }] : []
}
