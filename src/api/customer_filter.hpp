// api/customer_filter.hpp - which customers a list or an export is about; whether one is in sight. Level 7.
#pragma once

#include "access/visible_data.hpp"
#include "api/route.hpp"
#include "app/context.hpp"
#include "base/month.hpp"

namespace fenqun::api {

/// The parameters of the filter, without paging and order.
std::vector<Parameter> customer_filter_parameters();

/// A condition on the columns of access::VisibleData::rows_of("customer"). Errors: InvalidArgument.
Result<std::string> customer_filter(const Request& request, const access::VisibleData& visible, Month now);

/// Who is out of the viewer's scope is not there. Errors: NotFound, Database.
Result<void> need_customer(app::Session& session, const access::VisibleData& visible, const std::string& customer);

}  // namespace fenqun::api
