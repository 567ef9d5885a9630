#include "models/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/text/digest.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;
using test::TemporaryFolder;
using testing::HasSubstr;

// A file of the entry's size; its content is not what the digest says.
void install(const TemporaryFolder& folder, const std::string& place, const std::string& name) {
  const CatalogueEntry& entry = **find_in_catalogue(name);
  const fs::path file = folder.write(place + "/" + entry.file, "x");
  fs::resize_file(file, static_cast<uintmax_t>(entry.bytes));
}

// Two networks of a few bytes in the user's catalogue: "tiny" and "tinier" of the family "small".
std::string tiny_catalogue() {
  const auto entry = [](const std::string& name, const std::string& bytes) {
    return R"({"name": ")" + name + R"(", "family": "small", "title": "t", "file": ")" + name + R"(.onnx", "bytes": )" +
           std::to_string(bytes.size()) + R"(, "sha256": ")" + sha256_hex(bytes) +
           R"(", "license": "MIT", "classes": 1000, "score_scale": 7, "sources": ["https://example.org/x"]})";
  };
  return R"({"schema": "lookalike-catalogue/1", "networks": [)" + entry("tiny", "0123456789") + "," +
         entry("tinier", "01234") + "]}";
}

class ModelStoreTest : public testing::Test {
 protected:
  ModelStore store() const {
    return ModelStore(model_folders({.lookalike_models = (folder_ / "a").string() + ":" + (folder_ / "b").string(),
                                     .xdg_data_home = (folder_ / "data").string(),
                                     .home = "/nonexistent"}));
  }
  TemporaryFolder folder_;
};

TEST(ModelFolders, AreSearchedInOrder) {
  const ModelFolders folders = model_folders({.lookalike_models = "/x::/y:/x",
                                              .xdg_data_home = "/data",
                                              .home = "/home/u",
                                              .executable = "/opt/l/bin/lookalike"});
  ASSERT_GE(folders.searched.size(), 4u);
  EXPECT_EQ(folders.searched[0], "/x");
  EXPECT_EQ(folders.searched[1], "/y");
  EXPECT_EQ(folders.searched[2], "/data/lookalike/models");
  EXPECT_EQ(folders.searched[3], "/opt/l/share/lookalike/models");
  EXPECT_EQ(folders.user, "/data/lookalike/models");
  EXPECT_EQ(folders.user_catalogue, "/data/lookalike/catalogue.json");
}

TEST(ModelFolders, RelativeXdgDataHomeIsIgnored) {
  const ModelFolders folders = model_folders({.xdg_data_home = "data", .home = "/home/u"});
  EXPECT_EQ(folders.user, "/home/u/.local/share/lookalike/models");
}

TEST(ModelFolders, WithoutAHomeThereIsNoUserFolder) {
  const ModelFolders folders = model_folders({});
  EXPECT_TRUE(folders.user.empty());
  EXPECT_TRUE(folders.user_catalogue.empty());
  EXPECT_EQ(folders.searched.size(), 1u);
}

TEST_F(ModelStoreTest, NothingInstalledSaysWhatToDo) {
  const auto spec = store().resolve("");
  ASSERT_FALSE(spec.ok());
  EXPECT_EQ(spec.error().code, ErrorCode::model);
  EXPECT_THAT(spec.error().message, HasSubstr("no network is installed; run 'lookalike models pull' (14 MB)"));
}

TEST_F(ModelStoreTest, FirstInPreferenceIsTheDefault) {
  install(folder_, "a", "squeezenet1.1");
  EXPECT_EQ(store().resolve("")->name, "squeezenet1.1");
  install(folder_, "data/lookalike/models", "mobilenet_v1");
  EXPECT_EQ(store().resolve("")->name, "mobilenet_v1");
  install(folder_, "b", "mobilenet_v2_zoo");
  EXPECT_EQ(store().resolve("")->name, "mobilenet_v2_zoo");
  install(folder_, "b", "mobilenet_v2");
  const auto spec = store().resolve("");
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->name, "mobilenet_v2");
  EXPECT_EQ(spec->path, folder_ / "b/mobilenet_v2_1.0_224.onnx");
  EXPECT_EQ(spec->sha256, (*find_in_catalogue("mobilenet_v2"))->sha256);
  ASSERT_EQ(spec->labels.size(), 1001u);
  EXPECT_EQ(spec->labels[0], "background");
}

