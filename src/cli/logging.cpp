#include "cli/logging.hpp"

#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace changelog::cli {

void start_logging(std::size_t verbosity, bool colour) {
    auto sink = std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(colour ? spdlog::color_mode::always
                                                                                 : spdlog::color_mode::never);
    auto logger = std::make_shared<spdlog::logger>("changelog", std::move(sink));
    logger->set_pattern("%v");
    logger->set_level(verbosity == 0   ? spdlog::level::warn
                      : verbosity == 1 ? spdlog::level::info
                                       : spdlog::level::debug);
    spdlog::set_default_logger(std::move(logger));
}

void log_detail(std::string_view text) { spdlog::info("{}", text); }

}  // namespace changelog::cli
