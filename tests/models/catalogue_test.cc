#include "models/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "core/base/random.h"

namespace lookalike {
namespace {

using testing::HasSubstr;

const std::string kDigest(64, 'a');

// One entry with `members` in place of the marked part.
std::string entry_with(const std::string& members) {
  return R"({"name": "n", "title": "t", "file": "n.onnx", "bytes": 5, "sha256": ")" + kDigest +
         R"(", "license": "MIT", "classes": 1000, "sources": [])" + members + "}";
}

std::string file_with(const std::string& entries) {
  return R"({"schema": "lookalike-catalogue/1", "networks": [)" + entries + "]}";
}

std::string error_of(const std::string& json) {
  const auto parsed = parse_catalogue(json);
  if (parsed.ok()) return "no error";
  EXPECT_EQ(parsed.error().code, ErrorCode::bad_data);
  return parsed.error().message;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Catalogue, HasTheNetworksInOrderOfPreference) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue())
    names.push_back(entry.spec.name);
  EXPECT_THAT(names,
              testing::ElementsAre("mobilenet_v2", "mobilenet_v2_zoo", "mobilenet_v2_zoo_10", "mobilenet_v2_zoo_12",
                                   "mobilenet_v1", "resnet50", "resnet18", "efficientnet_v2_s", "inception_v3",
                                   "squeezenet1.1", "squeezenet1.1_fire", "glove"));
}

