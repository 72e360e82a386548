// tests/unit/access/open_workspace.hpp - a small workspace with units and customers.
#pragma once

#include "unit/warehouse/temp_folder.hpp"
#include "warehouse/workspace.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace fenqun::access::test {

// Bureau 01 with the stations 0101 (two customers) and 0102 (one); of 0101 a transformer area with a customer of its
// own.
class OpenWorkspace : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(folder_.path() / "ws", "t").has_value());
    auto opened = warehouse::Workspace::open(folder_.path() / "ws", {});
    ASSERT_TRUE(opened.has_value());
    workspace_.emplace(std::move(*opened));
    run("INSERT INTO m_org_unit (org_unit_id, parent_id, unit_kind, unit_name) VALUES ('01', NULL, 'bureau', '局'), "
        "('0101', '01', 'station', '一所'), ('0102', '01', 'station', '二所'), ('T1', '0101', 'transformer_area', "
        "'台区')");
    run("INSERT INTO m_customer (customer_id, customer_name, category, station_id, transformer_area_id, contact_phone, "
        "address, is_elderly, age) VALUES "
        "('c1', '张三丰', 'residential', '0101', NULL, '13812345678', '天河区石牌街道一号大院', true, 70), "
        "('c2', '广州测试有限公司', 'non_residential', '0101', NULL, '1234', NULL, false, NULL), "
        "('c3', '李四', 'residential', '0102', NULL, '020-87654321', '番禺', NULL, 30), "
        "('c4', '王', 'residential', NULL, 'T1', NULL, NULL, NULL, NULL)");
    run("INSERT INTO m_contact (contact_id, customer_id, contact_name, phone, relation) VALUES ('k1', 'c1', '张无忌', "
        "'13900001111', '儿子'), ('k3', 'c3', '李五', '13900002222', '弟')");
    run("INSERT INTO m_staff (staff_id, staff_name, phone) VALUES ('e1', '赵六', '13500000000')");
  }
  void run(const std::string& sql) { ASSERT_TRUE(workspace_->connection().execute(sql).has_value()) << sql; }
  warehouse::RowSet ask(const std::string& sql) {
    auto rows = workspace_->connection().query(sql);
    EXPECT_TRUE(rows.has_value()) << sql << " " << (rows ? "" : std::string(rows.error().arg("reason")));
    return rows ? *rows : warehouse::RowSet{};
  }
  std::string list(const std::string& relation, const std::string& column) {
    return ask("SELECT coalesce(string_agg(" + column + ", ' ' ORDER BY " + column + "), '') FROM " + relation)
        .text(0, 0);
  }
  fenqun::test::TempFolder folder_;
  std::optional<warehouse::Workspace> workspace_;
};

}  // namespace fenqun::access::test
