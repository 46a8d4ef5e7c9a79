// SIGINT and SIGTERM ask the running work to stop; a second one ends the program at once.
#pragma once

#include <functional>
#include <thread>

namespace changelog::cli {

class SignalWatch {
  public:
    /// `stop` is called from another thread, once. Only one watch may live at a time.
    explicit SignalWatch(std::function<void()> stop);
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    /// The signal that came; 0: none.
    static int received();

  private:
    std::thread thread_;
};

}  // namespace changelog::cli
