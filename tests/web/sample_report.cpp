// tests/web/sample_report.cpp - writes FOLDER/report_zh.html, FOLDER/preparation_zh.html and the same in English, from
// models made by hand.
#include "report/html_report.hpp"
#include "unit/report/sample_model.hpp"
#include "unit/report/sample_preparation.hpp"

#include <fstream>
#include <iostream>

namespace {

bool write(const std::string& file, const fenqun::Result<std::string>& page, const fenqun::Texts& texts) {
  if (!page) {
    std::cerr << render_error(page.error(), texts) << '\n';
    return false;
  }
  return static_cast<bool>(std::ofstream(file, std::ios::binary) << *page);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace fenqun;
  if (argc != 2) {
    std::cerr << "usage: sample_report FOLDER\n";
    return 2;
  }
  const AssetStore assets;
  const std::string folder = argv[1];
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(assets, language);
    if (!texts) return 1;
    const std::string end = "_" + std::string(code_of(language)) + ".html";
    const auto features = report::sample_features();
    if (!write(folder + "/report" + end, report::render_html(report::sample_model(language), features, *texts, assets),
               *texts) ||
        !write(folder + "/preparation" + end, report::render_preparation(report::sample_preparation(), *texts, assets),
               *texts)) {
      return 1;
    }
  }
  return 0;
}
