// The families that ImageNet's classes belong to, narrowest first, in words that people tag photos with: a golden
// retriever is a dog, and an animal. From class_families.txt, which is made from WordNet and built into the program.
// Source: Fellbaum (ed.), "WordNet: An Electronic Lexical Database", MIT Press 1998.
// Threads: a free function; what it gives is constant and lives as long as the program.
// Tested by tests/models/class_families_test.cc
#pragma once

#include <span>
#include <string_view>

#include "core/base/class_family.h"

namespace lookalike {

// Of a class by its full name ("tabby, tabby cat"); none for other names, and of two classes with one name the first's.
std::span<const ClassFamily> families_of_class(std::string_view class_name);

}  // namespace lookalike