TEST(Catalogue, EntriesAreComplete) {
  std::set<std::string> files;
  for (const CatalogueEntry& entry : catalogue()) {
    SCOPED_TRACE(entry.spec.name);
    EXPECT_GT(entry.bytes, 1'000'000);
    EXPECT_EQ(entry.sha256.size(), 64u);
    EXPECT_EQ(entry.sha256.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_EQ(entry.spec.sha256, entry.sha256);
    if (entry.kind == CatalogueEntry::Kind::network) {
      EXPECT_TRUE(entry.classes == 1000 || entry.classes == 1001);
    }
    EXPECT_TRUE(entry.spec.path.empty());
    EXPECT_TRUE(entry.spec.labels.empty());
    EXPECT_FALSE(entry.license.empty());
    EXPECT_FALSE(entry.from_user);
    EXPECT_TRUE(files.insert(entry.file).second);
    for (const ModelSource& source : entry.sources) {
      EXPECT_TRUE(source.location.starts_with("https://") || source.location.starts_with("npm:")) << source.location;
      EXPECT_GT(source.bytes, 0);
      EXPECT_EQ(source.sha256.size(), 64u);
    }
  }
}

TEST(Catalogue, OriginalNetworkIsAsTheOriginalProgramHasIt) {
  const auto entry = find_in_catalogue("mobilenet_v2");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ((*entry)->spec.feature_layer, "MobilenetV2/expanded_conv_16/project");
  EXPECT_EQ((*entry)->spec.logits_layer, "logits");
  EXPECT_EQ((*entry)->spec.mean, (std::array<float, 3>{0.5f, 0.5f, 0.5f}));
  EXPECT_EQ((*entry)->spec.scale, (std::array<float, 3>{0.5f, 0.5f, 0.5f}));
  EXPECT_EQ((*entry)->spec.score_scale, 1000.0);
  EXPECT_EQ((*entry)->classes, 1001);
}

TEST(Catalogue, ZooNetworksHaveImagenetsMeanAndNoLayerName) {
  const auto entry = find_in_catalogue("mobilenet_v2_zoo");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ((*entry)->spec.mean, (std::array<float, 3>{0.485f, 0.456f, 0.406f}));
  EXPECT_EQ((*entry)->spec.scale, (std::array<float, 3>{0.229f, 0.224f, 0.225f}));
  EXPECT_EQ((*entry)->spec.feature_layer, "");
  EXPECT_EQ((*entry)->family, "mobilenet_v2");
}

TEST(Catalogue, ConvertedNetworkNamesBothDigests) {
  const auto entry = find_in_catalogue("mobilenet_v1");
  ASSERT_TRUE(entry.ok());
  ASSERT_EQ((*entry)->sources.size(), 1u);
  EXPECT_EQ((*entry)->sources[0].conversion, Conversion::tflite_to_onnx);
  EXPECT_NE((*entry)->sources[0].sha256, (*entry)->sha256);
}

TEST(Catalogue, WordVectorsAreMadeFromThePackagesJson) {
  const auto entry = find_in_catalogue("glove");
  ASSERT_TRUE(entry.ok());
  EXPECT_EQ((*entry)->kind, CatalogueEntry::Kind::words);
  ASSERT_EQ((*entry)->sources.size(), 1u);
  EXPECT_EQ((*entry)->sources[0].conversion, Conversion::wink_words);
  EXPECT_NE((*entry)->sources[0].bytes, (*entry)->bytes);
}

TEST(Catalogue, UnknownNameIsAnsweredWithTheNames) {
  const auto entry = find_in_catalogue("resnet\x1b[31m");
  ASSERT_FALSE(entry.ok());
  EXPECT_EQ(entry.error().code, ErrorCode::not_found);
  EXPECT_THAT(entry.error().message, HasSubstr("mobilenet_v2_zoo"));
  EXPECT_THAT(entry.error().message, HasSubstr("resnet"));
  EXPECT_EQ(entry.error().message.find('\x1b'), std::string::npos);
}

TEST(Catalogue, NameGoesBeforeFamily) {
  const auto parsed = parse_catalogue(
      file_with(replaced(entry_with(R"(, "family": "f")"), "n.onnx", "other.onnx") + "," +
                replaced(replaced(entry_with(""), R"("name": "n")", R"("name": "f")"), "n.onnx", "f.onnx")));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  EXPECT_EQ((*find_in_catalogue("f", *parsed))->spec.name, "f");
  EXPECT_EQ((*find_in_catalogue("n", *parsed))->family, "f");
}

TEST(ParseCatalogue, FillsDefaults) {
  const auto parsed = parse_catalogue(file_with(entry_with(R"(, "later": {"member": 1})")));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const NetworkSpec& spec = parsed->front().spec;
  EXPECT_EQ(spec.input_size, 224);
  EXPECT_TRUE(spec.rgb);
  EXPECT_FALSE(spec.logits_are_probabilities);
  EXPECT_EQ(spec.score_scale, 1000.0);
  EXPECT_EQ(parsed->front().family, "n");
}

TEST(ParseCatalogue, TakesSourcesAsTextOrObject) {
  const std::string sources = R"("sources": ["https://example.org/n.onnx", {"location": "npm:@s/p@1.0.0#d/x.tflite",
    "convert": "tflite", "bytes": 7, "sha256": ")" +
                              std::string(64, 'b') + R"("}])";
  const auto parsed = parse_catalogue(file_with(replaced(entry_with(""), R"("sources": [])", sources)));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const auto& found = parsed->front().sources;
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].bytes, 5);
  EXPECT_EQ(found[0].sha256, kDigest);
  EXPECT_EQ(found[0].conversion, Conversion::none);
  EXPECT_EQ(found[1].bytes, 7);
  EXPECT_EQ(found[1].sha256, std::string(64, 'b'));
  EXPECT_EQ(found[1].conversion, Conversion::tflite_to_onnx);
}

TEST(ParseCatalogue, ReadsArchiveMembersResultsAndLastResorts) {
  const std::string digests =
      R"("sha256": ")" + std::string(64, 'b') + R"(", "member_sha256": ")" + std::string(64, 'c') + "\"";
  const std::string source = R"({"location": "https://example.org/a.tgz", "convert": "tflite", "bytes": 7,
    "member": "a/b.tflite", "result_bytes": 6, "last_resort": true, )" +
                             digests + "}";
  const auto parse = [&](const std::string& from, const std::string& to) {
    return parse_catalogue(
        file_with(replaced(entry_with(""), R"("sources": [])", "\"sources\": [" + replaced(source, from, to) + "]")));
  };
  const auto parsed = parse("a.tgz", "a.tgz");
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const ModelSource& found = parsed->front().sources.front();
  EXPECT_EQ(found.member, "a/b.tflite");
  EXPECT_EQ(found.member_sha256, std::string(64, 'c'));
  EXPECT_EQ(unconverted_sha256(found), std::string(64, 'c'));
  EXPECT_EQ(found.result_bytes, 6);
  EXPECT_TRUE(found.last_resort);
  EXPECT_FALSE(parsed->front().on_request);
  EXPECT_THAT(parse("a/b.tflite", "../b.tflite").error().message, HasSubstr("'member' that is not a path"));
  EXPECT_THAT(parse("a/b.tflite", "/b.tflite").error().message, HasSubstr("'member' that is not a path"));
  EXPECT_THAT(parse("https://example.org/a.tgz", "npm:p@1#x").error().message, HasSubstr("'member' that goes only"));
  EXPECT_THAT(parse("member_sha256", "other").error().message, HasSubstr("lacks the member 'member_sha256'"));
  EXPECT_THAT(parse("\"result_bytes\": 6", "\"result_bytes\": 5").error().message, HasSubstr("the entry's own size"));
  EXPECT_THAT(parse("true", "1").error().message, HasSubstr("'last_resort'"));
}

