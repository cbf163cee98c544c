#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/chat/cost.hpp"

#include <algorithm>
#include <array>

namespace lumi::cli {

namespace {

using chat::ListedPrice;

constexpr std::array<Field<ListedPrice>, 5> k_price_fields{{
    {"model", "MODEL", Show::column, [](const ListedPrice& listed) { return Value(listed.model); }},
    {"input", "INPUT", Show::column, [](const ListedPrice& listed) { return Value(listed.price.input); }},
    {"output", "OUTPUT", Show::column, [](const ListedPrice& listed) { return Value(listed.price.output); }},
    {"cached_input",
     "CACHED",
     Show::column,
     [](const ListedPrice& listed) { return value_or_null(listed.price.cached_input); }},
    {"origin", "FROM", Show::column, [](const ListedPrice& listed) { return Value(listed.price.origin); }},
}};

struct ModelPricesOptions {
  std::optional<std::string> text;
};

void bind(OptionSet& set, ModelPricesOptions& options) {
  set.positional("TEXT", options.text, "Only models whose name holds this");
}

ExitCode run(const ModelPricesOptions& options, Context& context) {
  auto prices = chat::PriceTable::load(context.settings()).list();
  if (options.text) {
    std::erase_if(prices, [&](const auto& listed) { return listed.model.find(*options.text) == std::string::npos; });
  }
  show_listing(context.streams(), context.view(), grid_of(k_price_fields, prices), prices.size(), "no prices");
  return ExitCode::done;
}

}  // namespace

Command model_prices_command() {
  return command<ModelPricesOptions>(
      {.path = "model prices",
       .summary = "List what models cost, in USD per million tokens",
       .description =
           "The built-in prices are those of the providers' own hosts on the date that is shown; they hold nowhere "
           "else. "
           "Prices of your own come first. They stand in the configuration file, or in the file that the setting "
           "prices_file names (then without the first line):\n\n"
           "  prices:\n"
           "    gpt-4o-mini: {input: 0.15, output: 0.6, cached_input: 0.075}\n"
           "    my_provider/my-model: {input: 1, output: 2}\n\n"
           "A server on this machine costs nothing unless a price of yours names its model.",
       .examples = {{"every price", "lumi model prices"}, {"of some models", "lumi model prices gpt-4o --json"}},
       .json_fields = names_of(k_price_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
