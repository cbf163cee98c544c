#include "base/file.hpp"
#include "core/metrics/text/punkt.hpp"
#include "support/errors.hpp"
#include "support/metric_data.hpp"
#include "support/vectors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using namespace lumi;
using metrics::Punkt;
using metrics::PunktParameters;
using Sentences = std::vector<std::string>;

std::filesystem::path data_folder() {
  return test::metric_resources().nltk_data_dir / "tokenizers" / "punkt_tab" / "english";
}

Sentences cut(Punkt& punkt, const std::string& text) {
  const auto& sentences = punkt.split(text);
  return {sentences.begin(), sentences.end()};
}

/// A folder with the four files of Punkt data.
struct Folder {
  explicit Folder(const std::string& contexts) {
    write("abbrev_types.txt", "approx\r\n. . \n");
    write("sent_starters.txt", "indeed\n");
    write("collocations.tab", "##number##\tmarch\n");
    write("ortho_context.tab", contexts);
  }
  void write(const std::string& name, const std::string& text) {
    write_file(folder / name, text, Overwrite::yes, Durable::no);
  }
  test::TempDir folder;
};

}  // namespace

TEST_CASE("sentences are NLTK's for every text") {
  const auto parameters = PunktParameters::load(data_folder());
  Punkt punkt(parameters);
  const auto texts_vectors = test::load_vectors("nltk.json");
  for (const auto& row : texts_vectors["texts"]) {
    const auto text = row[0].get<std::string>();
    CAPTURE(text);
    CHECK(cut(punkt, text) == row[1].get<Sentences>());
  }
  for (const auto& line : test::load_vector_lines("dev.jsonl")) {
    CHECK(cut(punkt, line["prediction"]) == line["tokens"]["nltk_sentences_pred"].get<Sentences>());
    CHECK(cut(punkt, line["reference"]) == line["tokens"]["nltk_sentences_ref"].get<Sentences>());
  }
}

TEST_CASE("the built-in abbreviations do not end sentences") {
  const auto parameters = PunktParameters::make_builtin();
  Punkt punkt(parameters);
  CHECK(cut(punkt, "Dr. Lee met Mr. Ray at 5 p.m. on Nov. 3. He said no. They left (early.) Why?") ==
        Sentences{"Dr. Lee met Mr. Ray at 5 p.m. on Nov. 3.", "He said no.", "They left (early.)", "Why?"});
  CHECK(parameters.name().starts_with("builtin-"));
}

TEST_CASE("punkt data is read from NLTK's folder and told from other data") {
  const auto parameters = PunktParameters::load(data_folder());
  CHECK(parameters.facts("mr") == PunktParameters::abbreviation);
  CHECK(parameters.facts(". . ") == PunktParameters::abbreviation);
  CHECK((parameters.facts("however") & PunktParameters::sentence_starter) != 0);
  CHECK((parameters.facts("b") & PunktParameters::starts_collocation) != 0);
  CHECK(parameters.facts("b\tedelman") == PunktParameters::collocation);
  CHECK(parameters.facts("aback") == PunktParameters::within_lower);
  CHECK(parameters.facts("nosuchword") == 0);
  CHECK(parameters.facts("") == 0);
  CHECK(parameters.name().starts_with("nltk-data-"));
  const Folder one("x\t2\n");
  const Folder other("x\t4\n");
  CHECK(PunktParameters::load(one.folder.path()).name() != PunktParameters::load(other.folder.path()).name());
  CHECK(PunktParameters::load(one.folder.path()).name() == PunktParameters::load(one.folder.path()).name());
}

TEST_CASE("punkt data from another system's lines, and its use") {
  const Folder folder("then\t48\r\n");
  const auto parameters = PunktParameters::load(folder.folder.path());
  Punkt punkt(parameters);
  CHECK(cut(punkt, "It was approx. Ten. Or approx. Then. On 3. March. Approx. Indeed. So.") ==
        Sentences{"It was approx. Ten.", "Or approx.", "Then.", "On 3. March.", "Approx.", "Indeed.", "So."});
}

TEST_CASE("damaged punkt data is refused with its line") {
  for (const auto* contexts : {"x\t2\ny\n", "x\t2\ny\tz\n", "x\t2\ny\t128\n", "x\t2\ny\t2\t3\n", "x\t2\n\t2\n"}) {
    const Folder folder(contexts);
    CAPTURE(contexts);
    const auto error = test::error_of([&] { PunktParameters::load(folder.folder.path()); });
    REQUIRE(error);
    CHECK(error->code() == ErrorCode::invalid_input);
    CHECK(std::string(error->what()).starts_with("line 2 of "));
    CHECK(std::string(error->what()).ends_with("ortho_context.tab\" is damaged"));
  }
  const Folder folder("x\t2\n");
  CHECK(PunktParameters::is_in(folder.folder.path()));
  std::filesystem::remove(folder.folder / "collocations.tab");
  CHECK_FALSE(PunktParameters::is_in(folder.folder.path()));
  CHECK(test::code_of([&] { PunktParameters::load(folder.folder.path()); }) == ErrorCode::not_found);
}

TEST_CASE("sentences of long runs take linear time") {
  const auto parameters = PunktParameters::load(data_folder());
  Punkt punkt(parameters);
  constexpr std::size_t k_length = 300'000;
  for (const std::string unit : {".", ". ", "!)", "a.)", ".-", "? ", "Mr. ", "\n.", "\"", "...a"}) {
    std::string text;
    while (text.size() < k_length) {
      text += unit;
    }
    CAPTURE(unit);
    CHECK_FALSE(punkt.split(text).empty());
  }
}
