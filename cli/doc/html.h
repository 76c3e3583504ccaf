// Text as HTML: everything that comes from policies goes through here.
#pragma once

#include <string>
#include <string_view>

namespace lictor::cli {

/// For element content and quoted attributes: markup escaped, control and invisible characters shown as escapes; line
/// breaks and tabs stay.
std::string html(std::string_view text);

/// A doc comment: paragraphs at empty lines, `- ` lists, `code` in back-quotes, and nothing else.
std::string html_doc(std::string_view doc);

/// The first sentence of a doc comment, as HTML.
std::string html_summary(std::string_view doc);

/// A whole page. `up`: how the folder of index.html is reached ("" or "../"); `trail`: HTML behind the bundle's name.
std::string html_page(std::string_view title, std::string_view up, std::string_view bundle, std::string_view trail,
                      std::string_view body);

}  // namespace lictor::cli
