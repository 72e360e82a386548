// cli/main.cpp - the program's entry: language, interruption, and the last line of defence.
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "cli/visible_text.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  constexpr int kFailed = 1;
  constexpr int kWrongUse = 2;
  try {
    const fenqun::cli::Interruption interruption;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto language = fenqun::cli::wanted_language(arguments);
    const auto texts = fenqun::Texts::create(fenqun::AssetStore(), language ? *language : fenqun::Language::Chinese);
    if (!texts) {
      fmt::print(stderr, "{} {}\n", texts.error().line.key, texts.error().arg("file"));
      return kFailed;
    }
    if (!language) {
      fmt::print(stderr, "{}\n", fenqun::render_error(fenqun::cli::visible(language.error()), *texts));
      return kWrongUse;
    }
    return fenqun::cli::run_command(arguments, *texts, interruption.token());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "fenqun: internal error: %s\n", e.what());
    return kFailed;
  }
}
