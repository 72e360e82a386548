"""What the benchmarks of whole processes share: one process measured, medians, tables."""
import os
import statistics
import subprocess
import sys
import tempfile
import time


class Failed(Exception):
    """A process ended with an error."""


def run(*words, environment=None, limit_s=None):
    """Wall and processor seconds and peak MiB of one process, with what it printed. Failed when it fails; None when it
    was stopped at the limit."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in words], stdout=out, stderr=error, start_new_session=True,
                                   env={**os.environ, **(environment or {})})
        status = usage = None
        while status is None:
            # Without a limit the wait needs no clock.
            pid, ended, usage = os.wait4(process.pid, os.WNOHANG if limit_s else 0)
            if pid:
                status = ended
            elif time.monotonic() - start > limit_s:
                os.killpg(process.pid, 9)
                os.wait4(process.pid, 0)
                process.returncode = -9
                return None
            else:
                time.sleep(0.05)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        error.seek(0)
        printed, told = out.read().decode(), error.read().decode()
    if process.returncode != 0:
        raise Failed(f"{' '.join(map(str, words))}\n{told[-4000:]}")
    return {"wall_s": wall, "cpu_s": usage.ru_utime + usage.ru_stime, "peak_mib": usage.ru_maxrss / 1024,
            "out": printed, "error": told}


def figures(done):
    return {name: round(done[name], 3) for name in ("wall_s", "cpu_s", "peak_mib")}


def median(runs):
    return {name: round(statistics.median(each[name] for each in runs), 3) for name in ("wall_s", "cpu_s", "peak_mib")}


def total(parts):
    """One after another: times add up, memory does not."""
    return {"wall_s": round(sum(part["wall_s"] for part in parts), 3), "cpu_s": round(sum(part["cpu_s"] for part in parts), 3),
            "peak_mib": round(max(part["peak_mib"] for part in parts), 1)}


def cell(value):
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "NO"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) < 10 else f"{value:.1f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def show(title, head, rows):
    """A table, the first column to the left."""
    grid = [list(head)] + [[cell(value) for value in row] for row in rows]
    widths = [max(len(row[column]) for row in grid) for column in range(len(head))]
    print(f"\n{title}")
    for row in grid:
        print("  " + "  ".join(text.ljust(width) if at == 0 else text.rjust(width)
                               for at, (text, width) in enumerate(zip(row, widths))), flush=True)


def machine():
    with open("/proc/meminfo", encoding="ascii") as file:
        memory_kib = int(file.readline().split()[1])
    return {"processors": os.cpu_count(), "memory_gib": round(memory_kib / 1024**2, 1), "load_before": os.getloadavg()[0],
            "python": sys.version.split()[0]}
