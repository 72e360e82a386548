#!/usr/bin/env python3
"""The peers' part of cluster_bench.py: one case per call, its figures as one line of JSON. Run by the Python of
bench/install_peers. A table FILE is bare float32, row after row. A peer that is not installed says so: {"absent": ...}.

  cluster_peers.py versions
  cluster_peers.py lloyd PEER FILE COLS K ROUNDS THREADS REPEAT     PEER sklearn, sklearn-elkan, faiss, sklearnex
  cluster_peers.py choose sklearn FILE COLS THREADS
  cluster_peers.py balanced k-means-constrained FILE COLS K LEAST MOST THREADS
  cluster_peers.py similar PEER FILE COLS COUNT THREADS             PEER faiss, sklearn
  cluster_peers.py encode PEER FILE COLS K THREADS                  PEER faiss, sklearn
  cluster_peers.py mixture sklearn FILE COLS K ROUNDS THREADS
  cluster_peers.py medoids kmedoids FILE COLS K THREADS
  cluster_peers.py bisecting sklearn FILE COLS K THREADS
"""
import importlib
import importlib.metadata
import json
import sys
import time

PACKAGES = {"sklearn": "scikit-learn", "sklearn-elkan": "scikit-learn", "sklearnex": "scikit-learn-intelex",
            "faiss": "faiss-cpu", "k-means-constrained": "k-means-constrained", "kmedoids": "kmedoids"}


def version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def table(file, cols):
    import numpy
    return numpy.fromfile(file, dtype=numpy.float32).reshape(-1, int(cols))


def inertia_of(rows, centres):
    """In double, whatever the peer adds up in: sum of squared distances to the nearest centre."""
    import numpy
    centres = numpy.asarray(centres, dtype=numpy.float64)
    total = 0.0
    for begin in range(0, len(rows), 65536):
        part = rows[begin:begin + 65536].astype(numpy.float64)
        squared = numpy.stack([((part - centre) ** 2).sum(axis=1) for centre in centres])
        total += squared.min(axis=0).sum()
    return total


def timed(work):
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


class Sklearn:
    algorithm = "lloyd"
    module = "sklearn.cluster"

    def __init__(self, threads):
        self.kmeans = importlib.import_module(self.module).KMeans

    def fit(self, rows, start, rounds):
        fit = self.kmeans(len(start), init=start, n_init=1, max_iter=rounds, tol=0, algorithm=self.algorithm).fit(rows)
        return fit.cluster_centers_, fit.n_iter_


class Elkan(Sklearn):
    algorithm = "elkan"


class Sklearnex(Sklearn):
    module = "sklearnex.cluster"


class Faiss:
    def __init__(self, threads):
        import faiss
        self.faiss = faiss
        faiss.omp_set_num_threads(threads)

    def fit(self, rows, start, rounds):
        kmeans = self.faiss.Kmeans(rows.shape[1], len(start), niter=rounds, nredo=1, seed=1, verbose=False,
                                   max_points_per_centroid=len(rows), min_points_per_centroid=1)
        kmeans.train(rows, init_centroids=start)
        return kmeans.centroids, rounds


LLOYD = {"sklearn": Sklearn, "sklearn-elkan": Elkan, "sklearnex": Sklearnex, "faiss": Faiss}


def lloyd(peer, file, cols, k, rounds, threads, repeat):
    """`rounds` moves of the centres against one: the difference is what a round costs apart from what a call costs."""
    rows, k, rounds = table(file, cols), int(k), int(rounds)
    start = rows[:k].copy()
    engine = LLOYD[peer](int(threads))
    many, few = [], []
    for i in range(int(repeat) + 1):
        passed, (centres, done) = timed(lambda: engine.fit(rows, start, rounds))
        single, _ = timed(lambda: engine.fit(rows, start, 1))
        if i > 0:
            many.append(passed)
            few.append(single)
    return {"seconds": many, "seconds_single": few, "rounds": int(done), "inertia": inertia_of(rows, centres)}


def choose(peer, file, cols, threads):
    """k = 2..8 with eight starts, as choose_k does, and the two of its three indices that scikit-learn has."""
    from sklearn import metrics
    from sklearn.cluster import KMeans
    rows = table(file, cols)

    def work():
        inertia = []
        for k in range(2, 9):
            fit = KMeans(k, n_init=8, max_iter=100, tol=1e-4, random_state=1).fit(rows)
            metrics.calinski_harabasz_score(rows, fit.labels_)
            metrics.davies_bouldin_score(rows, fit.labels_)
            inertia.append(float(fit.inertia_))
        return inertia

    passed, inertia = timed(work)
    return {"seconds": [passed], "inertia": inertia}


def balanced(peer, file, cols, k, least, most, threads):
    from k_means_constrained import KMeansConstrained
    rows, k = table(file, cols).astype("float64"), int(k)
    model = KMeansConstrained(k, size_min=int(least), size_max=int(most), init=rows[:k].copy(), n_init=1, max_iter=100,
                              tol=1e-4, n_jobs=1)  # its jobs are starts, and there is one
    passed, fit = timed(lambda: model.fit(rows))
    import numpy
    sizes = numpy.bincount(fit.labels_, minlength=k)
    means = numpy.stack([rows[fit.labels_ == g].mean(axis=0) for g in range(k)])
    inertia = float(((rows - means[fit.labels_]) ** 2).sum())
    return {"seconds": [passed], "inertia": inertia, "smallest": int(sizes.min()), "largest": int(sizes.max())}