TEST(Catalogue, LargeNetworksComeOnRequestAndFindTheirLayerByShape) {
  for (const char* name : {"resnet18", "resnet50", "inception_v3", "efficientnet_v2_s"}) {
    const auto entry = find_in_catalogue(name);
    ASSERT_TRUE(entry.ok()) << name;
    EXPECT_TRUE((*entry)->on_request);
    EXPECT_TRUE((*entry)->score_scale_estimated);
    EXPECT_EQ((*entry)->spec.feature_layer, "");
    EXPECT_EQ((*entry)->spec.input_size, std::string(name) == "inception_v3" ? 299 : 224);
  }
}

TEST(Catalogue, OriginalNetworkComesFromTheSameFileInTwoPlaces) {
  const auto& sources = (*find_in_catalogue("mobilenet_v2"))->sources;
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(unconverted_sha256(sources[0]), unconverted_sha256(sources[1]));
  EXPECT_EQ(sources[0].result_bytes, sources[1].result_bytes);
  EXPECT_EQ(sources[1].member, "mobilenet_v2_1.0_224.tflite");
}

TEST(ParseCatalogue, NamesTheEntryAndTheMemberAtFault) {
  const std::string good = entry_with("");
  const auto broken = [&](const std::string& from, const std::string& to) {
    return error_of(file_with(replaced(good, from, to)));
  };
  EXPECT_THAT(broken(R"("name": "n", )", ""), HasSubstr("entry 1 lacks the member 'name'"));
  EXPECT_THAT(broken(R"("name": "n")", R"("name": "../n")"), HasSubstr("entry 1 has a member 'name'"));
  EXPECT_THAT(broken(R"("name": "n")", R"("name": 3)"), HasSubstr("'name' that is not text"));
  EXPECT_THAT(broken(R"("file": "n.onnx")", R"("file": "../n.onnx")"), HasSubstr("('n') has a member 'file'"));
  EXPECT_THAT(broken(R"("file": "n.onnx")", R"("file": "n.exe")"), HasSubstr("'file' that does not end in .onnx"));
  EXPECT_THAT(broken(R"("bytes": 5)", R"("bytes": 0)"), HasSubstr("'bytes'"));
  EXPECT_THAT(broken(R"("bytes": 5)", R"("bytes": 1e3)"), HasSubstr("'bytes'"));
  EXPECT_THAT(broken(R"("bytes": 5)", R"("bytes": 99999999999999)"), HasSubstr("'bytes'"));
  EXPECT_THAT(broken(kDigest, kDigest.substr(1)), HasSubstr("'sha256'"));
  EXPECT_THAT(broken(kDigest, std::string(64, 'A')), HasSubstr("'sha256'"));
  EXPECT_THAT(broken(R"("classes": 1000)", R"("classes": 10)"), HasSubstr("'classes' that is not 0, 1000 or 1001"));
  EXPECT_THAT(broken(R"("sources": [])", R"("sources": {})"), HasSubstr("'sources' that is not an array"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "mean": [1, 2])"))), HasSubstr("'mean' that is not three numbers"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "scale": [1, 0, 1])"))), HasSubstr("'scale'"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "scale": [1, 1e300, 1])"))), HasSubstr("'scale'"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "input_size": -1)"))), HasSubstr("'input_size'"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "score_scale": 0)"))), HasSubstr("'score_scale'"));
  EXPECT_THAT(error_of(file_with(entry_with(R"(, "rgb": "yes")"))), HasSubstr("'rgb'"));
  EXPECT_THAT(error_of(file_with("3")), HasSubstr("entry 1 is not an object"));
}

