// The names of ImageNet's classes (ILSVRC 2012), from imagenet_labels.txt, which is built into the program.
// Threads: free functions; the names are constant.
// Tested by tests/models/labels_test.cc
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/network_spec.h"

namespace lookalike {

// The lines of a built-in text that are neither empty nor begin with #.
std::vector<std::string_view> lines_without_comments(std::string_view text);

// The 1000 names, in order: 0 is "tench, Tinca tinca".
std::span<const std::string_view> imagenet_labels();

// The names for a network of so many outputs: for 1001 "background" comes first, for other numbers than 1000 and 1001
// there are none.
std::vector<std::string> labels_for_classes(int classes);

// The families that ImageNet's classes belong to, narrowest first, in words that people tag photos with: a golden
// retriever is a dog, and an animal. From class_families.txt, which is made from WordNet and built into the program.
// Source: Fellbaum (ed.), "WordNet: An Electronic Lexical Database", MIT Press 1998.
// Of a class by its full name ("tabby, tabby cat"); none for other names, and of two classes with one name the first's.
std::span<const ClassFamily> families_of_class(std::string_view class_name);

}  // namespace lookalike