def similar(peer, file, cols, count, threads):
    """The most similar rows by cosine, the row itself left out; from bare readings to the result, as ours."""
    import numpy
    rows, count = table(file, cols), int(count)

    def by_faiss():
        import faiss
        faiss.omp_set_num_threads(int(threads))
        unit = rows.copy()
        faiss.normalize_L2(unit)
        index = faiss.IndexFlatIP(rows.shape[1])
        index.add(unit)
        return index.search(unit, count + 1)[1]

    def by_sklearn():
        from sklearn.neighbors import NearestNeighbors
        return NearestNeighbors(n_neighbors=count + 1, metric="cosine", algorithm="brute").fit(rows).kneighbors(rows)[1]

    passed, found = timed(by_faiss if peer == "faiss" else by_sklearn)
    unit = rows.astype(numpy.float64)
    unit /= numpy.linalg.norm(unit, axis=1, keepdims=True)
    total = 0.0
    for row, neighbours in enumerate(found):
        others = [other for other in neighbours if other != row][:count]
        total += float((unit[others] @ unit[row]).sum())
    return {"seconds": [passed], "cosine_sum": total}


def encode(peer, file, cols, count, threads):
    """The nearest of `count` rows, taken evenly, for each row."""
    rows, count = table(file, cols), int(count)
    shapes = rows[[i * (len(rows) // count) for i in range(count)]].copy()

    def by_faiss():
        import faiss
        faiss.omp_set_num_threads(int(threads))
        index = faiss.IndexFlatL2(rows.shape[1])
        index.add(shapes)
        return index.search(rows, 1)[1][:, 0]

    def by_sklearn():
        from sklearn.metrics import pairwise_distances_argmin
        return pairwise_distances_argmin(rows, shapes)

    passed, codes = timed(by_faiss if peer == "faiss" else by_sklearn)
    squared = sum(float(((rows[i:i + 65536].astype("float64") - shapes[codes[i:i + 65536]]) ** 2).sum())
                  for i in range(0, len(rows), 65536))
    return {"seconds": [passed], "squared": squared}


def mixture(peer, file, cols, k, rounds, threads):
    """k-means from the first rows, and rounds of EM from its groups."""
    import warnings
    import numpy
    from sklearn.cluster import KMeans
    from sklearn.mixture import GaussianMixture
    warnings.simplefilter("ignore")  # of not having converged: so many rounds were asked for
    rows, k = table(file, cols), int(k)

    def work():
        start = KMeans(k, init=rows[:k].copy(), n_init=1, max_iter=300, tol=0).fit(rows)
        groups = [rows[start.labels_ == g].astype(numpy.float64) for g in range(k)]
        return GaussianMixture(k, covariance_type="diag", max_iter=int(rounds), tol=0,
                               weights_init=numpy.array([len(group) / len(rows) for group in groups]),
                               means_init=numpy.stack([group.mean(axis=0) for group in groups]),
                               precisions_init=numpy.stack([1 / group.var(axis=0) for group in groups])).fit(rows)

    passed, model = timed(work)
    return {"seconds": [passed], "rounds": int(model.n_iter_), "log_likelihood": float(model.score(rows))}


def medoids(peer, file, cols, k, threads):
    """FasterPAM from the first rows; the distances are part of the work, as they are of ours."""
    import kmedoids
    import numpy
    from sklearn.metrics import pairwise_distances
    rows, k = table(file, cols), int(k)
    passed, found = timed(lambda: kmedoids.fasterpam(pairwise_distances(rows).astype(numpy.float32),
                                                     numpy.arange(k, dtype=numpy.uint64)))
    centres = rows[numpy.asarray(found.medoids, dtype=numpy.int64)].astype(numpy.float64)
    squared = numpy.stack([((rows.astype(numpy.float64) - centre) ** 2).sum(axis=1) for centre in centres])
    return {"seconds": [passed], "deviation": float(numpy.sqrt(squared.min(axis=0)).sum())}


def bisecting(peer, file, cols, k, threads):
    from sklearn.cluster import BisectingKMeans
    rows = table(file, cols)
    model = BisectingKMeans(int(k), n_init=1, max_iter=100, tol=1e-4, random_state=1, bisecting_strategy="biggest_inertia")
    passed, fit = timed(lambda: model.fit(rows))
    return {"seconds": [passed], "inertia": float(fit.inertia_)}


def main():
    case, words = sys.argv[1], sys.argv[2:]
    if case == "versions":
        out = {package: version(package) for package in sorted(set(PACKAGES.values()))}
    elif version(PACKAGES[words[0]]) is None:
        out = {"absent": PACKAGES[words[0]]}
    else:
        if version("threadpoolctl"):
            import threadpoolctl
            threads = int(words[5] if case == "lloyd" else words[-1])
            threadpoolctl.threadpool_limits(threads)
        out = {"lloyd": lloyd, "choose": choose, "balanced": balanced, "similar": similar, "encode": encode,
               "mixture": mixture, "medoids": medoids, "bisecting": bisecting}[case](*words)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
