// api/upload_answer.hpp - what is told of a file that was sent: the proposed mapping, its first rows, what is wrong.
// Level 7.
#pragma once

#include "access/visible_data.hpp"
#include "api/uploads.hpp"
#include "app/suggestion.hpp"
#include "base/texts.hpp"

namespace fenqun::api {

/// The upload itself.
Json upload_head(const Upload& upload, const UploadLimits& limits);

/// The head and all that was proposed. Values of the file are seen as the fields are that they would go to; those of
/// columns that nothing reads only by who sees everything in clear.
Json upload_answer(const Upload& upload, const UploadLimits& limits, const app::SuggestOutcome& outcome,
                   const access::VisibleData& visible, const Texts& texts);

}  // namespace fenqun::api
