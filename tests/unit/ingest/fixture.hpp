// tests/unit/ingest/fixture.hpp - a workspace in a temporary folder, files to load into it, and its fingerprint.
#pragma once

#include "base/file.hpp"
#include "ingest/ingest.hpp"
#include "unit/warehouse/temp_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <optional>
#include <string>

namespace fenqun::ingest {

class IngestTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(warehouse::Workspace::init(root() / "ws", "test").has_value());
    open();
  }

  [[nodiscard]] std::filesystem::path root() const { return folder_.path(); }

  void open(const warehouse::WorkspaceOptions& options = {}) {
    workspace_.reset();
    auto opened = warehouse::Workspace::open(root() / "ws", options);
    ASSERT_TRUE(opened.has_value()) << opened.error().line.key << opened.error().arg("reason");
    workspace_.emplace(std::move(*opened));
  }

  std::filesystem::path write(const std::string& name, const std::string& text) const {
    const auto path = root() / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  /// A mapping file, written beside the workspace.
  std::string mapping(const std::string& yaml) const { return write("mapping.yaml", yaml).string(); }

  Result<IngestOutcome> load(const std::filesystem::path& file, const std::string& mapping = "",
                             std::optional<double> share = {}) {
    IngestRequest request;
    request.file = file;
    request.mapping = mapping;
    request.max_rejected_share = share;
    return ingest(*workspace_, request);
  }

  /// One value of a query, as text; the error's key when it fails.
  std::string ask(const std::string& sql) {
    const auto rows = workspace_->connection().query(sql);
    if (!rows) return rows.error().line.key + ": " + std::string(rows.error().arg("reason"));
    return rows->rows.empty() ? "" : rows->text(0, 0);
  }

  /// Every file of the closed workspace with its hash.
  std::map<std::string, std::string> fingerprint() {
    workspace_.reset();
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root() / "ws")) {
      if (entry.is_regular_file()) files[entry.path().string()] = *hash_file(entry.path());
    }
    open();
    return files;
  }

  /// The refusal: code BadData (exit 3), this key, the workspace as before to the last byte.
  void expect_refused(const std::filesystem::path& file, const std::string& key, const std::string& mapping = "",
                      Error* error = nullptr) {
    const auto before = fingerprint();
    const auto outcome = load(file, mapping);
    ASSERT_FALSE(outcome.has_value());
    EXPECT_EQ(outcome.error().code, ErrorCode::BadData);
    EXPECT_EQ(outcome.error().line.key, key) << outcome.error().arg("reason");
    EXPECT_EQ(outcome.error().arg("file"),
              mapping.empty() || key.find("mapping") == std::string::npos ? file.string() : mapping);
    if (error != nullptr) *error = outcome.error();
    EXPECT_EQ(fingerprint(), before);
  }

  test::TempFolder folder_;
  std::optional<warehouse::Workspace> workspace_;
};

}  // namespace fenqun::ingest
