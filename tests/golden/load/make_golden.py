"""Writes the data and the reference numbers of this folder with numpy and scipy; README.md says how to run it."""
import json
import pathlib
import sys

import numpy as np
import scipy
from scipy import stats
from scipy.cluster import hierarchy

HERE = pathlib.Path(__file__).parent
DAYS, CUSTOMERS = 60, 5


def make_data(seed=20240607):
    """Five customers over 60 days that run from winter to summer; two stations; readings missing in two customers."""
    random = np.random.default_rng(seed)
    hours = np.arange(DAYS * 24)
    day, hour = hours // 24, hours % 24
    seasons = -2 + 32 * day / DAYS
    temperatures = np.array([seasons + 5 * np.sin((hour - 9) * np.pi / 12) + random.normal(0, 1.5, len(hours)),
                             seasons + 3 + 3 * np.sin((hour - 10) * np.pi / 12) + random.normal(0, 1, len(hours))])
    temperatures = np.round(temperatures, 2).astype(np.float32)
    station = np.array([0, 1, 0, 1, 0])
    readings = np.empty((CUSTOMERS, len(hours)))
    for c in range(CUSTOMERS):
        t = temperatures[station[c]].astype(float)
        habit = 0.3 + 0.1 * c + (0.3 + 0.05 * c) * np.exp(-((hour - 19) / 3.0) ** 2)
        heat = (0.02 + 0.01 * c) * np.maximum(8 + c - t, 0)
        cool = (0.05 - 0.008 * c) * np.maximum(t - 22 - 0.5 * c, 0)
        readings[c] = (habit + heat + cool) * np.exp(random.normal(0, 0.25, len(hours)))
    readings = np.round(readings, 3).astype(np.float32)
    readings[3, random.choice(len(hours), 90, replace=False)] = np.nan
    readings[4, 30 * 24:33 * 24 + 7] = np.nan
    return readings, temperatures, station


def histogram(row):
    counts, edges = np.histogram(row[~np.isnan(row)].astype(float), bins=10)
    return {"counts": counts.tolist(), "least": edges[0], "most": edges[-1]}


def three_lines(x, y, gap=2):
    """All pairs of breaks, each by a least-squares fit of its own."""
    best = None
    for u in range(gap, len(x) - 2 * gap):
        for v in range(u + gap, len(x) - gap):
            basis = np.stack([np.ones_like(x), x, np.maximum(x - x[u], 0), np.maximum(x - x[v], 0)], axis=1)
            beta = np.linalg.lstsq(basis, y, rcond=None)[0]
            error = float(((y - basis @ beta) ** 2).sum())
            if best is None or error < best[0]:
                nodes = np.array([x[0], x[u], x[v], x[-1]])
                at = np.stack([np.ones(4), nodes, np.maximum(nodes - x[u], 0), np.maximum(nodes - x[v], 0)], axis=1)
                best = (error, nodes.tolist(), (at @ beta).tolist())
    return {"error": best[0], "degrees": best[1], "kwh": best[2]}


def thermal(row, temperature, least=5):
    degrees = np.sign(temperature) * np.floor(np.abs(temperature) + 0.5)
    kept = [d for d in np.unique(degrees) if (~np.isnan(row[degrees == d])).sum() >= least]
    bands = {}
    for name, share in (("lower", 10), ("upper", 90)):
        y = np.array([np.percentile(row[(degrees == d) & ~np.isnan(row)].astype(float), share) for d in kept])
        bands[name] = three_lines(np.array(kept, dtype=float), y)
    return bands


def daily_profile(row, temperature, constant):
    y, t = row.astype(float).reshape(-1, 24), temperature.astype(float).reshape(-1, 24)
    profile, coefficients = [], []
    for s in range(24):
        terms = [y[2:-1, s], y[1:-2, s], y[:-3, s], t[3:, s]] + ([np.ones(DAYS - 3)] if constant else [])
        terms = np.stack(terms, axis=1)
        usable = ~np.isnan(terms).any(axis=1) & ~np.isnan(y[3:, s])
        a = np.linalg.lstsq(terms[usable], y[3:, s][usable], rcond=None)[0]
        coefficients.append(a.tolist())
        profile.append(float(np.nanmean(y[:, s] - a[3] * t[:, s])))
    return {"profile": profile, "coefficients": coefficients}


