#include "operations/row_stream.hpp"

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

namespace changelog::operations {

namespace {

constexpr std::size_t kPiecesAhead = 4;

class Stream {
  public:
    explicit Stream(std::function<void(const TakePiece&)> produce)
        : thread_([this, work = std::move(produce)] { run(work); }) {}

    ~Stream() {
        {
            const std::scoped_lock lock(mutex_);
            dropped_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    std::optional<std::string> next() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return !pieces_.empty() || done_; });
        if (pieces_.empty()) {
            if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
            return std::nullopt;
        }
        std::string piece = std::move(pieces_.front());
        pieces_.pop_front();
        lock.unlock();
        changed_.notify_all();
        return piece;
    }

  private:
    void run(const std::function<void(const TakePiece&)>& produce) {
        std::exception_ptr failure;
        try {
            produce([this](std::string piece) { return put(std::move(piece)); });
        } catch (...) {  // handed to the one that asks, which is where it can be dealt with
            failure = std::current_exception();
        }
        const std::scoped_lock lock(mutex_);
        failure_ = failure;
        done_ = true;
        changed_.notify_all();
    }

    bool put(std::string piece) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return dropped_ || pieces_.size() < kPiecesAhead; });
        if (dropped_) return false;
        pieces_.push_back(std::move(piece));
        lock.unlock();
        changed_.notify_all();
        return true;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> pieces_;
    std::exception_ptr failure_;
    bool dropped_ = false, done_ = false;
    std::thread thread_;  // last, so that all else is there when it starts
};

}  // namespace

RowChunks pull(std::function<void(const TakePiece&)> produce) {
    const auto stream = std::make_shared<Stream>(std::move(produce));
    return [stream] { return stream->next(); };
}

}  // namespace changelog::operations
