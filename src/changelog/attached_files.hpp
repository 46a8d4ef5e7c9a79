// The FileLoader that operations get while they are bound.
#pragma once

#include "changelog/loading.hpp"

#include "operations/files.hpp"

#include <string>

namespace changelog {

class AttachedFiles final : public FileLoader {
  public:
    /// `node` is the value of the operation, in which the key that names a file is looked up for messages.
    AttachedFiles(Loading& loading, const FileScope& scope, const yaml::Node& node, Position operation_at,
                  std::string changeset)
        : loading_(loading),
          scope_(scope),
          node_(node),
          operation_at_(operation_at),
          changeset_(std::move(changeset)) {}

    std::optional<std::string> text(const FileRequest& request) override;
    std::optional<std::string> bytes(const FileRequest& request) override;
    std::optional<AttachedFile> attach(const FileRequest& request) override;
    std::string expand(std::string_view text) const override;
    Diagnostics& diagnostics() override { return loading_.diagnostics; }

  private:
    std::string resolved(const FileRequest& request) const;
    Position place_of(const FileRequest& request) const;
    void report_missing(const FileRequest& request, const std::string& path);
    bool check_encoding(const FileRequest& request);

    Loading& loading_;
    const FileScope& scope_;
    const yaml::Node& node_;
    Position operation_at_;
    std::string changeset_;
};

}  // namespace changelog
