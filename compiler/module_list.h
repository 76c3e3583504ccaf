// The modules of one analysis, in order. Each may be shared with an earlier analysis whose text it had (parse_cache.h),
// so a module is immutable once it is in a list.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "compiler/ast.h"

namespace lictor {

class ModuleList {
 public:
  void push_back(std::shared_ptr<const ast::Module> module) { modules_.push_back(std::move(module)); }
  const ast::Module& operator[](size_t i) const { return *modules_[i]; }
  const ast::Module& back() const { return *modules_.back(); }
  size_t size() const { return modules_.size(); }
  bool empty() const { return modules_.empty(); }

  class Iterator {
   public:
    explicit Iterator(const std::shared_ptr<const ast::Module>* at) : at_(at) {}
    const ast::Module& operator*() const { return **at_; }
    Iterator& operator++() { return ++at_, *this; }
    bool operator==(const Iterator&) const = default;

   private:
    const std::shared_ptr<const ast::Module>* at_;
  };
  Iterator begin() const { return Iterator(modules_.data()); }
  Iterator end() const { return Iterator(modules_.data() + modules_.size()); }

 private:
  std::vector<std::shared_ptr<const ast::Module>> modules_;
};

}  // namespace lictor
