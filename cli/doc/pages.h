// Reference pages of a bundle: index.html and one page for each module, as texts. The same bundle gives the same bytes.
#pragma once

#include <map>
#include <string>

#include "host/bundle.h"

namespace lictor::cli {

/// By path below the output folder. REQUIRES: bundle.ok, and its analysis has references; its texts should be in the
/// canonical layout, since they are shown as they are.
std::map<std::string, std::string> doc_pages(const Bundle& bundle);

}  // namespace lictor::cli
