#include "models/word_vector_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::contents;
using test::TemporaryFolder;
using testing::HasSubstr;

class WordVectorFileTest : public testing::Test {
 protected:
  std::string bytes_of(const WordTable& table) {
    const auto path = folder_ / "made.words";
    const Status written = write_word_vectors(table, path);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return contents(path);
  }
  Result<std::unique_ptr<WordVectorFile>> opened(const std::string& bytes) {
    return WordVectorFile::open(folder_.write("read.words", bytes));
  }
  std::string refusal(const std::string& bytes) {
    const auto file = opened(bytes);
    if (file.ok()) return "no error";
    EXPECT_EQ(file.error().code, ErrorCode::bad_data);
    return file.error().message;
  }
  static std::vector<float> vector_of(const WordVectors& file, std::string_view word) {
    std::vector<float> vector(file.dimensions(), 0.0f);
    return file.add(word, vector) ? vector : std::vector<float>{};
  }

  const WordTable small_{.dimensions = 2,
                         .words = {"the", "cat", "", "çok", "catalogue", "cat"},
                         .values = {1, -2, 0.5, 0.25, 4, 0, -4, 3, 0.125, 0, 9, 9}};
  TemporaryFolder folder_;
};

TEST_F(WordVectorFileTest, GivesBackWhatWasWritten) {
  const auto file = opened(bytes_of(small_));
  ASSERT_TRUE(file.ok()) << file.error().message;
  EXPECT_EQ((*file)->dimensions(), 2u);
  EXPECT_EQ((*file)->words(), 5u);
  const float step = 9.0f / 32767;
  for (size_t i = 0; i < 5; ++i) {
    const auto vector = vector_of(**file, small_.words[i]);
    ASSERT_EQ(vector.size(), 2u) << small_.words[i];
    EXPECT_NEAR(vector[0], small_.values[2 * i], step);  // of two "cat" the first
    EXPECT_NEAR(vector[1], small_.values[2 * i + 1], step);
  }
  for (const char* unknown : {"ca", "cats", "dog", "zzz", "a", "CAT"})
    EXPECT_TRUE(vector_of(**file, unknown).empty()) << unknown;
}

TEST_F(WordVectorFileTest, AddsToWhatIsThere) {
  const auto file = opened(bytes_of(small_));
  ASSERT_TRUE(file.ok());
  std::vector<float> sum = {10, 20};
  EXPECT_TRUE((*file)->add("the", sum));
  EXPECT_FALSE((*file)->add("nothing", sum));
  EXPECT_NEAR(sum[0], 11, 0.001);
  EXPECT_NEAR(sum[1], 18, 0.001);
}

TEST_F(WordVectorFileTest, FindsEveryWordOfMany) {
  Random random(1);
  WordTable table{.dimensions = 3};
  for (int i = 0; i < 3000; ++i) {
    table.words.push_back("w" + std::to_string(random.next() % 1'000'000'000));
    for (int k = 0; k < 3; ++k)
      table.values.push_back(static_cast<float>(random.normal()));
  }
  const auto file = opened(bytes_of(table));
  ASSERT_TRUE(file.ok());
  for (size_t i = 0; i < table.words.size(); ++i) {
    const auto vector = vector_of(**file, table.words[i]);
    ASSERT_EQ(vector.size(), 3u);
    for (size_t k = 0; k < 3; ++k)
      ASSERT_NEAR(vector[k], table.values[3 * i + k], 3e-4);
  }
}

TEST_F(WordVectorFileTest, SameTableGivesTheSameBytes) {
  EXPECT_EQ(bytes_of(small_), bytes_of(small_));
}

TEST_F(WordVectorFileTest, AllZeroVectorsStayZero) {
  const auto file = opened(bytes_of({.dimensions = 2, .words = {"a"}, .values = {0, 0}}));
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(vector_of(**file, "a"), (std::vector<float>{0, 0}));
}

TEST_F(WordVectorFileTest, RefusesTablesThatCannotBeKept) {
  const auto code = [&](const WordTable& table) {
    const Status written = write_word_vectors(table, folder_ / "x.words");
    return written.ok() ? std::string("no error") : written.error().message;
  };
  EXPECT_THAT(code({.dimensions = 2}), HasSubstr("there are none"));
  EXPECT_THAT(code({.dimensions = 0, .words = {"a"}}), HasSubstr("0 numbers"));
  EXPECT_THAT(code({.dimensions = 1, .words = {"a"}, .values = {std::numeric_limits<float>::quiet_NaN()}}),
              HasSubstr("too large or none"));
  const Status nowhere = write_word_vectors(small_, folder_ / "no/such/folder.words");
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error().code, ErrorCode::usage);
}

TEST_F(WordVectorFileTest, RefusesOtherFiles) {
  const std::string good = bytes_of(small_);
  EXPECT_THAT(refusal(""), HasSubstr("too short"));
  EXPECT_THAT(refusal(good.substr(0, 20)), HasSubstr("too short"));
  EXPECT_THAT(refusal(std::string(100, 'x')), HasSubstr("another format"));
  EXPECT_THAT(refusal(good.substr(0, good.size() - 1)), HasSubstr("bytes and has"));
  EXPECT_THAT(refusal(good + "x"), HasSubstr("bytes and has"));
  EXPECT_EQ(WordVectorFile::open(folder_ / "missing.words").error().code, ErrorCode::not_found);
  EXPECT_EQ(WordVectorFile::open(folder_.path()).error().code, ErrorCode::not_found);
}

TEST_F(WordVectorFileTest, RefusesNumbersThatCannotBe) {
  const auto with = [&](size_t at, uint32_t value) {
    std::string bytes = bytes_of(small_);
    for (size_t i = 0; i < 4; ++i)
      bytes[at + i] = static_cast<char>(value >> 8 * i & 0xFF);
    return refusal(bytes);
  };
  EXPECT_THAT(with(8, 0), HasSubstr("length cannot be"));
  EXPECT_THAT(with(8, 0xFFFFFFFF), HasSubstr("length cannot be"));
  EXPECT_THAT(with(12, 0xFFFFFFFF), HasSubstr("bytes and has"));
  EXPECT_THAT(with(16, 0xFFFFFFFF), HasSubstr("bytes and has"));
  EXPECT_THAT(with(20, 0x7F800000), HasSubstr("scale cannot be"));
  EXPECT_THAT(with(20, 0x7F000000), HasSubstr("scale cannot be"));
  EXPECT_THAT(with(20, 0xBF800000), HasSubstr("scale cannot be"));
  EXPECT_THAT(with(20, 0), HasSubstr("scale cannot be"));
}

// Whatever the file says, nothing outside of it is read and every value is finite.
TEST_F(WordVectorFileTest, SurvivesRandomDamage) {
  const std::string good = bytes_of(small_);
  Random random(3);
  int read = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = good;
    for (int k = 0; k < 4; ++k)
      damaged[8 + random.below(damaged.size() - 8)] = static_cast<char>(random.below(256));
    const auto file = opened(damaged);
    if (!file.ok()) continue;
    ++read;
    for (const std::string& word : small_.words) {
      for (const float value : vector_of(**file, word))
        ASSERT_TRUE(std::isfinite(value));
    }
  }
  EXPECT_GT(read, 300);
}

}  // namespace
}  // namespace lookalike