TEST(ParseCatalogue, ReadsWordVectorsBehindTheNetworks) {
  const std::string words = R"({"name": "w", "title": "t", "file": "w.words", "bytes": 9, "sha256": ")" + kDigest +
                            R"(", "license": "MIT", "sources": []})";
  const auto file_with_words = [](const std::string& entries) {
    return R"({"schema": "lookalike-catalogue/1", "word_vectors": [)" + entries + R"(], "networks": [)" +
           entry_with("") + "]}";
  };
  const auto parsed = parse_catalogue(file_with_words(words));
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  ASSERT_EQ(parsed->size(), 2u);
  EXPECT_EQ(parsed->at(0).kind, CatalogueEntry::Kind::network);
  EXPECT_EQ(parsed->at(1).kind, CatalogueEntry::Kind::words);
  EXPECT_EQ(parsed->at(1).spec.name, "w");
  EXPECT_THAT(error_of(file_with_words(replaced(words, "w.words", "w.onnx"))), HasSubstr("does not end in .words"));
  EXPECT_THAT(error_of(file_with_words(replaced(words, "\"bytes\": 9, ", ""))),
              HasSubstr("word vectors 1 ('w') lacks"));
  const std::string tflite = R"("sources": [{"location": "npm:p@1#x", "convert": "tflite"}])";
  EXPECT_THAT(error_of(file_with_words(replaced(words, R"("sources": [])", tflite))), HasSubstr("wink-embeddings"));
}

TEST(ParseCatalogue, RefusesUnsafeSources) {
  for (const char* source : {"http://example.org/n.onnx", "file:///etc/passwd", "ftp://example.org/n", "npm:p#x",
                             "npm:p@1#../x", "npm:p@1#/etc/passwd", "npm:--global@1#x", "npm:p@1", "npm:@1#x",
                             "npm:p@^1#x", "npm:a/b@1#x", "", "https://"}) {
    const std::string sources = R"("sources": [")" + std::string(source) + R"("])";
    EXPECT_THAT(error_of(file_with(replaced(entry_with(""), R"("sources": [])", sources))),
                HasSubstr("entry 1 ('n'), source 1"))
        << source;
  }
  const std::string undigested = R"("sources": [{"location": "npm:p@1#x", "convert": "tflite"}])";
  EXPECT_THAT(error_of(file_with(replaced(entry_with(""), R"("sources": [])", undigested))), HasSubstr("'sha256'"));
}

TEST(ParseCatalogue, RefusesTwoOfOneNameOrFile) {
  EXPECT_THAT(error_of(file_with(entry_with("") + "," + entry_with(""))),
              HasSubstr("entries 1 and 2 share the name 'n'"));
  EXPECT_THAT(error_of(file_with(entry_with("") + "," + replaced(entry_with(""), R"("n")", R"("m")"))),
              HasSubstr("share the file 'n.onnx'"));
}

TEST(ParseCatalogue, RefusesOtherFiles) {
  EXPECT_THAT(error_of(""), HasSubstr("catalogue"));
  EXPECT_THAT(error_of("<html>"), HasSubstr("not valid JSON"));
  EXPECT_THAT(error_of("[]"), HasSubstr("the file is not an object"));
  EXPECT_THAT(error_of("{}"), HasSubstr("lacks the member 'schema'"));
  EXPECT_THAT(error_of(R"({"schema": "x", "networks": []})"), HasSubstr("'schema'"));
  EXPECT_THAT(error_of(R"({"schema": "lookalike-catalogue/1"})"), HasSubstr("'networks'"));
  EXPECT_THAT(error_of(std::string(10'000, '[')), HasSubstr("nested"));
}

TEST(ParseCatalogue, SurvivesRandomDamage) {
  const std::string good = file_with(entry_with(R"(, "mean": [1, 2, 3], "family": "f")"));
  Random random(7);
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = good;
    for (int k = 0; k < 3; ++k)
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    const auto parsed = parse_catalogue(damaged);
    if (parsed.ok()) continue;
    EXPECT_EQ(parsed.error().code, ErrorCode::bad_data);
    EXPECT_THAT(parsed.error().message, HasSubstr("catalogue"));
  }
}

}  // namespace
}  // namespace lookalike