TEST_F(ModelStoreTest, EarlierFolderWins) {
  install(folder_, "data/lookalike/models", "mobilenet_v2");
  install(folder_, "b", "mobilenet_v2");
  EXPECT_EQ(store().resolve("mobilenet_v2")->path, folder_ / "b/mobilenet_v2_1.0_224.onnx");
  install(folder_, "a", "mobilenet_v2");
  EXPECT_EQ(store().resolve("mobilenet_v2")->path, folder_ / "a/mobilenet_v2_1.0_224.onnx");
}

TEST_F(ModelStoreTest, FamilyFallsToWhateverMemberIsInstalled) {
  install(folder_, "a", "mobilenet_v2_zoo");
  EXPECT_EQ(store().resolve("mobilenet_v2")->name, "mobilenet_v2_zoo");
  install(folder_, "a", "squeezenet1.1_fire");
  EXPECT_EQ(store().resolve("squeezenet1.1")->name, "squeezenet1.1_fire");
  EXPECT_EQ(store().resolve("squeezenet1.1")->feature_layer, "fire7");
  install(folder_, "a", "squeezenet1.1");
  EXPECT_EQ(store().resolve("squeezenet1.1")->name, "squeezenet1.1");
}

TEST_F(ModelStoreTest, ExactNameDoesNotFallToTheRestOfItsFamily) {
  install(folder_, "a", "mobilenet_v2");
  const auto spec = store().resolve("mobilenet_v2_zoo");
  ASSERT_FALSE(spec.ok());
  EXPECT_EQ(spec.error().code, ErrorCode::model);
  EXPECT_THAT(spec.error().message, HasSubstr("not installed; run 'lookalike models pull mobilenet_v2_zoo'"));
}

TEST_F(ModelStoreTest, MissingNetworkSaysHowToGetIt) {
  EXPECT_THAT(store().resolve("mobilenet_v2").error().message,
              testing::EndsWith("is not installed; run 'lookalike models pull mobilenet_v2'"));
  EXPECT_THAT(store().resolve("squeezenet1.1_fire").error().message,
              HasSubstr("lookalike models pull squeezenet1.1_fire --from FILE"));
}

