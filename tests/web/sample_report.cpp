// tests/web/sample_report.cpp - writes FOLDER/report_zh.html and FOLDER/report_en.html from a model made by hand.
#include "report/html_report.hpp"
#include "unit/report/sample_model.hpp"

#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  using namespace fenqun;
  if (argc != 2) {
    std::cerr << "usage: sample_report FOLDER\n";
    return 2;
  }
  const AssetStore assets;
  for (const auto language : {Language::Chinese, Language::English}) {
    const auto texts = Texts::create(assets, language);
    if (!texts) return 1;
    const auto features = report::sample_features();
    const auto page = report::render_html(report::sample_model(language), features, *texts, assets);
    if (!page) {
      std::cerr << render_error(page.error(), *texts) << '\n';
      return 1;
    }
    std::ofstream(std::string(argv[1]) + "/report_" + std::string(code_of(language)) + ".html", std::ios::binary)
        << *page;
  }
  return 0;
}
