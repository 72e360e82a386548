// base/error_table.cpp
#include "base/error_table.hpp"

#include <array>

namespace fenqun {
namespace {

constexpr std::array kTable = {
    ErrorTraits{ErrorCode::InvalidArgument, "invalid_argument", 2, 400, false},
    ErrorTraits{ErrorCode::NotFound, "not_found", 2, 404, false},
    ErrorTraits{ErrorCode::Denied, "denied", 4, 403, false},
    ErrorTraits{ErrorCode::Conflict, "conflict", 1, 409, true},
    ErrorTraits{ErrorCode::BadData, "bad_data", 3, 422, false},
    ErrorTraits{ErrorCode::Io, "io", 1, 500, true},
    ErrorTraits{ErrorCode::Database, "database", 1, 500, false},
    ErrorTraits{ErrorCode::Cancelled, "cancelled", 130, 499, true},
    ErrorTraits{ErrorCode::Unavailable, "unavailable", 1, 503, true},
    ErrorTraits{ErrorCode::Internal, "internal", 1, 500, false},
};

}  // namespace

std::span<const ErrorTraits> error_table() noexcept { return kTable; }

const ErrorTraits& traits_of(ErrorCode code) noexcept { return kTable[static_cast<std::size_t>(code)]; }

}  // namespace fenqun
