#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::store {

/// An element of an XML document, as far as S3 uses XML: attributes and the order of text and children are not kept.
struct XmlElement {
  std::string name;  ///< without a namespace's prefix
  std::string text;  ///< its own, entities decoded
  std::vector<XmlElement> children;

  /// The first child called `child_name`, or null.
  const XmlElement* child(std::string_view child_name) const;

  /// The text of that child; empty if there is none.
  std::string text_of(std::string_view child_name) const;
};

/// The root element of `document`, or nothing if it is not well-formed, nested deeper than 16 elements, or has a
/// document type (which could define entities).
std::optional<XmlElement> parse_xml(std::string_view document);

/// `text` as it may stand in an element.
std::string xml_escape(std::string_view text);

}  // namespace lumi::store