TEST_F(ModelStoreTest, ConvertedNetworkIsKnownByItsSizeAndItsMark) {
  const std::string source(64, 'b');
  const std::string model(5000, 'm');
  const std::string converted =
      model + "\x72\x94\x01\x0a\x0elookalike_mark\x12\x81\x01" + source + " " + sha256_hex(model);
  folder_.write("data/lookalike/catalogue.json", R"({"schema": "lookalike-catalogue/1", "networks": [
    {"name": "n", "title": "t", "file": "n.onnx", "bytes": 7, "license": "MIT", "classes": 1000, "score_scale": 3,
     "sha256": ")" + std::string(64, 'a') + R"(", "sources": [{"location": "https://example.org/n.tflite",
     "convert": "tflite", "bytes": 9, "sha256": ")" + source +
                                                     R"(", "result_bytes": )" + std::to_string(converted.size()) +
                                                     "}]}]}");
  const auto path = folder_.write("a/n.onnx", converted);
  const ModelStore opened = store();
  const auto status = opened.status("n");
  ASSERT_TRUE(status.ok()) << status.error().message;
  EXPECT_FALSE(status->damaged);
  EXPECT_TRUE(opened.verify(*status).ok());
  // Its digest is not the catalogue's: whoever wants it computes it.
  EXPECT_EQ(opened.resolve("n")->sha256, "");
  // By its path too it is the network that the catalogue knows.
  EXPECT_EQ(opened.resolve(folder_.write("elsewhere/x.onnx", converted).string())->score_scale, 3);
  std::string damaged = converted;
  damaged[17] = '!';
  folder_.write("a/n.onnx", damaged);
  const Status verified = opened.verify(*opened.status("n"));
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(verified.error().code, ErrorCode::model);
  EXPECT_THAT(verified.error().message, HasSubstr("'lookalike models pull n'"));
  EXPECT_EQ(opened.resolve(folder_.write("elsewhere/x.onnx", damaged).string())->score_scale, 1000);
}

TEST_F(ModelStoreTest, DamagedFileIsNamedWithBothSizes) {
  folder_.write("a/mobilenet_v2_1.0_224.onnx", "torn");
  for (const char* name : {"", "mobilenet_v2"}) {
    const auto spec = store().resolve(name);
    ASSERT_FALSE(spec.ok());
    EXPECT_EQ(spec.error().code, ErrorCode::model);
    EXPECT_THAT(spec.error().message, HasSubstr((folder_ / "a/mobilenet_v2_1.0_224.onnx").string()));
    EXPECT_THAT(spec.error().message, HasSubstr("4 bytes instead of 13986065"));
  }
}

TEST_F(ModelStoreTest, WholeCopyElsewhereOutdoesADamagedOne) {
  folder_.write("a/mobilenet_v2_1.0_224.onnx", "torn");
  install(folder_, "b", "mobilenet_v2");
  EXPECT_EQ(store().resolve("mobilenet_v2")->path, folder_ / "b/mobilenet_v2_1.0_224.onnx");
}

TEST_F(ModelStoreTest, UnknownNameIsNotFound) {
  const auto spec = store().resolve("resnet");
  ASSERT_FALSE(spec.ok());
  EXPECT_EQ(spec.error().code, ErrorCode::not_found);
}

TEST_F(ModelStoreTest, ForeignFileGetsImagenetsNumbers) {
  const fs::path file = folder_.write("mine/net.onnx", "whatever");
  const auto spec = store().resolve(file.string());
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->name, "net");
  EXPECT_EQ(spec->path, file);
  EXPECT_EQ(spec->mean, (std::array<float, 3>{0.485f, 0.456f, 0.406f}));
  EXPECT_TRUE(spec->feature_layer.empty());
  EXPECT_TRUE(spec->labels.empty());
  EXPECT_TRUE(spec->sha256.empty());
}

TEST_F(ModelStoreTest, FileThatIsAKnownNetworkByDigestIsTakenAsIt) {
  folder_.write("data/lookalike/catalogue.json", tiny_catalogue());
  const auto same = store().resolve(folder_.write("mine/renamed.onnx", "0123456789").string());
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->name, "tiny");
  EXPECT_EQ(same->score_scale, 7.0);
  EXPECT_EQ(same->labels.size(), 1000u);
  const auto other = store().resolve(folder_.write("mine/other.onnx", "9876543210").string());
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->name, "other");
}

TEST_F(ModelStoreTest, MissingAndEmptyFilesAreRefused) {
  const auto missing = store().resolve((folder_ / "none.onnx").string());
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::model);
  EXPECT_THAT(missing.error().message, HasSubstr((folder_ / "none.onnx").string()));
  const auto empty = store().resolve(folder_.write("empty.onnx", "").string());
  ASSERT_FALSE(empty.ok());
  EXPECT_THAT(empty.error().message, HasSubstr("is empty"));
  const auto directory = store().resolve(folder_.path().string() + "/");
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().code, ErrorCode::model);
}

TEST_F(ModelStoreTest, FileInAFolderIsFoundByItsBareName) {
  folder_.write("b/mine.onnx", "whatever");
  EXPECT_EQ(store().resolve("mine")->path, folder_ / "b/mine.onnx");
  EXPECT_EQ(store().resolve("mine.onnx")->path, folder_ / "b/mine.onnx");
}

TEST_F(ModelStoreTest, OverridesAreTakenAndChecked) {
  const std::string file = folder_.write("net.onnx", "whatever").string();
  const auto spec =
      store().resolve(file, {.input_size = 160, .rgb = false, .feature_layer = "conv", .score_scale = 5.0});
  ASSERT_TRUE(spec.ok());
  EXPECT_EQ(spec->input_size, 160);
  EXPECT_FALSE(spec->rgb);
  EXPECT_EQ(spec->feature_layer, "conv");
  EXPECT_EQ(spec->score_scale, 5.0);
  EXPECT_EQ(store().resolve(file, {.input_size = 0}).error().code, ErrorCode::usage);
  EXPECT_EQ(store().resolve(file, {.scale = {{1.0f, 0.0f, 1.0f}}}).error().code, ErrorCode::usage);
  EXPECT_EQ(store().resolve(file, {.score_scale = -1.0}).error().code, ErrorCode::usage);
}

