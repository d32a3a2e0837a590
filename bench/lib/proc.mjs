/**
 * What a server process costs: its CPU time and memory, read from /proc. Requests per second say what the client got, CPU per request says
 * what the server paid, also when the load generator was the slower of the two. Elsewhere than on Linux these figures are NaN.
 */
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100; // USER_HZ, the unit of /proc/<pid>/stat on every Linux platform Node runs on

/** @param {number} pid @returns {number} CPU time of all its threads so far, in milliseconds, in steps of 10 */
export function cpuMs(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the command's name may hold spaces: count behind it
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** @returns {number} CPU time of everything on this machine so far, in milliseconds: what is left after server and client is other people's */
export function machineCpuMs() {
  try {
    const [user, nice, system, , , irq, softirq] = /^cpu +(.*)$/m.exec(readFileSync('/proc/stat', 'latin1'))[1].split(' ').map(Number);
    return ((user + nice + system + irq + softirq) * 1000) / TICKS_PER_SECOND;
  } catch {
    return NaN;
  }
}

/** @param {number} pid @returns {{now: number, peak: number}} resident memory in MB */
export function memoryMb(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const megabytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return { now: NaN, peak: NaN };
  }
}