def similar(readings):
    filled = np.nan_to_num(readings.astype(float))
    unit = filled / np.linalg.norm(filled, axis=1, keepdims=True)
    cosine = unit @ unit.T
    np.fill_diagonal(cosine, -2)
    order = np.argsort(-cosine, axis=1, kind="stable")[:, :3]
    return {"neighbours": order.tolist(), "cosines": np.take_along_axis(cosine, order, axis=1).tolist()}


def shapes(readings):
    """Days by their energy, encoded by the first 20 of them; entropy per customer; hierarchical merging to 12."""
    days = readings.astype(float).reshape(-1, 24)
    kept = np.flatnonzero(~np.isnan(days).any(axis=1))
    rows = (days[kept] / days[kept].sum(axis=1, keepdims=True)).astype(np.float32).astype(float)
    dictionary = rows[:20]
    squared = ((rows[:, None, :] - dictionary[None, :, :]) ** 2).sum(axis=2)
    codes = squared.argmin(axis=1)
    errors = squared.min(axis=1) / (dictionary[codes] ** 2).sum(axis=1)
    entropy = [float(stats.entropy(np.bincount(codes[kept // DAYS == c]), base=2)) for c in range(CUSTOMERS)]
    merged = {method: hierarchy.fcluster(hierarchy.linkage(rows, method), 12, "maxclust").tolist()
              for method in ("ward", "centroid")}
    return {"days": kept.tolist(), "codes": codes.tolist(), "errors": errors.tolist(),
            "violations": int((errors > 0.2).sum()), "entropy": entropy, **merged}


def months(seed=5):
    """Four customers over 30 months: slope and adjusted share of the seasons around a straight line."""
    random = np.random.default_rng(seed)
    m = np.arange(30)
    energy = np.array([100 + 0.5 * c * m + 10 * c * np.cos(2 * np.pi * (m - 1) / 12) + 8 * c * np.cos(np.pi * m / 3)
                       + random.normal(0, 4, 30) for c in range(4)])
    energy = np.round(energy, 2).astype(np.float32).astype(float)
    rows = energy / energy.mean(axis=1, keepdims=True)
    line = np.stack([np.ones(30), m], axis=1)
    turn = 2 * np.pi * m / 12
    waves = np.concatenate([line, np.stack([np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn)], 1)], 1)
    slope, seasonal = [], []
    for row in rows:
        slope.append(float(np.linalg.lstsq(line, row, rcond=None)[0][1]))
        rest = [((row - b @ np.linalg.lstsq(b, row, rcond=None)[0]) ** 2).sum() for b in (line, waves)]
        seasonal.append(float(max(0, 1 - (rest[1] / 24) / (rest[0] / 28))))
    return {"energy": energy.tolist(), "slope": slope, "seasonal": seasonal}


def table(path, rows):
    text = ("\n".join(",".join("" if np.isnan(v) else f"{v:.6g}" for v in row) for row in rows)) + "\n"
    (HERE / path).write_text(text)


def main():
    readings, temperatures, station = make_data()
    table("readings.csv", readings)
    table("temperatures.csv", temperatures)
    golden = {"stations": station.tolist()}
    for c in range(CUSTOMERS):
        row, t = readings[c], temperatures[station[c]]
        golden[f"customer{c}"] = {"histogram": histogram(row), "thermal": thermal(row, t),
                                  "par": daily_profile(row, t, False), "par_constant": daily_profile(row, t, True)}
    golden["similar"] = similar(readings)
    golden["shapes"] = shapes(readings)
    golden["months"] = months()
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden.items()]
    (HERE / "golden.yaml").write_text("\n".join(lines) + "\n")
    print("numpy", np.__version__, "scipy", scipy.__version__, "Python", sys.version.split()[0])


if __name__ == "__main__":
    main()