TEST_F(ModelStoreTest, UsersCatalogueIsAddedBehind) {
  folder_.write("data/lookalike/catalogue.json", tiny_catalogue());
  folder_.write("a/tinier.onnx", "01234");
  EXPECT_EQ(store().resolve("")->name, "tinier");
  EXPECT_EQ(store().resolve("small")->name, "tinier");
  install(folder_, "b", "squeezenet1.1");
  EXPECT_EQ(store().resolve("")->name, "squeezenet1.1");
  const ModelStore opened = store();
  const auto entries = opened.networks();
  ASSERT_TRUE(entries.ok());
  EXPECT_TRUE(entries->back().from_user);
  EXPECT_FALSE(entries->front().from_user);
}

TEST_F(ModelStoreTest, BrokenUsersCatalogueIsAnErrorEverywhere) {
  const fs::path file = folder_.write("data/lookalike/catalogue.json", "{");
  const ModelStore broken = store();
  EXPECT_EQ(broken.resolve("").error().code, ErrorCode::bad_data);
  EXPECT_THAT(broken.resolve("").error().message, HasSubstr(file.string()));
  EXPECT_FALSE(broken.list().ok());
  EXPECT_FALSE(broken.status("mobilenet_v2").ok());
  EXPECT_FALSE(broken.entries().ok());
}

TEST_F(ModelStoreTest, ListShowsInstalledDamagedMissingAndForeign) {
  install(folder_, "a", "mobilenet_v1");
  folder_.write("a/squeezenet1.1.onnx", "torn");
  folder_.write("b/mine.onnx", "whatever");
  const ModelStore opened = store();
  const auto all = opened.list();
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), catalogue().size() + 1);
  const auto named = [&](const std::string& name) {
    return *std::find_if(all->begin(), all->end(), [&](const ModelStatus& s) { return s.name == name; });
  };
  EXPECT_TRUE(named("mobilenet_v2").path.empty());
  EXPECT_TRUE(named("mobilenet_v1").preferred);
  EXPECT_FALSE(named("mobilenet_v1").damaged);
  EXPECT_TRUE(named("squeezenet1.1_fire").damaged);
  EXPECT_FALSE(named("squeezenet1.1_fire").preferred);
  EXPECT_EQ(named("mine").entry, nullptr);
  EXPECT_EQ(named("mine").bytes, 8);
}

TEST_F(ModelStoreTest, StatusTakesNamesAndFamilies) {
  install(folder_, "a", "mobilenet_v2_zoo");
  EXPECT_EQ(store().status("mobilenet_v2")->name, "mobilenet_v2");
  EXPECT_EQ(store().status("mobilenet_v2_zoo")->bytes, 14246826);
  EXPECT_EQ(store().status("nothing").error().code, ErrorCode::not_found);
}

TEST_F(ModelStoreTest, WordVectorsAreNoNetwork) {
  EXPECT_TRUE(store().word_vectors()->empty());
  install(folder_, "b", "glove");
  const ModelStore opened = store();
  EXPECT_EQ(opened.word_vectors().value(), folder_ / "b/glove.words");
  EXPECT_EQ(opened.resolve("").error().code, ErrorCode::model);
  EXPECT_EQ(opened.resolve("glove").error().code, ErrorCode::not_found);
  EXPECT_TRUE(opened.status("glove")->preferred);
  install(folder_, "a", "mobilenet_v1");
  EXPECT_TRUE(opened.status("mobilenet_v1")->preferred);
  const auto networks = opened.networks();
  for (const CatalogueEntry& entry : *networks)
    EXPECT_EQ(entry.kind, CatalogueEntry::Kind::network);
  EXPECT_EQ(networks->size() + 1, opened.entries()->size());
  folder_.write("b/glove.words", "torn");
  EXPECT_EQ(store().word_vectors().error().code, ErrorCode::model);
}

TEST_F(ModelStoreTest, VerifyReadsTheFile) {
  folder_.write("data/lookalike/catalogue.json", tiny_catalogue());
  folder_.write("a/tiny.onnx", "0123456789");
  folder_.write("a/tinier.onnx", "abcde");
  const ModelStore opened = store();
  EXPECT_TRUE(opened.verify(*opened.status("tiny")).ok());
  const Status wrong = opened.verify(*opened.status("tinier"));
  ASSERT_FALSE(wrong.ok());
  EXPECT_THAT(wrong.error().message, HasSubstr(sha256_hex("abcde")));
  EXPECT_THAT(wrong.error().message, HasSubstr(sha256_hex("01234")));
}

}  // namespace
}  // namespace lookalike
