// cluster/gaussian_mixture.hpp - soft membership: rows drawn from k normal clouds, each with its own width per column.
// Level 1: may include base/. No I/O, no clock, no global state.
#pragma once

#include "cluster/kmeans.hpp"

#include <cstdint>
#include <stop_token>
#include <vector>

namespace fenqun::cluster {

struct GaussianMixtureOptions {
  KMeansOptions kmeans = {};       // the start, and k; Euclidean, without row weights and missing values
  std::uint32_t max_rounds = 200;  // >= 1
  double tolerance = 1e-6;         // >= 0: stop once the log-likelihood per row rises by no more than this
  double variance_floor = 1e-6;    // > 0, at most 1: of a column's variance over all rows; no cloud is narrower
};

/// A plain value, to be stored with the model.
struct GaussianMixture {
  std::vector<double> shares;  // k, sum 1
  Matrix<double> means;        // k x d, scale of the input columns
  Matrix<double> variances;    // k x d; 0: the column was constant and is left out
};

struct GaussianMixtureFit {
  KMeansFit fit;  // labels: the greatest membership, of equals the lowest; centroids: the means; inertia: squared
                  // distances to the mean of the label; sizes of labels, which may be 0; rounds and converged of EM;
                  // what belongs to restarts is that of the start
  GaussianMixture model;
  Matrix<float> memberships;                    // n x k, 0..1, each row sums to 1 but for rounding
  double log_likelihood = 0;                    // natural, of all rows under the model
  std::vector<double> log_likelihood_by_round;  // never falls, but for rounding in the last digits
  double bic = 0;                               // -2 log-likelihood + (parameters) ln n, lower is better
};

/// Fits by EM, beginning with the groups of fit_kmeans. A variance below the floor becomes the floor, which is the
/// maximum under that bound, so the likelihood still never falls; a cloud that lost all rows keeps its place with share
/// 0. Parameters: k - 1 shares and 2 k for each column that is not constant. Time O(n k d) and n k exponentials a
/// round; memory 4 n k bytes and 64 k (2 d + 1) doubles. Same bits for any thread count.
/// Errors: as fit_kmeans, and InvalidArgument (options; a distance, row weights or missing values), Cancelled (between
/// rounds). Source: Dempster, Laird & Rubin, J. R. Stat. Soc. B 39(1) (1977); Schwarz, Ann. Stat. 6(2) (1978) (BIC).
/// See docs/math/gaussian_mixture.md.
Result<GaussianMixtureFit> fit_gaussian_mixture(RowView<const float> rows, const GaussianMixtureOptions& options,
                                                WorkerPool& pool, const std::stop_token& stop = {});

/// Memberships (n x k) of later rows, n may be 0. Errors: InvalidArgument (columns differ, no cloud, sizes of the
/// model's parts differ), BadData (NaN, Inf or beyond +-1e16: names row and column).
Result<Matrix<float>> find_memberships(RowView<const float> rows, const GaussianMixture& model, WorkerPool& pool);

}  // namespace fenqun::cluster
