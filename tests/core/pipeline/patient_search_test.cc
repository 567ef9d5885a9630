#include "core/pipeline/patient_search.h"

#include <gtest/gtest.h>

namespace lookalike {
namespace {

class Listening final : public Provider, public FeatureSource {
 public:
  const std::string& name() const override { return name_; }
  void search(const PhotoQuery& query, Provider::Done) override { patience = query.patience; }
  void fetch(const Photo&, int, Reports reports) override { patience = reports.patience; }

  std::shared_ptr<Patience> patience;

 private:
  std::string name_ = "listening";
};

TEST(PatientSearch, EachSearchAsksWithItsOwnPatience) {
  Listening shared;
  const auto first = std::make_shared<NoPatience>();
  const auto second = std::make_shared<NoPatience>();
  PatientProvider one(shared, first);
  PatientProvider two(shared, second);
  one.search({.text = "cat"}, {});
  EXPECT_EQ(shared.patience, first);
  two.search({.text = "cat"}, {});
  EXPECT_EQ(shared.patience, second);
  PatientFeatureSource(shared, first).fetch({}, 1, {});
  EXPECT_EQ(shared.patience, first);
  EXPECT_EQ(one.name(), "listening");
}

}  // namespace
}  // namespace lookalike
