#include "cli/signals.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace changelog::cli {

namespace {

int pipe_ends[2] = {-1, -1};
volatile std::sig_atomic_t first_signal = 0;

/// Only what POSIX allows in a handler. A pipe rather than a blocked mask, because programs that we start
/// inherit masks.
void on_signal(int number) {
    if (first_signal != 0) {
        std::signal(number, SIG_DFL);
        std::raise(number);
        return;
    }
    first_signal = number;
    const int saved = errno;
    const char byte = 's';
    [[maybe_unused]] const ssize_t ignored = ::write(pipe_ends[1], &byte, 1);
    errno = saved;
}

void install(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

void wait_for_byte(const std::function<void()>& stop) {
    for (;;) {
        char byte = 0;
        const ssize_t count = ::read(pipe_ends[0], &byte, 1);
        if (count < 0 && errno == EINTR) continue;
        if (count != 1 || byte == 'q') return;
        stop();
    }
}

}  // namespace

SignalWatch::SignalWatch(std::function<void()> stop) {
    if (::pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    thread_ = std::thread([stop = std::move(stop)] { wait_for_byte(stop); });
    install(on_signal);
}

SignalWatch::~SignalWatch() {
    install(SIG_DFL);
    const char byte = 'q';
    [[maybe_unused]] const ssize_t ignored = ::write(pipe_ends[1], &byte, 1);
    thread_.join();
    for (int& end : pipe_ends) {
        ::close(end);
        end = -1;
    }
}

int SignalWatch::received() { return first_signal; }

}  // namespace changelog::cli
