#include "store/files/s3/xml.hpp"

#include <doctest/doctest.h>

#include <string>

using lumi::store::parse_xml;
using lumi::store::xml_escape;

TEST_CASE("an XML document is read into its elements") {
  const auto root =
      parse_xml("  \n<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<s3:Result xmlns:s3='urn:x' a = \"<>\">"
                "<Key>a &lt;b&gt; &amp;&quot;&apos;&#x41;&#66;&#x1F98A;</Key><Empty/><Inner><Key>x</Key></Inner>"
                "<Data><![CDATA[<&raw;>]]> tail</Data></s3:Result>\n");
  REQUIRE(root.has_value());
  CHECK(root->name == "Result");
  CHECK(root->text_of("Key") == "a <b> &\"'AB\xF0\x9F\xA6\x8A");
  CHECK(root->text_of("Data") == "<&raw;> tail");
  CHECK(root->text_of("Absent").empty());
  CHECK(root->children.size() == 4);
  REQUIRE(root->child("Inner") != nullptr);
  CHECK(root->child("Inner")->text_of("Key") == "x");
  CHECK(root->child("Absent") == nullptr);
}

TEST_CASE("what is no XML is nothing") {
  for (const std::string text : {"",
                                 "text",
                                 "<",
                                 "<a",
                                 "<a>",
                                 "<a></b>",
                                 "<a></a><b></b>",
                                 "<a></a>text",
                                 "<a b></a>",
                                 "<a b=c></a>",
                                 "<a b=\"c></a>",
                                 "<a>&unknown;</a>",
                                 "<a>&#0;</a>",
                                 "<a>&#xD800;</a>",
                                 "<a>&#x110000;</a>",
                                 "<a>&amp</a>",
                                 "<a><![CDATA[x</a>",
                                 "<a><!-- x</a>",
                                 "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
                                 "<html><body><p>502<br></body></html>"}) {
    CHECK_MESSAGE(!parse_xml(text), text);
  }
}

TEST_CASE("documents may be deep to a limit") {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) {
      text += "<a>";
    }
    for (int i = 0; i < depth; ++i) {
      text += "</a>";
    }
    return text;
  };
  CHECK(parse_xml(nested(16)));
  CHECK_FALSE(parse_xml(nested(17)));
  CHECK_FALSE(parse_xml(nested(100'000)));
}

TEST_CASE("what is escaped comes back") {
  const std::string text = "a<b>&\"c\"\r\n\xC3\xA4 ]]>";
  const auto root = parse_xml("<a>" + xml_escape(text) + "</a>");
  REQUIRE(root.has_value());
  CHECK(root->text == text);
}
