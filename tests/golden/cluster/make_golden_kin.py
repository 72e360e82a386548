"""Reference numbers for k-means' kin, silhouette, gap and further scalings; README.md says how to run it."""
import importlib.metadata
import json
import pathlib
import sys

import kmedoids
import numpy as np
import sklearn
from sklearn import metrics, preprocessing
from sklearn.cluster import BisectingKMeans, KMeans
from sklearn.mixture import GaussianMixture

HERE = pathlib.Path(__file__).parent


def winsorised(data, low, high):
    return np.clip(data, np.quantile(data, low, axis=0), np.quantile(data, high, axis=0))


def knots(data):
    """Not one for each row: numpy then puts quantiles a rounding error beside the values, which splits ties by chance."""
    return 1000 if len(data) > 1000 else 101


def scalings(data):
    quantile = preprocessing.QuantileTransformer(n_quantiles=knots(data), subsample=None).fit(data)
    few = preprocessing.QuantileTransformer(n_quantiles=11, subsample=None).fit(data)
    zscore = preprocessing.StandardScaler().fit_transform(data)
    return {
        "winsor_zscore": preprocessing.StandardScaler().fit_transform(winsorised(data, 0.05, 0.9)),
        "zscore_unit": preprocessing.normalize(zscore),
        "quantile": quantile.transform(data),
        # Rows that were not among those fitted, some of them outside their range; and few knots.
        "quantile_later": quantile.transform(data * 1.07 - 0.01),
        "quantile_11": few.transform(data),
    }


def gap(points, k_max, references):
    """Tibshirani, Walther & Hastie 2001, choice (a), spelt out with scikit-learn's k-means."""
    random = np.random.default_rng(1)
    low, high = points.min(axis=0), points.max(axis=0)

    def log_inertias(rows):
        return [np.log(KMeans(k, n_init=8, random_state=0).fit(rows).inertia_) for k in range(1, k_max + 1)]

    tables = np.array([log_inertias(random.uniform(low, high, points.shape)) for _ in range(references)])
    return {
        "log_inertia": log_inertias(points),
        "log_reference": tables.mean(axis=0).tolist(),
        "deviation": tables.std(axis=0).tolist(),
        "references": references,
    }


def mixture(points, labels, k):
    """EM from the groups of k-means, to the end, without anything added to the variances."""
    means = np.array([points[labels == g].mean(axis=0) for g in range(k)])
    variances = np.array([points[labels == g].var(axis=0) for g in range(k)])
    fit = GaussianMixture(
        k, covariance_type="diag", tol=1e-12, reg_covar=0, max_iter=5000, means_init=means,
        weights_init=np.bincount(labels) / len(labels), precisions_init=1 / variances,
    ).fit(points)
    rows = [0, len(points) // 2, len(points) - 1]
    return {
        "shares": fit.weights_.tolist(),
        "means": fit.means_.tolist(),
        "variances": fit.covariances_.tolist(),
        "log_likelihood": fit.score(points) * len(points),
        "bic": fit.bic(points),
        "sizes": np.bincount(fit.predict(points), minlength=k).tolist(),
        "membership_rows": rows,
        "memberships": fit.predict_proba(points)[rows].tolist(),
    }


def medoids(points, start_rows, k):
    out = {}
    for name, metric in {"euclidean": "euclidean", "manhattan": "manhattan", "cosine": "cosine"}.items():
        apart = metrics.pairwise_distances(points, metric=metric)
        fit = kmedoids.fasterpam(apart, np.array(start_rows, dtype=np.uint64), n_cpu=1)
        build = kmedoids.pam(apart, k, init="build")
        out[name] = {
            "medoids": [int(m) for m in fit.medoids],
            "deviation": float(fit.loss),
            "sizes": np.bincount(fit.labels.astype(int), minlength=k).tolist(),
            "pam_deviation": float(build.loss),
        }
    return out


def reference(name, k, start_rows):
    table = np.loadtxt(HERE / f"{name}.csv", delimiter=",")
    data, truth = table[:, :-1], table[:, -1].astype(int)
    points = preprocessing.StandardScaler().fit_transform(data).astype(np.float32).astype(np.float64)
    fit = KMeans(k, init=points[start_rows], n_init=1, algorithm="lloyd", tol=0, max_iter=1000).fit(points)
    rows = [0, len(data) // 2, len(data) - 1]
    scaled = scalings(data)
    samples = metrics.silhouette_samples(points, fit.labels_)
    bisected = BisectingKMeans(k, n_init=50, random_state=0, tol=0, max_iter=1000).fit(points)
    return {
        "k": k,
        "start_rows": start_rows,
        "knots": knots(data),
        "scaled_rows": rows,
        "scaled": {m: x[rows].tolist() for m, x in scaled.items()},
        "scaled_square_sum": {m: float((x**2).sum()) for m, x in scaled.items()},
        "silhouette": metrics.silhouette_score(points, fit.labels_),
        "silhouette_rows": rows,
        "silhouette_values": samples[rows].tolist(),
        "truth_silhouette": metrics.silhouette_score(points, truth),
        "gap": gap(points[:300], 6, 200),
        "mixture": mixture(points, fit.labels_, k),
        "medoids": medoids(points, start_rows, k),
        "bisecting": {"inertia": bisected.inertia_, "sizes": sorted(np.bincount(bisected.labels_).tolist())},
    }


def main():
    golden = {
        "iris": reference("iris", 3, [0, 60, 120]),
        "wine": reference("wine", 3, [5, 80, 150]),
        "synthetic": reference("synthetic", 5, [0, 1, 2, 3, 4]),
    }
    lines = [json.dumps(name) + ": " + json.dumps(values) for name, values in golden.items()]
    (HERE / "golden_kin.yaml").write_text("\n".join(lines) + "\n")
    print("scikit-learn", sklearn.__version__, "numpy", np.__version__, "kmedoids",
          importlib.metadata.version("kmedoids"), "python", sys.version.split()[0])


main()
