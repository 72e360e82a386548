"""Writes the data and the reference numbers of this folder with scikit-learn; README.md says how to run it."""
import json
import pathlib
import sys

import numpy as np
import sklearn
from sklearn import datasets, metrics, preprocessing
from sklearn.cluster import KMeans

HERE = pathlib.Path(__file__).parent


def synthetic(rows=1200, columns=6, groups=5, seed=20240601):
    """Normal clouds of unequal size and width, with some values far out."""
    random = np.random.default_rng(seed)
    centres = random.normal(0, 4, (groups, columns))
    label = random.choice(groups, rows, p=[0.4, 0.25, 0.2, 0.1, 0.05])
    data = centres[label] + random.normal(0, 1, (rows, columns)) * (0.5 + 0.25 * label)[:, None]
    far = random.choice(rows, 12, replace=False)
    data[far, random.integers(0, columns, 12)] *= 15
    return np.round(data, 4), label


def robust_log(data):
    return preprocessing.RobustScaler().fit_transform(np.sign(data) * np.log1p(np.abs(data)))


def centroid_silhouette(data, labels):
    """The simplified silhouette, spelt out: scikit-learn has only the one over all pairs."""
    means = np.array([data[labels == g].mean(axis=0) for g in range(labels.max() + 1)])
    distance = metrics.pairwise_distances(data, means)
    own = distance[np.arange(len(data)), labels]
    distance[np.arange(len(data)), labels] = np.inf
    other = distance.min(axis=1)
    value = (other - own) / np.maximum(own, other)
    value[np.bincount(labels)[labels] == 1] = 0
    return value.mean()


def reference(name, data, truth, k, start_rows):
    np.savetxt(HERE / f"{name}.csv", np.column_stack([data, truth]), delimiter=",", fmt="%.10g")
    scaled = {
        "zscore": preprocessing.StandardScaler().fit_transform(data),
        "robust": preprocessing.RobustScaler().fit_transform(data),
        "minmax": preprocessing.MinMaxScaler().fit_transform(data),
        "robust_log": robust_log(data),
    }
    points = scaled["zscore"].astype(np.float32).astype(np.float64)
    fit = KMeans(k, init=points[start_rows], n_init=1, algorithm="lloyd", tol=0, max_iter=1000).fit(points)
    best = KMeans(k, n_init=200, tol=0, max_iter=1000, random_state=0).fit(points)
    return {
        "k": k,
        "start_rows": start_rows,
        # A few whole rows of each scaling, and its sum of squares over all rows.
        "scaled_rows": [0, len(data) // 2, len(data) - 1],
        "scaled": {m: x[[0, len(data) // 2, len(data) - 1]].tolist() for m, x in scaled.items()},
        "scaled_square_sum": {m: float((x**2).sum()) for m, x in scaled.items()},
        "inertia": fit.inertia_,
        "best_inertia": best.inertia_,
        "rounds": fit.n_iter_,
        "labels": "".join(map(str, fit.labels_)),
        "sizes": np.bincount(fit.labels_, minlength=k).tolist(),
        "centroids": fit.cluster_centers_.tolist(),
        "calinski_harabasz": metrics.calinski_harabasz_score(points, fit.labels_),
        "davies_bouldin": metrics.davies_bouldin_score(points, fit.labels_),
        "centroid_silhouette": centroid_silhouette(points, fit.labels_),
        "adjusted_rand": metrics.adjusted_rand_score(truth, fit.labels_),
        # The same indices for the true grouping, which is not one of nearest centroids.
        "truth_calinski_harabasz": metrics.calinski_harabasz_score(points, truth),
        "truth_davies_bouldin": metrics.davies_bouldin_score(points, truth),
        "truth_centroid_silhouette": centroid_silhouette(points, truth),
    }


def main():
    iris, wine = datasets.load_iris(), datasets.load_wine()
    made, label = synthetic()
    golden = {
        "iris": reference("iris", iris.data, iris.target, 3, [0, 60, 120]),
        "wine": reference("wine", wine.data, wine.target, 3, [5, 80, 150]),
        "synthetic": reference("synthetic", made, label, 5, [0, 1, 2, 3, 4]),
    }
    lines = [json.dumps(name) + ": " + json.dumps(values) for name, values in golden.items()]
    (HERE / "golden.yaml").write_text("\n".join(lines) + "\n")
    print("scikit-learn", sklearn.__version__, "numpy", np.__version__, "python", sys.version.split()[0])


main()
