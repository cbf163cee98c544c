#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// Appends `text` to `out` as mteval-v13a prepares it: without `<skipped>` and without hyphens that end a line, and
/// with the entities `&quot;` `&amp;` `&lt;` `&gt;` resolved.
void prepare_13a(std::string_view text, std::string& out);

/// Appends the tokens of mteval-v13a, all of them pieces of the prepared text. One pass does what the original's four
/// substitutions do one after the other.
void tokenize_13a(std::string_view prepared, std::vector<std::string_view>& tokens);

}  // namespace lumi::metrics
